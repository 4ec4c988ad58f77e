// SPDX-License-Identifier: MIT
//
// `onager plugin new`: what it writes and what it refuses. That its projects build and pass their
// tests is shown by tests/sdk/templates.sh.
#include "../catch.hpp"
#include "../support.hpp"

using namespace onager;
using test::Finished;
using test::Scratch;

TEST_CASE("plugin new writes a project that is named after its folder") {
  const Scratch scratch;
  const Finished made = test::onager("plugin new lab/My-Kernel --kind kernel", scratch.path());
  CAPTURE(made.err);
  CHECK(made.status == 0);
  const auto folder = scratch.path() / "lab/My-Kernel";
  CHECK_THAT(made.out, ContainsSubstring("lab/My-Kernel/my_kernel.cpp") &&
                           ContainsSubstring("cmake --build lab/My-Kernel/build"));
  CHECK_THAT(test::read(folder / "my_kernel.cpp"),
             ContainsSubstring("struct MyKernel") && ContainsSubstring("\"my_kernel\""));
  CHECK_THAT(test::read(folder / "my_kernel.toml"), ContainsSubstring("use = \"my_kernel\""));
  CHECK_THAT(test::read(folder / "README.md"), ContainsSubstring("A kernel for Onager"));
}

TEST_CASE("plugin new leaves what is there alone") {
  const Scratch scratch;
  scratch.file("notes.txt", "mine");
  const Finished refused = test::onager("plugin new . --kind kernel", scratch.path());
  CHECK(refused.status == 2);
  CHECK(test::read(scratch.path() / "notes.txt") == "mine");

  std::filesystem::create_directory(scratch.path() / "full");
  scratch.file("full/notes.txt", "mine");
  const Finished full = test::onager("plugin new full --kind kernel", scratch.path());
  CHECK(full.status == 2);
  CHECK(full.err == "onager: full is there already and is not an empty folder: name a new one\n");
}

TEST_CASE("plugin new says which names a component cannot have") {
  const Scratch scratch;
  const Finished digit = test::onager("plugin new 3d --kind kernel", scratch.path());
  CHECK(digit.status == 2);
  CHECK(digit.err ==
        "onager: the folder's name '3d' becomes the component's id, which is letters, digits and _ "
        "and begins with a letter: choose another folder\n");
  const Finished target = test::onager("plugin new test --kind kernel", scratch.path());
  CHECK(target.status == 2);
  CHECK(target.err ==
        "onager: 'test' is the name of a target of CMake's own: choose another folder\n");
  const Finished kind = test::onager("plugin new x --kind kernl", scratch.path());
  CHECK(kind.status == 2);
  CHECK_THAT(kind.err, ContainsSubstring("kernl not in"));
}
