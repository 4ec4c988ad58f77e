// SPDX-License-Identifier: MIT
#include "config/expectations.hpp"

#include "../catch.hpp"
#include "config/sweep.hpp"
#include "config_support.hpp"

using namespace config_test;

namespace {

const std::string sound = "[[expect]]\nmetric = 'test_mse'\ncomparison = '<='\nvalue = 0.5\n";
const std::string figure =
    "[[figure]]\ntitle = 'Growth'\nx = 'a'\ny = 'b'\nfit = 'power'\n[[figure]]\ntitle = 'Plain'\nx "
    "= 'a'\ny = 'b'\n";

/// The message for tables behind a sound pipeline; they begin at line 8.
std::string error_in(const std::string& tables) { return error_of(pipeline() + tables); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("an expectation has a metric, a comparison and a value") {
  const Plan plan = plan_of(pipeline() + sound +
                            "[[expect]]\nmetric = 'a / b'\nat = 12\ncomparison = 'within'\nvalue = "
                            "2\ntolerance = 0.5\nnote = 'as computed by hand'\n");
  REQUIRE(plan.expectations.size() == 2);
  const Expectation& first = plan.expectations[0];
  CHECK(first.metric.text() == "test_mse");
  CHECK(first.at == Moment::last);
  CHECK(first.relation == Relation::at_most);
  CHECK(first.value == 0.5);
  CHECK(first.tolerance == 0);
  const Expectation& second = plan.expectations[1];
  CHECK(second.metric.columns() == std::vector<std::string>{"a", "b"});
  CHECK(second.at == Moment::given);
  CHECK(second.index == 12);
  CHECK(second.relation == Relation::within);
  CHECK(second.tolerance == 0.5);
  CHECK(second.note == "as computed by hand");
}

TEST_CASE("expectations and figures of a run stand at the end of its config, and read back") {
  const std::string tables =
      figure + sound +
      "[[expect]]\nmetric = 'exponent'\nfigure = 'Growth'\ngroup = \"a \\\"b\\\"\"\n"
      "over = 'mean'\ncomparison = 'within'\nvalue = -1\ntolerance = 0.1\n"
      "[[expect]]\nmetric = 'max(a, `b c`)'\nat = 'min'\ncomparison = '>'\nvalue = 1e-300\nnote = "
      "\"two\\nlines\\n[[expect]]\\n\"\n[[expect]]\nmetric = 'a'\nat = 3\ncomparison = '=='\nvalue "
      "= 7\n";
  const Plan plan = plan_of(pipeline() + tables);
  const std::string text = to_toml(plan);
  INFO(text);
  const Plan again = plan_of(text);
  CHECK(to_toml(again) == text);
  REQUIRE(again.expectations.size() == 4);
  CHECK(again.expectations[1].group == "a \"b\"");
  CHECK(again.expectations[1].over == Over::mean);
  CHECK(again.expectations[2].at == Moment::min);
  CHECK(again.expectations[2].note == "two\nlines\n[[expect]]\n");
  CHECK(again.expectations[3].index == 3);
  CHECK(again.figures.size() == 2);
  CHECK(again.figures[0].fit == FigureFit::power);
  // what is computed is the same with and without them
  CHECK(computation_of(text) == to_toml(plan_of(pipeline())));
  CHECK(computation_of(to_toml(plan_of(pipeline()))) == to_toml(plan_of(pipeline())));
}

TEST_CASE("expectations of a sweep are its own, and leave its points as they are") {
  const Folder folder;
  const auto file = folder.path() / "p.toml";
  const auto names = [&](const std::string& tables) {
    std::ofstream(file, std::ios::binary)
        << pipeline() + "[sweep]\n'kernel.bandwidth' = [1, 2]\n" + tables;
    const Sweep sweep = read_sweep(file, {}, registry());
    std::string out;
    for (const auto& point : sweep.points) out += to_toml(point.plan);
    return std::pair(out, sweep.file.expectations.size());
  };
  const auto [without, none] = names("");
  const auto [with, some] =
      names(figure + sound +
            "where = { 'kernel.bandwidth' = 2, seed = { above = 1, below = 5 } }\nover = 'max'\n");
  CHECK(none == 0);
  CHECK(some == 1);
  CHECK(with == without);
  const Plan plan = read_plan(file, {}, registry());
  CHECK(plan.has_sweep);
  CHECK(plan.expectations.empty());
  CHECK(plan.figures.empty());
}

TEST_CASE("mistakes in an expectation are told before anything is computed") {
  CHECK(error_in("[[expect]]\nmetric = 'a'\nvalue = 1\n") ==
        "p.toml:8:1: an expectation needs comparison, one of >=, <=, >, <, == and within\n    "
        "[[expect]]\n    ^");
  CHECK_THAT(error_in("[[expect]]\ncomparison = '>'\n"),
             ContainsSubstring("an expectation needs metric, the column") &&
                 ContainsSubstring("an expectation needs value, the number"));
  CHECK(
      error_in(sound + "tolerence = 1\n") ==
      "p.toml:12:1: an expectation has no 'tolerence'; did you mean 'tolerance'?\n    tolerence = "
      "1\n    ^");
  CHECK(first_line(error_in(sound + "tolerance = -1\n")) ==
        "p.toml:12:13: tolerance = -1 is outside its range [0, inf)");
  CHECK(first_line(error_in("[[expect]]\nmetric = 'a'\ncomparison = '=>'\nvalue = 1\n")) ==
        "p.toml:10:14: comparison = \"=>\" is not one of \">=\", \"<=\", \">\", \"<\", \"==\" or "
        "\"within\"; did you mean '>'?");
  CHECK(first_line(error_in("[[expect]]\nmetric = 'a'\ncomparison = '<'\nvalue = 'x'\n")) ==
        "p.toml:11:9: value must be a number, not the string \"x\"");
  CHECK(
      error_in("[[expect]]\nmetric = '2 / * a'\ncomparison = '<'\nvalue = 1\n") ==
      "p.toml:9:15: metric = \"2 / * a\" cannot be computed: a number, a column or '(' is expected "
      "here\n    metric = '2 / * a'\n                  ^");
  CHECK(first_line(error_in(sound + "at = 'lst'\n")) ==
        "p.toml:12:6: at must be \"last\", \"first\", \"max\", \"min\" or the number of a round or "
        "step, not the string \"lst\"; did you mean 'last'?");
  CHECK(first_line(error_in(sound + "at = -1\n")) ==
        "p.toml:12:6: at must be \"last\", \"first\", \"max\", \"min\" or the number of a round or "
        "step, not the integer -1");
  CHECK(first_line(error_in(sound + "where = { seed = 1 }\n")) ==
        "p.toml:12:1: where chooses among the points of a sweep, and this file has no [sweep]");
  CHECK(first_line(error_in(sound + "group = 'x'\n")) ==
        "p.toml:12:9: group names a curve of a figure; say which with figure = \"TITLE\"");
  CHECK(first_line(error_in("[[expect]]\nmetric = 'a'\ncomparison = 'within'\nvalue = 1\n")) ==
        "p.toml:10:14: within needs a tolerance above 0");
  CHECK(first_line(error_in("[expect]\nmetric = 'a'\n")) !=
        "");  // one table is taken as a list of one
  CHECK(first_line(error_in("[[expect]]\nmetric = 3\ncomparison = '>'\nvalue = 1\n")) ==
        "p.toml:9:10: metric must be a string, not the integer 3");
  CHECK_THAT(
      error_of("expect = [1]\n" + pipeline()),
      ContainsSubstring("expect must be tables [[expect]] with metric, comparison and value, "
                        "not the integer 1"));
}

TEST_CASE("an expectation on a fit names a figure that has one") {
  const auto on = [&](const std::string& keys) {
    return first_line(error_in(figure + "[[expect]]\ncomparison = '>'\nvalue = 1\n" + keys));
  };
  CHECK(on("metric = 'exponent'\nfigure = 'Growth'\n") == "");
  CHECK(on("metric = 'exponent'\nfigure = 'Grwth'\n") ==
        "p.toml:21:10: no [[figure]] has the title \"Grwth\"; did you mean 'Growth'?");
  CHECK(on("metric = 'exponent'\nfigure = 'Something else'\n") ==
        "p.toml:21:10: no [[figure]] has the title \"Something else\"; figures with a fit are "
        "\"Growth\"");
  CHECK(on("metric = 'exponent'\nfigure = 'Plain'\n") ==
        "p.toml:21:10: figure \"Plain\" has no fit = \"power\"");
  CHECK(on("metric = 'exponnt'\nfigure = 'Growth'\n") ==
        "p.toml:20:10: of a figure's fit the metric is exponent, standard_error or factor, not "
        "\"exponnt\"; did you mean 'exponent'?");
  CHECK(
      on("metric = 'exponent'\nfigure = 'Growth'\nat = 'max'\n") ==
      "p.toml:22:1: at says nothing about a figure's fit; the figure itself chooses what it fits");
}
