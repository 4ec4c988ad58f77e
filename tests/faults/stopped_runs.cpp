// SPDX-License-Identifier: MIT
//
// Runs that are stopped: by Ctrl-C, by kill -9 at several moments, and what resuming gives.
#include "../catch.hpp"
#include "../support.hpp"

#include <csignal>
#include <sstream>

using namespace onager;
using test::Finished;
using test::Scratch;

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

/// metrics.csv without its last column, the seconds.
std::string without_seconds(const test::fs::path& run) {
  std::istringstream in(test::read(run / "metrics.csv"));
  std::string out;
  for (std::string line; std::getline(in, line);) out += line.substr(0, line.rfind(',')) + "\n";
  return out;
}

std::string undisturbed() {
  static const std::string metrics = [] {
    const Scratch scratch;
    scratch.file("p.toml", pipeline);
    REQUIRE(test::onager("run p.toml --out run --quiet", scratch.path()).status == 0);
    return without_seconds(scratch.path() / "run");
  }();
  return metrics;
}

/// Starts the run, sends a signal once `rounds` rounds were printed, and waits.
Finished stopped(const Scratch& scratch, int signal, int rounds) {
  return test::shell("cd '" + scratch.path().string() +
                     "'; '" ONAGER_PROGRAM
                     "' run p.toml --out run > log 2>&1 & pid=$!; "
                     "for i in $(seq 2000); do [ \"$(grep -c round log)\" -ge " +
                     std::to_string(rounds) + " ] && break; sleep 0.005; done; kill -" +
                     std::to_string(signal) + " $pid; wait $pid");
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
