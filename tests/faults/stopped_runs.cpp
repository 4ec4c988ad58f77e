// SPDX-License-Identifier: MIT
//
// Runs that are stopped: by Ctrl-C, by kill -9 at several moments, and what resuming gives.
#include "../catch.hpp"
#include "../run_results.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <map>
#include <sstream>

using namespace onager;
using test::Finished;
using test::Scratch;
using test::without_seconds;

namespace {

const char* const pipeline = R"(seed = 3
[dataset]
use = "modular_arithmetic"
modulus = 23
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
[loop]
rounds = 12
[[diagnostic]]
use = "feature_alignment"
[[diagnostic]]
use = "circulant_deviation"
)";

std::string undisturbed() {
  static const std::string metrics = [] {
    const Scratch scratch;
    scratch.file("p.toml", pipeline);
    REQUIRE(test::onager("run p.toml --out run --quiet", scratch.path()).status == 0);
    return without_seconds(scratch.path() / "run");
  }();
  return metrics;
}

/// Starts the run, sends a signal once `rounds` rounds or steps were printed, and waits.
Finished stopped(const Scratch& scratch, int signal, int rounds,
                 const std::string& unit = "round") {
  return test::shell("cd '" + scratch.path().string() +
                     "'; '" ONAGER_PROGRAM
                     "' run p.toml --out run > log 2>&1 & pid=$!; "
                     "for i in $(seq 2000); do [ \"$(grep -c '^" +
                     unit + "' log)\" -ge " + std::to_string(rounds) +
                     " ] && break; sleep 0.005; done; kill -" + std::to_string(signal) +
                     " $pid; wait $pid");
}

}  // namespace

TEST_CASE("the same seed gives the same bytes, and another seed gives others") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(test::onager("run p.toml --out again", scratch.path()).status == 0);
  CHECK(without_seconds(scratch.path() / "again") == undisturbed());
  REQUIRE(test::onager("run p.toml --out other --set seed=4", scratch.path()).status == 0);
  CHECK(without_seconds(scratch.path() / "other") != undisturbed());
  REQUIRE(test::onager("run again/config.toml --out repeated", scratch.path()).status == 0);
  CHECK(without_seconds(scratch.path() / "repeated") == undisturbed());
}

TEST_CASE("Ctrl-C ends a run with what it has, and resuming gives the same bytes") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished f = stopped(scratch, SIGINT, 3);
  const auto run = scratch.path() / "run";
  CHECK(f.status == 130);
  const std::string summary = test::read(run / "summary.json");
  CHECK_THAT(summary, ContainsSubstring("\"interrupted\""));
  CHECK(test::fs::exists(run / "report.html"));
  CHECK(test::fs::exists(run / "checkpoint/state.json"));

  REQUIRE(test::onager("run p.toml --out run --resume", scratch.path()).status == 0);
  CHECK(without_seconds(run) == undisturbed());
  CHECK_THAT(test::read(run / "summary.json"), ContainsSubstring("\"finished\""));
  CHECK_FALSE(test::fs::exists(run / "checkpoint"));
}

TEST_CASE("a run killed in any round resumes to the same bytes") {
  for (const int round : {0, 1, 5, 9}) {
    const Scratch scratch;
    scratch.file("p.toml", pipeline);
    CHECK(stopped(scratch, SIGKILL, round).status == 137);
    const Finished f = test::onager("run p.toml --out run --resume", scratch.path());
    CAPTURE(round, f.err);
    if (round == 0 && f.status == 2) continue;  // killed before config.toml: nothing to resume
    REQUIRE(f.status == 0);
    CHECK(without_seconds(scratch.path() / "run") == undisturbed());
  }
}

namespace {

/// Fresh samples in each round, the best of them kept, by their validation error, and an early end.
const char* const choosing = R"(seed = 2
[dataset]
use = "sparse_polynomial"
terms = ["x1", "x2 x3", "x4 x5 x6"]
dimension = 16
train_samples = 400
test_samples = 50
noise = 0.5
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 4
[optimizer]
use = "cholesky"
ridge = 1e-2
[loop]
rounds = 60
validation = 0.25
patience = 8
fresh_samples = true
[[diagnostic]]
use = "snapshots"
every = 4
)";

