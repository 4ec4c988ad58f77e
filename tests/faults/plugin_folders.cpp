// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin_support.hpp"

using namespace plugin_test;

namespace fs = std::filesystem;

namespace {

const fs::path valid = fs::path(ONAGER_BAD_PLUGIN_DIR) / "valid.so";
const fs::path same_id = fs::path(ONAGER_BAD_PLUGIN_DIR) / "newer_header.so";

}  // namespace

TEST_CASE("a file that lies in two places, or has two names, is loaded once") {
  const Folder folder;
  const auto linked = folder.path() / "link.so", hard = folder.path() / "other_name.so";
  fs::copy_file(valid, folder.path() / "valid.so");
  fs::create_symlink(folder.path() / "valid.so", linked);
  fs::create_hard_link(folder.path() / "valid.so", hard);
  const auto registry = Registry::load({{folder.path(), "user"}, {folder.path(), "installed"}});
  CHECK(registry.all().size() == 1);
  CHECK(registry.problems().empty());
  CHECK(registry.all()[0].plugin->origin == "user");
}

TEST_CASE("a plugin whose id an earlier place has is not used, and that is a problem") {
  const Folder mine, installed;
  fs::copy_file(valid, mine.path() / "a.so");
  fs::copy_file(same_id, installed.path() / "b.so");
  const auto registry = Registry::load({{mine.path(), "user"}, {installed.path(), "installed"}});
  CHECK(registry.all().size() == 1);
  REQUIRE(registry.problems().size() == 1);
  CHECK(registry.problems()[0].message ==
        (installed.path() / "b.so").string() + ": not used: org.example.spoiled 1.0.0 (" +
            (mine.path() / "a.so").string() + ") has the same plugin id and comes first");
}

TEST_CASE("two plugins of one folder with one component id are a problem, and both usable") {
  const Folder folder;
  fs::copy_file(valid, folder.path() / "a.so");
  fs::copy_file(fs::path(ONAGER_BAD_PLUGIN_DIR) / "same_component_id.so", folder.path() / "b.so");
  const auto registry = Registry::load({{folder.path(), "user"}});
  CHECK(registry.all().size() == 2);
  REQUIRE(registry.problems().size() == 1);
  CHECK_THAT(registry.problems()[0].message,
             ContainsSubstring("kernel 'plain' is also in org.example.spoiled 1.0.0 (") &&
                 ContainsSubstring("write 'org.example.other/plain' for this one"));
}

TEST_CASE("two plugins of two folders with one component id are no problem") {
  const Folder mine, installed;
  fs::copy_file(valid, mine.path() / "a.so");
  fs::copy_file(fs::path(ONAGER_BAD_PLUGIN_DIR) / "same_component_id.so",
                installed.path() / "b.so");
  const auto registry = Registry::load({{mine.path(), "user"}, {installed.path(), "installed"}});
  CHECK(registry.all().size() == 2);
  CHECK(registry.problems().empty());
}
