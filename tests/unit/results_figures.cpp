// SPDX-License-Identifier: MIT
#include "results/figure_data.hpp"

#include "../catch.hpp"
#include "fake_run.hpp"
#include "results/figure_files.hpp"
#include "results/figure_svg.hpp"
#include "results/sweep_record.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

using namespace onager::host;
using namespace onager::host::tests;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

Figure figure_of(const std::string& x, const std::vector<std::string>& y) {
  Figure out;
  out.x = Expression::parse(x);
  for (const auto& one : y) out.y.push_back(Expression::parse(one));
  return out;
}

FigureData data_of(const Figure& figure, const Table& table) {
  return figure_data(figure, table, table.columns, {});
}

/// rate = 0.1, 0.2, 0.4; width = 8, 64; seed = 0, 1; loss = rate * width, ten percent more for seed
/// 1; sharpness = 20 for width 8 and 10 for width 64.
Table rates() {
  Table out;
  out.columns = {"rate", "width", "seed", "loss", "sharpness", "kind", "status"};
  for (const char* rate : {"0.1", "0.2", "0.4"})
    for (const int width : {8, 64})
      for (const int seed : {0, 1})
        out.rows.push_back({rate, std::to_string(width), std::to_string(seed),
                            fmt::format("{}", std::atof(rate) * width * (1 + 0.1 * seed)),
                            width == 8 ? "20" : "10", width == 8 ? "narrow" : "wide", "finished"});
  return out;
}

}  // namespace

TEST_CASE("each y of a figure and each value of its groups is a curve") {
  Figure figure = figure_of("rate", {"loss", "2 * loss"});
  figure.group = {"kind", "seed"};
  const FigureData data = data_of(figure, rates());
  CHECK(data.problems.empty());
  REQUIRE(data.panels.size() == 1);
  REQUIRE(data.panels[0].curves.size() == 8);
  const FigureCurve& first = data.panels[0].curves[0];
  CHECK(first.name == "loss, narrow, seed 0");
  CHECK(first.group == "narrow, 0");
  CHECK(first.x == std::vector<double>{0.1, 0.2, 0.4});
  CHECK(first.y[2] == Approx(3.2));
  CHECK(data.y_name == "loss, 2 * loss");
  std::vector<bool> used(8);
  for (const auto& curve : data.panels[0].curves) used.at(curve.style) = true;
  CHECK(std::find(used.begin(), used.end(), false) == used.end());
}

TEST_CASE("the splits of one quantity share its name") {
  Table table;
  table.columns = {"round", "train_mse", "test_mse"};
  table.rows = {{"0", "1", "2"}, {"1", "0.5", "1"}};
  const FigureData data = data_of(figure_of("round", {"train_mse", "test_mse"}), table);
  CHECK(data.y_name == "mean squared error");
  CHECK(data.panels[0].curves[1].name == "test");
}

TEST_CASE("a facet makes a panel of each value, with the same curves alike in all") {
  Figure figure = figure_of("rate", {"loss"});
  figure.facet = "width";
  figure.group = {"seed"};
  const FigureData data = data_of(figure, rates());
  REQUIRE(data.panels.size() == 2);
  CHECK(data.panels[0].name == "width = 8");
  CHECK(data.panels[1].curves[0].style == data.panels[0].curves[0].style);
  const std::string svg = figure_svg(data).body;
  CHECK(count(svg, ">width = 8</text>") == 1);
  CHECK(count(svg, "class=\"key\"") == 2);  // one key for both panels
}

TEST_CASE("only rows for which where holds are drawn") {
  Figure figure = figure_of("rate", {"loss"});
  Condition wide;
  wide.column = "width";
  wide.above = 10;
  figure.where = {wide};
  CHECK(data_of(figure, rates()).panels[0].curves[0].x.size() == 6);
  figure.where[0].above = 100;
  CHECK(data_of(figure, rates()).problems == std::vector<std::string>{"no row has width > 100"});
}

