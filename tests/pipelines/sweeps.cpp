// SPDX-License-Identifier: MIT
//
// Sweeps as their user starts them: in parallel, interrupted, changed, with points that fail.
#include "../catch.hpp"
#include "../support.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <map>
#include <sstream>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const base = R"(seed = 1
[dataset]
use = "modular_arithmetic"
modulus = 11
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
)";

const char* const table = R"([sweep]
"kernel.use" = ["gaussian", "laplace"]
seed = [0, 1, 2]
[[figure]]
title = "By seed"
x = "seed"
y = "test_mse"
group = "kernel.use"
)";

std::string sweep_file() { return std::string(base) + table; }

/// Rows of a sweep.csv by the name of the point, cells by column.
using Row = std::map<std::string, std::string>;
std::map<std::string, Row> rows(const test::fs::path& file) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      else if (c == ',' && !quoted) out.emplace_back();
      else out.back() += c;
    }
    return out;
  };
  std::istringstream in(test::read(file));
  std::string line;
  std::getline(in, line);
  const auto columns = split(line);
  std::map<std::string, Row> out;
  while (std::getline(in, line)) {
    const auto cells = split(line);
    REQUIRE(cells.size() == columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) out[cells[0]][columns[i]] = cells[i];
  }
  return out;
}

/// When each point's run ended last, by the name of its folder.
std::map<std::string, test::fs::file_time_type> run_times(const test::fs::path& sweep) {
  std::map<std::string, test::fs::file_time_type> out;
  for (const auto& entry : test::fs::directory_iterator(sweep / "points"))
    if (test::fs::exists(entry.path() / "summary.json"))
      out[entry.path().filename().string()] =
          test::fs::last_write_time(entry.path() / "summary.json");
  return out;
}

int count_status(const test::fs::path& sweep, const std::string& status) {
  int out = 0;
  for (const auto& row : rows(sweep / "sweep.csv"))
    if (row.second.at("status") == status) ++out;
  return out;
}

}  // namespace

TEST_CASE("a sweep runs every point, two at a time, into one table and one report") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  const Finished f = test::onager("sweep p.toml --jobs 2 --threads 2", scratch.path());
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("6 points; 2 at a time with 1 thread each") &&
                        ContainsSubstring("[6/6] ") &&
                        ContainsSubstring("6 of 6 points finished") &&
                        ContainsSubstring("runs/p-sweep/report.html"));
  const auto folder = scratch.path() / "runs/p-sweep";
  const auto table_rows = rows(folder / "sweep.csv");
  REQUIRE(table_rows.size() == 6);
  for (const auto& [name, row] : table_rows) {
    CAPTURE(name);
    CHECK(row.at("status") == "finished");
    CHECK(std::stod(row.at("seconds")) >= std::stod(row.at("seconds.fit")));
    CHECK(std::stod(row.at("peak_memory_bytes")) > 1e6);
    CHECK(row.at("test_mse") != "");
    const auto run = folder / "points" / name;
    const std::string config = test::read(run / "config.toml");
    CHECK_THAT(config, ContainsSubstring("seed = " + row.at("seed") + "\n") &&
                           ContainsSubstring("/" + row.at("kernel.use") + "\""));
    CHECK(test::fs::exists(run / "report.html"));
  }
  const std::string page = test::read(folder / "report.html");
  CHECK_THAT(page, ContainsSubstring("<h2>By seed</h2>") && ContainsSubstring("<svg") &&
                       ContainsSubstring("org.onager.laplace"));
  for (const auto& entry : test::fs::directory_iterator(folder / "points"))
    CHECK(entry.is_directory());
}

TEST_CASE("a sweep that is run again runs nothing, and draws its figures anew") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  REQUIRE(test::onager("sweep p.toml --out s --quiet", scratch.path()).status == 0);
  const auto before = run_times(scratch.path() / "s");
  const std::string csv = test::read(scratch.path() / "s/sweep.csv");
  scratch.file("p.toml", sweep_file() +
                             "[[figure]]\ntitle = \"Other\"\nx = \"seed\"\ny = "
                             "\"train_mse\"\n");
  const Finished f = test::onager("sweep p.toml --out s", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("6 of them finished before"));
  CHECK(run_times(scratch.path() / "s") == before);
  CHECK(test::read(scratch.path() / "s/sweep.csv") == csv);
  CHECK_THAT(test::read(scratch.path() / "s/report.html"), ContainsSubstring("<h2>Other</h2>"));
}

