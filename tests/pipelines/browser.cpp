// SPDX-License-Identifier: MIT
//
// Pages as a browser takes them. Every page forbids itself all requests by its content security
// policy, so that one to anywhere is an error on the console, as one of the page's script is.
#include "../catch.hpp"
#include "../support.hpp"

#include <fstream>
#include <sstream>

using namespace onager;
using test::Scratch;

namespace {

bool has_browser() {
  if (test::shell("command -v chromium").status == 0) return true;
  WARN("chromium is not installed: no page was opened");
  return false;
}

struct Opened {
  std::string console;   // what the page had to say, a line a message
  std::string document;  // as it is once its script ran
};

Opened open(const test::fs::path& page, const Scratch& scratch) {
  const auto f = test::shell(
      "chromium --headless --no-sandbox --disable-gpu --no-first-run "
      "--disable-background-networking --disable-component-update "
      "--user-data-dir='" +
      (scratch.path() / "profile").string() +
      "' --enable-logging=stderr --v=0 --dump-dom 'file://" + page.string() + "'");
  CAPTURE(f.err);
  REQUIRE(f.status == 0);
  Opened out;
  out.document = f.out;
  std::istringstream lines(f.err);
  for (std::string line; std::getline(lines, line);)
    if (line.find("CONSOLE") != std::string::npos) out.console += line + "\n";
  return out;
}

const char* const file = R"([dataset]
use = "modular_arithmetic"
modulus = 11
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
[[figure]]
title = "Errors & <rounds>"
x = "round"
y = ["train_mse", "test_mse"]
y_lines = ["1 / 11"]
[[expect]]
metric = "train_accuracy"
comparison = ">="
value = 1
)";

}  // namespace

TEST_CASE("a browser opens the pages of run, sweep and comparison without error or request") {
  if (!has_browser()) return;
  const Scratch scratch;
  scratch.file("p.toml", file);
  scratch.file("s.toml", std::string(file) +
                             "[sweep]\nseed = [0, 1]\nkernel.bandwidth = [2, 3]\n[[figure]]\nx = "
                             "\"seed\"\ny = \"kernel.bandwidth\"\nz = \"test_mse\"\n");
  REQUIRE(test::onager("run p.toml --out r", scratch.path()).status == 0);
  REQUIRE(test::onager("sweep s.toml --out s", scratch.path()).status == 0);
  REQUIRE(test::onager("compare r s --html c.html", scratch.path()).status == 0);
  for (const char* page : {"r/report.html", "s/report.html", "c.html"}) {
    CAPTURE(page);
    const Opened opened = open(scratch.path() / page, scratch);
    CHECK(opened.console == "");
    CHECK_THAT(opened.document, ContainsSubstring("<svg") && ContainsSubstring("</html>") &&
                                    ContainsSubstring("Errors &amp; &lt;rounds&gt;"));
  }

  // what the check is worth: the same page with a picture from elsewhere, and with a faulty script
  const std::string page = test::read(scratch.path() / "r/report.html");
  const auto with = [&](const std::string& element) {
    std::string changed = page;
    changed.insert(changed.rfind("</body>"), element);
    return open(scratch.file("changed.html", changed), scratch).console;
  };
  CHECK_THAT(with("<img src=\"http://example.org/a.png\">"),
             ContainsSubstring("Content Security Policy"));
  CHECK_THAT(with("<script>nothing.there();</script>"),
             ContainsSubstring("nothing is not defined"));
}
