// SPDX-License-Identifier: MIT
#include "config/figures.hpp"

#include "../catch.hpp"
#include "config_support.hpp"

using namespace config_test;

namespace {

/// The figures of tables behind a sound pipeline; they begin at line 8.
std::vector<Figure> figures_of(const std::string& tables) {
  return plan_of(pipeline() + tables).figures;
}

std::string error_in(const std::string& tables) {
  const std::string text = error_of(pipeline() + tables);
  return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("a figure is read with its defaults") {
  const auto figures = figures_of("[[figure]]\nx = 'a.b'\ny = 'c'\n");
  REQUIRE(figures.size() == 1);
  const Figure& figure = figures[0];
  CHECK(figure.x.text() == "a.b");
  REQUIRE(figure.y.size() == 1);
  CHECK(figure.y[0].text() == "c");
  CHECK_FALSE(figure.z);
  CHECK(figure.group.empty());
  CHECK(figure.x_scale == FigureScale::linear);
  CHECK(figure.fit == FigureFit::none);
  CHECK(figure.band == FigureBand::range);
  CHECK(figure.mark == FigureMark::line);
  CHECK_FALSE(figure.over_rounds());
  CHECK(figures_of("[[figure]]\nx = 'round'\ny = 'c'\n")[0].over_rounds());
  CHECK(figures_of("[[figure]]\nx = 'step'\ny = 'c'\n")[0].over_rounds());
}

TEST_CASE("a figure may have several y, groups and reference lines, as texts, lists or numbers") {
  const Figure figure = figures_of(
      "[[figure]]\ntitle = 'T'\nx = 'log10(a)'\ny = ['c', 'd / e']\ngroup = ['g', 'h']\nfacet = "
      "'i'\nwhere = { j = 3, k = { above = 1 } }\nx_lines = '2 / l'\ny_lines = [0.5, 'm']\n"
      "y_scale = 'log'\nfit = 'power'\nfit_from = 5\nband = 'deviation'\nmark = 'points'\nx_label "
      "= 'A'\n")[0];
  CHECK(figure.y[1].columns() == std::vector<std::string>{"d", "e"});
  CHECK(figure.group == std::vector<std::string>{"g", "h"});
  CHECK(figure.x_lines[0].text() == "2 / l");
  CHECK(figure.y_lines[0].value([](const std::string&) { return std::nullopt; }) == 0.5);
  CHECK(columns_of(figure) ==
        std::vector<std::string>{"a", "c", "d", "e", "l", "m", "g", "h", "i", "j", "k"});
  // what is written reads back as the same
  const std::string text = to_toml(figure);
  INFO(text);
  CHECK(to_toml(figures_of(text)[0]) == text);
  const Figure again = figures_of(text)[0];
  CHECK(again.where.size() == 2);
  CHECK(again.where[1].above == 1);
  CHECK(again.mark == FigureMark::points);
}

TEST_CASE("a heat map has x, y and z, and nothing that is of curves") {
  const Figure map =
      figures_of("[[figure]]\nx = 'a'\ny = 'b'\nz = 'c'\nz_scale = 'log'\nz_label = 'C'\n")[0];
  REQUIRE(map.z);
  CHECK(map.z->text() == "c");
  CHECK(map.z_scale == FigureScale::logarithmic);
  CHECK(to_toml(map) ==
        "[[figure]]\nx = \"a\"\ny = \"b\"\nz = \"c\"\nz_scale = \"log\"\nz_label = \"C\"\n");
  const std::string sound = "[[figure]]\nx = 'a'\ny = 'b'\nz = 'c'\n";
  CHECK(error_in(sound + "group = 'g'\n") ==
        "p.toml:12:1: group is for curves; a figure with z is a heat map");
  CHECK(error_in(sound + "fit = 'power'\n") ==
        "p.toml:12:1: fit is for curves; a figure with z is a heat map");
  CHECK(error_in("[[figure]]\nx = 'a'\ny = ['b', 'd']\nz = 'c'\n") ==
        "p.toml:10:5: a heat map has one y; its numbers are those of z");
}

TEST_CASE("mistakes in a figure are told with their place") {
  CHECK(error_in("[[figure]]\nx = 'a'\n") ==
        "p.toml:8:1: a figure needs y, the columns of the vertical axis");
  CHECK(error_in("[[figure]]\ny = 'a'\n") ==
        "p.toml:8:1: a figure needs x, the column of the horizontal axis");
  const std::string sound = "[[figure]]\nx = 'a'\ny = 'b'\n";
  CHECK(error_in(sound + "titel = 'a'\n") ==
        "p.toml:11:1: a figure has no 'titel'; did you mean 'title'?");
  CHECK(error_in(sound + "y_lines = ['2 * (a']\n") ==
        "p.toml:11:19: y_lines = \"2 * (a\" cannot be computed: ')' is expected here");
  CHECK(error_in(sound + "group = []\n") ==
        "p.toml:11:9: group must be a column or a list of columns, not an empty list");
  CHECK(error_in(sound + "x_lines = [true]\n") ==
        "p.toml:11:12: x_lines must be an expression or a list of them, not true");
  CHECK(error_in(sound + "where = 3\n") ==
        "p.toml:11:9: where must be a table of conditions, such as { \"a.b\" = 1 }; this one is "
        "the integer 3");
  CHECK(error_in(sound + "band = 'deviaton'\n") ==
        "p.toml:11:8: band = \"deviaton\" is not one of \"range\", \"deviation\" or \"none\"; did "
        "you mean 'deviation'?");
}
