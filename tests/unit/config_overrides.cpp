// SPDX-License-Identifier: MIT
#include "config_support.hpp"

#include "../catch.hpp"

using namespace config_test;

namespace {

const std::string two_maps = "[[feature_map]]\nuse = 'stretch'\n[[feature_map]]\nuse = 'stretch'\n";

/// The error for one override of a sound file.
std::string override_error(const std::string& text) {
  return error_of(two_maps + pipeline(), {text});
}

std::string at(const std::string& text, const std::string& message, std::size_t column) {
  return "--set '" + text + "': " + message + "\n    " + text + "\n    " +
         std::string(column - 1, ' ') + "^";
}

}  // namespace

TEST_CASE("an override replaces a value, adds one, and makes tables") {
  const Plan plan =
      plan_of(two_maps + pipeline("use = 'flat'\nbandwidth = 2\n"),
              {"kernel.bandwidth=3", "seed=5", "loop.rounds=4", "optimizer.ridge = 0.5",
               "feature_map[0].power=0.25", "feature_map.1.power=2", "precision=float32"});
  CHECK(value(plan.kernel, "bandwidth").real == 3);
  CHECK(value(plan.kernel, "bandwidth").where.file == "--set");
  CHECK(value(plan.kernel, "bandwidth").where.text == "kernel.bandwidth=3");
  CHECK(value(plan.kernel, "bandwidth").where.column == 18);
  CHECK(plan.seed == 5);
  CHECK(plan.kernel_loop.rounds == 4);
  CHECK(value(plan.optimizer, "ridge").real == 0.5);
  CHECK(value(plan.feature_maps[0], "power").real == 0.25);
  CHECK(value(plan.feature_maps[1], "power").real == 2);
  CHECK(plan.precision == Precision::float32);
}

TEST_CASE("the last of several overrides of one key counts") {
  CHECK(plan_of(pipeline(), {"seed=1", "seed=2"}).seed == 2);
}

TEST_CASE("an override may repair a value that the file has wrong") {
  CHECK(value(plan_of(pipeline("use = 'flat'\nbandwidth = -1\n"), {"kernel.bandwidth=1.5"}).kernel,
              "bandwidth")
            .real == 1.5);
}

TEST_CASE("a whole pipeline may come from overrides") {
  const Plan plan = plan_of("", {"dataset.use=numbers", "dataset.modulus=7", "kernel.use=flat",
                                 "optimizer={use='direct', ridge=1}"});
  CHECK(value(plan.optimizer, "ridge").real == 1);
}

TEST_CASE("overrides reach nested components") {
  const std::string kernel =
      "use = 'total'\nterms = [{ use = 'flat' }, { use = 'scaled', inner = { use = 'flat' } }]\n";
  const Plan plan = plan_of(pipeline(kernel),
                            {"kernel.terms[1].inner.bandwidth=2", "kernel.terms.0.bandwidth=3"});
  const auto& terms = value(plan.kernel, "terms").children;
  CHECK(value(terms[0], "bandwidth").real == 3);
  CHECK(value(value(terms[1], "inner").children[0], "bandwidth").real == 2);
}

TEST_CASE("index 0 reaches a plain feature_map table") {
  const Plan plan =
      plan_of("[feature_map]\nuse = 'stretch'\n" + pipeline(), {"feature_map[0].power=3"});
  CHECK(value(plan.feature_maps.at(0), "power").real == 3);
}

TEST_CASE("lists and tables can be set as a whole") {
  const Plan plan =
      plan_of(two_maps + pipeline(), {"dataset.sizes=[3, 4]", "feature_map=[]",
                                      "kernel={ use = 'total', terms = [{ use = 'flat' }] }"});
  CHECK(value(plan.dataset, "sizes").integers == std::vector<std::int64_t>{3, 4});
  CHECK(plan.feature_maps.empty());
  CHECK(value(plan.kernel, "terms").children.size() == 1);
}

TEST_CASE("another component keeps the other keys, which it must know") {
  CHECK(error_of(pipeline("use = 'flat'\nbandwidth = 2\n"),
                 {"kernel.use=scaled", "kernel.inner={use='flat'}"}) ==
        "p.toml:3:1: kernel 'scaled' has no parameter 'bandwidth'; it has inner and factor\n"
        "    bandwidth = 2\n"
        "    ^");
}

