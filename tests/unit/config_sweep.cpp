// SPDX-License-Identifier: MIT
#include "config/sweep.hpp"

#include "../catch.hpp"
#include "config_support.hpp"

using namespace config_test;

namespace {

Sweep sweep_of(const std::string& table, const std::vector<std::string>& overrides = {},
               const std::string& base = pipeline(), const Folder& folder = Folder()) {
  const auto file = folder.path() / "p.toml";
  std::ofstream(file, std::ios::binary) << base << table;
  return read_sweep(file, overrides, registry());
}

/// The message for a [sweep] table behind a sound pipeline, whose line 8 it begins at.
std::string sweep_error(const std::string& table, const std::vector<std::string>& overrides = {},
                        const std::string& base = pipeline()) {
  const Folder folder;
  try {
    sweep_of(table, overrides, base, folder);
  } catch (const Error& error) {
    if (error.category() != Category::config) return "not a config error";
    return replaced(error.what(), folder.path().string() + "/", "");
  }
  return "";
}

std::string at(const std::string& place, const std::string& message, const std::string& line,
               std::size_t column) {
  return "p.toml:" + place + ": " + message + "\n    " + line + "\n    " +
         std::string(column - 1, ' ') + "^";
}

/// "a b; c d": the cells of all points.
std::string cells(const Sweep& sweep) {
  std::string out;
  for (const auto& point : sweep.points) {
    out += out.empty() ? "" : "; ";
    for (std::size_t i = 0; i < point.cells.size(); ++i)
      out += (i == 0 ? "" : " ") + point.cells[i].text;
  }
  return out;
}

}  // namespace

TEST_CASE("a sweep is the grid of its lists, the last key fastest") {
  const Sweep sweep = sweep_of("[sweep]\nseed = [3, 4]\n'kernel.bandwidth' = [1, 2.5, 4]\n");
  REQUIRE(sweep.points.size() == 6);
  CHECK(cells(sweep) == "3 1; 3 2.5; 3 4; 4 1; 4 2.5; 4 4");
  CHECK(sweep.points[0].cells[1].column == "kernel.bandwidth");
  CHECK(sweep.points[4].plan.seed == 4);
  CHECK(value(sweep.points[4].plan.kernel, "bandwidth").real == 2.5);
  CHECK(sweep.points[4].label == "4-2.5");
}

TEST_CASE("any key of any table can be swept, with quotes or without, by dots or brackets") {
  const std::string maps = "[[feature_map]]\nuse = 'stretch'\n";
  const Sweep sweep = sweep_of(
      "[sweep]\n'feature_map.0.power' = [1, 2]\nloop.rounds = [3]\noptimizer.ridge = [0.5]\n"
      "precision = ['float32']\n'dataset.sizes' = [[1, 2]]\n'dataset.operation' = ['multiply']\n",
      {}, maps + pipeline());
  REQUIRE(sweep.points.size() == 2);
  const auto& point = sweep.points[1];
  CHECK(point.cells[0].column == "feature_map[0].power");
  CHECK(value(point.plan.feature_maps[0], "power").real == 2);
  CHECK(point.plan.kernel_loop.rounds == 3);
  CHECK(value(point.plan.optimizer, "ridge").real == 0.5);
  CHECK(point.plan.precision == Precision::float32);
  CHECK(value(point.plan.dataset, "sizes").integers == std::vector<std::int64_t>{1, 2});
  CHECK(point.cells[4].text == "[1, 2]");
}

