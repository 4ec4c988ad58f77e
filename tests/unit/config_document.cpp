// SPDX-License-Identifier: MIT
#include "config_support.hpp"

#include "../catch.hpp"

using namespace config_test;

TEST_CASE("a file that is not TOML is reported with place, line, caret and reason") {
  CHECK(error_of("seed = 3\n[kernel\nuse = 'flat'\n") ==
        "p.toml:2:8: not valid TOML: Error while parsing table header: expected ']', saw '\\n'\n"
        "    [kernel\n"
        "           ^");
}

TEST_CASE("a key given twice is reported at the second one") {
  CHECK_THAT(error_of("seed = 3\nseed = 4\n"),
             ContainsSubstring("cannot redefine existing integer 'seed'\n    seed = 4\n"));
}

TEST_CASE("a file in another encoding than UTF-8 is refused") {
  CHECK(error_of("seed = 3\n# \xe9\n") ==
        "p.toml:2:3: not valid TOML: this byte is not UTF-8; save the file in that encoding\n"
        "    # ?\n"
        "      ^");
}

TEST_CASE("an empty file is told which tables it needs") {
  CHECK(error_of("") ==
        "p.toml: the table [dataset] is missing; add [dataset] with use = \"ID\" (`onager list "
        "dataset` shows what there is)\n"
        "p.toml: the table [kernel] is missing; add [kernel] with use = \"ID\" (`onager list "
        "kernel` shows what there is)\n"
        "p.toml: the table [optimizer] is missing; add [optimizer] with use = \"ID\" (`onager list "
        "optimizer` shows what there is)\n"
        "3 errors in p.toml");
}

TEST_CASE("a file or folder that cannot be read is a system error") {
  const Folder folder;
  for (const auto& path : {folder.path() / "absent.toml", folder.path()}) {
    try {
      read_plan(path, {}, registry());
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.category() == Category::system);
      CHECK_THAT(error.what(), ContainsSubstring(path.string()));
    }
  }
}

TEST_CASE("lines that end in CR LF have the same places and no stray character") {
  CHECK(error_of("[kernel]\r\nuse = 'flat'\r\nbandwith = 3\r\n[dataset]\r\nuse = 'numbers'\r\n"
                 "modulus = 7\r\n[optimizer]\r\nuse = 'direct'\r\n") ==
        "p.toml:3:1: kernel 'flat' has no parameter 'bandwith'; did you mean 'bandwidth'?\n"
        "    bandwith = 3\n"
        "    ^");
}

TEST_CASE("a byte order mark at the start is skipped and does not shift columns") {
  CHECK(plan_of("\xEF\xBB\xBFseed = 3\n" + pipeline()).seed == 3);
  CHECK(error_of("\xEF\xBB\xBFseed = -3\n" + pipeline()) ==
        "p.toml:1:8: seed = -3 is outside its range [0, inf)\n"
        "    seed = -3\n"
        "           ^");
}

TEST_CASE("columns after accents count characters") {
  CHECK(error_of(pipeline("use = 'total'\nterms = [{ use = 'é' }, { use = 'flat', x = 1 }]\n")) ==
        "p.toml:3:18: no kernel 'é' was found; `onager list kernel` shows what there is\n"
        "    terms = [{ use = 'é' }, { use = 'flat', x = 1 }]\n"
        "                     ^\n"
        "p.toml:3:41: kernel 'flat' has no parameter 'x'; it has bandwidth\n"
        "    terms = [{ use = 'é' }, { use = 'flat', x = 1 }]\n"
        "                                            ^\n"
        "2 errors in p.toml");
}

TEST_CASE("a tab before a wrong value keeps the caret under it") {
  CHECK(error_of(pipeline("use = 'flat'\n\tbandwidth =\t0\n")) ==
        "p.toml:3:14: bandwidth = 0 is outside its range (0, inf)\n"
        "    \tbandwidth =\t0\n"
        "    \t           \t^");
}
