// SPDX-License-Identifier: MIT
//
// What a file expects of its run or sweep, from the command line to summary.json.
#include "../catch.hpp"
#include "../support.hpp"

#include <nlohmann/json.hpp>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const base = R"(seed = 1
[dataset]
use = "modular_arithmetic"
modulus = 11
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
)";

const char* const met = R"([[expect]]
metric = "train_accuracy"
comparison = ">="
value = 1.0
note = "it interpolates"
)";

const char* const missed = R"([[expect]]
metric = "test_mse"
at = "min"
comparison = "<"
value = 0.0
)";

const char* const unknown = R"([[expect]]
metric = "tset_mse"
comparison = "<"
value = 1.0
)";

}  // namespace

TEST_CASE("a run says which expectations it meets, and fails for one only when asked to") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + met + missed);
  const Finished f = test::onager("run p.toml --out r", scratch.path());
  CAPTURE(f.out, f.err);
  CHECK(f.status == 0);
  CHECK_THAT(f.out,
             ContainsSubstring("1 of 2 expectations met") &&
                 ContainsSubstring("met      last train_accuracy >= 1: 1  (it interpolates)") &&
                 ContainsSubstring("missed   least test_mse < 0: "));
  const auto summary = nlohmann::json::parse(test::read(scratch.path() / "r/summary.json"));
  REQUIRE(summary.at("expectations").size() == 2);
  CHECK(summary["expectations"][0].at("outcome") == "met");
  CHECK(summary["expectations"][1].at("outcome") == "missed");
  CHECK(summary["expectations"][1].at("measured") == summary.at("metrics").at("test_mse"));
  CHECK_THAT(test::read(scratch.path() / "r/report.html"),
             ContainsSubstring("<h2>Expectations</h2>"));

  CHECK(test::onager("run p.toml --out strict --expect", scratch.path()).status == 1);
  CHECK(test::onager("run p.toml --out only --expect --set expect=[]", scratch.path()).status == 0);
}

TEST_CASE("a run folder's config repeats the expectations, and judges a finished run anew") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + met + missed);
  REQUIRE(test::onager("run p.toml --out r", scratch.path()).status == 0);
  const Finished again = test::onager("run r/config.toml --out s --expect", scratch.path());
  CHECK(again.status == 1);
  CHECK(test::read(scratch.path() / "r/config.toml") ==
        test::read(scratch.path() / "s/config.toml"));
  // other expectations are no other computation
  scratch.file("p.toml", std::string(base) + met);
  const Finished resumed = test::onager("run p.toml --out r --resume --expect", scratch.path());
  CAPTURE(resumed.out, resumed.err);
  CHECK(resumed.status == 0);
  CHECK_THAT(resumed.out,
             ContainsSubstring("finished already") && ContainsSubstring("1 of 1 expectation met"));
}

TEST_CASE("an expectation on a column that there is not is an error at the end") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(base) + met + unknown);
  const Finished f = test::onager("run p.toml --out r", scratch.path());
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("[[expect]] last tset_mse < 1: 'tset_mse' is no column of "
                                      "metrics.csv; did you mean 'test_mse'?"));
  const auto summary = nlohmann::json::parse(test::read(scratch.path() / "r/summary.json"));
  CHECK(summary.at("status") == "finished");
}

TEST_CASE("a sweep judges its points together") {
  const Scratch scratch;
  const std::string expectations = R"([[figure]]
title = "Cost"
x = "dataset.modulus"
y = "seconds"
fit = "power"
[[expect]]
metric = "train_accuracy"
comparison = "=="
value = 1
[[expect]]
metric = "test_accuracy"
at = "max"
over = "mean"
where = { "kernel.bandwidth" = 2, "dataset.modulus" = { above = 6 } }
comparison = "<="
value = 1
[[expect]]
figure = "Cost"
metric = "exponent"
comparison = ">"
value = 100
)";
  scratch.file("p.toml",
               std::string(base) +
                   "[sweep]\n'kernel.bandwidth' = [2, 3]\n'dataset.modulus' = [5, 7, 11]\n" +
                   expectations);
  const Finished f = test::onager("sweep p.toml --out s", scratch.path());
  CAPTURE(f.out, f.err);
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("2 of 3 expectations met") &&
                        ContainsSubstring("met      each train_accuracy == 1: 1") &&
                        ContainsSubstring(
                            "met      mean of largest test_accuracy where kernel.bandwidth = 2, "
                            "dataset.modulus > 6 <= 1: ") &&
                        ContainsSubstring("missed   exponent of 'Cost' > 100: "));
  CHECK_THAT(test::read(scratch.path() / "s/report.html"),
             ContainsSubstring("<h2>Expectations</h2>"));
  const Finished strict = test::onager("sweep p.toml --out s --expect --json", scratch.path());
  CHECK(strict.status == 1);
  const auto json = nlohmann::json::parse(strict.out);
  REQUIRE(json.at("expectations").size() == 3);
  CHECK(json["expectations"][2].at("outcome") == "missed");
}
