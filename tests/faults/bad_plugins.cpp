// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin/crash.hpp"
#include "plugin/floating_point.hpp"
#include "plugin/library.hpp"
#include "plugin/load_trial.hpp"
#include "plugin_support.hpp"

#include <cfenv>

using namespace plugin_test;

namespace {

std::filesystem::path bad_plugin(const std::string& name) {
  return std::filesystem::path(ONAGER_BAD_PLUGIN_DIR) / (name + ".so");
}

/// What loading says, with the plugin's file as FILE.
std::string refusal(const std::string& name) {
  const auto file = bad_plugin(name);
  const auto message = error_of([&] { load_library(file); });
  const auto expected = "3: " + file.string() + ": ";
  return message.rfind(expected, 0) == 0 ? "FILE: " + message.substr(expected.size()) : message;
}

struct Case {
  std::string name, message;  // the whole message, or its beginning when it ends in "..."
};

void check(const Case& c) {
  CAPTURE(c.name);
  const auto message = refusal(c.name);
  const auto dots = c.message.rfind("...");
  if (dots == std::string::npos || dots + 3 != c.message.size()) CHECK(message == c.message);
  else CHECK(message.substr(0, dots) == c.message.substr(0, dots));
}

}  // namespace

TEST_CASE("a plugin that is valid loads, also with the structs of a newer header") {
  CHECK(load_library(bad_plugin("valid")).descriptor->id == std::string("org.example.spoiled"));
  CHECK(load_library(bad_plugin("newer_header")).descriptor->abi_minor == 5);
  CHECK(load_library(bad_plugin("valid")).warnings.empty());
}

TEST_CASE("a library that the loader refuses is explained with a remedy") {
  check(
      {"undefined_symbol",
       "FILE: uses lab::undefined_function(int) (_ZN3lab18undefined_functionEi), which neither it "
       "nor the libraries it names define; link the library that has it..."});
  check({"newer_libstdcxx",
         "FILE: was built with a newer libstdc++ than this machine has: it needs GLIBCXX_3.4.99; "
         "rebuild the plugin from source on this machine"});
  check({"missing_library",
         "FILE: needs the library libonager_absent.so.3, which was not found on this machine; "
         "install it, or name its folder in LD_LIBRARY_PATH"});
  CHECK_THAT(refusal("newer_glibc"), ContainsSubstring("newer glibc than this machine's 2.") &&
                                         ContainsSubstring("it needs GLIBC_2.99; rebuild"));
}

TEST_CASE("an entry that is missing or does not answer is named") {
  check({"no_entry", "FILE: does not export onager_plugin_entry, so it is not a plugin; ..."});
  check({"entry_is_data",
         "FILE: exports onager_plugin_entry as data, where a function was expected"});
  check({"entry_null",
         "FILE: onager_plugin_entry returned NULL, where its description was expected"});
  check({"entry_wild",
         "FILE: the description that onager_plugin_entry returned points to memory that cannot be "
         "read (0x123450)"});
  check({"entry_throws", "FILE: onager_plugin_entry threw an exception: no licence file"});
}

TEST_CASE("a plugin of another version of the ABI is refused with both versions") {
  check({"wrong_magic",
         "FILE: the description that onager_plugin_entry returned has the magic number 0x7, where "
         "ONAGER_MAGIC was expected"});
  check({"other_major",
         "FILE: was built for ABI 2, and this Onager speaks ABI 1; rebuild it with this Onager's "
         "SDK"});
  check({"newer_minor",
         "FILE: needs a newer Onager: one with ABI 1.5 or later, and this one has 1.0"});
  check({"short_struct",
         "FILE: the description that onager_plugin_entry returned has struct_size 40, and ABI 1.0 "
         "has 88; set it with sizeof"});
}

TEST_CASE("pointers of a description that lead nowhere are refused before they are followed") {
  check({"null_id", "FILE: the plugin's id is NULL; give \"\" where there is nothing to say"});
  check({"wild_id", "FILE: the plugin's id points to memory that cannot be read (0x1234567)"});
  check({"wild_components", "FILE: components points to memory that cannot be read (0x7000)"});
  check({"null_component", "FILE: component 1 of 1: its description is NULL"});
  check({"null_create", "FILE: kernel 'plain': create is NULL, where a function was expected"});
  check({"create_in_data", "FILE: kernel 'plain': create points to no code (0x..."});
  check({"null_choice",
         "FILE: kernel 'plain', parameter 'mode': choice 2 of 2 is NULL; give \"\" where there is "
         "nothing to say"});
}

TEST_CASE("counts and sizes that cannot be are refused") {
  check({"no_components", "FILE: the plugin has no components"});
  check({"many_components",
         "FILE: the plugin says that it has 4000000000 components; the most is 10000"});
  check({"many_parameters",
         "FILE: kernel 'plain': it says that it has 100000 parameters; the most is 1000"});
  check({"short_component",
         "FILE: component 1 of 1: its description has struct_size 8, and ABI 1.0 has 80; set it "
         "with sizeof"});
  check({"short_stride",
         "FILE: kernel 'plain': parameter_stride is 16, and a parameter of ABI 1.0 has 112 bytes; "
         "set it to sizeof(onager_parameter)"});
  CHECK_THAT(refusal("parameters_past_the_end"), ContainsSubstring("FILE: kernel 'plain'"));
}