TEST_CASE("a text needs no quotes on the command line, and may look like a number") {
  const auto title = [](const std::string& text) {
    return value(plan_of(pipeline(), {"dataset.title=" + text}).dataset, "title").text;
  };
  CHECK(title("plain words") == "plain words");
  CHECK(title("'quoted'") == "quoted");
  CHECK(title("a=b") == "a=b");
  CHECK(title("007") == "007");
  CHECK(title("1e5") == "1e5");
  CHECK(title("true") == "true");
  CHECK(title("2020-01-01") == "2020-01-01");
  CHECK(title("") == "");
  CHECK(title(" é ") == "é ");
  CHECK(value(plan_of(pipeline(), {"dataset.operation=multiply"}).dataset, "operation").text ==
        "multiply");
}

TEST_CASE("a relative path of an override counts from the current folder") {
  const Plan plan = plan_of(pipeline(), {"dataset.train=data/../x.csv"});
  CHECK(value(plan.dataset, "train").text == (std::filesystem::current_path() / "x.csv").string());
}

TEST_CASE("an error in an override's value points into the override") {
  CHECK(override_error("kernel.bandwidth=-2") ==
        at("kernel.bandwidth=-2", "bandwidth = -2 is outside its range (0, inf)", 18));
  CHECK(override_error("kernel.bandwidth = wide") ==
        at("kernel.bandwidth = wide", "bandwidth must be a number, not the string \"wide\"", 20));
  CHECK(override_error("dataset.sizes=[1, 0]") ==
        at("dataset.sizes=[1, 0]", "sizes[1] = 0 is outside its range [1, inf)", 19));
  CHECK(override_error("dataset.modulus=7\nseed=3") ==
        "--set 'dataset.modulus=7': modulus must be an integer, not the string \"7\\nseed=3\"\n"
        "    dataset.modulus=7\n"
        "                    ^");
}

TEST_CASE("an error in an override's key points at the key") {
  CHECK(override_error("kernel.bandwith=3") ==
        at("kernel.bandwith=3",
           "kernel 'flat' has no parameter 'bandwith'; did you mean 'bandwidth'?", 8));
  CHECK(override_error("kernal.bandwidth=3") ==
        at("kernal.bandwidth=3", "a pipeline has no 'kernal'; did you mean 'kernel'?", 1));
}

TEST_CASE("an index past the end is reported at the index") {
  CHECK(override_error("feature_map[2].power=1") ==
        at("feature_map[2].power=1", "'feature_map' has 2 elements, counted from 0", 13));
  CHECK(override_error("feature_map[99999999999999999999].power=1") ==
        at("feature_map[99999999999999999999].power=1",
           "'feature_map' has 2 elements, counted from 0", 13));
  CHECK(error_of("[feature_map]\nuse = 'stretch'\n" + pipeline(), {"feature_map[1].power=1"}) ==
        at("feature_map[1].power=1", "'feature_map' has 1 element, counted from 0", 13));
}

TEST_CASE("a path that leads through something else than a table is reported there") {
  CHECK(override_error("feature_map.power=1") ==
        at("feature_map.power=1",
           "'feature_map' is a list; write feature_map[0].power for its first element", 13));
  CHECK(override_error("kernel[0].bandwidth=1") ==
        at("kernel[0].bandwidth=1", "'kernel' is a table, not a list", 8));
  CHECK(override_error("dataset.modulus.x=1") ==
        at("dataset.modulus.x=1", "'dataset.modulus' is the integer 7, not a table", 17));
  CHECK(override_error("diagnostic[0].use=watch") ==
        at("diagnostic[0].use=watch", "'diagnostic' is a table, not a list", 12));
}

TEST_CASE("a malformed override is reported where it goes wrong") {
  const std::string key = "a key is expected here: letters, digits, _ and -";
  CHECK(override_error("seed") == at("seed", "has no '='; write it as table.key=value", 5));
  CHECK(override_error("=3") == at("=3", "names no key before the '='", 1));
  CHECK(override_error("kernel..x=1") == at("kernel..x=1", key, 8));
  CHECK(override_error("kernel.=1") == at("kernel.=1", key, 8));
  CHECK(override_error(".kernel=1") == at(".kernel=1", key, 1));
  CHECK(override_error("feature_map[a].x=3") ==
        at("feature_map[a].x=3", "an index is expected here, such as [0]", 13));
  CHECK(override_error("feature_map[0=3") ==
        at("feature_map[0=3", "an index is expected here, such as [0]", 13));
  CHECK(override_error("feature_map[0]power=3") ==
        at("feature_map[0]power=3", "'.', '[' or '=' is expected here", 15));
  CHECK_THAT(override_error("dataset.title=\xff"), ContainsSubstring("is not UTF-8"));
}

TEST_CASE("an override that fails leaves nothing behind") {
  CHECK(override_error("nothing.here[0]=1") ==
        at("nothing.here[0]=1", "'nothing.here' is a table, not a list", 14));
}
