// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/error.hpp"
#include "results/summary.hpp"
#include "unit/fake_run.hpp"

#include <cmath>

using namespace onager::host;
using onager::host::tests::FakeRun;

TEST_CASE("a summary reads back as it was written") {
  FakeRun run;
  run.summary.status = RunStatus::interrupted;
  run.summary.message = "stopped in \"round 2\"";
  run.summary.seed = 18446744073709551615u;
  run.summary.precision = "float32";
  run.summary.feature_groups = {{"a", 0, 5}, {"b", 5, 7}};
  run.summary.warnings = {"ridge was raised"};
  run.summary.peak_memory = 123456789012;
  run.summary.planned_memory = 123456789013;
  run.summary.machine = this_machine(3);
  const std::string text = to_json(run.summary, run.metrics);
  const Summary back = summary_from_json(text, "summary.json");
  CHECK(to_json(back, run.metrics) == text);
  CHECK(back.status == RunStatus::interrupted);
  CHECK(back.seed == 18446744073709551615u);
  CHECK(back.learns);
  CHECK(back.planned_memory == 123456789013);
  CHECK_THAT(text, ContainsSubstring("\"memory_limit_bytes\": null"));
  CHECK(back.feature_groups.at(1).first == 5);
  CHECK(back.machine.threads == 3);
}

TEST_CASE("a summary holds the last round's metrics under their names and null for NaN") {
  FakeRun run;
  run.metrics.set(2, "lost", std::nan(""));
  const std::string text = to_json(run.summary, run.metrics);
  CHECK_THAT(text, ContainsSubstring("\"metrics\": {\n    \"train_mse\": 0.003,\n"));
  CHECK_THAT(text, ContainsSubstring("\"test_accuracy\": 1.0,\n    \"lost\": null\n  }"));
  CHECK_THAT(text, ContainsSubstring("\"total\": 1.0,\n    \"by_phase\": {\n      \"load\": 0.25"));
}

TEST_CASE("a summary of a run without a round has no metrics") {
  CHECK_THAT(to_json(Summary{}, Metrics{}), ContainsSubstring("\"metrics\": {},"));
}

TEST_CASE("a summary that is none is refused with the file's name") {
  CHECK_THROWS_WITH(summary_from_json("{", "runs/a/summary.json"),
                    ContainsSubstring("runs/a/summary.json: is not a run's summary"));
  CHECK_THROWS_WITH(summary_from_json("{\"status\": \"done\"}", "s.json"),
                    ContainsSubstring("expected finished, failed or interrupted"));
  CHECK_THROWS_AS(summary_from_json("[]", "s.json"), Error);
}

TEST_CASE("this machine is described") {
  const Machine machine = this_machine(2);
  CHECK(machine.threads == 2);
  CHECK(machine.abi_version == "1.0");
  CHECK_THAT(machine.blas, ContainsSubstring("OpenBLAS"));
  CHECK_FALSE(machine.cpu.empty());
  CHECK_FALSE(machine.compiler.empty());
  CHECK_FALSE(machine.system.empty());
}