TEST_CASE("a range has its ends, equal steps or equal ratios, and rounds where integers go") {
  CHECK(cells(sweep_of("[sweep]\n'kernel.bandwidth' = { from = 1, to = 2, count = 4 }\n")) ==
        "1; 1.33333333333; 1.66666666667; 2");
  CHECK(cells(sweep_of("[sweep]\n'kernel.bandwidth' = { from = 1e-3, to = 10, count = 5, scale = "
                       "'log' }\n")) == "0.001; 0.01; 0.1; 1; 10");
  const Sweep sweep =
      sweep_of("[sweep]\n'dataset.modulus' = { from = 1e1, to = 1e2, count = 4, scale = 'log' }\n");
  CHECK(cells(sweep) == "10; 22; 46; 100");
  CHECK(value(sweep.points[1].plan.dataset, "modulus").integer == 22);
  CHECK(cells(sweep_of("[sweep]\nseed = { from = 0, to = 10, count = 4 }\n")) == "0; 3; 7; 10");
  CHECK(cells(sweep_of("[sweep]\nseed = { from = 4, to = 1, count = 3, scale = 'linear' }\n")) ==
        "4; 3; 1");
}

TEST_CASE("a list of texts is a cell without double quotes, and a condition on it holds") {
  const Sweep sweep = sweep_of(
      "[sweep]\n'dataset.labels' = [['a', \"b, c\"], [\"it's\"]]\n[[figure]]\nx = 'seconds'\ny = "
      "'test_mse'\nwhere = { 'dataset.labels' = [[\"a\", 'b, c']] }\n");
  CHECK(cells(sweep) == "['a', 'b, c']; [\"it's\"]");
  const auto& condition = sweep.file.figures.at(0).where.at(0);
  CHECK(condition.holds(sweep.points[0].cells[0].text));
  CHECK_FALSE(condition.holds(sweep.points[1].cells[0].text));
}

TEST_CASE("zipped keys vary together, and with the others make the grid") {
  const Sweep sweep = sweep_of(
      "[sweep]\nseed = [1, 2]\n'kernel.bandwidth' = [3, 4]\n'optimizer.ridge' = [5, 6]\n"
      "zip = [['seed', 'optimizer.ridge']]\n");
  CHECK(cells(sweep) == "1 3 5; 1 4 5; 2 3 6; 2 4 6");
}

TEST_CASE("points that all conditions of a skip hold for are left out") {
  const std::string axes = "[sweep]\n'optimizer.use' = ['direct', 'plain']\nseed = [1, 2, 3]\n";
  CHECK(cells(sweep_of(axes + "skip = [{ 'optimizer.use' = 'plain', seed = { above = 1 } }]\n")) ==
        "direct 1; direct 2; direct 3; plain 1");
  CHECK(cells(sweep_of(axes + "skip = [{ seed = [1, 3.0] }, { optimizer.use = 'direct' }]\n")) ==
        "plain 2");
  CHECK(cells(sweep_of(axes + "skip = [{ seed = { below = 3, above = 7 } }]\n")) ==
        "direct 3; plain 3");
}

TEST_CASE("a swept component takes the keys of the base table that it knows") {
  const std::string base =
      "[kernel]\nuse = 'flat'\nbandwidth = 2\n[dataset]\nuse = 'numbers'\nmodulus = "
      "7\n[optimizer]\nuse = 'direct'\nridge = 0.5\n";
  const Sweep sweep = sweep_of("[sweep]\noptimizer.use = ['direct', 'plain']\n", {}, base);
  REQUIRE(sweep.points.size() == 2);
  CHECK(value(sweep.points[0].plan.optimizer, "ridge").real == 0.5);
  CHECK(sweep.points[1].plan.optimizer.values.empty());
  // a key that none of them knows is a mistake
  CHECK(sweep_error("[sweep]\noptimizer.use = ['direct', 'plain']\n", {},
                    replaced(base, "ridge", "rigde")) ==
        at("9:1", "optimizer 'direct' has no parameter 'rigde'; did you mean 'ridge'?",
           "rigde = 0.5", 1) +
            "\n" +
            at("9:1", "optimizer 'plain' has no parameter 'rigde'; it has none", "rigde = 0.5", 1) +
            "\n2 errors in p.toml");
}

