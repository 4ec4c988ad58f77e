// SPDX-License-Identifier: MIT
//
// Runs that end at any moment, or whose disk, clock or plugins fail them: what is left is whole,
// and resuming gives the same bytes as if nothing had happened.
#include "../catch.hpp"
#include "../package_support.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const kernel_machine = R"(seed = 3
[dataset]
use = "modular_arithmetic"
modulus = 7
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
[loop]
rounds = 3
[[diagnostic]]
use = "snapshots"
)";

/// Batches, an optimizer with moments and a diagnostic that remembers: all that must be kept.
const char* const network = R"(seed = 4
[dataset]
use = "sparse_polynomial"
terms = ["x1 x2"]
dimension = 6
train_samples = 24
test_samples = 8
[model]
use = "fully_connected"
widths = [5]
[loss]
use = "mse"
[optimizer]
use = "adam"
learning_rate = 0.01
batch_size = 8
steps = 4
[loop]
every = 1
[[diagnostic]]
use = "tangent_kernel"
)";

/// Every file of a run that must not depend on how often it was stopped: metrics.csv without the
/// seconds, configuration, plugins, arrays.
std::map<std::string, std::string> results(const test::fs::path& run) {
  std::map<std::string, std::string> out;
  for (const auto& entry : test::fs::recursive_directory_iterator(run)) {
    const std::string name = entry.path().lexically_relative(run).string();
    if (entry.is_directory() || name == "summary.json" || name == "report.html" ||
        name == ".lock" || entry.path().extension() == ".part")
      continue;
    out[name] = test::read(entry.path());
  }
  std::istringstream in(out["metrics.csv"]);
  std::string metrics;
  for (std::string line; std::getline(in, line);) metrics += line.substr(0, line.rfind(',')) + "\n";
  out["metrics.csv"] = metrics;
  return out;
}

std::map<std::string, std::string> results_of_undisturbed(const char* pipeline,
                                                          const std::string& options = "") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(test::onager("run p.toml --out run --quiet" + options, scratch.path()).status == 0);
  return results(scratch.path() / "run");
}

/// Of the kernel machine.
const std::map<std::string, std::string>& undisturbed() {
  static const auto files = results_of_undisturbed(kernel_machine);
  return files;
}

/// Runs the program with one file operation that goes wrong.
Finished faulty(const Scratch& scratch, const std::string& fault, const std::string& arguments) {
  return test::shell("cd '" + scratch.path().string() + "' && LD_PRELOAD='" ONAGER_FAULT_AT "' " +
                     fault + " '" ONAGER_PROGRAM "' " + arguments);
}

/// From one operation that is tried to the next: `few` apart, or every one where there is
/// ONAGER_EVERY_OPERATION in the environment.
int step_of(int few) { return std::getenv("ONAGER_EVERY_OPERATION") ? 1 : few; }

int operations_of(const char* pipeline) {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(faulty(scratch, "FAULT_COUNT=count", "run p.toml --out run --quiet").status == 0);
  return std::stoi(test::read(scratch.path() / "count"));
}

/// Continues what is in the folder, or starts where the first attempt left nothing to continue.
Finished finish(const Scratch& scratch) {
  const bool begun = test::fs::exists(scratch.path() / "run/config.toml");
  return test::onager(std::string("run p.toml --out run --quiet") + (begun ? " --resume" : ""),
                      scratch.path());
}

std::string no_temporary_files(const test::fs::path& run) {
  std::error_code ignored;
  for (const auto& entry : test::fs::recursive_directory_iterator(run, ignored))
    if (entry.path().extension() == ".part") return entry.path().string();
  return "";
}

}  // namespace

TEST_CASE("a run killed before one of its file operations resumes to the same bytes") {
  for (const auto& [pipeline, few] : {std::pair(kernel_machine, 6), std::pair(network, 9)}) {
    const int step = step_of(few);
    const int count = operations_of(pipeline);
    CHECK(count > 30);
    const auto expected = results_of_undisturbed(pipeline);
    for (int n = 1; n <= count; n += step) {
      INFO(pipeline);
      CAPTURE(n);
      const Scratch scratch;
      scratch.file("p.toml", pipeline);
      const Finished killed = faulty(scratch, "FAULT=kill FAULT_AT=" + std::to_string(n),
                                     "run p.toml --out run --quiet");
      CHECK(killed.status == 137);
      const Finished f = finish(scratch);
      CAPTURE(f.err);
      REQUIRE(f.status == 0);
      REQUIRE(results(scratch.path() / "run") == expected);
      REQUIRE(no_temporary_files(scratch.path() / "run") == "");
    }
  }
}