TEST_CASE("a reference line is one where all agree, and one a group where they do not") {
  Figure figure = figure_of("rate", {"loss"});
  figure.group = {"kind"};
  figure.x_lines = {Expression::parse("2 / sharpness"), Expression::parse("0.3")};
  figure.y_lines = {Expression::parse("rate * 8")};
  const FigureData data = data_of(figure, rates());
  const auto& lines = data.panels[0].lines;
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].name == "2 / sharpness, narrow");
  CHECK(lines[0].x == std::vector<double>{0.1});
  CHECK(lines[0].y.empty());
  CHECK(lines[0].style == data.panels[0].curves[0].style);
  CHECK(lines[1].x == std::vector<double>{0.2});
  CHECK(lines[2].name == "0.3");
  CHECK_FALSE(lines[2].style);
  CHECK(lines[3].x == std::vector<double>{0.1, 0.2, 0.4});
  CHECK(lines[3].y[2] == Approx(3.2));
  CHECK(count(figure_svg(data).body, "class=\"reference\"") == 4);
}

TEST_CASE("an axis of texts has a place for each") {
  Figure figure = figure_of("kind", {"loss"});
  figure.group = {"seed"};
  const FigureData data = data_of(figure, rates());
  CHECK(data.x_values.names == std::vector<std::string>{"narrow", "wide"});
  CHECK(data.panels[0].curves[0].x == std::vector<double>{0, 0, 0, 1, 1, 1});
  const std::string svg = figure_svg(data).body;
  CHECK(count(svg, ">narrow</text>") == 1);
  CHECK(count(svg, "class=\"curve\" d=\"M0 6h18\"") == 0);  // points, not joined
  CHECK(count(svg, "class=\"spread\"") == 2);
}

TEST_CASE("a heat map has the mean of each pair of values") {
  Figure figure = figure_of("rate", {"width"});
  figure.z = Expression::parse("loss");
  figure.y_lines = {Expression::parse("8 + 28 * (rate - 0.1) / 0.3 * 2")};
  const FigureData data = data_of(figure, rates());
  CHECK(data.x_values.names == std::vector<std::string>{"0.1", "0.2", "0.4"});
  CHECK(data.y_values.numbers == std::vector<double>{8, 64});
  REQUIRE(data.panels[0].cells.size() == 6);
  for (const auto& cell : data.panels[0].cells) {
    CHECK(cell.count == 2);
    CHECK(cell.mean ==
          Approx(1.05 * data.x_values.numbers[cell.x] * data.y_values.numbers[cell.y]));
  }
  const auto& line = data.panels[0].lines.at(0);
  CHECK(line.x == std::vector<double>{0, 1, 2});
  CHECK(line.y[0] == Approx(0));
  CHECK(line.y[1] == Approx(1.0 / 3));
  CHECK(line.y[2] == Approx(1));
  const Svg svg = figure_svg(data);
  CHECK(count(svg.body, "<title>rate 0.4, width 64: ") == 1);
  CHECK(count(svg.body, "<image") == 2);
}

TEST_CASE("units stand beside the names of axes") {
  const Table table = rates();
  const FigureData data =
      figure_data(figure_of("rate", {"loss"}), table, table.columns, {{"rate", "1/s"}});
  CHECK(data.x_name == "rate, 1/s");
  Figure named = figure_of("rate", {"loss"});
  named.x_label = "learning rate η";
  CHECK(figure_data(named, table, table.columns, {{"rate", "1/s"}}).x_name == "learning rate η");
}

TEST_CASE("what a figure draws can be had as a table") {
  Figure figure = figure_of("rate", {"loss"});
  figure.group = {"kind"};
  const Table table = table_of(data_of(figure, rates()));
  CHECK(table.columns ==
        std::vector<std::string>{"panel", "curve", "x", "y", "low", "high", "rows"});
  REQUIRE(table.rows.size() == 6);
  CHECK(table.rows[0] == std::vector<std::string>{"", "narrow", "0.1", "0.8400000000000001", "0.8",
                                                  "0.8800000000000001", "2"});
}