TEST_CASE("whole tables are swept, each a component with parameters of its own") {
  const Sweep sweep = sweep_of(
      "[sweep]\noptimizer = [{ use = 'direct', ridge = 0.5 }, { use = 'plain' }]\nseed = [1, 2]\n");
  REQUIRE(sweep.points.size() == 4);
  CHECK(sweep.points[0].cells[0].column == "optimizer.use");
  CHECK(sweep.points[0].cells[1].column == "optimizer.ridge");
  CHECK(cells(sweep) == "direct 0.5 1; direct 0.5 2; plain  1; plain  2");
  CHECK(sweep.points[3].label == "plain-2");
  CHECK(value(sweep.points[1].plan.optimizer, "ridge").real == 0.5);
}

TEST_CASE("a key inside a swept table applies after the table, wherever it stands") {
  const Sweep sweep = sweep_of(
      "[sweep]\n'kernel.bandwidth' = [3, 4]\nkernel = [{ use = 'flat' }]\n"
      "feature_map = [[], [{ use = 'stretch', power = 2 }]]\n");
  REQUIRE(sweep.points.size() == 4);
  CHECK(value(sweep.points[2].plan.kernel, "bandwidth").real == 4);
  CHECK(sweep.points[0].plan.feature_maps.empty());
  CHECK(value(sweep.points[1].plan.feature_maps.at(0), "power").real == 2);
  CHECK(cells(sweep) == "3 flat []  ; 3 flat  stretch 2; 4 flat []  ; 4 flat  stretch 2");
}

TEST_CASE("a point needs no valid base where the sweep completes it") {
  const Sweep sweep = sweep_of("[sweep]\noptimizer = [{ use = 'plain' }]\n", {},
                               "[kernel]\nuse = 'flat'\n[dataset]\nuse = 'numbers'\nmodulus = 7\n");
  CHECK(sweep.points.size() == 1);
}

TEST_CASE("overrides change the base, and the sweep itself") {
  const std::string table = "[sweep]\n'kernel.bandwidth' = [3, 4]\nseed = [0, 1]\n";
  const Sweep changed =
      sweep_of(table, {"optimizer.ridge=0.25", "sweep.kernel.bandwidth=[7]", "sweep.seed=[5]"});
  CHECK(cells(changed) == "7 5");
  CHECK(value(changed.points[0].plan.optimizer, "ridge").real == 0.25);
  CHECK(sweep_error(table, {"kernel.bandwidth=2"}) ==
        "--set 'kernel.bandwidth=2': [sweep] gives 'kernel.bandwidth' its values; set those, such "
        "as --set 'sweep.kernel.bandwidth=[2]'\n    kernel.bandwidth=2\n    " +
            std::string(17, ' ') + "^");
}

TEST_CASE("a file with a sweep is a valid pipeline by itself, and says that it has one") {
  CHECK(plan_of(pipeline() + "[sweep]\nseed = [1]\n").has_sweep);
  CHECK_FALSE(plan_of(pipeline()).has_sweep);
  CHECK(error_of(pipeline() + "[sweep]\nseed = []\n") ==
        at("9:8",
           "seed must be a list of one value or more, or a range such as { from = 1, to = 10, "
           "count = 4 }, not an empty list",
           "seed = []", 8));
}

