// SPDX-License-Identifier: MIT
//
// The whole text of every kind of error.
#include "config_support.hpp"

#include "../catch.hpp"

using namespace config_test;

namespace {

/// The error for a [dataset] table with one more line; its column counts in that line, which is
/// the eighth of the file.
std::string dataset_error(const std::string& line) {
  return error_of(
      "[kernel]\nuse = 'flat'\n[optimizer]\nuse = 'plain'\n[dataset]\nuse = 'numbers'\n"
      "modulus = 7\n" +
      line + "\n");
}

std::string at(const std::string& place, const std::string& message, const std::string& line,
               std::size_t column) {
  return "p.toml:" + place + ": " + message + "\n    " + line + "\n    " +
         std::string(column - 1, ' ') + "^";
}

}  // namespace

TEST_CASE("a value of the wrong type is reported with what is expected and what was found") {
  CHECK(dataset_error("train = 3") ==
        at("8:9", "train must be a path in quotes, not the integer 3", "train = 3", 9));
  CHECK(dataset_error("title = 2.5") ==
        at("8:9", "title must be a string, not the number 2.5", "title = 2.5", 9));
  CHECK(dataset_error("operation = true") ==
        at("8:13", "operation must be a string, not true", "operation = true", 13));
  CHECK(dataset_error("shuffle = 1") ==
        at("8:11", "shuffle must be true or false, not the integer 1", "shuffle = 1", 11));
  CHECK(dataset_error("fraction = 'half'") ==
        at("8:12", "fraction must be a number, not the string \"half\"", "fraction = 'half'", 12));
  CHECK(dataset_error("fraction = true") ==
        at("8:12", "fraction must be a number, not true", "fraction = true", 12));
  CHECK(
      dataset_error("sizes = 3") ==
      at("8:9", "sizes must be a list of integers in [1, inf), not the integer 3", "sizes = 3", 9));
  CHECK(dataset_error("labels = { a = 1 }") ==
        at("8:10", "labels must be a list of strings, not a table", "labels = { a = 1 }", 10));
  CHECK(dataset_error("title = 2020-01-01") ==
        at("8:9", "title must be a string, not a date or time", "title = 2020-01-01", 9));
  CHECK(dataset_error("title = ['a']") ==
        at("8:9", "title must be a string, not a list", "title = ['a']", 9));
  CHECK(error_of("seed = 2.0\n" + pipeline()) ==
        at("1:8", "seed must be an integer, not the number 2.0", "seed = 2.0", 8));
  CHECK(error_of("seed = true\n" + pipeline()) ==
        at("1:8", "seed must be an integer, not true", "seed = true", 8));
}

TEST_CASE("a value out of range is reported with the range and which ends belong to it") {
  CHECK(dataset_error("fraction = 1") ==
        at("8:12", "fraction = 1 is outside its range (0, 1)", "fraction = 1", 12));
  CHECK(error_of(pipeline("use = 'flat'\nbandwidth = -2.5\n")) ==
        at("3:13", "bandwidth = -2.5 is outside its range (0, inf)", "bandwidth = -2.5", 13));
  CHECK(error_of(pipeline("use = 'flat'\nbandwidth = inf\n")) ==
        at("3:13", "bandwidth = inf is outside its range (0, inf)", "bandwidth = inf", 13));
  CHECK(error_of(pipeline("use = 'flat'\nbandwidth = nan\n")) ==
        at("3:13", "bandwidth = nan is outside its range (0, inf)", "bandwidth = nan", 13));
  CHECK(error_of("[feature_map]\nuse = 'stretch'\nlimit = 0\n" + pipeline()) ==
        at("3:9", "limit = 0 is outside its range (0, inf]", "limit = 0", 9));
  CHECK(error_of(pipeline() + "ridge = -1e-9\n") ==
        at("8:9", "ridge = -1e-09 is outside its range [0, inf)", "ridge = -1e-9", 9));
  CHECK(error_of("[loop]\nvalidation = 1\n" + pipeline()) ==
        at("2:14", "validation = 1 is outside its range [0, 1)", "validation = 1", 14));
  CHECK(error_of("[loop]\nrounds = 0\n" + pipeline()) ==
        at("2:10", "rounds = 0 is outside its range [1, inf)", "rounds = 0", 10));
  CHECK(error_of("[dataset]\nuse = 'numbers'\nmodulus = 1001\n[kernel]\nuse = 'flat'\n[optimizer]\n"
                 "use = 'plain'\n") ==
        at("3:11", "modulus = 1001 is outside its range [2, 1000]", "modulus = 1001", 11));
}