TEST_CASE("a sweep's own file repeats it under its name, elsewhere or where it lies") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  REQUIRE(test::onager("sweep p.toml --quiet", scratch.path()).status == 0);
  const auto elsewhere = scratch.path() / "elsewhere";
  test::fs::create_directories(elsewhere);
  const Finished again = test::onager("sweep ../runs/p-sweep/sweep.toml", elsewhere);
  CAPTURE(again.out, again.err);
  REQUIRE(again.status == 0);
  CHECK_THAT(again.out, ContainsSubstring("6 points; ") &&
                            ContainsSubstring("table   runs/p-sweep/sweep.csv"));
  CHECK(nlohmann::json::parse(test::read(elsewhere / "runs/p-sweep/sweep.json")).at("pipeline") ==
        "p");
  CHECK_THAT(test::onager("sweep runs/p-sweep/sweep.toml", scratch.path()).out,
             ContainsSubstring("6 points, 6 of them finished before"));
}

TEST_CASE("of a changed sweep only the points that changed are run") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  REQUIRE(test::onager("sweep p.toml --out s --quiet", scratch.path()).status == 0);
  const auto before = run_times(scratch.path() / "s");
  const Finished more =
      test::onager("sweep p.toml --out s --set sweep.seed=[1,2,3]", scratch.path());
  CHECK(more.status == 0);
  CHECK_THAT(more.out, ContainsSubstring("6 points, 4 of them finished before"));
  CHECK_THAT(more.err, ContainsSubstring("2 run folders") && ContainsSubstring("left there"));
  const auto after = run_times(scratch.path() / "s");
  CHECK(after.size() == 8);
  for (const auto& [name, time] : before) CHECK(after.at(name) == time);

  const Finished all = test::onager("sweep p.toml --out s --set dataset.modulus=7", scratch.path());
  CHECK(all.status == 0);
  CHECK_THAT(all.out, ContainsSubstring("6 points; "));
}

TEST_CASE("one point that fails is recorded, and the others go on") {
  const Scratch scratch;
  scratch.file("x.csv", "a,y\n1,0\n1,1\n2,3\n2,5\n4,1\n4,2\n");
  scratch.file("p.toml",
               "[dataset]\nuse = 'csv'\npath = 'x.csv'\ntest_fraction = 0\n[kernel]\nuse = "
               "'gaussian'\n[optimizer]\nuse = 'cholesky'\njitter = false\n"
               "[sweep]\noptimizer.ridge = [0, 0.1, 1]\n");
  const Finished f = test::onager("sweep p.toml --out s", scratch.path());
  CAPTURE(f.out, f.err);
  CHECK(f.status == 4);
  CHECK_THAT(f.out, ContainsSubstring("2 of 3 points finished, 1 failed") &&
                        ContainsSubstring("not positive definite"));
  CHECK(count_status(scratch.path() / "s", "finished") == 2);
  CHECK(count_status(scratch.path() / "s", "failed") == 1);
  CHECK_THAT(test::read(scratch.path() / "s/sweep.csv"), ContainsSubstring("ridge"));
  CHECK_THAT(test::read(scratch.path() / "s/report.html"),
             ContainsSubstring("not positive definite"));
  const auto before = run_times(scratch.path() / "s");
  // it alone is tried again
  CHECK(test::onager("sweep p.toml --out s", scratch.path()).status == 4);
  int changed = 0;
  for (const auto& [name, time] : run_times(scratch.path() / "s"))
    if (before.at(name) != time) ++changed;
  CHECK(changed == 1);
}

TEST_CASE("a point whose process dies fails with how it died") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + "[loop]\nrounds = 100000\n[sweep]\nseed = [0]\n");
  const Finished f = test::shell(
      "cd '" + scratch.path().string() +
      "'; '" ONAGER_PROGRAM
      "' sweep p.toml --out s > log 2>&1 & pid=$!; for i in $(seq 2000); do "
      "child=$(cat /proc/$pid/task/$pid/children); "
      "[ -n \"$child\" ] && grep -q round s/points/*.log 2>/dev/null && break; sleep 0.005; done; "
      "kill -9 $child; wait $pid");
  CHECK(f.status == 5);
  CHECK_THAT(test::read(scratch.path() / "s/sweep.csv"), ContainsSubstring("ended by signal 9"));
}

TEST_CASE("Ctrl-C stops the points that run, and running it again does what is missing") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) +
                             "[[feature_map]]\nuse = \"agop\"\n[loop]\nrounds = 400\n"
                             "[sweep]\nloop.rounds = [1, 3000, 2]\n");
  const Finished f = test::shell(
      "cd '" + scratch.path().string() +
      "'; '" ONAGER_PROGRAM
      "' sweep p.toml --out s > log 2>&1 & pid=$!; for i in $(seq 4000); do grep -q 'round    1' "
      "s/points/3000*.log 2>/dev/null && break; sleep 0.005; done; kill -INT $pid; wait $pid");
  CHECK(f.status == 130);
  CHECK(count_status(scratch.path() / "s", "finished") == 1);
  CHECK(count_status(scratch.path() / "s", "interrupted") == 1);
  CHECK(count_status(scratch.path() / "s", "missing") == 1);
  CHECK_THAT(test::read(scratch.path() / "log"), ContainsSubstring("run it again"));
  const auto before = run_times(scratch.path() / "s");

  // the long point is taken out, so that the test ends
  const Finished again =
      test::onager("sweep p.toml --out s --set sweep.loop.rounds=[1,2]", scratch.path());
  CHECK(again.status == 0);
  CHECK_THAT(again.out, ContainsSubstring("2 points, 1 of them finished before"));
  const auto after = run_times(scratch.path() / "s");
  CHECK(after.size() == before.size() + 1);
  for (const auto& [name, time] : before) CHECK(after.at(name) == time);
}