TEST_CASE("every error of a point is reported at the swept value, once") {
  CHECK(sweep_error("[sweep]\nseed = [0, 1]\n'kernel.bandwidth' = [1, -2, 'x']\n") ==
        at("10:26", "bandwidth = -2 is outside its range (0, inf)",
           "'kernel.bandwidth' = [1, -2, 'x']", 26) +
            "\n" +
            at("10:30", "bandwidth must be a number, not the string \"x\"",
               "'kernel.bandwidth' = [1, -2, 'x']", 30) +
            "\n2 errors in p.toml");
  CHECK(sweep_error("[sweep]\n'dataset.modulus' = { from = 1, to = 3, count = 3 }\n") ==
        at("9:21", "modulus = 1 is outside its range [2, 1000]",
           "'dataset.modulus' = { from = 1, to = 3, count = 3 }", 21));
  CHECK(sweep_error("[sweep]\n\"kernel.bandwith\" = [1]\n") ==
        at("9:9",
           "kernel 'flat' has no parameter 'bandwith'; did you mean 'bandwidth'?; to sweep "
           "components, each with its own parameters, sweep whole tables: \"kernel\" = [{ use = .. "
           "}, ..]",
           "\"kernel.bandwith\" = [1]", 9));
  CHECK(sweep_error("[sweep]\n\"optimizer.use\" = [\"direct\", \"plane\"]\n") ==
        at("9:30", "no optimizer 'plane' was found; did you mean 'plain'?",
           "\"optimizer.use\" = [\"direct\", \"plane\"]", 30));
  CHECK(sweep_error("[sweep]\n\"dataset.modulus.x\" = [1]\n") ==
        at("9:18", "'dataset.modulus' is the integer 7, not a table", "\"dataset.modulus.x\" = [1]",
           18));
  CHECK(sweep_error("[sweep]\n'' = [1]\n") == at("9:2", "names no key", "'' = [1]", 2));
  CHECK(sweep_error("[sweep]\n'a b' = [1]\n") ==
        at("9:3", "'.' or '[' is expected here", "'a b' = [1]", 3));
}

TEST_CASE("every error of the table itself is reported at its place") {
  const auto one = [](const std::string& line, const std::string& column,
                      const std::string& message) {
    CAPTURE(line);
    CHECK(sweep_error("[sweep]\n" + line + "\n") ==
          at("9:" + column, message, line, std::stoul(column)));
  };
  one("seed = 3", "8",
      "seed must be a list of one value or more, or a range such as { from = 1, to = 10, count = 4 "
      "}, not the integer 3");
  const std::string typo = "seed = { from = 1, too = 3, count = 2 }";
  CHECK(sweep_error("[sweep]\n" + typo + "\n") ==
        at("9:8", "the range of seed has no to; it needs from, to and count", typo, 8) + "\n" +
            at("9:20", "a range has no 'too'; did you mean 'to'?", typo, 20) +
            "\n2 errors in p.toml");
  one("seed = { from = 'a', to = 3, count = 2 }", "17",
      "from must be a finite number, not the string \"a\"");
  one("seed = { from = 1, to = inf, count = 2 }", "25",
      "to must be a finite number, not the number inf");
  one("seed = { from = 1, to = 3 }", "8",
      "the range of seed has no count; it needs from, to and "
      "count");
  one("seed = { from = 1, to = 3, count = 1 }", "36",
      "count must be an integer in [2, 100000], not the integer 1");
  one("seed = { from = 1, to = 3, count = 2, scale = 'lgo' }", "47",
      "scale must be \"linear\" or \"log\", not the string \"lgo\"; did you mean 'log'?");
  one("seed = { from = 0, to = 3, count = 2, scale = 'log' }", "17",
      "a range with scale = \"log\" needs from and to above 0");
  one("seed = [1, 1]", "12", "seed = 1 gives the same pipeline as 1, which stands before it");
  one("seed = { from = 1, to = 2, count = 5 }", "8",
      "seed = 1.25 gives the same pipeline as 1, which stands before it");
  one("'sweep' = [1]", "1", "'sweep' cannot be swept");
  one("figure = [1]", "1", "'figure' cannot be swept");
  one("'expect[0].value' = [1]", "1", "'expect[0].value' cannot be swept");
  CHECK(sweep_error("[sweep]\n") ==
        at("8:2", "[sweep] names no key; add one with its values, such as seed = [0, 1, 2]",
           "[sweep]", 2));
  CHECK(sweep_error("") ==
        "p.toml: there is no [sweep] table; add one with keys and their values, "
        "such as seed = [0, 1, 2]");
  CHECK(sweep_error("", {}, "sweep = 3\n" + pipeline()) ==
        at("1:9", "sweep must be a table [sweep] of keys with their values, not the integer 3",
           "sweep = 3", 9));
}

