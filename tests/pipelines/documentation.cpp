// SPDX-License-Identifier: MIT
//
// What the documentation shows is what the program takes: every TOML block and every example file
// is a valid pipeline, and the kernel in the README is the one that the SDK test builds.
#include "../catch.hpp"
#include "../support.hpp"
#include "config/sweep.hpp"
#include "conformance/rules.hpp"

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
    // those of examples/plugins run with their own plugins, in the tests of the SDK
    if (entry.path().extension() == ".toml" && entry.path().parent_path().filename() != "plugins") {
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

/// Whether a page has the heading that "page.md#of-this-name" means: lower case, - for spaces, and
/// no punctuation.
bool has_heading(const std::string& page, const std::string& anchor) {
  for (std::size_t at = 0; (at = page.find("\n#", at)) != std::string::npos; ++at) {
    std::string name;
    const std::string heading = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
    for (const char c : heading.substr(heading.find(' ') + 1))
      if (c == ' ') name += '-';
      else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (name == anchor) return true;
  }
  return false;
}

TEST_CASE("paths and headings that the documentation links to exist") {
  for (const auto& file : documents()) {
    const std::string text = test::read(file);
    for (std::size_t at = 0; (at = text.find("](", at)) != std::string::npos; ++at) {
      const std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
      if (target.find("://") != std::string::npos) continue;
      CAPTURE(file, target);
      const std::size_t hash = std::min(target.find('#'), target.size());
      const auto page = hash == 0 ? file : file.parent_path() / target.substr(0, hash);
      REQUIRE(test::fs::exists(page));
      if (hash < target.size()) CHECK(has_heading(test::read(page), target.substr(hash + 1)));
    }
  }
}

TEST_CASE("the reference of the ABI lists every rule that the conformance suite looks at") {
  const std::string page = test::read(test::fs::path(ONAGER_SOURCE_DIR) / "docs/abi.md");
  for (const auto& rule : host::conformance::rules()) {
    CAPTURE(rule.id);
    CHECK_THAT(page, ContainsSubstring("| `" + std::string(rule.id) + "` | "));
  }
}