TEST_CASE("an interrupted point goes on from its checkpoint") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) +
                             "[[feature_map]]\nuse = \"agop\"\n[loop]\nrounds = 400\n"
                             "[sweep]\nseed = [0]\n");
  const Finished f = test::shell(
      "cd '" + scratch.path().string() +
      "'; '" ONAGER_PROGRAM
      "' sweep p.toml --out s > log 2>&1 & pid=$!; for i in $(seq 4000); do grep -q 'round  20' "
      "s/points/*.log 2>/dev/null && break; sleep 0.002; done; kill -INT $pid; wait $pid");
  CHECK(f.status == 130);
  CHECK(test::onager("sweep p.toml --out s", scratch.path()).status == 0);
  const auto name = rows(scratch.path() / "s/sweep.csv").begin()->first;
  const std::string resumed = test::read(scratch.path() / "s/points" / name / "metrics.csv");
  CHECK(std::count(resumed.begin(), resumed.end(), '\n') == 401);
}

TEST_CASE("a sweep is refused as a whole where one point is wrong") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  const Finished f = test::onager("sweep p.toml --out s --set sweep.seed=[0,-1]", scratch.path());
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("seed = -1 is outside its range"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "s"));
  CHECK(test::onager("check p.toml --set sweep.seed=[0,-1]", scratch.path()).status == 2);
  CHECK_THAT(test::onager("check p.toml", scratch.path()).err, ContainsSubstring("6 points"));
}

TEST_CASE("a folder with something else in it is not taken for a sweep's") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  REQUIRE(test::onager("run p.toml --out s", scratch.path()).status == 0);
  const Finished f = test::onager("sweep p.toml --out s", scratch.path());
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("something other than a sweep"));
}

TEST_CASE("run takes the pipeline without its sweep, and says so") {
  const Scratch scratch;
  scratch.file("p.toml", sweep_file());
  const Finished f = test::onager("run p.toml --out r", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.err,
             ContainsSubstring("p.toml has a [sweep]") && ContainsSubstring("onager sweep p.toml"));
  CHECK_THAT(test::read(scratch.path() / "r/config.toml"), !ContainsSubstring("sweep"));
}

TEST_CASE("how many steps a run made is a column, an axis and a metric to expect") {
  const Scratch scratch;
  scratch.file("p.toml", R"([dataset]
use = "sparse_polynomial"
terms = ["x1"]
dimension = 4
train_samples = 8
[model]
use = "fully_connected"
widths = [4]
[loss]
use = "mse"
[optimizer]
use = "gd"
steps = 6
[sweep]
"optimizer.learning_rate" = [1e-3, 1e9]
[[figure]]
x = "optimizer.learning_rate"
y = "steps"
[[expect]]
metric = "steps"
comparison = "<"
value = 6
where = { "optimizer.learning_rate" = 1e9 }
)");
  const Finished f = test::onager("sweep p.toml --expect", scratch.path());
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
  const auto folder = scratch.path() / "runs/p-sweep";
  std::map<std::string, std::string> made;
  for (const auto& [name, row] : rows(folder / "sweep.csv"))
    made[row.at("optimizer.learning_rate")] = row.at("steps");
  CHECK(made.at("0.001") == "6");
  CHECK(std::stoi(made.at("1000000000")) < 6);
  CHECK_THAT(test::read(folder / "report.html"), ContainsSubstring("Steps over"));
}

TEST_CASE("a sweep's facts come as JSON") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) +
                             "[sweep]\ndataset.modulus = [7, 11, 13, 17]\n[[figure]]\nx = "
                             "\"dataset.modulus\"\ny = \"seconds\"\nfit = \"power\"\n");
  const Finished f = test::onager("sweep p.toml --out s --json", scratch.path());
  CAPTURE(f.err);
  REQUIRE(f.status == 0);
  const auto json = nlohmann::json::parse(f.out);
  REQUIRE(json.at("points").size() == 4);
  CHECK(json.at("points")[2].at("dataset.modulus") == 13);
  CHECK(json.at("points")[2].at("status") == "finished");
  REQUIRE(json.at("fits").size() == 1);
  CHECK(json.at("fits")[0].at("points") == 4);
  CHECK_THAT(f.err, ContainsSubstring("[4/4]"));
}
