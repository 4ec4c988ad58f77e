// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/error.hpp"
#include "results/compare.hpp"
#include "unit/fake_run.hpp"

using namespace onager::host;
using namespace onager::host::tests;

namespace {

/// Runs "one" (finished), "two" (killed, another bandwidth, one more key) and "three" (failed).
struct ThreeRuns {
  TemporaryFolder folder;
  std::vector<std::filesystem::path> paths = {folder.path() / "one", folder.path() / "two/",
                                              folder.path() / "three"};
  ThreeRuns() {
    FakeRun one;
    one.write(paths[0]);
    FakeRun two;
    two.config =
        "seed = 7\n[dataset]\nuse = \"lab.example/numbers\"\n[kernel]\nuse = \"bell\"\n"
        "bandwidth = 3.0\nterms = [ { use = \"inner\", size = 2 } ]\n[loop]\nrounds = 9\n";
    two.has_summary = false;
    two.metrics = Metrics::from_csv("round,test_mse,width\n0,0.125,1e-20\n", "metrics.csv");
    two.write(paths[1]);
    FakeRun three;
    three.summary.status = RunStatus::failed;
    three.summary.message = "not positive definite";
    three.summary.rounds_done = 0;
    three.metrics = {};
    three.write(paths[2]);
  }
};

std::string text_of(const Comparison& all) { return compare_text(all, 10000); }

}  // namespace

TEST_CASE("compare prints the last metrics of each run and what differs in their configs") {
  const ThreeRuns runs;
  CHECK(text_of(compare_runs(runs.paths)) ==
        "run    status      rounds  train_mse  test_mse  train_accuracy  test_accuracy  width  "
        "seconds\n"
        "one    finished         3      0.003  0.166667               1              1      -     "
        "1.00\n"
        "two    unfinished  1 of 9          -     0.125               -              -  1e-20      "
        "  -\n"
        "three  failed      0 of 3          -         -               -              -      -     "
        "1.00\n"
        "\n"
        "two: has no summary.json: it is still going on, or was killed\n"
        "three: failed: not positive definite\n"
        "\n"
        "What differs in their config.toml:\n"
        "\n"
        "setting               one  two      three\n"
        "kernel.bandwidth      2.5  3.0      2.5\n"
        "loop.rounds           3    9        3\n"
        "kernel.terms[0].use   -    'inner'  -\n"
        "kernel.terms[0].size  -    2        -\n");
}

TEST_CASE("runs that were configured alike are said to be") {
  const TemporaryFolder folder;
  FakeRun().write(folder.path() / "x/a");
  FakeRun().write(folder.path() / "y/a");
  const std::string text = text_of(compare_runs({folder.path() / "x/a", folder.path() / "y/a"}));
  CHECK_THAT(text, ContainsSubstring("Their config.toml do not differ."));
  CHECK_THAT(text, ContainsSubstring("\nx/a  finished"));
  CHECK_THAT(text, ContainsSubstring("\ny/a  finished"));
}

TEST_CASE("one run given twice is told apart") {
  const TemporaryFolder folder;
  FakeRun().write(folder.path() / "a");
  CHECK_THAT(text_of(compare_runs({folder.path() / "a", folder.path() / "a"})),
             ContainsSubstring(" (2)  fin"));
}

TEST_CASE("every folder that is no run's is named") {
  const ThreeRuns runs;
  try {
    text_of(compare_runs({runs.paths[0], runs.folder.path() / "thre", runs.folder.path()}));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.category() == Category::config);
    CHECK_THAT(error.what(), ContainsSubstring("thre: there is no such folder; did you mean "
                                               "'three'?"));
    CHECK_THAT(error.what(), ContainsSubstring("is not the folder of a run"));
  }
  CHECK_THROWS_AS(text_of(compare_runs({})), Error);
}

TEST_CASE("compare gives the same facts as JSON") {
  const ThreeRuns runs;
  const std::string json = compare_json(compare_runs(runs.paths));
  CHECK_THAT(json, ContainsSubstring("\"status\": \"unfinished\""));
  CHECK_THAT(json, ContainsSubstring("\"rounds_planned\": 9"));
  CHECK_THAT(json, ContainsSubstring("\"key\": \"kernel.bandwidth\",\n      \"values\": {\n"
                                     "        \"one\": \"2.5\",\n        \"two\": \"3.0\""));
  CHECK_THAT(json, ContainsSubstring("\"test_mse\": 0.125"));
}

TEST_CASE("runs are counted in what they count: rounds, steps or both") {
  Comparison all;
  CHECK(units_of(all) == "rounds");
  all.runs.resize(2);
  all.runs[0].metrics = Metrics::from_csv("step,loss\n0,1\n", "metrics.csv");
  CHECK(units_of(all) == "steps");
  all.runs[1].metrics = Metrics::from_csv("round,test_mse\n0,1\n", "metrics.csv");
  CHECK(units_of(all) == "rounds or steps");
  CHECK(units_of(all, "") == "round or step");
}

TEST_CASE("the comparison page lays the runs' curves over each other and fetches nothing") {
  const ThreeRuns runs;
  const std::string html = compare_html(compare_runs(runs.paths));
  CHECK_THAT(html, ContainsSubstring("test mean squared error over round"));
  CHECK_THAT(html, ContainsSubstring("<title>one, round 0: 0.5</title>"));
  CHECK_THAT(html, ContainsSubstring("<title>two, round 0: 0.125</title>"));
  CHECK_THAT(html, ContainsSubstring("<b>three</b>: failed: not positive definite"));
  CHECK_THAT(html, !ContainsSubstring("http:") && !ContainsSubstring("https:"));
  CHECK_THAT(html, !ContainsSubstring("<script"));
}
