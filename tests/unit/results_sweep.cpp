// SPDX-License-Identifier: MIT
#include "results/sweep_report.hpp"

#include "../catch.hpp"
#include "fake_run.hpp"
#include "results/figure_svg.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace onager::host;
using namespace onager::host::tests;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

/// Points of seconds = 3 n^b in two groups, b = 1 and 2.5, for seeds 0 and 1 ten percent below and
/// above.
std::vector<PointRecord> records() {
  std::vector<PointRecord> out;
  for (const bool fast : {true, false})
    for (const int n : {100, 1000, 10000})
      for (const int seed : {0, 1}) {
        PointRecord point;
        point.name = fmt::format("{}-{}-{}", fast ? "fast" : "slow", n, seed);
        point.cells = {{"solver.use", fast ? "fast" : "slow, but \"sure\""},
                       {"dataset.n", std::to_string(n)},
                       {"seed", std::to_string(seed)}};
        point.status = "finished";
        point.summary.emplace();
        point.summary->total_seconds = 3 * std::pow(n, fast ? 1 : 2.5) * (seed == 0 ? 0.9 : 1.1);
        point.summary->seconds = {{"load", 0.5}, {"fit", 2}};
        point.summary->peak_memory = 1 << 20;
        point.metrics = {{"test_mse", "0.25"}};
        point.length = {"rounds", "3"};
        out.push_back(std::move(point));
      }
  return out;
}

Figure growth() {
  Figure figure;
  figure.x = Expression::parse("dataset.n");
  figure.y = {Expression::parse("seconds")};
  figure.group = {"solver.use"};
  figure.x_scale = figure.y_scale = FigureScale::logarithmic;
  figure.fit = FigureFit::power;
  return figure;
}

FigureData data_of(const Figure& figure, const Table& table) {
  return figure_data(figure, table, table.columns, {});
}

}  // namespace

TEST_CASE("the table has a row a point: swept keys, metrics, costs, status") {
  auto points = records();
  points.resize(1);
  points.emplace_back();
  points[1].name = "other";
  points[1].cells = {{"solver.use", "slow, but \"sure\""}, {"dataset.n", "5"}, {"seed", "0"}};
  points[1].status = "failed";
  points[1].message = "first line\n  second \xff";
  points.emplace_back();
  points[2].name = "late";
  points[2].cells = points[1].cells;
  points[2].status = "missing";
  CHECK(to_csv(sweep_table(points)) ==
        "point,solver.use,dataset.n,seed,test_mse,rounds,seconds,seconds.load,seconds.fit,"
        "peak_memory_bytes,status,warnings,message\n"
        "fast-100-0,fast,100,0,0.25,3,270,0.5,2,1048576,finished,0,\n"
        "other,\"slow, but \"\"sure\"\"\",5,0,,,,,,,failed,,first line   second ?\n"
        "late,\"slow, but \"\"sure\"\"\",5,0,,,,,,,missing,,\n");
}

TEST_CASE("a metric with the name of another column keeps both") {
  auto points = records();
  points.resize(1);
  points[0].metrics = {{"seed", "0.5"}};
  const Table table = sweep_table(points);
  CHECK(table.rows[0][table.find("seed")] == "0");
  CHECK(table.rows[0][table.find("metric.seed")] == "0.5");
}

TEST_CASE("a run folder gives the record of its point, whole or not") {
  const TemporaryFolder folder;
  FakeRun run;
  run.write(folder.path() / "one");
  PointRecord point;
  read_point(folder.path() / "one", point);
  CHECK(point.status == "finished");
  CHECK(point.summary->total_seconds == 1);
  REQUIRE(point.metrics.size() == 4);
  CHECK(point.metrics[3].column == "test_accuracy");
  CHECK(point.metrics[3].text == "1");
  CHECK(point.length.column == "rounds");
  CHECK(point.length.text == "3");
  run.metrics.set(0, "rare", 1);  // not measured in the last round
  run.has_summary = false;
  run.write(folder.path() / "two");
  PointRecord killed;
  read_point(folder.path() / "two", killed);
  CHECK(killed.status == "unfinished");
  CHECK(killed.length.text == "3");
  REQUIRE(killed.metrics.size() == 5);
  CHECK(killed.metrics[4].column == "rare");
  CHECK(killed.metrics[4].text.empty());
  CHECK_FALSE(killed.summary);
}

