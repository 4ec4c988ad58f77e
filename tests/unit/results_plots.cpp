// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "results/axis.hpp"
#include "results/heat_map.hpp"
#include "results/line_plot.hpp"
#include "results/matrix_facts.hpp"
#include "results/readable.hpp"

#include <algorithm>
#include <cmath>

using namespace onager::host;

namespace {

std::string labels(const Axis& axis) {
  std::string out;
  for (const auto& tick : axis.ticks) out += (out.empty() ? "" : " ") + tick.label;
  return out;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

LinePlot rounds(std::size_t points) {
  LinePlot plot{"round", "error", {{"", {}, {}}}, {}};
  for (std::size_t i = 0; i < points; ++i) {
    plot.curves[0].x.push_back(static_cast<double>(i));
    plot.curves[0].y.push_back(1 + std::sin(static_cast<double>(i)));
  }
  return plot;
}

}  // namespace

TEST_CASE("ticks are round numbers with as many decimals as they need") {
  CHECK(labels(linear_axis(0, 1, 5, Ends::at_ticks)) == "0 0.2 0.4 0.6 0.8 1.0");
  CHECK(labels(linear_axis(-0.7, 0.6, 4, Ends::as_given)) == "−0.5 0 0.5");
  CHECK(labels(linear_axis(0.0156, 0.0164, 4, Ends::at_ticks)) ==
        "0.0156 0.0158 0.0160 0.0162 0.0164");
  CHECK(labels(linear_axis(0, 2e6, 4, Ends::at_ticks)) == "0 5·10⁵ 10⁶ 1.5·10⁶ 2·10⁶");
  CHECK(labels(index_axis(0, 4, 8)) == "0 1 2 3 4");
  CHECK(labels(index_axis(0, 121, 8)) == "0 20 40 60 80 100 120");
  CHECK(labels(logarithmic_axis(2e-3, 0.5, 5)) == "10⁻³ 10⁻² 10⁻¹ 10⁰");
}

TEST_CASE("a constant gets an axis around it") {
  const Axis axis = linear_axis(1, 1, 4, Ends::at_ticks);
  CHECK(axis.low < 1);
  CHECK(axis.high > 1);
}

TEST_CASE("an axis is logarithmic for positive values over more than two decades") {
  CHECK(axis_for({1e-5, 1}, 5).logarithmic);
  CHECK_FALSE(axis_for({0.02, 1}, 5).logarithmic);
  CHECK_FALSE(axis_for({0, 1e-5, 1}, 5).logarithmic);
  CHECK(axis_for({1e-5, 1, std::nan("")}, 5).logarithmic);
  CHECK(axis_for({1e-30, 1}, 5).ticks.size() <= 6);
  CHECK(axis_for({-1.7e308, 1.7e308}, 5).ticks.size() >= 3);
  CHECK(std::isfinite(axis_for({1, 1.7e308}, 5).high));
  CHECK(axis_for({}, 5).high > axis_for({}, 5).low);
}

TEST_CASE("a logarithmic axis that is asked for ends near its values") {
  const Axis decade = scaled_axis({1000, 17000}, Scale::logarithmic, 8);
  CHECK(labels(decade) == "1000 2000 5000 10000 20000");
  CHECK(decade.place(1000) == Approx(0));
  CHECK(decade.place(20000) == Approx(1));
  CHECK(labels(scaled_axis({0.03, 200}, Scale::logarithmic, 8)) == "0.1 1 10 100");
  CHECK(scaled_axis({0.03, 200}, Scale::logarithmic, 8).low == Approx(0.02));
  CHECK(labels(scaled_axis({3e7, 4e8}, Scale::logarithmic, 8)) == "2·10⁷ 5·10⁷ 10⁸ 2·10⁸ 5·10⁸");
  CHECK(scaled_axis({1e-30, 1}, Scale::logarithmic, 5).ticks.size() <= 7);
  CHECK(scaled_axis({-1, 0, 5, std::nan("")}, Scale::logarithmic, 5).low > 0);
  CHECK(scaled_axis({}, Scale::logarithmic, 5).high > 0);
  CHECK_FALSE(scaled_axis({1, 1e6}, Scale::linear, 5).logarithmic);
}

TEST_CASE("numbers are written as people read them") {
  CHECK(readable(0.012345) == "0.01235");
  CHECK(readable(-3.5) == "−3.5");
  CHECK(readable(1.25e-29) == "1.25\u00a0×\u00a010⁻²⁹");
  CHECK(readable(std::nan("")) == "–");
  CHECK(readable_metric("test_accuracy", 1) == "1.00");
  CHECK(readable_metric("test_accuracy", 0.885) == "0.8850");
  CHECK(percent(0.9996) == "99.9\u00a0%");
  CHECK(percent(1) == "100\u00a0%");
  CHECK(metric_words("test_mse") == "test mean squared error");
}

TEST_CASE("few points are marked and many are thinned") {
  CHECK(count(line_plot_svg(rounds(30)).body, "<circle cx") == 30);
  CHECK(count(line_plot_svg(rounds(50)).body, "<circle cx") == 0);
  CHECK(line_plot_svg(rounds(200000)).body.size() < 100000);
}

TEST_CASE("a value that is not finite leaves a gap") {
  LinePlot plot = rounds(9);
  plot.curves[0].y[4] = std::nan("");
  const std::string svg = line_plot_svg(plot).body;
  CHECK(count(svg, "class=\"curve\"") == 2);
  CHECK(count(svg, "nan") == 0);
}

TEST_CASE("a curve without points draws axes only") {
  const std::string svg = line_plot_svg({"round", "error", {{"", {}, {}}}, {}}).body;
  CHECK(count(svg, "class=\"curve\"") == 0);
  CHECK(count(svg, "nan") == 0);
}

TEST_CASE("names beside curves keep their distance") {
  LinePlot plot{"round", "error", {}, {}};
  for (int i = 0; i < 6; ++i) plot.curves.push_back({"run", {0, 1}, {0, 0.9 + 1e-3 * i}});
  const std::string svg = line_plot_svg(plot).body;
  std::vector<double> heights;
  for (auto at = svg.find("class=\"name\" transform=\"translate("); at != std::string::npos;
       at = svg.find("class=\"name\" transform=\"translate(", at + 1))
    heights.push_back(std::stod(svg.substr(svg.find(' ', svg.find('(', at)))));
  REQUIRE(heights.size() == 6);
  std::sort(heights.begin(), heights.end());
  for (std::size_t i = 1; i < 6; ++i) CHECK(heights[i] - heights[i - 1] >= 14.9);
  CHECK(heights.front() >= 0);
  CHECK(heights.back() <= plot.height);
}

TEST_CASE("many curves, or long names, get a key") {
  LinePlot plot{"round", "error", {}, {}};
  for (int i = 0; i < 9; ++i) plot.curves.push_back({"run", {0, 1}, {0, 1}});
  CHECK_THAT(line_plot_svg(plot).body, ContainsSubstring("class=\"key\""));
  plot.curves.resize(2);
  CHECK_THAT(line_plot_svg(plot).body, !ContainsSubstring("class=\"key\""));
  plot.curves[0].name = "a-name-that-is-quite-long";
  CHECK_THAT(line_plot_svg(plot).body, ContainsSubstring("class=\"key\""));
}

TEST_CASE("an axis of names has a tick for each, and curves stand beside each other there") {
  LinePlot plot{"kind", "error", {{"a", {0, 1}, {1, 2}, -1, {0.5, 1.5}, {1.5, 2.5}}}, {}};
  plot.x_values = {"one", "two"};
  plot.curves.push_back({"b", {0, 1}, {1, 2}});
  const std::string svg = line_plot_svg(plot).body;
  CHECK(count(svg, ">one</text>") == 1);
  CHECK(count(svg, "class=\"spread\"") == 1);
  CHECK(count(svg, "class=\"band\"") == 0);
  CHECK(count(svg, "<title>a, kind two: 2</title>") == 1);
  plot.x_values = {"a-name-that-needs-room", "another-one-of-that-kind"};
  plot.width = 300;
  CHECK(count(line_plot_svg(plot).body, "rotate(-30)") == 2);
}

TEST_CASE("reference lines are upright, level or through points, and are named") {
  LinePlot plot = rounds(9);
  plot.lines = {{"upright", {3}, {}}, {"level", {}, {5}}, {"through", {0, 8}, {0, 2}, 2}};
  const std::string svg = line_plot_svg(plot).body;
  CHECK(count(svg, "class=\"reference\"") == 3);
  CHECK(count(svg, "style=\"stroke: var(--s2)\"") == 1);
  for (const char* name : {">upright</text>", ">level</text>", ">through</text>"})
    CHECK(count(svg, name) == 1);
  CHECK(count(svg, ">5</text>") == 1);  // the axis reaches it
}

TEST_CASE("a table's heat map names its rows and columns and has logarithmic colours") {
  HeatMap map{"height", "width", {2, 3, {1, 10, 100, 1000, 1e4, std::nan("")}}, {}};
  map.row_values = {"tall", "low"};
  map.column_values = {"1", "2", "3"};
  map.sides = {300, 200};
  map.value_name = "error";
  map.value_scale = Scale::logarithmic;
  const Drawn drawn = heat_map_svg(map);
  CHECK(count(drawn.svg.body, ">tall</text>") == 1);
  CHECK(count(drawn.svg.body, "<title>width 2, height low: 1") == 1);
  CHECK(count(drawn.svg.body, ">10000</text>") + count(drawn.svg.body, ">10⁴</text>") == 1);
  CHECK(drawn.remarks == " Grey: no value.");
}

TEST_CASE("a large matrix is drawn from means and says so") {
  Grid grid{1000, 1000, std::vector<double>(1000000, 1.0)};
  const Grid small = averaged(grid, 800);
  CHECK(small.rows == 800);
  CHECK(small.values == std::vector<double>(640000, 1.0));
  HeatMap map;
  map.grid = grid;
  CHECK(heat_map_svg(map).remarks == " Drawn from 800 × 800 means of neighbouring entries.");
}

TEST_CASE("groups of features are named on both sides of a square matrix only") {
  HeatMap map{"feature",
              "feature",
              {4, 4, std::vector<double>(16, 1.0)},
              {{"left<", 0, 2}, {"right", 2, 2}}};
  CHECK(count(heat_map_svg(map).svg.body, ">left&lt;</text>") == 2);
  map.grid = {2, 8, map.grid.values};
  CHECK(count(heat_map_svg(map).svg.body, ">left&lt;</text>") == 0);
}

TEST_CASE("only squares of at least 64 pixels are pictures") {
  CHECK(picture_side(784) == 28);
  CHECK(picture_side(64) == 8);
  CHECK(picture_side(49) == 0);
  CHECK(picture_side(785) == 0);
  Grid matrix{64, 64, std::vector<double>(4096, 0.0)};
  for (std::size_t i = 0; i < 64; ++i) matrix.at(i, i) = static_cast<double>(i);
  CHECK(as_picture(matrix, 8).at(1, 2) == 10);
}

TEST_CASE("blocks that are constant along wrapped diagonals are found") {
  Grid grid{14, 14, std::vector<double>(196, 0.0)};
  for (std::size_t i = 0; i < 7; ++i)
    for (std::size_t j = 0; j < 7; ++j) {
      grid.at(i, 7 + j) = std::sin(static_cast<double>((i + j) % 7));
      grid.at(7 + i, j) = std::sin(static_cast<double>((j + 7 - i) % 7));
    }
  const WrappedShare upper = wrapped_share(grid, 0, 7, 7), lower = wrapped_share(grid, 7, 0, 7);
  CHECK(upper.anti_diagonals == Approx(1));
  CHECK(upper.diagonals == Approx(0).margin(1e-12));
  CHECK(lower.diagonals == Approx(1));
  CHECK(wrapped_share(grid, 0, 0, 7).diagonals == 0);
  const std::string facts = matrix_facts(grid, {{"a", 0, 7}, {"b", 7, 7}});
  CHECK_THAT(facts,
             ContainsSubstring("wrapped anti-diagonals (i + j constant modulo the size) "
                               "explain 100\u00a0% of the variance in block a\u00a0×\u00a0b."));
  CHECK_THAT(facts, ContainsSubstring("a\u00a0×\u00a0b with b\u00a0×\u00a0a 100\u00a0%"));
}

TEST_CASE("the few features that hold the weights are named") {
  Grid weights{40, 1, std::vector<double>(40, 0.001)};
  weights.values[2] = weights.values[9] = 1;
  CHECK(matrix_facts(weights, {}) ==
        "Values from 0.001 to 1. Features 2 and 9 hold 98\u00a0% of the "
        "sum; the other 38 share the rest.");
  weights.values.assign(40, 1.0);
  CHECK(matrix_facts(weights, {}) == "Values from 1 to 1.");
}