TEST_CASE("a wrong element of a list is pointed at") {
  CHECK(dataset_error("sizes = [1, 0]") ==
        at("8:13", "sizes[1] = 0 is outside its range [1, inf)", "sizes = [1, 0]", 13));
  CHECK(dataset_error("sizes = [1, 2.0]") ==
        at("8:13", "sizes[1] must be an integer, not the number 2.0", "sizes = [1, 2.0]", 13));
  CHECK(dataset_error("labels = ['a', 3]") ==
        at("8:16", "labels[1] must be a string, not the integer 3", "labels = ['a', 3]", 16));
  CHECK(dataset_error("sizes = [\n  1,\n  -4,\n]") ==
        at("10:3", "sizes[1] = -4 is outside its range [1, inf)", "  -4,", 3));
}

TEST_CASE("a choice that is none is reported with all choices and the nearest") {
  CHECK(dataset_error("operation = 'adds'") ==
        at("8:13",
           "operation = \"adds\" is not one of \"add\", \"subtract\" or \"multiply\"; did you mean "
           "'add'?",
           "operation = 'adds'", 13));
  CHECK(error_of("precision = 'double'\n" + pipeline()) ==
        at("1:13", "precision = \"double\" is not one of \"float64\" or \"float32\"",
           "precision = 'double'", 13));
}

TEST_CASE("a text with a NUL character is refused, for plugins would read half of it") {
  CHECK(dataset_error("title = \"a\\u0000b\"") ==
        at("8:9", "title holds a NUL character", "title = \"a\\u0000b\"", 9));
}

TEST_CASE("a key that no component knows is reported with the nearest name") {
  CHECK(error_of(pipeline("use = 'flat'\nbandwith = 3\n")) ==
        at("3:1", "kernel 'flat' has no parameter 'bandwith'; did you mean 'bandwidth'?",
           "bandwith = 3", 1));
}

TEST_CASE("a key that is near to nothing is reported with all names") {
  CHECK(error_of(pipeline("use = 'total'\nterms = [{ use = 'flat' }]\nzzz = 3\n")) ==
        at("4:1", "kernel 'total' has no parameter 'zzz'; it has terms and weights", "zzz = 3", 1));
  CHECK(
      error_of("[dataset]\nuse = 'numbers'\nmodulus = 7\n[kernel]\nuse = 'flat'\n[optimizer]\nuse "
               "= 'plain'\nzzz = 3\n") ==
      at("8:1", "optimizer 'plain' has no parameter 'zzz'; it has none", "zzz = 3", 1));
}

TEST_CASE("a key of the file's top that slipped into a table is told where it belongs") {
  CHECK(error_of(pipeline("use = 'flat'\nseed = 4\n")) ==
        at("3:1",
           "kernel 'flat' has no parameter 'seed'; seed stands at the top of the file, above the "
           "first table",
           "seed = 4", 1));
}

TEST_CASE("a table that no pipeline has is reported at its name") {
  CHECK(
      error_of(pipeline() + "[diagnostics]\n") ==
      at("8:2", "a pipeline has no 'diagnostics'; did you mean 'diagnostic'?", "[diagnostics]", 2));
  CHECK(error_of(pipeline() + "[zzzzzzzzzzzz]\n") ==
        at("8:2",
           "a pipeline has no 'zzzzzzzzzzzz'; it has seed, precision, memory_limit, isolation, "
           "call_limit, dataset, feature_map, kernel, model, loss, optimizer, loop, diagnostic, "
           "sweep, figure and expect",
           "[zzzzzzzzzzzz]", 2));
  CHECK(error_of(pipeline() + "[loop]\nround = 3\n") ==
        at("9:1", "[loop] has no 'round'; did you mean 'rounds'?", "round = 3", 1));
}

