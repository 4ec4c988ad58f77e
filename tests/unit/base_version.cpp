// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/version.hpp"

using onager::host::is_older;

TEST_CASE("versions are ordered as Semantic Versioning orders them") {
  // each is older than all that follow; the row of 1.0.0 is from the standard's section 11
  const char* const ascending[] = {"0.9",           "1.0.0-alpha",
                                   "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                   "1.0.0-beta",    "1.0.0-beta.2",
                                   "1.0.0-beta.11", "1.0.0-rc.1",
                                   "1.0.0",         "1.0.1",
                                   "1.2",           "1.10.0",
                                   "2.0.0",         "20000000000000000000"};
  for (const char* const* a = std::begin(ascending); a != std::end(ascending); ++a)
    for (const char* const* b = std::begin(ascending); b != std::end(ascending); ++b) {
      CAPTURE(*a, *b);
      CHECK(is_older(*a, *b) == (a < b));
    }
}

TEST_CASE("what follows a plus does not count in the order of versions, nor do leading zeros") {
  CHECK_FALSE(is_older("1.0.0+1", "1.0.0+2"));
  CHECK_FALSE(is_older("1.0.0+2", "1.0.0+1"));
  CHECK_FALSE(is_older("1.01", "1.1"));
  CHECK_FALSE(is_older("1.1", "1.01"));
  CHECK_FALSE(is_older("", ""));
  CHECK(is_older("", "1"));
}
