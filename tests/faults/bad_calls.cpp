// SPDX-License-Identifier: MIT
#include "base/threads.hpp"
#include "catch.hpp"
#include "plugin/crash.hpp"
#include "plugin/instance.hpp"
#include "plugin_support.hpp"

#include <cfenv>
#include <csignal>
#include <vector>

using namespace plugin_test;

namespace {

const Registry& registry() {
  static const Registry made = [] {
    Registry r;
    r.add(std::string(ONAGER_BAD_PLUGIN_DIR) + "/misbehaves.so", "test");
    return r;
  }();
  return made;
}

/// The kernel that does what its bandwidth says.
ComponentPlan misbehaving(int what) {
  auto plan = default_plan(registry(), "kernel", "plain");
  auto& bandwidth = value(plan, "bandwidth");
  bandwidth.real = what;
  bandwidth.is_default = false;
  bandwidth.where = {"lab.toml", 4, 13, "bandwidth = " + std::to_string(what)};
  return plan;
}

void evaluate(const Instance& instance) {
  const auto* table = instance.interface<onager_radial_kernel>(ONAGER_KERNEL_RADIAL);
  const double r2 = 1;
  double k = 0;
  instance.call("evaluate",
                [&] { return table->evaluate_f64(instance.get(), 1, &r2, &k, nullptr); });
}

std::string error_at_create(int what) {
  Environment environment;
  return error_of([&] { const Instance instance(misbehaving(what), environment); });
}

std::string error_at_call(int what) {
  Environment environment;
  const Instance instance(misbehaving(what), environment);
  return error_of([&] { evaluate(instance); });
}

ChildEnd crash(int what) {
  registry();
  return in_child([&] {
    report_plugin_crashes();
    Environment environment;
    const Instance instance(misbehaving(what), environment);
    evaluate(instance);
  });
}

const std::string name = "kernel 'plain' (org.example.spoiled 1.0.0)";

}  // namespace

TEST_CASE("a parameter that create refuses is an error at its place in the file") {
  CHECK(error_at_create(20) ==
        "2: lab.toml:4:13: kernel 'plain': bandwidth does not go with this mode\n"
        "    bandwidth = 20\n"
        "                ^");
}

TEST_CASE("a file that create cannot read is an error at the component's place in the file") {
  CHECK(error_at_create(21) ==
        "5: lab.toml:3:1: kernel 'plain': cannot read data.csv: No such file or directory\n"
        "    use = 'plain'\n"
        "    ^");
}

TEST_CASE("a create that fails without a reason or an instance is said to") {
  CHECK(error_at_create(22) ==
        "3: " + name + ", in create: the plugin gave no reason (status 99, ONAGER_INTERNAL)");
  CHECK(error_at_create(23) == "3: " + name + ": create reported success and gave no instance");
}

TEST_CASE("an exception out of create is an error of the plugin") {
  Registry throwing;
  throwing.add(std::string(ONAGER_BAD_PLUGIN_DIR) + "/create_throws.so", "test");
  Environment environment;
  CHECK(error_of([&] {
          const Instance instance(default_plan(throwing, "kernel", "plain"), environment);
        }) ==
        "3: " + name +
            ", in create: the plugin let an exception out of a C function, which it must turn "
            "into a status: an exception: out of paper");
}

TEST_CASE("a failing call is an error of the status's category") {
  CHECK(error_at_call(5) ==
        "4: " + name + ", in evaluate: the plugin gave no reason (status 5, ONAGER_NUMERICAL)");
}

TEST_CASE("a status that this Onager does not know is an internal error of the plugin") {
  CHECK(error_at_call(6) ==
        "3: " + name + ", in evaluate: the plugin gave no reason (status 12345, ONAGER_INTERNAL)");
}

TEST_CASE("the reason of a call that worked does not explain a later failure") {
  Environment environment;
  const Instance instance(misbehaving(7), environment);
  evaluate(instance);
  CHECK_THAT(error_of([&] { instance.call("fit", [] { return ONAGER_INTERNAL; }); }),
             ContainsSubstring("in fit: the plugin gave no reason"));
}

TEST_CASE("an interface table that is too small is refused") {
  Environment environment;
  const Instance instance(misbehaving(24), environment);
  CHECK(error_of([&] { evaluate(instance); }) ==
        "3: " + name +
            ": its table for onager.kernel.radial/1 has struct_size 8, and 24 is the least; set it "
            "with sizeof");
}

TEST_CASE("a call that changes the floating-point mode is warned of once, and the mode restored") {
  std::vector<std::string> messages;
  Environment environment;
  environment.log = [&](int level, const std::string& text) {
    if (level == ONAGER_LOG_WARNING) messages.push_back(text);
  };
  const Instance instance(misbehaving(4), environment);
  for (int i = 0; i < 3; ++i) {
    evaluate(instance);
    CHECK(std::fegetround() == FE_TONEAREST);
  }
  REQUIRE(messages.size() == 1);
  CHECK(messages[0] ==
        "kernel 'plain': org.example.spoiled 1.0.0 changed the floating-point mode in evaluate; it "
        "was restored. Build the plugin without -ffast-math and -Ofast");
}

TEST_CASE("a crash in a plugin's call ends with status 3 and names plugin, component and call") {
  const auto end = crash(1);
  CHECK(end.exit_status == 3);
  CHECK(end.error_output ==
        "onager: kernel 'plain' of plugin org.example.spoiled crashed in evaluate (SIGSEGV, access "
        "to memory that is not its own). The fault is in the plugin: tell its author.\n");
}

TEST_CASE("an abort and a full stack in a plugin's call are reported as well") {
  const auto aborted = crash(2);
  CHECK(aborted.exit_status == 3);
  CHECK_THAT(aborted.error_output, ContainsSubstring("crashed in evaluate (SIGABRT"));
  const auto recursed = crash(3);
  CHECK(recursed.exit_status == 3);
  CHECK_THAT(recursed.error_output, ContainsSubstring("crashed in evaluate (SIGSEGV"));
}

TEST_CASE("a crash in a plugin's code on a thread without a call names the plugin") {
  registry();
  const auto end = in_child([] {
    report_plugin_crashes();
    Environment environment;
    const Instance instance(misbehaving(1), environment);
    const auto* table = instance.interface<onager_radial_kernel>(ONAGER_KERNEL_RADIAL);
    table->evaluate_f64(instance.get(), 0, nullptr, nullptr, nullptr);
  });
  CHECK(end.exit_status == 3);
  CHECK_THAT(end.error_output,
             ContainsSubstring("onager: plugin org.example.spoiled crashed (SIGSEGV"));
}

TEST_CASE("a crash outside plugins ends the program as it would without Onager") {
  const auto end = in_child([] {
    report_plugin_crashes();
    std::raise(SIGSEGV);
  });
  CHECK(end.signal == SIGSEGV);
  CHECK(end.error_output.empty());
}