namespace {

/// Starts the run, or goes on with it, and kills it after a time; true when that was before its
/// end.
bool killed_after(std::chrono::duration<double> time, const Scratch& scratch,
                  const std::string& longer) {
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(scratch.path().c_str()) != 0) _exit(1);
    const bool begun = test::fs::exists("run/config.toml");
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr))
      _exit(1);
    // a network saves its state every two seconds at most: of this clock
    setenv("LD_PRELOAD", ONAGER_FAULT_AT, 1);
    setenv("CLOCK_FASTER", "1000", 1);
    execl(ONAGER_PROGRAM, "onager", "run", "p.toml", "--out", "run", "--quiet", "--set",
          longer.c_str(), begun ? "--resume" : nullptr, nullptr);
    _exit(1);
  }
  REQUIRE(child > 0);
  std::this_thread::sleep_for(time);
  kill(child, SIGKILL);
  int state = 0;
  waitpid(child, &state, 0);
  return WIFSIGNALED(state);
}

/// Kills a run that was made longer at random moments, `kills` times, and compares what comes of
/// it. A run that came to its end begins anew, so that all stages are met.
void check_random_kills(const char* pipeline, const std::string& longer, int kills) {
  const auto begin = std::chrono::steady_clock::now();
  const auto expected = results_of_undisturbed(pipeline, " --set " + longer);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const unsigned seed = 20240607;
  CAPTURE(pipeline, seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> moment(0, 1);
  for (int attempt = 0; kills > 0; ++attempt) {
    REQUIRE(attempt < 500);
    if (killed_after(whole / 3 * moment(random), scratch, longer)) --kills;
    else test::fs::remove_all(scratch.path() / "run");
  }
  const bool begun = test::fs::exists(scratch.path() / "run/config.toml");
  const Finished f = test::onager(
      "run p.toml --out run --quiet --set " + longer + (begun ? " --resume" : ""), scratch.path());
  CAPTURE(f.err);
  REQUIRE(f.status == 0);
  CHECK(results(scratch.path() / "run") == expected);
}

}  // namespace

TEST_CASE("a kernel machine killed fifty times at random moments ends with the same bytes") {
  check_random_kills(kernel_machine, "loop.rounds=40", 50);
}

TEST_CASE("a network killed fifty times at random moments ends with the same bytes") {
  check_random_kills(network, "optimizer.steps=300", 50);
}

TEST_CASE(
    "a disk that fills up at some moment ends the run with that reason, and nothing is lost") {
  const int count = operations_of(kernel_machine);
  for (int n = 1; n <= count; n += step_of(6)) {
    CAPTURE(n);
    const Scratch scratch;
    scratch.file("p.toml", kernel_machine);
    const Finished full = faulty(scratch, "FAULT=ENOSPC FAULT_AT=" + std::to_string(n),
                                 "run p.toml --out run --quiet");
    CAPTURE(full.err, full.out);
    // what only tidies up at the end may fail without a word
    if (full.status != 0) {
      CHECK(full.status == 5);
      CHECK_THAT(full.err, ContainsSubstring("No space left on device"));
    }
    const Finished f = finish(scratch);
    CAPTURE(f.err);
    REQUIRE(f.status == 0);
    CHECK(results(scratch.path() / "run") == undisturbed());
    CHECK(no_temporary_files(scratch.path() / "run") == "");
  }
}

TEST_CASE("a folder that has become read-only is said to be, and is left as it is") {
  const Scratch scratch;
  scratch.file("p.toml", kernel_machine);
  const Finished fresh = faulty(scratch, "FAULT=EROFS FAULT_AT=1", "run p.toml --out run");
  CHECK(fresh.status == 5);
  CHECK_THAT(fresh.err, ContainsSubstring("run") && ContainsSubstring("Read-only file system"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "run"));

  faulty(scratch, "FAULT=kill FAULT_AT=" + std::to_string(operations_of(kernel_machine) / 2),
         "run p.toml --out run --quiet");
  const auto before = results(scratch.path() / "run");
  const Finished resumed =
      faulty(scratch, "FAULT=EROFS FAULT_AT=1", "run p.toml --out run --resume");
  CHECK(resumed.status == 5);
  CHECK_THAT(resumed.err, ContainsSubstring("Read-only file system"));
  CHECK(results(scratch.path() / "run") == before);
}