/// All of a run folder that is the same for runs of the same numbers.
std::map<std::string, std::string> results_of(const test::fs::path& run) {
  auto out = test::numbers_of(run);
  const auto summary = nlohmann::json::parse(test::read(run / "summary.json"));
  for (const char* key : {"kept_round", "rounds_done", "metrics", "status", "ended"})
    out[key] = summary.at(key).dump();
  return out;
}

}  // namespace

TEST_CASE("a killed run that keeps its best round resumes to the same one, and ends as early") {
  const Scratch whole;
  whole.file("p.toml", choosing);
  REQUIRE(test::onager("run p.toml --out run --quiet", whole.path()).status == 0);
  const auto expected = results_of(whole.path() / "run");
  const auto kept = std::stoi(expected.at("kept_round")),
             done = std::stoi(expected.at("rounds_done"));
  REQUIRE(done == kept + 9);
  REQUIRE(done < 60);
  REQUIRE(kept > 0);
  // before, at and after the best round
  for (const int round : {kept, kept + 1, done - 1}) {
    const Scratch scratch;
    scratch.file("p.toml", choosing);
    REQUIRE(stopped(scratch, SIGKILL, round).status == 137);
    const Finished f = test::onager("run p.toml --out run --resume", scratch.path());
    CAPTURE(round, f.err);
    REQUIRE(f.status == 0);
    CHECK(results_of(scratch.path() / "run") == expected);
  }
}

namespace {

/// A network with rows so far apart, and so many, that it is stopped between two of them.
const char* const network = R"(seed = 2
[dataset]
use = "sparse_polynomial"
terms = ["x1", "x2 x3"]
dimension = 10
train_samples = 400
test_samples = 20
[model]
use = "fully_connected"
width = 64
[loss]
use = "mse"
[optimizer]
use = "adam"
learning_rate = 1e-3
batch_size = 40
epochs = 2000
[loop]
every = 2000
)";

}  // namespace

TEST_CASE("Ctrl-C keeps the steps of a network that were made since the last row") {
  const Scratch whole, scratch;
  for (const auto* place : {&whole, &scratch}) place->file("p.toml", network);
  REQUIRE(test::onager("run p.toml --out run --quiet", whole.path()).status == 0);
  const auto run = scratch.path() / "run";
  REQUIRE(stopped(scratch, SIGINT, 2, "step").status == 130);
  const auto state = nlohmann::json::parse(test::read(run / "checkpoint/state.json"));
  const auto summary = nlohmann::json::parse(test::read(run / "summary.json"));
  const std::int64_t from = state.at("from");
  CHECK(from > 2001);
  CHECK(summary.at("rounds_done") == from - 1);
  REQUIRE(test::onager("run p.toml --out run --resume", scratch.path()).status == 0);
  CHECK(results_of(run) == results_of(whole.path() / "run"));
}

TEST_CASE("resuming a finished run says so and changes nothing") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(test::onager("run p.toml --out run", scratch.path()).status == 0);
  const std::string before = test::read(scratch.path() / "run/metrics.csv");
  const Finished f = test::onager("run p.toml --out run --resume", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("finished already"));
  CHECK(test::read(scratch.path() / "run/metrics.csv") == before);
}

TEST_CASE("resuming with another configuration is refused") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  stopped(scratch, SIGKILL, 2);
  const Finished f =
      test::onager("run p.toml --out run --resume --set kernel.bandwidth=3", scratch.path());
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("another configuration"));
}

TEST_CASE("two processes cannot run in one folder") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished f =
      test::shell("cd '" + scratch.path().string() +
                  "'; '" ONAGER_PROGRAM
                  "' run p.toml --out run --set loop.rounds=200 > log 2>&1 & pid=$!; "
                  "for i in $(seq 2000); do [ \"$(grep -c round log)\" -ge 1 ] && break; sleep "
                  "0.005; done; '" ONAGER_PROGRAM
                  "' run p.toml --out run --resume --set loop.rounds=200; status=$?; "
                  "kill -9 $pid; exit $status");
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("another process is running"));
}