TEST_CASE("a power law is found exactly, with no error where points lie on it") {
  const auto law = fit_power({1, 10, 100, 1000}, {2, 2e3, 2e6, 2e9});
  REQUIRE(law);
  CHECK(law->exponent == Approx(3));
  CHECK(law->factor == Approx(2));
  CHECK(law->standard_error == Approx(0).margin(1e-9));
  CHECK(law->points == 4);
  CHECK(law->at(50) == Approx(2 * 125000.0));
}

TEST_CASE("the standard error of an exponent is that of linear regression") {
  // log x = 0, 1, 2, 3 and log y = 0, 1.1, 1.9, 3.2: by hand S_xx = 5, S_xy = 5.2, SSR = 0.042
  std::vector<double> x, y;
  for (const double v : {0.0, 1.0, 2.0, 3.0}) x.push_back(std::exp(v));
  for (const double v : {0.0, 1.1, 1.9, 3.2}) y.push_back(std::exp(v));
  const auto law = fit_power(x, y);
  CHECK(law->exponent == Approx(1.04));
  CHECK(law->standard_error == Approx(std::sqrt(0.042 / 2 / 5)));
}

TEST_CASE("points that have no logarithm do not count in a fit") {
  const auto law = fit_power({1, 2, 4, 0, -1, 8}, {3, 6, 12, 5, 5, std::nan("")});
  CHECK(law->exponent == Approx(1));
  CHECK(law->points == 3);
  CHECK(std::isnan(fit_power({1, 2}, {1, 2})->standard_error));
  CHECK_FALSE(fit_power({2, 2}, {1, 3}));
  CHECK_FALSE(fit_power({}, {}));
}

TEST_CASE("a figure fits each group, over all its points from a least x on") {
  const Table table = sweep_table(records());
  const FigureData all = data_of(growth(), table);
  const auto& curves = all.panels.at(0).curves;
  REQUIRE(curves.size() == 2);
  CHECK(all.problems.empty());
  CHECK(curves[0].name == "fast");
  CHECK(curves[0].law->exponent == Approx(1));
  CHECK(curves[1].law->exponent == Approx(2.5));
  CHECK(curves[1].law->points == 6);
  Figure later = growth();
  later.fit_from = 1000;
  CHECK(data_of(later, table).panels[0].curves[0].law->points == 4);
  CHECK(fits_text({all}) ==
        "seconds = a (dataset.n)^b\n"
        "  fast  b = 1.00 ± 0.03  (6 points)\n"
        "  slow, but \"sure\"  b = 2.50 ± 0.03  (6 points)\n");
}

TEST_CASE("points of equal x and group are drawn as their mean and a band") {
  const FigureData data = data_of(growth(), sweep_table(records()));
  const auto means = means_of(data.panels.at(0).curves.at(0), FigureBand::range);
  REQUIRE(means.size() == 3);
  CHECK(means[0].x == 100);
  CHECK(means[0].mean == Approx(300));
  CHECK(means[0].low == Approx(270));
  CHECK(means[0].high == Approx(330));
  CHECK(means[0].count == 2);
  const auto deviations = means_of(data.panels[0].curves[0], FigureBand::deviation);
  CHECK(deviations[0].high == Approx(300 + 30 * std::sqrt(2.0)));
  const std::string svg = figure_svg(data).body;
  CHECK(count(svg, "class=\"band\"") == 2);
  CHECK(count(svg, "class=\"guide\"") == 2);
  CHECK(count(svg, "fast: 1.00 ± 0.03</text>") == 1);
  CHECK(count(svg, "nan") == 0);
  Figure bare = growth();
  bare.band = FigureBand::none;
  CHECK(count(figure_svg(data_of(bare, sweep_table(records()))).body, "class=\"band\"") == 0);
}

TEST_CASE("one point at each x has no band") {
  auto points = records();
  for (std::size_t i = points.size(); i-- > 0;)
    if (points[i].cells[2].text == "1") points.erase(points.begin() + static_cast<long>(i));
  CHECK(count(figure_svg(data_of(growth(), sweep_table(points))).body, "class=\"band\"") == 0);
}

