// SPDX-License-Identifier: MIT
#include "base/layout.hpp"

#include "../catch.hpp"
#include "base/characters.hpp"

#include <algorithm>
#include <sstream>

using namespace onager::host;

namespace {

std::size_t widest(const std::string& text) {
  std::istringstream in(text);
  std::size_t out = 0;
  for (std::string line; std::getline(in, line);) out = std::max(out, characters(line).size());
  return out;
}

constexpr std::size_t endless = 100000;

const std::vector<std::vector<std::string>> runs = {
    {"run", "status", "rounds", "train_mse", "test_accuracy"},
    {"first-001", "finished", "3", "2.09595e-27", "1"},
    {"β-002", "failed", "1 of 9", "-", "0.5"}};

}  // namespace

TEST_CASE("a table has texts to the left and numbers to the right") {
  CHECK(text_table(runs, {1, 2, endless}) ==
        "run        status    rounds    train_mse  test_accuracy\n"
        "first-001  finished       3  2.09595e-27              1\n"
        "β-002      failed    1 of 9            -            0.5\n");
}

TEST_CASE("a table of numbers that is too wide comes in blocks, each behind the key column") {
  CHECK(text_table(runs, {1, 2, 39}) ==
        "run        status    rounds\n"
        "first-001  finished       3\n"
        "β-002      failed    1 of 9\n"
        "\n"
        "run          train_mse  test_accuracy\n"
        "first-001  2.09595e-27              1\n"
        "β-002                -            0.5\n");
}

TEST_CASE("texts are cut before a table is broken, paths at their beginning") {
  const std::vector<std::vector<std::string>> rows = {
      {"ID", "SUMMARY", "FILE"},
      {"one", "A summary that has very many words",
       "/usr/lib/x86_64-linux-gnu/onager/plugins/one.so"}};
  CHECK(text_table(rows, {1, 3, 67}) ==
        "ID   SUMMARY                         FILE\n"
        "one  A summary that has very many …  …nux-gnu/onager/plugins/one.so\n");
  CHECK(text_table(rows, {1, 3, 40}) ==
        "ID   SUMMARY\n"
        "one  A summary that has very many words\n"
        "\n"
        "ID   FILE\n"
        "one  …64-linux-gnu/onager/plugins/one.so\n");
}

TEST_CASE("no line of a table is wider than allowed, whatever its cells") {
  std::vector<std::vector<std::string>> rows(1);
  for (std::size_t i = 0; i < 9; ++i) rows[0].push_back("column " + std::string(7 * i, 'x'));
  rows.push_back(std::vector<std::string>(9, "1"));
  for (const std::size_t keys : {1, 2})
    for (const std::size_t left : {keys, std::size_t{5}, std::size_t{9}})
      for (const std::size_t most : {20, 40, 60, 80, 120}) {
        CAPTURE(keys, left, most);
        CHECK(widest(text_table(rows, {keys, left, most})) <= most);
      }
}

TEST_CASE("a long line goes on below its second column, a comment as a comment") {
  CHECK(wrapped("round  1   train accuracy 1.0000   test accuracy 0.5\nshort\n", 30) ==
        "round  1   train accuracy\n"
        "       1.0000   test accuracy\n"
        "       0.5\n"
        "short\n");
  CHECK(wrapped("  fit of a (n)^b over several words", 20) ==
        "  fit of a (n)^b\n"
        "      over several\n"
        "      words");
  CHECK(wrapped("      far in and long", 18) == "      far in and\n      long");
  CHECK(wrapped("#   fit  program 48 MiB, data 5 MiB", 24) ==
        "#   fit  program 48 MiB,\n"
        "#        data 5 MiB");
  CHECK(wrapped("file  /a/path/that/is/long", 20) == "file  /a/path/that/is/long");
  CHECK(wrapped("", 20).empty());
  CHECK(wrapped("\n\n", 20) == "\n\n");
}