TEST_CASE("a key that is swept twice is refused") {
  CHECK(sweep_error("[sweep]\n'kernel.bandwidth' = [1]\nkernel.bandwidth = [2]\n") ==
        at("10:8", "'kernel.bandwidth' is swept twice", "kernel.bandwidth = [2]", 8));
}

TEST_CASE("errors of zip and skip name what is there") {
  const std::string axes = "[sweep]\nseed = [1, 2]\n'kernel.bandwidth' = [1, 2, 3]\n";
  const auto one = [&](const std::string& line, const std::string& column,
                       const std::string& message) {
    CAPTURE(line);
    CHECK(sweep_error(axes + line + "\n") == at("11:" + column, message, line, std::stoul(column)));
  };
  const std::string zip_form = "zip must be a list of lists of keys, such as [[\"a.b\", \"c.d\"]]";
  one("zip = 3", "7", zip_form + ", not the integer 3");
  one("zip = ['seed']", "8", zip_form + "; this element is the string \"seed\"");
  one("zip = [['seed']]", "8", "zip needs two keys or more that vary together");
  one("zip = [['seed', 3]]", "17", zip_form + "; this key is the integer 3");
  one("zip = [['seed', 'kernel.bandwith']]", "17",
      "zip names 'kernel.bandwith', which [sweep] does not sweep; did you mean "
      "'kernel.bandwidth'?");
  one("zip = [['seed', 'seed']]", "17", "zip names 'seed' twice");
  one("zip = [['seed', 'kernel.bandwidth']]", "17",
      "'kernel.bandwidth' has 3 values and 'seed' has 2; keys that vary together need equally "
      "many");
  const std::string skip_form =
      "skip must be a list of tables of conditions, such as [{ \"a.b\" = 1, \"c.d\" = { above = 5 "
      "} "
      "}]";
  one("skip = 3", "8", skip_form + ", not the integer 3");
  one("skip = [{}]", "9", skip_form + "; this element is empty");
  one("skip = [{ sead = 1 }]", "11",
      "skip names 'sead', which [sweep] does not sweep; did you mean 'seed'?");
  one("skip = [{ seed = { above = 1, over = 2 } }]", "31",
      "a condition has no 'over'; it has above and below");
  one("skip = [{ seed = { above = 'x' } }]", "28", "above must be a number, not the string \"x\"");
  CHECK(sweep_error(axes + "skip = [{ seed = { above = 0 } }]\n") ==
        at("8:2", "skip leaves no point of the sweep", "[sweep]", 2));
}

TEST_CASE("a grid beyond reason is refused before it is made") {
  CHECK_THAT(sweep_error("[sweep]\nseed = { from = 0, to = 1e6, count = 1000 }\n'kernel.bandwidth' "
                         "= { from = 1, to = 2, count = 1000 }\n"),
             ContainsSubstring("the grid has 1000000 points or more; 100000 at most are taken"));
}

TEST_CASE("relative paths of a sweep count from its file") {
  const Folder folder;
  const Sweep sweep =
      sweep_of("[sweep]\n'dataset.train' = ['a.csv', 'b/c.csv']\n", {}, pipeline(), folder);
  CHECK(value(sweep.points[1].plan.dataset, "train").text == (folder.path() / "b/c.csv").string());
  CHECK(sweep.points[1].label == "c.csv");
  CHECK(sweep.points[1].cells[0].text == (folder.path() / "b/c.csv").string());
}

