// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin/library.hpp"
#include "plugin_support.hpp"

#include <elf.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

using namespace plugin_test;

namespace {

std::string valid_content() {
  std::ifstream in(std::string(ONAGER_BAD_PLUGIN_DIR) + "/valid.so", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What loading a file of this content says after the file's name.
std::string refusal(const std::string& content) {
  const Folder folder;
  const auto file = folder.path() / "lab.so";
  std::ofstream(file, std::ios::binary) << content;
  const auto message = error_of([&] { load_library(file); });
  const auto expected = "3: " + file.string() + ": ";
  return message.rfind(expected, 0) == 0 ? message.substr(expected.size()) : message;
}

}  // namespace

TEST_CASE("a plugin file that is not there or is a folder is said to be") {
  const Folder folder;
  const auto absent = folder.path() / "absent.so";
  CHECK(error_of([&] { load_library(absent); }) ==
        "3: " + absent.string() + ": there is no such file");
  CHECK(error_of([&] { load_library(folder.path()); }) ==
        "3: " + folder.path().string() +
            ": is a folder, where a plugin's shared library was expected");
}

TEST_CASE("a plugin file that may not be read is said to be") {
  const Folder folder;
  const auto file = folder.path() / "secret.so";
  std::ofstream(file) << "x";
  ::chmod(file.c_str(), 0);
  if (::access(file.c_str(), R_OK) == 0) return;  // root reads everything
  CHECK(error_of([&] { load_library(file); }) ==
        "3: " + file.string() + ": cannot be read: Permission denied");
}

TEST_CASE("a file that is no ELF file is described by its beginning") {
  CHECK(refusal("") == "is empty; build or copy it again");
  CHECK(refusal("#!/bin/sh\nexit 1\n") ==
        "is not a shared library: it is a script that begins with \"#!/bin/sh\"");
  CHECK(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:1\n") ==
        "is not a shared library: it is a text file that begins with \"version "
        "https://git-lfs.github.com/spec/\"");
  CHECK(refusal(std::string("\x01\x02\x00\xff", 4)) ==
        "is not a shared library: it is a file that begins with the bytes 01 02 00 ff");
  CHECK(refusal("!<arch>\n") ==
        "is not a shared library: it is a static library (.a); link it with -shared");
}

TEST_CASE("an ELF file for another machine or of another type is described") {
  auto content = valid_content();
  REQUIRE(content.size() > sizeof(Elf64_Ehdr));
  auto& header = *reinterpret_cast<Elf64_Ehdr*>(content.data());
  const auto machine = header.e_machine;
  header.e_machine = machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
  CHECK_THAT(refusal(content), ContainsSubstring(machine == EM_AARCH64 ? "is for x86-64 and"
                                                                       : "is for 64-bit ARM and") &&
                                   ContainsSubstring("build the plugin on this machine"));
  header.e_machine = machine;
  header.e_type = ET_REL;
  CHECK(refusal(content) == "is an object file (.o), not a shared library; link it with -shared");
  header.e_type = ET_DYN;
  header.e_ident[EI_CLASS] = ELFCLASS32;
  CHECK(refusal(content) ==
        "is a 32-bit library and this program is 64-bit; build the plugin on this machine");
}

TEST_CASE("a library cut off anywhere is refused and does not crash the program") {
  const auto content = valid_content();
  for (const std::size_t length : {std::size_t{10}, std::size_t{64}, std::size_t{400},
                                   content.size() / 4, content.size() / 2}) {
    CAPTURE(length);
    CHECK_THAT(refusal(content.substr(0, length)), ContainsSubstring("is cut off"));
  }
}