TEST_CASE("what cannot be drawn is said, and only finished points are drawn") {
  auto points = records();
  points[0].status = "failed";
  points[1].summary->total_seconds = 0;
  points[2].summary.reset();
  const FigureData data = data_of(growth(), sweep_table(points));
  CHECK(data.panels.at(0).curves.at(0).x.size() == 3);
  REQUIRE(data.problems.size() == 1);
  CHECK(data.problems[0] ==
        "2 of the points are not drawn: a value is empty or no number, or not above 0 on a "
        "logarithmic axis");
  Figure wrong = growth();
  wrong.y = {Expression::parse("second")};
  CHECK(data_of(wrong, sweep_table(points)).problems.at(0) ==
        "there is no column \"second\"; did you mean 'seconds'?");
  Figure far = growth();
  far.fit_from = 1e9;
  CHECK_THAT(data_of(far, sweep_table(points)).problems.at(1),
             ContainsSubstring("no power law is fitted to fast"));
}

TEST_CASE("the report of a sweep has figures, table, file and costs, and fetches nothing") {
  SweepFile file;
  file.name = "growth";
  file.lines = {{"seed = 3", "seed"},
                {"[dataset]", ""},
                {"n = \"<b>\"", "dataset.n"},
                {"[sweep]", ""},
                {"\"dataset.n\" = [100, 1000]", "sweep.dataset.n"}};
  file.columns = {"solver.use", "dataset.n"};
  file.figures = {growth()};
  auto points = records();
  points[0].status = "failed";
  points[0].message = "no <memory>";
  points[1].summary->warnings = {"not converged"};
  const std::string html = sweep_html(file, sweep_results(file, points));
  CHECK_THAT(html, ContainsSubstring("11 of 12 points finished, 1 failed"));
  CHECK_THAT(html, ContainsSubstring("<h2>Seconds over n</h2>"));
  CHECK_THAT(html, ContainsSubstring("<b>fast-100-0</b> failed: no &lt;memory&gt;"));
  CHECK_THAT(html, ContainsSubstring("<b>fast-100-1</b>: not converged"));
  CHECK_THAT(html, ContainsSubstring("\n[dataset]\n<mark>n = &quot;&lt;b&gt;&quot;</mark>\n"));
  CHECK_THAT(html, ContainsSubstring("<pre>seed = 3\n"));
  CHECK_THAT(html, ContainsSubstring("<mark>&quot;dataset.n&quot; = [100, 1000]</mark>"));
  CHECK_THAT(html, ContainsSubstring("<td>2.500</td>"));
  CHECK_THAT(html, !ContainsSubstring("http:") && !ContainsSubstring("https:"));
  CHECK_THAT(html, !ContainsSubstring("<script"));
}

TEST_CASE("a table of values is written and read with any text in its cells") {
  Table table;
  table.columns = {"a", "b"};
  table.rows = {{"1", "two, \"three\"\nfour"}, {"", ""}, {"x", "5"}};
  const Table again = table_from_csv(to_csv(table), "t.csv");
  CHECK(again.columns == table.columns);
  CHECK(again.rows == table.rows);
  CHECK_THROWS_WITH(table_from_csv("a,b\n1\n", "t.csv"),
                    "t.csv: row 2: 1 cells; expected 2 as in the first line");
  CHECK_THROWS_WITH(table_from_csv("a\n\"b\n", "t.csv"), "t.csv: row 2: a quote is not closed");
}

TEST_CASE("columns are named in words, exponents with their error") {
  CHECK(column_words("dataset.train_samples") == "train samples");
  CHECK(column_words("optimizer.use") == "optimizer");
  CHECK(column_words("feature_map[0].power") == "power");
  CHECK(column_words("hessian_norm.output.mean") == "hessian norm, output, mean");
  CHECK(column_words("seconds.fit") == "seconds, fit");
  CHECK(column_words("peak_memory_bytes") == "peak memory, bytes");
  CHECK(column_words("test_mse") == "test mean squared error");
  CHECK(exponent_text({1, 1.93456, 0.0234, 5}) == "1.93 ± 0.02");
  CHECK(exponent_text({1, 1.93456, 0.00234, 5}) == "1.935 ± 0.002");
  CHECK(exponent_text({1, 2, std::nan(""), 2}) == "2.00");
}

TEST_CASE("before any point is finished, figures and expectations say so and name no column") {
  std::vector<PointRecord> points(1);
  points[0].name = "late";
  points[0].cells = {{"dataset.n", "5"}, {"solver.use", "fast"}};
  points[0].status = "missing";
  Figure figure = growth();
  figure.y = {Expression::parse("test_mse")};
  CHECK(data_of(figure, sweep_table(points)).problems ==
        std::vector<std::string>{"nothing that it draws is finished"});
  Expectation expected;
  expected.metric = Expression::parse("test_mse");
  CHECK(judge({expected}, sweep_table(points), points, {}).at(0).message == "no point is finished");
}
