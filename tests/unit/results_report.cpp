// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/error.hpp"
#include "results/report.hpp"
#include "unit/fake_run.hpp"

#include <cmath>

using namespace onager::host;
using namespace onager::host::tests;

namespace {

std::string report(const FakeRun& run) {
  const TemporaryFolder folder;
  run.write(folder.path() / "a-run");
  return report_html(folder.path() / "a-run");
}

std::string report_with(const std::string& name, const NpyArray& array, const FakeRun& run = {}) {
  const TemporaryFolder folder;
  run.write(folder.path() / "a-run").write_array(name, array);
  return report_html(folder.path() / "a-run");
}

/// Every element that was opened is closed in order; void elements and <!doctype> aside.
void check_nesting(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    REQUIRE(end != std::string::npos);
    const bool closes = html[at + 1] == '/';
    const std::size_t begin = at + (closes ? 2 : 1);
    const std::string name = html.substr(begin, html.find_first_of(" >/", begin) - begin);
    if (name == "!doctype" || name == "meta" || name == "br" || html[end - 1] == '/') continue;
    if (!closes) {
      open.push_back(name);
      continue;
    }
    REQUIRE_FALSE(open.empty());
    CHECK(open.back() == name);
    open.pop_back();
  }
  CHECK(open.empty());
}

}  // namespace

TEST_CASE("a report says in a sentence what came of the run") {
  const std::string html = report({});
  CHECK_THAT(html, ContainsSubstring("<h1>numbers</h1>"));
  CHECK_THAT(html, ContainsSubstring("numbers · bell · a-run"));
  CHECK_THAT(html, ContainsSubstring("Test accuracy rose from 0.00 in round 0 (features as given) "
                                     "to 1.00 in round 2; 3 rounds in 1.00 s."));
}

TEST_CASE("a report is one well-formed page without script that fetches nothing") {
  const std::string html = report_with("feature_matrix", wavy_matrix(12, 1, 0.5));
  check_nesting(html);
  CHECK_THAT(html, !ContainsSubstring("http:") && !ContainsSubstring("https:"));
  CHECK_THAT(html, !ContainsSubstring("<script"));
  CHECK_THAT(html, !ContainsSubstring("<link"));
  CHECK_THAT(html, !ContainsSubstring("@import"));
  CHECK_THAT(html, !ContainsSubstring("url("));
  for (auto at = html.find("href="); at != std::string::npos; at = html.find("href=", at + 1))
    CHECK(html.substr(at, 27) == "href=\"data:image/png;base64");
  CHECK_THAT(html, ContainsSubstring("href=\"data:image/png;base64"));
}

TEST_CASE("what the user wrote is escaped in a report") {
  FakeRun run;
  run.config = "# <b>&\n" + run.config;
  run.summary.pipeline = "<i>.toml";
  run.summary.warnings = {"<u> \"quoted\""};
  run.metrics.set(0, "a<s>", 1);
  run.metrics.set(2, "a<s>", 2);
  run.lock = "[[plugin]]\nid = \"<q>\"\nversion = \"1\"\n";
  const std::string html = report(run);
  check_nesting(html);
  CHECK_THAT(html, ContainsSubstring("# &lt;b&gt;&amp;"));
  CHECK_THAT(html, ContainsSubstring("<h1>&lt;i&gt;</h1>"));
  CHECK_THAT(html, ContainsSubstring("&lt;u&gt; &quot;quoted&quot;"));
  for (const char* tag : {"<b>&", "<i>", "<u>", "<s>", "<q>"})
    CHECK_THAT(html, !ContainsSubstring(tag));
}

TEST_CASE("a report shows config, plugins, machine and time") {
  const std::string html = report({});
  CHECK_THAT(html, ContainsSubstring("<pre>seed = 7\n"));
  CHECK_THAT(html, ContainsSubstring("<td>lab.example</td><td>1.2.0</td><td>1.0</td>"
                                     "<td>/opt/lab/numbers.so</td><td><code>0123abcd</code></td>"));
  CHECK_THAT(html, ContainsSubstring("<td>Processor</td><td>A processor</td>"));
  CHECK_THAT(html, ContainsSubstring("<td>fit</td><td>0.50 s</td><td>50\u00a0%</td>"));
}

