// SPDX-License-Identifier: MIT
//
// Figures of runs and sweeps as their user gets them: files, reports, comparisons.
#include "../catch.hpp"
#include "../support.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const base = R"(seed = 1
[dataset]
use = "modular_arithmetic"
modulus = 11
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
[loop]
rounds = 3
)";

const char* const of_run = R"([[figure]]
title = "Errors"
x = "round"
y = ["train_mse", "test_mse"]
y_scale = "log"
y_lines = ["1 / 11"]
)";

const char* const of_sweep = R"([sweep]
"kernel.bandwidth" = [2, 4]
"optimizer.time_limit" = [100, 200]
"optimizer.use" = ["cg"]
seed = [0, 1]
[[figure]]
title = "By round"
x = "round"
y = "test_mse"
group = "kernel.bandwidth"
[[figure]]
title = "Map"
x = "optimizer.time_limit"
y = "kernel.bandwidth"
z = "test_mse"
)";

bool has_converter() { return test::shell("command -v rsvg-convert").status == 0; }

}  // namespace

TEST_CASE("a run draws its figures into its report and into files") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + of_run);
  const Finished f = test::onager("run p.toml --out r", scratch.path());
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
  const auto folder = scratch.path() / "r";
  CHECK_THAT(test::read(folder / "report.html"),
             ContainsSubstring("<h2>Errors</h2>") && ContainsSubstring("class=\"reference\""));
  const std::string csv = test::read(folder / "figures/errors.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 3);
  CHECK_THAT(test::read(folder / "figures/errors.svg"), ContainsSubstring(">1 / 11</text>"));
  if (has_converter()) {
    CHECK(test::read(folder / "figures/errors.png").substr(1, 3) == "PNG");
    CHECK(test::read(folder / "figures/errors.pdf").substr(0, 5) == "%PDF-");
  } else {
    CHECK_THAT(f.err, ContainsSubstring("librsvg2-bin"));
  }
  // the config repeats them, and a report is written anew from the folder alone
  CHECK_THAT(test::read(folder / "config.toml"), ContainsSubstring("title = \"Errors\""));
  const std::string page = test::read(folder / "report.html");
  test::fs::remove_all(folder / "figures");
  test::fs::remove(folder / "report.html");
  REQUIRE(test::onager("report r", scratch.path()).status == 0);
  CHECK(test::read(folder / "report.html") == page);
  CHECK(test::read(folder / "figures/errors.csv") == csv);
}

TEST_CASE("a run without the converter has its figures as SVG, and says why there are no others") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + of_run);
  const Finished f = test::shell("cd '" + scratch.path().string() +
                                 "'; PATH=/nowhere '" ONAGER_PROGRAM "' run p.toml --out r");
  CHECK(f.status == 0);
  CHECK_THAT(f.err, ContainsSubstring("written as SVG only"));
  CHECK(test::fs::exists(scratch.path() / "r/figures/errors.svg"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "r/figures/errors.png"));
}

TEST_CASE("a sweep draws over rounds and as heat maps, and marks what varies in its report") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + of_sweep);
  const Finished f =
      test::onager("sweep p.toml --out s --set optimizer.tolerance=1e-3", scratch.path());
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
  const auto folder = scratch.path() / "s";
  const std::string page = test::read(folder / "report.html");
  CHECK_THAT(page, ContainsSubstring("<h2>By round</h2>") && ContainsSubstring("<h2>Map</h2>") &&
                       ContainsSubstring("<mark>bandwidth = 2.5</mark>") &&
                       ContainsSubstring("<mark>&quot;kernel.bandwidth&quot; = [2, 4]</mark>") &&
                       ContainsSubstring("\nmodulus = 11\n") &&
                       ContainsSubstring("\ntolerance = 0.001\n"));
  // the unit of the parameter stands at the axis
  CHECK_THAT(page, ContainsSubstring(">time limit, s</text>"));
  CHECK_THAT(test::read(folder / "figures/by-round.csv"),
             ContainsSubstring(",bandwidth 2,0,") && ContainsSubstring(",bandwidth 4,2,"));
  const auto facts = nlohmann::json::parse(test::read(folder / "sweep.json"));
  CHECK(facts.at("points").at("finished") == 8);
  CHECK(facts.at("units").at("optimizer.time_limit") == "s");

  // sweep.toml is the same sweep, whatever folder it is read in
  const Finished again = test::onager("sweep s/sweep.toml --out s", scratch.path());
  CHECK(again.status == 0);
  CHECK_THAT(again.out, ContainsSubstring("8 points, 8 of them finished before"));

  const std::string before = test::read(folder / "report.html");
  test::fs::remove(folder / "report.html");
  test::fs::remove_all(folder / "figures");
  REQUIRE(test::onager("report s", scratch.path()).status == 0);
  CHECK(test::read(folder / "report.html") == before);
  CHECK(test::fs::exists(folder / "figures/map.svg"));
}