TEST_CASE("names that are not well-formed, known and unique are refused") {
  check({"id_without_dot",
         "FILE: the plugin's id is \"spoiled\"; it must be a reversed domain name of letters, "
         "digits, - and _ such as org.example.kernels"});
  check({"id_not_utf8", "FILE: the plugin's vendor is not UTF-8: \"Universit?\""});
  check({"no_version", "FILE: the plugin's version is empty"});
  check({"unknown_kind",
         "FILE: component 'plain': kind is \"kernal\", which is none of dataset, feature_map, "
         "kernel, model, loss, optimizer or diagnostic; did you mean 'kernel'?"});
  check(
      {"component_id",
       "FILE: component 1 of 1: its id is \"Plain-Kernel\"; it must be lower case letters, digits "
       "and _, beginning with a letter"});
  check({"same_component_twice",
         "FILE: the plugin has two components kernel 'plain'; give one another id"});
  check({"same_parameter_twice", "FILE: kernel 'plain': it has two parameters 'bandwidth'"});
  check({"parameter_named_use",
         "FILE: kernel 'plain', parameter 1 of 2: its name is \"use\", the key that chooses the "
         "component; take another"});
}

TEST_CASE("a parameter table that contradicts itself is refused with the parameter") {
  check({"unknown_type",
         "FILE: kernel 'plain', parameter 'bandwidth': it has the type 57, which this Onager does "
         "not know"});
  check(
      {"default_outside",
       "FILE: kernel 'plain', parameter 'bandwidth': its default 200 is outside its own range (0, "
       "100]"});
  check({"default_at_open_end",
         "FILE: kernel 'plain', parameter 'bandwidth': its default 0 is outside its own range (0, "
         "100]"});
  check({"nan_range",
         "FILE: kernel 'plain', parameter 'bandwidth': its range has a limit that is NaN; ..."});
  check({"empty_range", "FILE: kernel 'plain', parameter 'bandwidth': its range (0, -1] is empty"});
  check({"choice_default",
         "FILE: kernel 'plain', parameter 'mode': its default \"nearr\" is not among its choices; "
         "did you mean 'near'?"});
  check({"child_kind",
         "FILE: kernel 'plain', parameter 'bandwidth': child_kind is \"colour\", which is none "
         "of..."});
}

TEST_CASE("a library that changes the floating-point mode is warned of, and the mode restored") {
  const unsigned before = floating_point_mode();
  const auto library = load_library(bad_plugin("changes_mode_on_load"));
  CHECK(floating_point_mode() == before);
  CHECK(std::fegetround() == FE_TONEAREST);
  REQUIRE(library.warnings.size() == 1);
  CHECK_THAT(library.warnings[0], ContainsSubstring("changed the floating-point mode") &&
                                      ContainsSubstring("changes_mode_on_load.so") &&
                                      ContainsSubstring("-ffast-math"));
}

TEST_CASE("a library that crashes while it is asked for its description is named") {
  const auto end = in_child([] {
    report_plugin_crashes();
    load_library(bad_plugin("entry_crashes"));
  });
  CHECK(end.exit_status == 3);
  CHECK_THAT(end.error_output,
             ContainsSubstring("entry_crashes.so crashed while it was loaded (SIGSEGV"));
}

TEST_CASE(
    "a library that crashes, ends the process or spins as it is loaded harms its child only") {
  const auto fate = [](const std::string& name) {
    const auto file = bad_plugin(name);
    const auto tell = [](const Library& library) { return std::string(library.descriptor->id); };
    const auto message = error_of([&] { try_library(file, tell, std::chrono::milliseconds(500)); });
    const auto named = "3: " + file.string() + ": ";
    return message.rfind(named, 0) == 0 ? message.substr(named.size()) : message;
  };
  CHECK(fate("entry_crashes") ==
        "crashed while it was loaded (SIGSEGV, Segmentation fault); tell its author");
  CHECK(fate("constructor_aborts") ==
        "crashed while it was loaded (SIGABRT, Aborted); tell its author");
  CHECK(fate("constructor_exits") == "ended the process with status 0 while it was loaded");
  CHECK(fate("constructor_spins") == "was not loaded after 0.5 s");
  CHECK_THAT(fate("no_entry"), ContainsSubstring("does not export onager_plugin_entry"));
  CHECK(try_library(bad_plugin("valid"), [](const Library& l) {
          return std::string(l.descriptor->id);
        }) == "org.example.spoiled");
}

TEST_CASE("of a folder with a library that crashes, the others are used") {
  const Folder folder;
  for (const auto* name : {"constructor_aborts.so", "valid.so"})
    std::filesystem::copy_file(std::filesystem::path(ONAGER_BAD_PLUGIN_DIR) / name,
                               folder.path() / name);
  LoadRules rules;
  rules.try_first = true;
  const auto registry = Registry::load({{folder.path(), "user"}}, rules);
  CHECK(registry.find("kernel", "plain") != nullptr);
  REQUIRE(registry.problems().size() == 1);
  CHECK_THAT(registry.problems()[0].message,
             ContainsSubstring("constructor_aborts.so: crashed while it was loaded (SIGABRT"));
}
