// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin_support.hpp"

#include <onager/kernel.hpp>
#include <onager/optimizer.hpp>

#include <fstream>

using namespace plugin_test;

namespace {

struct Flat {
  template <class T>
  onager::Radial<T> operator()(T) const {
    return {T(1), T(0)};
  }
};

struct Solver {
  template <class T>
  void solve(const onager::KernelOperator<T>&, onager::Matrix<const T>, onager::Matrix<T>) {}
};

const onager_plugin* first() {
  static const onager::Plugin plugin{onager::About{"org.test.first", "1.0.0", "MIT"},
                                     onager::linear_solver<Solver>("direct", "A solver"),
                                     onager::radial_kernel<Flat>("flat", "A kernel")};
  return plugin.descriptor();
}

const onager_plugin* second() {
  static const onager::Plugin plugin{onager::About{"org.test.second", "2.0.0", "MIT"},
                                     onager::radial_kernel<Flat>("flat", "Another kernel"),
                                     onager::radial_kernel<Flat>("even", "A kernel")};
  return plugin.descriptor();
}

Registry both() {
  Registry registry;
  registry.add(first(), "one");
  registry.add(second(), "two");
  return registry;
}

/// An environment variable for as long as the object lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    const char* old = getenv(name);
    had_ = old != nullptr;
    if (had_) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (had_) setenv(name_, old_.c_str(), 1);
    else unsetenv(name_);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  bool had_ = false;
  std::string old_;
};

}  // namespace

TEST_CASE("components are listed by kind, then by id, then as they were added") {
  std::vector<std::string> listed;
  const auto registry = both();
  for (const auto& entry : registry.all())
    listed.push_back(entry.kind() + " " + entry.qualified_id());
  CHECK(listed ==
        std::vector<std::string>{"kernel org.test.second/even", "kernel org.test.first/flat",
                                 "kernel org.test.second/flat", "optimizer org.test.first/direct"});
  CHECK(registry.ids("kernel") == std::vector<std::string>{"even", "flat"});
  CHECK(registry.ids("dataset").empty());
}

TEST_CASE("a bare id means the plugin that was added first, a qualified id the one it names") {
  const auto registry = both();
  const auto* bare = registry.find("kernel", "flat");
  const auto* named = registry.find("kernel", "org.test.second/flat");
  REQUIRE(bare);
  REQUIRE(named);
  CHECK(bare->plugin->descriptor == first());
  CHECK(named->plugin->descriptor == second());
  CHECK(registry.usable_id(*bare) == "flat");
  CHECK(registry.usable_id(*named) == "org.test.second/flat");
}

TEST_CASE("an id of another kind or of no component is not found") {
  const auto registry = both();
  CHECK(registry.find("optimizer", "flat") == nullptr);
  CHECK(registry.find("kernel", "flatt") == nullptr);
  CHECK(registry.find("kernel", "org.test.first/even") == nullptr);
}

TEST_CASE("a second plugin with the same id is refused with the one that is used") {
  static const onager::Plugin copy{onager::About{"org.test.first", "1.1.0", "MIT"},
                                   onager::radial_kernel<Flat>("flat", "A kernel")};
  auto registry = both();
  CHECK(error_of([&] { registry.add(copy.descriptor(), "three"); }) ==
        "3: three: not used: org.test.first 1.0.0 (one) has the same plugin id and comes first");
  CHECK(registry.all().size() == 4);
}

TEST_CASE("the same plugin added twice counts once") {
  auto registry = both();
  registry.add(first(), "again");
  CHECK(registry.all().size() == 4);
}

TEST_CASE("a component says which interfaces it offers") {
  const auto registry = both();
  CHECK(offered_interfaces(*registry.find("kernel", "flat")) ==
        std::vector<std::string>{"onager.kernel.radial/1"});
  CHECK(offered_interfaces(*registry.find("optimizer", "direct")) ==
        std::vector<std::string>{"onager.optimizer.linear/1"});
}

TEST_CASE("a named place that does not exist is an error") {
  CHECK(error_of([] {
          Registry::load({{"/nowhere/plugins", "--plugin-path"}});
        }) == "3: /nowhere/plugins (--plugin-path): there is no such file or folder");
}

TEST_CASE("a named file must load, while a file of a folder that does not is a problem") {
  const Folder folder;
  const auto file = folder.path() / "notes.so";
  std::ofstream(file) << "not a library";
  std::ofstream(folder.path() / "README.txt") << "not looked at";
  CHECK_THAT(error_of([&] {
               Registry::load({{file, "--plugin-path"}});
             }),
             ContainsSubstring("3: " + file.string() + ": is not a shared library"));
  const auto registry = Registry::load({{folder.path(), "user"}});
  CHECK(registry.all().empty());
  REQUIRE(registry.problems().size() == 1);
  CHECK(registry.problems()[0].file == file);
  CHECK_THAT(registry.problems()[0].message, ContainsSubstring("is not a shared library"));
}

TEST_CASE("plugins are looked for in the named places, the variable's and the user's, in order") {
  const Folder folder;
  const auto a = folder.path() / "a", b = folder.path() / "b",
             user = folder.path() / "data/onager/plugins";
  for (const auto& path : {a, b, user}) std::filesystem::create_directories(path);
  const Variable path("ONAGER_PLUGIN_PATH", b.string() + "::" + a.string() + ":/nowhere");
  const Variable data("XDG_DATA_HOME", (folder.path() / "data").string());
  auto places = plugin_places({"named"});
  if (!places.empty() && places.back().origin == "installed") places.pop_back();
  std::vector<std::string> found;
  for (const auto& place : places) found.push_back(place.origin + " " + place.path.string());
  CHECK(found == std::vector<std::string>{"--plugin-path named", "ONAGER_PLUGIN_PATH " + b.string(),
                                          "ONAGER_PLUGIN_PATH " + a.string(),
                                          "user " + user.string()});
}
