// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "base/characters.hpp"

using namespace onager::host;

TEST_CASE("characters of one to four bytes are told apart") {
  const auto all = characters("aé€𝄞");
  REQUIRE(all.size() == 4);
  CHECK(all[0] == "a");
  CHECK(all[1] == "é");
  CHECK(all[2] == "€");
  CHECK(all[3] == "𝄞");
}

TEST_CASE("a byte that belongs to no character stands alone") {
  CHECK(characters("\xff"
                   "a\xc3")
            .size() == 3);
  CHECK(characters("\xe2\x82").size() == 2);
}

TEST_CASE("overlong forms, surrogates and what lies past Unicode are not UTF-8") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("aé€𝄞"));
  CHECK_FALSE(is_utf8("\xc0\xaf"));
  CHECK_FALSE(is_utf8("\xe0\x80\xaf"));
  CHECK_FALSE(is_utf8("\xf0\x80\x80\xaf"));
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(is_utf8("a\xc3"));
}
