// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin/loader_text.hpp"

using onager::host::explain_loader_text;

TEST_CASE("a symbol that no library has is shown as it is written in C++") {
  CHECK_THAT(explain_loader_text("/lab/a.so: undefined symbol: _ZN3lab4normEPKdl"),
             ContainsSubstring("uses lab::norm(double const*, long) (_ZN3lab4normEPKdl)"));
  CHECK_THAT(explain_loader_text("/lab/a.so: undefined symbol: cblas_dgemm, version LIB_1"),
             ContainsSubstring("uses cblas_dgemm, which neither"));
}

TEST_CASE("a version of a library that is neither glibc nor libstdc++ is named") {
  CHECK(
      explain_loader_text("/usr/lib/libfoo.so.1: version `FOO_2' not found (required by /a.so)") ==
      "needs version FOO_2 of a library that this machine has in another version; rebuild the "
      "plugin from source on this machine");
}

TEST_CASE("a folder whose files may not be run is suspected by the loader's text") {
  CHECK_THAT(explain_loader_text(
                 "/mnt/a.so: failed to map segment from shared object: Operation not permitted"),
             ContainsSubstring("noexec"));
}

TEST_CASE("a text of the loader that is not known is passed on") {
  CHECK(explain_loader_text("/a.so: cannot enable executable stack") ==
        "cannot be loaded: /a.so: cannot enable executable stack");
}