TEST_CASE("a pipeline is a kernel machine or a network, and each has its own keys") {
  CHECK(error_of(network_pipeline()) == "");
  CHECK(error_of("[kernel]\nuse = 'flat'\n" + network_pipeline()) ==
        at("1:1", "a pipeline has a [kernel] or a [model], and this one has both", "[kernel]", 1));
  CHECK(error_of(pipeline() + "[loss]\nuse = 'squares'\n") ==
        at("8:1", "[loss] belongs to a network pipeline, one with a [model]; this one has none",
           "[loss]", 1));
  CHECK(error_of(network_pipeline("rounds = 3\n")) ==
        at("11:1",
           "[loop] of a network pipeline has no 'rounds'; the optimizer says how many steps there "
           "are (steps or epochs)",
           "rounds = 3", 1));
  CHECK(error_of(network_pipeline("evry = 3\n")) ==
        at("11:1", "[loop] of a network pipeline has no 'evry'; did you mean 'every'?", "evry = 3",
           1));
  CHECK(error_of(network_pipeline("every = 0\n")) ==
        at("11:9", "every = 0 is outside its range [1, inf)", "every = 0", 9));
}

TEST_CASE("how often a diagnostic observes is a key of every diagnostic") {
  CHECK(error_of(pipeline() + "[[diagnostic]]\nuse = 'watch'\nevery = 5\n") == "");
  CHECK(error_of(pipeline() + "[[diagnostic]]\nuse = 'watch'\nevery = 0\n") ==
        at("10:9",
           "every must be an integer of 1 or more, the rounds or steps from one observation to the "
           "next, not the integer 0",
           "every = 0", 9));
}

TEST_CASE("a component that was not found is reported with the nearest id or where to look") {
  CHECK(error_of(pipeline("use = 'flit'\n")) ==
        at("2:7", "no kernel 'flit' was found; did you mean 'flat'?", "use = 'flit'", 7));
  CHECK(error_of(pipeline("use = 'zzzzzz'\n")) ==
        at("2:7", "no kernel 'zzzzzz' was found; `onager list kernel` shows what there is",
           "use = 'zzzzzz'", 7));
}

TEST_CASE("a component of another kind is reported as such") {
  const std::string rest = "' is a feature_map; `onager list kernel` shows what there is";
  CHECK(error_of(pipeline("use = 'stretch'\n")) ==
        at("2:7", "no kernel 'stretch' was found: 'stretch" + rest, "use = 'stretch'", 7));
  CHECK(error_of(pipeline("use = 'org.test.one/stretch'\n")) ==
        at("2:7", "no kernel 'org.test.one/stretch' was found: 'org.test.one/stretch" + rest,
           "use = 'org.test.one/stretch'", 7));
}

TEST_CASE("a qualified id with the wrong plugin or component is corrected as a whole") {
  CHECK(error_of(pipeline("use = 'com.other/flat'\n")) ==
        at("2:7", "no kernel 'com.other/flat' was found; did you mean 'org.test.one/flat'?",
           "use = 'com.other/flat'", 7));
  CHECK(error_of(pipeline("use = 'org.test.one/flit'\n")) ==
        at("2:7", "no kernel 'org.test.one/flit' was found; did you mean 'org.test.one/flat'?",
           "use = 'org.test.one/flit'", 7));
}

TEST_CASE("a table without use, or with one that is no text, is reported") {
  CHECK(error_of(pipeline("bandwidth = 3\n")) ==
        at("1:1",
           "kernel has no use; add use = \"ID\" with the id of a kernel (`onager list kernel` "
           "shows what there is)",
           "[kernel]", 1));
  CHECK(error_of(pipeline("use = 3\n")) ==
        at("2:7", "use must be the id of a kernel in quotes, not the integer 3", "use = 3", 7));
}

