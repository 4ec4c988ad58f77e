// SPDX-License-Identifier: MIT
//
// What the documentation shows is what the program takes: every TOML block and every example file
// is a valid pipeline, and the kernel in the README is the one that the SDK test builds.
#include "../catch.hpp"
#include "../support.hpp"
#include "config/sweep.hpp"

using namespace onager;

namespace {

/// The fenced blocks of one language in a Markdown file.
std::vector<std::string> blocks(const test::fs::path& file, const std::string& language) {
  std::vector<std::string> found;
  const std::string text = test::read(file), open = "```" + language + "\n";
  for (std::size_t at = 0; (at = text.find(open, at)) != std::string::npos;) {
    const std::size_t begin = at + open.size(), end = text.find("```", begin);
    found.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return found;
}

std::vector<test::fs::path> documents() {
  const test::fs::path root = ONAGER_SOURCE_DIR;
  std::vector<test::fs::path> files{root / "README.md"};
  for (const auto& folder : {root / "docs", root / "examples"})
    for (const auto& entry : test::fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".md") files.push_back(entry.path());
  return files;
}

/// A pipeline file is valid, at every point where it has a sweep.
void check_file(const test::fs::path& file) {
  host::Plan plan;
  CHECK_NOTHROW(plan = host::read_plan(file, {}, test::built_in()));
  if (plan.has_sweep) CHECK_NOTHROW(host::read_sweep(file, {}, test::built_in()));
}

}  // namespace

TEST_CASE("every TOML block of the documentation is a valid pipeline") {
  int checked = 0;
  for (const auto& file : documents())
    for (const auto& block : blocks(file, "toml")) {
      CAPTURE(file, block);
      const test::Scratch scratch;
      check_file(scratch.file("pipeline.toml", block));
      ++checked;
    }
  CHECK(checked >= 2);
}

TEST_CASE("every example file is valid") {
  int checked = 0;
  for (const auto& entry :
       test::fs::recursive_directory_iterator(test::fs::path(ONAGER_SOURCE_DIR) / "examples"))
    if (entry.path().extension() == ".toml") {
      CAPTURE(entry.path());
      check_file(entry.path());
      ++checked;
    }
  CHECK(checked >= 6);
}

TEST_CASE("the kernel in the documentation is the one that is built outside the tree") {
  const test::fs::path root = ONAGER_SOURCE_DIR;
  const std::string source = test::read(root / "tests/sdk/cauchy/cauchy.cpp");
  for (const auto& file : {root / "README.md", root / "docs/plugins.md"}) {
    const auto shown = blocks(file, "cpp");
    REQUIRE(shown.size() == 1);
    CAPTURE(file);
    std::string line;
    for (const char c : shown.front()) {
      if (c != '\n') {
        line += c;
        continue;
      }
      const std::string code = line.substr(0, line.find("//"));
      if (code.find("above(0)") == std::string::npos) {
        CAPTURE(line);
        CHECK(source.find(code.substr(0, code.find_last_not_of(' ') + 1)) != std::string::npos);
      }
      line.clear();
    }
  }
}

TEST_CASE("paths that the documentation links to exist") {
  for (const auto& file : documents()) {
    const std::string text = test::read(file);
    for (std::size_t at = 0; (at = text.find("](", at)) != std::string::npos; ++at) {
      const std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
      if (target.find("://") != std::string::npos) continue;
      CAPTURE(file, target);
      CHECK(test::fs::exists(file.parent_path() / target));
    }
  }
}