TEST_CASE("a condition on a path holds for that file alone, also in the sweep's own file") {
  const Folder folder, other;
  const Sweep sweep = sweep_of(
      "[sweep]\n'dataset.train' = ['c.csv', 'b/c.csv', '/c.csv']\n[[figure]]\nx = 'seconds'\ny = "
      "'test_mse'\nwhere = { dataset.train = 'c.csv' }\n[[expect]]\nmetric = 'test_mse'\n"
      "comparison = '<'\nvalue = 1\nwhere = { 'dataset.train' = ['b/c.csv'] }\n",
      {}, pipeline(), folder);
  const Sweep again = sweep_of(sweep.file.text(), {}, "", other);
  for (const auto* one : {&sweep, &again}) {
    std::string of_figure, of_expectation;
    for (const auto& point : one->points) {
      of_figure += one->file.figures.at(0).where.at(0).holds(point.cells[0].text) ? '1' : '0';
      of_expectation +=
          one->file.expectations.at(0).where.at(0).holds(point.cells[0].text) ? '1' : '0';
    }
    CHECK(of_figure == "100");
    CHECK(of_expectation == "010");
  }
}

TEST_CASE("columns that are settings which are not swept are refused before anything runs") {
  const std::string sweep = "[sweep]\n'kernel.bandwidth' = [1, 2]\n";
  CHECK(sweep_error(sweep + "[[figure]]\nx = 'kernel.bandwidth'\ny = 'test_mse'\nwhere = { "
                            "kernel.bandwith = 1 }\n") ==
        at("13:18",
           "there is no column 'kernel.bandwith': [sweep] does not sweep it; did you mean "
           "'kernel.bandwidth'?",
           "where = { kernel.bandwith = 1 }", 18));
  CHECK(sweep_error(sweep + "[[figure]]\nx = 'optimizer.use'\ny = ['test_mse', '2 * "
                            "dataset.modulus']\ngroup = ['dataset.shuffle']\n") ==
        at("11:5", "there is no column 'optimizer.use': [sweep] does not sweep it",
           "x = 'optimizer.use'", 5) +
            "\n" +
            at("12:18", "there is no column 'dataset.modulus': [sweep] does not sweep it",
               "y = ['test_mse', '2 * dataset.modulus']", 18) +
            "\n" +
            at("13:10", "there is no column 'dataset.shuffle': [sweep] does not sweep it",
               "group = ['dataset.shuffle']", 10) +
            "\n3 errors in p.toml");
  CHECK(sweep_error(sweep + "[[expect]]\nmetric = 'seed'\ncomparison = '<'\nvalue = 1\nwhere = { "
                            "'kernel.bandwidths' = 1 }\n") ==
        at("14:11",
           "there is no column 'kernel.bandwidths': [sweep] does not sweep it; did you mean "
           "'kernel.bandwidth'?",
           "where = { 'kernel.bandwidths' = 1 }", 11));
  // of a metric nothing is known yet
  CHECK(sweep_error(sweep + "[[figure]]\nx = 'bandwidth'\ny = 'kernel.rank'\n") == "");
}

TEST_CASE("a sweep has figures and expectations of its own") {
  const Sweep sweep = sweep_of(
      "[sweep]\nseed = [1]\n[[figure]]\nx = 'seed'\ny = 'test_mse'\n[[expect]]\nmetric = "
      "'a'\ncomparison = '<'\nvalue = 1\n");
  REQUIRE(sweep.file.figures.size() == 1);
  CHECK(sweep.file.figures[0].x.text() == "seed");
  CHECK(sweep.file.expectations.size() == 1);
}

