// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "config/plan.hpp"

using onager::host::located;
using onager::host::Where;

TEST_CASE("a place is written as file:line:column with the line and a caret under the column") {
  CHECK(located({"p.toml", 14, 13, "bandwidth = -2.5"}, "too small") ==
        "p.toml:14:13: too small\n"
        "    bandwidth = -2.5\n"
        "                ^");
}

TEST_CASE("a message without a line has the file only, and without a file stands alone") {
  CHECK(located({"p.toml", 0, 0, ""}, "no kernel") == "p.toml: no kernel");
  CHECK(located({}, "no kernel") == "no kernel");
}

TEST_CASE("an override is shown as the option it was given by") {
  CHECK(located({"--set", 2, 8, "kernel.bandwith=3"}, "unknown") ==
        "--set 'kernel.bandwith=3': unknown\n"
        "    kernel.bandwith=3\n"
        "           ^");
}

TEST_CASE("tabs before the column are repeated before the caret") {
  CHECK(located({"p.toml", 1, 7, "\ta =\t[\t1]"}, "x") ==
        "p.toml:1:7: x\n"
        "    \ta =\t[\t1]\n"
        "    \t   \t ^");
}

TEST_CASE("columns count characters, so that a caret after accents is not too far right") {
  CHECK(located({"p.toml", 1, 7, "a = 'é', 3"}, "x") ==
        "p.toml:1:7: x\n"
        "    a = 'é', 3\n"
        "          ^");
}

TEST_CASE("a caret may stand one past the end of the line") {
  CHECK(located({"p.toml", 1, 4, "a ="}, "x") == "p.toml:1:4: x\n    a =\n       ^");
  CHECK(located({"p.toml", 1, 400, "a ="}, "x") == "p.toml:1:400: x\n    a =\n       ^");
}

TEST_CASE("a line longer than 160 columns is cut around the caret") {
  const std::string line = std::string(200, 'a') + "X" + std::string(200, 'b');
  CHECK(located({"p.toml", 1, 201, line}, "x") ==
        "p.toml:1:201: x\n"
        "    ..." +
            std::string(80, 'a') + "X" + std::string(79, 'b') + "...\n" + "       " +
            std::string(80, ' ') + "^");
  CHECK(located({"p.toml", 1, 1, line}, "x") ==
        "p.toml:1:1: x\n"
        "    " +
            std::string(160, 'a') + "...\n" + "    ^");
  CHECK(located({"p.toml", 1, 401, line}, "x") ==
        "p.toml:1:401: x\n"
        "    ..." +
            std::string(160, 'b') + "\n" + "       " + std::string(159, ' ') + "^");
  CHECK(located({"p.toml", 1, 3, std::string(160, 'a')}, "x") ==
        "p.toml:1:3: x\n    " + std::string(160, 'a') + "\n      ^");
}

TEST_CASE("control characters and broken UTF-8 of a file do not reach the terminal") {
  CHECK(located({"p.toml", 1, 5, "a = \x1b[31m\xff"}, "x") ==
        "p.toml:1:5: x\n"
        "    a = ?[31m?\n"
        "        ^");
}