TEST_CASE("two runs that begin in one folder at the same time do not mix") {
  const Scratch scratch;
  scratch.file("p.toml", kernel_machine);
  const Finished f =
      test::shell("cd '" + scratch.path().string() +
                  "'; for i in 1 2 3 4; do '" ONAGER_PROGRAM
                  "' run p.toml --out run --quiet > log$i 2>&1 & pids=\"$pids $!\"; done; "
                  "for pid in $pids; do wait $pid; echo $?; done");
  std::istringstream statuses(f.out);
  int done = 0, refused = 0;
  for (int status; statuses >> status;) {
    done += status == 0;
    refused += status == 5;
  }
  CHECK(done == 1);
  CHECK(refused == 3);
  CHECK(results(scratch.path() / "run") == undisturbed());
}

TEST_CASE("a clock that jumps by years changes neither a run nor its times") {
  for (const char* jump : {"-100000000", "100000000"}) {
    const Scratch scratch;
    scratch.file("p.toml", kernel_machine);
    const Finished f = faulty(scratch, std::string("CLOCK_JUMP=") + jump, "run p.toml --out run");
    REQUIRE(f.status == 0);
    CHECK(results(scratch.path() / "run") == undisturbed());
    const std::string summary = test::read(scratch.path() / "run/summary.json");
    const auto at = summary.find("\"total\": ");
    REQUIRE(at != std::string::npos);
    const double seconds = std::stod(summary.substr(at + 9));
    CHECK(seconds > 0);
    CHECK(seconds < 1000);
  }
}

TEST_CASE("a run whose plugin is gone or has changed is not resumed, and the plugin is named") {
  const Scratch scratch;
  const test::User user(scratch, "home");
  test::plugin_project(scratch, "plain", "1.0.0");
  REQUIRE(user.onager("plugin install plain").status == 0);
  const auto run = [&](const std::string& options) {
    return user.onager("run plain/pipelines/plain.toml --out run --set loop.rounds=3 " + options);
  };
  // killed after its first checkpoint
  for (int n = 1; !test::fs::exists(scratch.path() / "run/checkpoint/state.json"); ++n) {
    REQUIRE(n < 100);
    test::fs::remove_all(scratch.path() / "run");
    user.onager("run plain/pipelines/plain.toml --out run --set loop.rounds=3",
                "LD_PRELOAD='" ONAGER_FAULT_AT "' FAULT=kill FAULT_AT=" + std::to_string(n));
  }
  const auto before = results(scratch.path() / "run");
  const auto version = user.plugins() / "org.example.spoiled/1.0.0";
  test::fs::rename(version, scratch.path() / "away");
  const Finished gone = run("--resume");
  CHECK(gone.status == 3);
  CHECK_THAT(gone.err, ContainsSubstring("run/lock.toml:\n  org.example.spoiled 1.0.0 is not here: "
                                         "onager plugin install org.example.spoiled-1.0.0"));
  CHECK(results(scratch.path() / "run") == before);

  scratch.file("plain/plain.c",
               "#include \"valid.h\"\nSPOILED(plugin.vendor = \"somebody else\")\n");
  REQUIRE(user.onager("plugin install plain").status == 0);
  const Finished changed = run("--resume");
  CHECK(changed.status == 3);
  CHECK_THAT(changed.err, ContainsSubstring("the plugins have changed since the checkpoint") &&
                              ContainsSubstring("org.example.spoiled: ") &&
                              ContainsSubstring(" is locked, "));
  CHECK(results(scratch.path() / "run") == before);

  // the same library in another place is no change
  test::fs::remove_all(version);
  test::fs::create_directories(scratch.path() / "elsewhere");
  test::fs::copy_file(scratch.path() / "away/plain.so", scratch.path() / "elsewhere/plain.so");
  const Finished moved = user.onager(
      "--plugin-path elsewhere run plain/pipelines/plain.toml --out run --set loop.rounds=3 "
      "--resume");
  CAPTURE(moved.err);
  CHECK(moved.status == 0);
}
