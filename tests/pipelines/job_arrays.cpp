// SPDX-License-Identifier: MIT
//
// A sweep that a scheduler runs as an array job: its script, a task at a time, and what is
// collected afterwards.
#include "../catch.hpp"
#include "../support.hpp"

#include <map>
#include <nlohmann/json.hpp>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const file = R"(seed = 1
[dataset]
use = "modular_arithmetic"
modulus = 11
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
[sweep]
"kernel.bandwidth" = [2, 3]
seed = [0, 1]
)";

Finished task(const test::fs::path& script, int number) {
  return test::shell("cd / && SLURM_ARRAY_TASK_ID=" + std::to_string(number) +
                     " SLURM_CPUS_PER_TASK=1 bash \"" + script.string() + "\"");
}

std::map<std::string, test::fs::file_time_type> run_times(const test::fs::path& sweep) {
  std::map<std::string, test::fs::file_time_type> out;
  for (const auto& entry : test::fs::directory_iterator(sweep / "points"))
    if (test::fs::exists(entry.path() / "summary.json"))
      out[entry.path().filename().string()] =
          test::fs::last_write_time(entry.path() / "summary.json");
  return out;
}

}  // namespace

TEST_CASE("an array job runs the points of a sweep, and the sweep collects them") {
  const Scratch scratch;
  scratch.file("p.toml", file);
  const auto folder = scratch.path() / "with space's";
  const Finished emitted = test::onager(
      "sweep p.toml --out \"with space's\" --emit slurm --jobs 3 --threads 2", scratch.path());
  CAPTURE(emitted.out, emitted.err);
  REQUIRE(emitted.status == 0);
  CHECK_THAT(emitted.out, ContainsSubstring("4 of 4 points to run") && ContainsSubstring("sbatch"));
  const std::string script = test::read(folder / "slurm.sh");
  CHECK_THAT(script, ContainsSubstring("#SBATCH --array=0-3%3\n") &&
                         ContainsSubstring("#SBATCH --cpus-per-task=2\n"));
  CHECK(run_times(folder).empty());
  const auto begun = nlohmann::json::parse(test::read(folder / "sweep.json"));
  CHECK(begun.at("pipeline") == "p");
  CHECK(begun.at("points").at("missing") == 4);
  CHECK(begun.contains("units"));

  for (const int number : {0, 1, 2}) {
    const Finished f = task(folder / "slurm.sh", number);
    CAPTURE(f.err);
    CHECK(f.status == 0);
  }
  const auto before = run_times(folder);
  REQUIRE(before.size() == 3);

  // collecting alone: three are there, the fourth is missing
  const Finished report = test::onager("report \"with space's\"", scratch.path());
  CAPTURE(report.out, report.err);
  CHECK(report.status == 0);
  const auto facts = nlohmann::json::parse(test::read(folder / "sweep.json"));
  CHECK(facts.at("points").at("finished") == 3);
  CHECK(facts.at("points").at("missing") == 1);

  // a script for what is missing
  CHECK_THAT(test::onager("sweep p.toml --out \"with space's\" --emit slurm", scratch.path()).out,
             ContainsSubstring("1 of 4 points to run"));
  CHECK_THAT(test::read(folder / "slurm.sh"), ContainsSubstring("#SBATCH --array=0-0\n"));

  // the sweep itself runs only that, and leaves no files of the tasks
  const Finished sweep = test::onager("sweep p.toml --out \"with space's\"", scratch.path());
  CHECK(sweep.status == 0);
  CHECK_THAT(sweep.out, ContainsSubstring("4 points, 3 of them finished before") &&
                            ContainsSubstring("4 of 4 points finished"));
  const auto after = run_times(folder);
  CHECK(after.size() == 4);
  for (const auto& [name, time] : before) CHECK(after.at(name) == time);
  for (const auto& entry : test::fs::directory_iterator(folder / "points"))
    CHECK(entry.is_directory());
  CHECK_THAT(test::onager("sweep p.toml --out \"with space's\" --emit slurm", scratch.path()).out,
             ContainsSubstring("0 of 4 points to run"));
}

TEST_CASE("a task that was stopped goes on where its point stands, one that fails says why") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(file) + "\"optimizer.jitter\" = [true]\n");
  REQUIRE(test::onager("sweep p.toml --out s --emit slurm", scratch.path()).status == 0);
  const std::string name = [&] {
    const std::string names = test::read(scratch.path() / "s/slurm.points");
    return names.substr(0, names.find('\n'));
  }();
  REQUIRE(task(scratch.path() / "s/slurm.sh", 0).status == 0);
  // run again: finished already, nothing is computed twice
  const auto before = run_times(scratch.path() / "s");
  CHECK(task(scratch.path() / "s/slurm.sh", 0).status == 0);
  CHECK(run_times(scratch.path() / "s") == before);
  CHECK_THAT(test::read(scratch.path() / "s/points" / (name + ".log")),
             ContainsSubstring("finished already"));

  scratch.file("s/points/" + name + ".toml", "[kernel]\n");
  CHECK(task(scratch.path() / "s/slurm.sh", 0).status == 2);
  CHECK_THAT(test::read(scratch.path() / "s/points" / (name + ".log")),
             ContainsSubstring("missing"));
}

TEST_CASE("a point that another process runs is left to it") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(file) + "zip = [[\"kernel.bandwidth\", \"seed\"]]\n");
  REQUIRE(test::onager("sweep p.toml --out s --emit slurm", scratch.path()).status == 0);
  const std::string names = test::read(scratch.path() / "s/slurm.points");
  const std::string name = names.substr(0, names.find('\n'));
  const auto lock = scratch.path() / "s/points" / name / ".lock";
  test::fs::create_directories(lock.parent_path());
  const Finished f = test::shell("cd '" + scratch.path().string() + "'; flock '" + lock.string() +
                                 "' '" ONAGER_PROGRAM "' sweep p.toml --out s");
  CAPTURE(f.out, f.err);
  CHECK(f.status == 5);
  CHECK_THAT(f.out, ContainsSubstring("another process is running it") &&
                        ContainsSubstring("1 of 2 points finished, 1 running"));
  CHECK(test::onager("sweep p.toml --out s", scratch.path()).status == 0);
}

TEST_CASE("only array jobs of known schedulers are written") {
  const Scratch scratch;
  scratch.file("p.toml", file);
  const Finished f = test::onager("sweep p.toml --emit slrum", scratch.path());
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("slurm"));
}
