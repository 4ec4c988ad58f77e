// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "config_support.hpp"

using namespace config_test;

TEST_CASE("a memory limit is an amount, a share of what is available, or bytes") {
  const auto bytes = [](const std::string& value) {
    const Plan plan = plan_of("memory_limit = " + value + "\n" + pipeline());
    REQUIRE(plan.memory_limit);
    return plan.memory_limit->of(1000);
  };
  CHECK(bytes("'4 GiB'") == std::uint64_t{4} << 30);
  CHECK(bytes("'500 MB'") == 500000000);
  CHECK(bytes("'1.5kB'") == 1500);
  CHECK(bytes("' 2 TiB '") == std::uint64_t{2} << 40);
  CHECK(bytes("'64 B'") == 64);
  CHECK(bytes("123456") == 123456);
  CHECK(bytes("'75 %'") == 750);
  CHECK(bytes("'100%'") == 1000);
  CHECK_FALSE(plan_of(pipeline()).memory_limit);
}

TEST_CASE("what is not a memory limit is refused with its place and the forms there are") {
  CHECK(error_of("memory_limit = '4 gigs'\n" + pipeline()) ==
        "p.toml:1:16: memory_limit must be an amount such as \"4 GiB\" or \"500 MB\" (B, kB, MB, "
        "GB, TB, KiB, MiB, GiB, TiB), a share of the available memory such as \"75 %\", or a whole "
        "number of bytes, not the string \"4 gigs\"\n"
        "    memory_limit = '4 gigs'\n"
        "                   ^");
  for (const char* value :
       {"''",       "'GB'",     "'4'",     "'-1 GB'", "'0 MB'",   "'0.2 B'", "'nan GB'",
        "'inf GB'", "'1e3 GB'", "'101 %'", "'0 %'",   "'4 G'",    "'1 GB!'", "'99999999 TB'",
        "0",        "-5",       "4.0",     "true",    "['4 GB']", "{}"}) {
    CAPTURE(value);
    CHECK_THAT(error_of(std::string("memory_limit = ") + value + "\n" + pipeline()),
               ContainsSubstring("memory_limit must be an amount"));
  }
}

TEST_CASE("a memory limit is written out as it was given, and only then") {
  for (const char* line :
       {"memory_limit = \"4 GiB\"\n", "memory_limit = \"75 %\"\n", "memory_limit = 4294967296\n"}) {
    const std::string text = to_toml(plan_of(line + pipeline()));
    CHECK_THAT(text, ContainsSubstring(line));
    CHECK(to_toml(plan_of(text)) == text);
  }
  CHECK_THAT(to_toml(plan_of(pipeline())), !ContainsSubstring("memory_limit"));
}

TEST_CASE("an override sets a memory limit without quotes") {
  const auto of = [](const std::string& value) {
    return plan_of(pipeline(), {"memory_limit=" + value}).memory_limit.value().of(1000);
  };
  CHECK(of("4 GiB") == std::uint64_t{4} << 30);
  CHECK(of("50%") == 500);
  CHECK(of("77") == 77);
  CHECK_THAT(error_of(pipeline(), {"memory_limit=much"}),
             ContainsSubstring("--set") && ContainsSubstring("the string \"much\""));
}