TEST_CASE("a required parameter that is missing is reported at the component's id") {
  CHECK(error_of(
            "[dataset]\nuse = 'numbers'\n[kernel]\nuse = 'flat'\n[optimizer]\nuse = 'plain'\n") ==
        at("2:7",
           "dataset 'numbers' needs modulus, an integer in [2, 1000]: The number of residues",
           "use = 'numbers'", 7));
  CHECK(error_of(pipeline("use = 'total'\n")) ==
        at("2:7",
           "kernel 'total' needs terms, a list of one kernel or more, such as [{ use = \"ID\" }]: "
           "The kernels",
           "use = 'total'", 7));
  CHECK(error_of(pipeline("use = 'scaled'\n")) ==
        at("2:7", "kernel 'scaled' needs inner, a kernel such as { use = \"ID\" }: The kernel",
           "use = 'scaled'", 7));
}

TEST_CASE("what stands where a component should is reported with its path") {
  CHECK(error_of("kernel = 'flat'\n[dataset]\nuse = 'numbers'\nmodulus = 7\n[optimizer]\nuse = "
                 "'plain'\n") ==
        at("1:10", "kernel must be a table such as { use = \"ID\" }, not the string \"flat\"",
           "kernel = 'flat'", 10));
  CHECK(error_of("feature_map = ['stretch']\n" + pipeline()) ==
        at("1:16",
           "feature_map[0] must be a table such as { use = \"ID\" }, not the string \"stretch\"",
           "feature_map = ['stretch']", 16));
  CHECK(error_of("loop = 3\n" + pipeline()) ==
        at("1:8",
           "loop must be a table with rounds, validation, patience, fresh_samples and start, not "
           "the integer 3",
           "loop = 3", 8));
  CHECK(error_of(pipeline("use = 'total'\nterms = ['flat']\n")) ==
        at("3:10",
           "kernel.terms[0] must be a table such as { use = \"ID\" }, not the string \"flat\"",
           "terms = ['flat']", 10));
  CHECK(error_of(pipeline("use = 'total'\nterms = []\n")) ==
        at("3:9",
           "terms must be a list of one kernel or more, such as [{ use = \"ID\" }], not an empty "
           "list",
           "terms = []", 9));
}

TEST_CASE("errors in nested components are found at any depth") {
  const std::string line =
      "terms = [{ use = 'total', terms = [{ use = 'scaled', inner = { use = 'flat', bandwidth = 0 "
      "} }] }]";
  CHECK(error_of(pipeline("use = 'total'\n" + line + "\n")) ==
        at("3:90", "bandwidth = 0 is outside its range (0, inf)", line, 90));
}

TEST_CASE("all errors of a file come at once, in the order of its lines, with their number") {
  CHECK(
      error_of("seed = -1\n[optimizer]\nuse = 'drect'\n[kernel]\nuse = 'flat'\nbandwidth = 'a'\n"
               "wdith = 2\n",
               {"loop.rounds=0", "kernel.x=1"}) ==
      "p.toml: the table [dataset] is missing; add [dataset] with use = \"ID\" (`onager list "
      "dataset` shows what there is)\n" +
          at("1:8", "seed = -1 is outside its range [0, inf)", "seed = -1", 8) + "\n" +
          at("3:7", "no optimizer 'drect' was found; did you mean 'direct'?", "use = 'drect'", 7) +
          "\n" +
          at("6:13", "bandwidth must be a number, not the string \"a\"", "bandwidth = 'a'", 13) +
          "\n" +
          at("7:1", "kernel 'flat' has no parameter 'wdith'; it has bandwidth", "wdith = 2", 1) +
          "\n"
          "--set 'loop.rounds=0': rounds = 0 is outside its range [1, inf)\n"
          "    loop.rounds=0\n"
          "                ^\n"
          "--set 'kernel.x=1': kernel 'flat' has no parameter 'x'; it has bandwidth\n"
          "    kernel.x=1\n"
          "           ^\n"
          "7 errors in p.toml");
}

TEST_CASE("patience without validation samples is an error at its place") {
  CHECK(error_of("[loop]\nrounds = 9\npatience = 3\n" + pipeline()) ==
        at("3:12",
           "patience counts rounds without a better validation error; give the part of the "
           "training samples that is held out too, such as validation = 0.1",
           "patience = 3", 12));
  CHECK(error_of("[loop]\npatience = 3\nvalidation = 0.2\n" + pipeline()) == "");
}
