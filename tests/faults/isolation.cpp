// SPDX-License-Identifier: MIT
//
// What a plugin in a process of its own can do to a run: end it with an error, and no more.
#include "../catch.hpp"
#include "../run_results.hpp"

#include <chrono>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const pipeline = R"(seed = 3
isolation = "process"
[dataset]
use = "modular_arithmetic"
modulus = 11
[[feature_map]]
use = "agop"
[kernel]
use = "plain"
[optimizer]
use = "cholesky"
ridge = 1e-3
[loop]
rounds = 6
)";

const std::string plugins = " --plugin-path '" ONAGER_BAD_PLUGIN_DIR "/faults_on_demand.so' ";

Finished run(const Scratch& scratch, const std::string& environment, const std::string& more) {
  return test::shell("cd '" + scratch.path().string() + "'; " + environment +
                     " '" ONAGER_PROGRAM "'" + plugins + "run p.toml --out run --threads 1 " +
                     more);
}

std::string rounds_of(const Scratch& scratch) {
  return test::without_seconds(scratch.path() / "run");
}

}  // namespace

TEST_CASE("an isolated plugin that breaks ends the run with what happened, and the run goes on") {
  const Scratch whole;
  whole.file("p.toml", pipeline);
  REQUIRE(run(whole, "", "--quiet").status == 0);
  const auto expected = rounds_of(whole);

  const auto [fault, message] =
      GENERATE(table<std::string, std::string>({{"segfault", "signal 11"},
                                                {"abort", "signal 6"},
                                                {"exit", "ended itself with status 7"},
                                                {"kill", "signal 9"},
                                                {"overrun", "wrote past the ends of its output"}}));
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished f = run(scratch, "FAULT_AFTER=8 FAULT=" + fault, "");
  CAPTURE(fault, f.err);
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring(message));
  CHECK_THAT(f.err, ContainsSubstring("kernel 'plain' (org.example.spoiled 1.0.0), isolated, in "
                                      "onager.kernel.radial/1"));
  CHECK_THAT(test::read(scratch.path() / "run/summary.json"), ContainsSubstring("\"failed\""));
  CHECK(test::fs::exists(scratch.path() / "run/report.html"));
  // rounds were made before it, and are kept
  REQUIRE(test::fs::exists(scratch.path() / "run/checkpoint/state.json"));
  REQUIRE(run(scratch, "", "--resume").status == 0);
  CHECK(rounds_of(scratch) == expected);
}

TEST_CASE("an isolated plugin that does not come back is ended at its call limit") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const auto begin = std::chrono::steady_clock::now();
  const Finished f = run(scratch, "FAULT_AFTER=8 FAULT=spin",
                         "--set kernel.call_limit=0.5 --set kernel.isolation=process");
  CAPTURE(f.err);
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring("gave no sign for 0.5 s, which is its call_limit"));
  CHECK(std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(500));
}

TEST_CASE(
    "a killed run takes the processes of its plugins along, also one that does not come back") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished f =
      test::shell("cd '" + scratch.path().string() +
                  "'; FAULT=spin FAULT_AFTER=8 '" ONAGER_PROGRAM "'" + plugins +
                  "run p.toml --out run --threads 1 > log 2>&1 & pid=$!; for i in $(seq 2000); do "
                  "[ \"$(grep -c '^round' log)\" -ge 1 ] && break; sleep 0.005; done; sleep 0.1; "
                  "children=$(grep -l \"^PPid:.$pid$\" /proc/[0-9]*/status | cut -d/ -f3); kill -9 "
                  "$pid; wait $pid; sleep 1; "
                  "for c in $children; do grep -q 'State:.[RSDT]' /proc/$c/status 2> /dev/null && "
                  "echo left $c; "
                  "done; echo $children");
  CHECK_THAT(f.out, !ContainsSubstring("left"));
  CHECK(f.out.size() > 4);  // there were such processes
}

TEST_CASE("isolation is a key of whole tables, with known values") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished word = run(scratch, "", "--set kernel.isolation=proces");
  CHECK(word.status == 2);
  CHECK_THAT(word.err, ContainsSubstring("process"));
  const Finished limit = run(scratch, "", "--set call_limit=-1");
  CHECK(limit.status == 2);
  CHECK_THAT(limit.err, ContainsSubstring("call_limit"));
  const Finished nested = run(
      scratch, "",
      "--set 'kernel={use=\"sum\",terms=[{use=\"gaussian\",bandwidth=1,isolation=\"process\"}]}'");
  CHECK(nested.status == 2);
  CHECK_THAT(nested.err, ContainsSubstring("isolation belongs to a whole table such as [kernel]"));
}

TEST_CASE("a parameter that an isolated component refuses is reported where it stands") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const auto command = [&](const std::string& more) {
    return test::shell("cd '" + scratch.path().string() +
                       "'; '" ONAGER_PROGRAM "' --plugin-path '" ONAGER_BAD_PLUGIN_DIR
                       "/misbehaves.so' run p.toml --out run" +
                       more + " --set kernel.use=plain --set kernel.bandwidth=20");
  };
  const Finished isolated = command(""), here = command(" --set isolation=none");
  CHECK(isolated.status == 2);
  CHECK_THAT(isolated.err, ContainsSubstring("bandwidth does not go with this mode"));
  CHECK(isolated.err == here.err);
}