TEST_CASE("a failed run's report shows the failure and the rounds that were done") {
  FakeRun run;
  run.summary.status = RunStatus::failed;
  run.summary.message = "round 3: not positive definite";
  run.summary.rounds_planned = 10;
  const std::string html = report(run);
  CHECK_THAT(html, ContainsSubstring("3 of 10 rounds in 1.00 s, then the run failed."));
  CHECK_THAT(html, ContainsSubstring("<b>The run failed.</b> round 3: not positive definite"));
  CHECK_THAT(html, ContainsSubstring("<svg"));
}

TEST_CASE("a run that failed before its first round has a report") {
  FakeRun run;
  run.metrics = {};
  run.summary.status = RunStatus::failed;
  run.summary.rounds_done = 0;
  const std::string html = report(run);
  check_nesting(html);
  CHECK_THAT(html, ContainsSubstring("No round was finished."));
  CHECK_THAT(html, !ContainsSubstring("<svg"));
}

TEST_CASE("a killed run's report says that it has no summary and how to go on") {
  FakeRun run;
  run.has_summary = false;
  const TemporaryFolder folder;
  run.write(folder.path() / "a-run").write("checkpoint/state", "x");
  const std::string html = report_html(folder.path() / "a-run");
  check_nesting(html);
  CHECK_THAT(html, ContainsSubstring("<h1>a-run</h1>"));
  CHECK_THAT(html, ContainsSubstring("The run has no summary.json"));
  CHECK_THAT(html, ContainsSubstring("--resume"));
}

TEST_CASE("one round is reported by a table, without curves") {
  FakeRun run;
  run.metrics = Metrics::from_csv("round,train_mse,seconds\n0,0.5,1\n", "metrics.csv");
  run.summary.rounds_done = run.summary.rounds_planned = 1;
  run.summary.learns = false;
  run.summary.task = "regression";
  run.summary.test_samples = 0;
  const std::string html = report(run);
  CHECK_THAT(html, ContainsSubstring("Train mean squared error is 0.5; 1 round in 1.00 s."));
  CHECK_THAT(html, ContainsSubstring("<tr><td>train mean squared error</td><td>0.5</td></tr>"));
  CHECK_THAT(html, ContainsSubstring("no test samples"));
  CHECK_THAT(html, !ContainsSubstring("<svg"));
  CHECK_THAT(html, !ContainsSubstring("accuracy"));
}

TEST_CASE("a score that got worse is not told as a success") {
  FakeRun run;
  run.metrics = Metrics::from_csv("round,test_mse\n0,0.5\n1,0.25\n2,0.75\n", "metrics.csv");
  CHECK_THAT(report(run), ContainsSubstring("fell from 0.5 in round 0 (features as given) to 0.25 "
                                            "in round 1 and is 0.75 in the last, 2;"));
  run.metrics = Metrics::from_csv("round,test_mse\n0,0.5\n1,0.75\n", "metrics.csv");
  CHECK_THAT(report(run), ContainsSubstring("was best in round 0 (features as given), 0.5, and is "
                                            "0.75 in the last, 1;"));
  run.metrics = Metrics::from_csv("round,test_mse\n0,0.5\n1,0.5\n", "metrics.csv");
  CHECK_THAT(report(run), ContainsSubstring("stayed at 0.5"));
}

TEST_CASE("metrics that are not finite do not break a report") {
  FakeRun run;
  run.metrics = Metrics::from_csv("round,test_mse\n0,nan\n1,inf\n2,0.5\n", "metrics.csv");
  const std::string html = report(run);
  check_nesting(html);
  CHECK_THAT(html, ContainsSubstring("2 values are not finite"));
  CHECK_THAT(html, ContainsSubstring("to 0.5 in round 2"));
}

TEST_CASE("a network's report counts steps, and draws a column over the rows that have it") {
  FakeRun run;
  run.metrics =
      Metrics::from_csv("step,test_mse,norm\n0,0.5,1\n10,0.25,\n20,0.125,2\n", "metrics.csv");
  run.summary.rounds_done = run.summary.rounds_planned = 20;
  const std::string html = report(run);
  CHECK_THAT(html, ContainsSubstring("fell from 0.5 in step 0 (as it starts) to 0.125 in step 20; "
                                     "20 steps"));
  CHECK_THAT(html, ContainsSubstring("step 0<br>as it starts") &&
                       ContainsSubstring("<h2>Over the steps</h2>") &&
                       ContainsSubstring("norm over step"));
  CHECK_THAT(html, !ContainsSubstring("round 0") && !ContainsSubstring("20 rounds") &&
                       !ContainsSubstring("not drawn"));
}