TEST_CASE("runs and sweeps are compared by table and figures") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + of_run);
  scratch.file("s.toml", std::string(base) + of_sweep);
  REQUIRE(test::onager("run p.toml --out a", scratch.path()).status == 0);
  REQUIRE(test::onager("run p.toml --out b --set kernel.bandwidth=4", scratch.path()).status == 0);
  REQUIRE(test::onager("sweep s.toml --out s --set sweep.seed=[0]", scratch.path()).status == 0);
  REQUIRE(test::onager("sweep s.toml --out t --set sweep.seed=[0] --set precision=float32",
                       scratch.path())
              .status == 0);

  const Finished runs = test::onager("compare a b --html c.html --figures f", scratch.path());
  CAPTURE(runs.out, runs.err);
  REQUIRE(runs.status == 0);
  CHECK_THAT(runs.out, ContainsSubstring("kernel.bandwidth  2.5  4.0"));
  CHECK_THAT(test::read(scratch.path() / "c.html"), ContainsSubstring("<h2>Errors</h2>"));
  CHECK_THAT(test::read(scratch.path() / "f/errors.csv"),
             ContainsSubstring("\"train, a\",0,") && ContainsSubstring("\"test, b\",2,"));

  const Finished sweeps = test::onager("compare s t --html d.html --figures g", scratch.path());
  CAPTURE(sweeps.out, sweeps.err);
  REQUIRE(sweeps.status == 0);
  CHECK_THAT(sweeps.out, ContainsSubstring("kernel.bandwidth") && ContainsSubstring("float32") &&
                             ContainsSubstring("s/2-100"));
  CHECK_THAT(
      test::read(scratch.path() / "g/by-round.csv"),
      ContainsSubstring("\"bandwidth 2, s\",0,") && ContainsSubstring("\"bandwidth 4, t\",2,"));
  CHECK_THAT(test::read(scratch.path() / "g/map.csv"),
             ContainsSubstring("sweep = s,") && ContainsSubstring("sweep = t,"));
  const auto facts = nlohmann::json::parse(test::onager("compare s t --json", scratch.path()).out);
  CHECK(facts.at("runs").size() == 8);

  // two sweeps of one name, in different folders
  test::fs::rename(scratch.path() / "t", scratch.path() / "other-s");
  test::fs::create_directories(scratch.path() / "o");
  test::fs::rename(scratch.path() / "other-s", scratch.path() / "o/s");
  const std::string here = scratch.path().filename().string();
  const Finished alike = test::onager("compare s o/s --figures i", scratch.path());
  CAPTURE(alike.out, alike.err);
  REQUIRE(alike.status == 0);
  CHECK_THAT(alike.out,
             ContainsSubstring("\n" + here + "/s/2-100") && ContainsSubstring("\no/s/2-100"));
  CHECK_THAT(test::read(scratch.path() / "i/by-round.csv"),
             ContainsSubstring("\"bandwidth 2, " + here + "/s\",0,") &&
                 ContainsSubstring("\"bandwidth 4, o/s\",2,"));

  // runs whose files have no figures get those of accuracy and error
  REQUIRE(test::onager("run p.toml --out e --set figure=[]", scratch.path()).status == 0);
  REQUIRE(test::onager("compare e --figures h", scratch.path()).status == 0);
  CHECK(test::fs::exists(scratch.path() / "h/test-accuracy-over-round.svg"));
}