TEST_CASE("a sweep is written as one file, which reads as the same sweep") {
  const Folder folder, other;
  const Sweep sweep = sweep_of(
      "labels = ['a']\n[sweep]\n'dataset.train' = ['a.csv', '/b/c.csv']\nseed = { from = 1, to = "
      "9, count = 3 }\nkernel = [{ use = 'flat' }, { use = 'scaled', inner = { use = 'flat' }, "
      "factor = 2.0 }]\nskip = [{ seed = { above = 5 }, 'dataset.train' = 'a.csv' }]\n[[figure]]\n"
      "x = 'seed'\ny = ['b', 'c']\n",
      {"dataset.title=123", "optimizer.ridge=0.25"},
      "[kernel]\nuse = 'flat'\n[optimizer]\nuse = 'direct'\n[dataset]\nuse = 'numbers'\nmodulus "
      "= 7\nshuffle = false\n",
      folder);
  const std::string text = sweep.file.text();
  INFO(text);
  CHECK_THAT(text, ContainsSubstring("title = \"123\"\n") &&
                       ContainsSubstring("[\"" + (folder.path() / "a.csv").string() + "\", "));
  const Sweep again = sweep_of(text, {}, "", other);
  REQUIRE(again.points.size() == sweep.points.size());
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    CHECK(to_toml(again.points[i].plan) == to_toml(sweep.points[i].plan));
    CHECK(again.points[i].label == sweep.points[i].label);
  }
  CHECK(again.file.text() == text);
  CHECK(again.file.columns == sweep.file.columns);
  CHECK_THAT(text, ContainsSubstring("\"dataset.train\" = \"" + (folder.path() / "a.csv").string() +
                                     "\" }]"));
}

TEST_CASE("an override of a quoted key takes its place in the sweep's file") {
  const Folder other;
  const Sweep sweep = sweep_of(
      "[sweep]\n'kernel.bandwidth' = [1, 2]\nseed = [3]\nzip = [['kernel.bandwidth', 'seed']]\n",
      {"sweep.kernel.bandwidth=[4]"}, pipeline("use = 'flat'\nbandwidth = 3\n"));
  const std::string text = sweep.file.text();
  CHECK_THAT(text, ContainsSubstring("[sweep]\n\"kernel.bandwidth\" = [4]\nseed = [3]\nzip = "));
  const Sweep again = sweep_of(text, {}, "", other);
  REQUIRE(again.points.size() == 1);
  CHECK(to_toml(again.points[0].plan) == to_toml(sweep.points[0].plan));
}

TEST_CASE("lines of a sweep's file that vary are known") {
  const Sweep sweep = sweep_of(
      "[sweep]\n'kernel.bandwidth' = [1, 2]\noptimizer = [{ use = 'direct', ridge = 1 }, { use = "
      "'plain' }]\nzip = [['optimizer', 'kernel.bandwidth']]\n",
      {}, pipeline("use = 'flat'\nbandwidth = 3\n"));
  std::string varying;
  for (const auto& line : sweep.file.lines)
    if (sweep.file.varies(line)) varying += line.text + "\n";
  CHECK(varying ==
        "bandwidth = 3\nuse = \"direct\"\n\"kernel.bandwidth\" = [1, 2]\noptimizer = [{ use = "
        "\"direct\", ridge = 1 }, { use = \"plain\" }]\n");
}

TEST_CASE("errors of figures have their place") {
  const auto one = [](const std::string& line, const std::string& column,
                      const std::string& message) {
    CAPTURE(line);
    CHECK(error_of(pipeline() + "[[figure]]\nx = 'a'\ny = 'b'\n" + line + "\n") ==
          at("11:" + column, message, line, std::stoul(column)));
  };
  one("grup = 'a'", "1", "a figure has no 'grup'; did you mean 'group'?");
  one("title = 3", "9", "title must be a string, not the integer 3");
  one("x_scale = 'lgo'", "11",
      "x_scale = \"lgo\" is not one of \"linear\" or \"log\"; did you mean 'log'?");
  one("fit_from = -1", "12", "fit_from = -1 is outside its range [0, inf)");
  CHECK(error_of(pipeline() + "[[figure]]\nx = 'a'\n") ==
        at("8:1", "a figure needs y, the columns of the vertical axis", "[[figure]]", 1));
  CHECK(error_of("figure = 3\n" + pipeline()) ==
        at("1:10", "figure must be tables [[figure]] with x and y, not the integer 3", "figure = 3",
           10));
}