TEST_CASE("columns that never change are named instead of drawn") {
  FakeRun run;
  for (std::int64_t round = 0; round < 3; ++round) run.metrics.set(round, "iterations", 12);
  CHECK_THAT(report(run), ContainsSubstring("The same in all rounds: iterations = 12 and seconds = "
                                            "0.25."));
}

TEST_CASE("a feature matrix is drawn with its groups, a diagonal as a vector and a picture") {
  FakeRun run;
  run.summary.feature_groups = {{"left", 0, 6}, {"right", 6, 6}};
  const std::string matrix = report_with("feature_matrix", wavy_matrix(12, 1, 0.5), run);
  CHECK_THAT(matrix, ContainsSubstring("<b>Feature matrix</b>, 12 × 12. Values from"));
  CHECK_THAT(matrix, ContainsSubstring(">left</text>"));

  run.summary.feature_groups.clear();
  std::vector<double> weights(64, 0.5);
  weights[3] = 2;
  const std::string diagonal = report_with("feature_matrix", array_of({64}, weights), run);
  CHECK_THAT(diagonal, ContainsSubstring("<b>Feature weights</b>"));
  CHECK_THAT(diagonal, ContainsSubstring("<b>The weights</b> as a 8 × 8 picture"));
  CHECK_THAT(report_with("feature_matrix", wavy_matrix(64, 1, 0.5), run),
             ContainsSubstring("<b>Its diagonal</b> as a 8 × 8 picture"));
}

TEST_CASE("features that the dataset names are ranked by their weight") {
  FakeRun run;
  for (std::int64_t i = 0; i < 12; ++i)
    run.summary.feature_groups.push_back({"f" + std::to_string(i), i, 1});
  std::vector<double> weights(12, 0.5);
  weights[3] = 3;
  weights[7] = 2;
  const std::string html = report_with("feature_matrix", array_of({12}, weights), run);
  check_nesting(html);
  const auto third = html.find("<td>f3</td><td>3</td><td>3</td><td>30\u00a0%"),
             seventh = html.find("<td>f7</td><td>7</td><td>2</td><td>20\u00a0%");
  REQUIRE(third != html.npos);
  REQUIRE(seventh != html.npos);
  CHECK(third < seventh);
  CHECK(seventh < html.find("<td>f0</td>"));
  // no lines around single features, and a matrix is ranked by its diagonal
  const std::string matrix = report_with("feature_matrix", wavy_matrix(12, 1, 0.5), run);
  CHECK_THAT(matrix, ContainsSubstring("<td>f11</td>") && !ContainsSubstring(">f11</text>"));
  // a negative weight has no share
  weights[0] = -1;
  CHECK_THAT(report_with("feature_matrix", array_of({12}, weights), run),
             !ContainsSubstring("Features by weight"));
}

TEST_CASE("other arrays are drawn where their shape allows, else named") {
  CHECK_THAT(report_with("spectrum", array_of({3}, {1, 2, 3})),
             ContainsSubstring("<b>Spectrum</b>, 3 entries."));
  CHECK_THAT(report_with("block", wavy_matrix(5, 1, 1)), ContainsSubstring("<b>Block</b>, 5 × 5."));
  CHECK_THAT(report_with("long_one", array_of({20, 2}, std::vector<double>(40, 1.0))),
             ContainsSubstring("Not drawn: <code>arrays/long_one.npy</code> (20 × 2)."));
  CHECK_THAT(report_with("none", array_of({0}, {})), ContainsSubstring("(0, empty)"));
}

TEST_CASE("an array that cannot be read is named in the report") {
  const TemporaryFolder folder;
  FakeRun().write(folder.path() / "a-run").write("arrays/bad.npy", "not an array");
  CHECK_THAT(report_html(folder.path() / "a-run"),
             ContainsSubstring("bad.npy: is not an .npy file"));
}

TEST_CASE("a report of a folder that is no run's is refused") {
  const TemporaryFolder folder;
  try {
    report_html(folder.path());
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.category() == Category::config);
    CHECK_THAT(error.what(), ContainsSubstring("is not the folder of a run"));
  }
}