TEST_CASE("rows of the points' rounds are drawn with the swept values of their point") {
  const TemporaryFolder folder;
  std::vector<PointRecord> points(2);
  for (std::size_t i = 0; i < 2; ++i) {
    points[i].folder = folder.path() / std::to_string(i);
    FakeRun().write(points[i].folder);
    read_point(points[i].folder, points[i]);
    points[i].name = std::to_string(i);
    points[i].cells = {{"seed", std::to_string(i + 7)}};
  }
  Figure figure = figure_of("round", {"test_mse"});
  figure.group = {"seed"};
  std::vector<std::string> known;
  const Table rows = rounds_table(points, sweep_table(points), columns_of(figure), known);
  CHECK(rows.columns == std::vector<std::string>{"round", "test_mse", "seed"});
  CHECK(rows.rows.size() == 6);
  const FigureData data = figure_data(figure, rows, known, {});
  REQUIRE(data.panels.at(0).curves.size() == 2);
  CHECK(data.panels[0].curves[1].name == "seed 8");
  CHECK(data.panels[0].curves[1].y == std::vector<double>{0.5, 0.25, 0.5 / 3});
  figure.y = {Expression::parse("tset_mse")};
  CHECK(figure_data(figure, rows, known, {}).problems.at(0) ==
        "there is no column \"tset_mse\"; did you mean 'test_mse'?");
}

TEST_CASE("a column that a figure does not name whole is found by its end, or all are named") {
  Table table;
  table.columns = {"kernel.bandwidth", "feature_map[0].bandwidth", "test_mse"};
  table.rows = {{"1", "2", "0.5"}};
  CHECK(data_of(figure_of("bandwidth", {"test_mse"}), table).problems.at(0) ==
        "there is no column \"bandwidth\"; did you mean 'kernel.bandwidth' or "
        "'feature_map[0].bandwidth'?");
  CHECK(data_of(figure_of("rank", {"test_mse"}), table).problems.at(0) ==
        "there is no column \"rank\"; there are kernel.bandwidth, feature_map[0].bandwidth and "
        "test_mse");
}

TEST_CASE("paths are drawn without the folder that they have in common") {
  Table table;
  table.columns = {"dataset.path", "test_mse"};
  table.rows = {{"/home/a/data/x.csv", "1"}, {"/home/a/data/old/x.csv", "2"}};
  const FigureData data = data_of(figure_of("dataset.path", {"test_mse"}), table);
  CHECK(data.x_values.names == std::vector<std::string>{"x.csv", "old/x.csv"});
  table.rows.push_back({"relative.csv", "3"});
  CHECK(data_of(figure_of("dataset.path", {"test_mse"}), table).x_values.names.at(0) ==
        "/home/a/data/x.csv");
}

TEST_CASE("a figure's file stands by itself: with its style, without variables") {
  Figure figure = figure_of("rate", {"loss"});
  figure.group = {"kind"};
  const std::string svg = svg_file(figure_svg(data_of(figure, rates())));
  CHECK_THAT(svg, ContainsSubstring("<svg xmlns=\"http://www.w3.org/2000/svg\" ") &&
                      ContainsSubstring("<style>") && ContainsSubstring("#0072b2"));
  CHECK(count(svg, "var(") == 0);
  CHECK(count(svg, "<g") == count(svg, "</g>"));
}

TEST_CASE("figures are written as SVG and CSV, and as PNG and PDF where the converter is there") {
  const TemporaryFolder folder;
  Figure figure = figure_of("rate", {"loss"});
  figure.title = "Loss: n = 5";
  std::vector<std::string> notes;
  const auto note = [&](const std::string& text) { notes.push_back(text); };
  const std::vector<FigureData> two{data_of(figure, rates()), data_of(figure, rates())};
  write_figures(two, folder.path() / "figures", note);
  const auto file = [&](const std::string& name) { return folder.path() / "figures" / name; };
  CHECK(std::filesystem::exists(file("loss-n-5.svg")));
  CHECK(std::filesystem::exists(file("loss-n-5-2.csv")));
  if (notes.empty()) {
    CHECK(read_file(file("loss-n-5.png")).substr(1, 3) == "PNG");
    CHECK(read_file(file("loss-n-5.pdf")).substr(0, 5) == "%PDF-");
  }

  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  notes.clear();
  write_figures(two, folder.path() / "without", note);
  ::setenv("PATH", path.c_str(), 1);
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0],
             ContainsSubstring("written as SVG only") && ContainsSubstring("librsvg2-bin"));
  CHECK(std::filesystem::exists(folder.path() / "without/loss-n-5.svg"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "without/loss-n-5.png"));
}

TEST_CASE("titles become names of files") {
  CHECK(file_name_of("Test error, n = 5 (Größe)") == "test-error-n-5-gr-e");
  CHECK(file_name_of("../../etc") == "etc");
  CHECK(file_name_of("§") == "figure");
  CHECK(file_name_of(std::string(300, 'x')).size() == 60);
}
