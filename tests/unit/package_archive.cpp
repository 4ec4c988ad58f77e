// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "package/archive.hpp"
#include "plugin_support.hpp"
#include "run_program.hpp"

#include <fstream>

using namespace plugin_test;

namespace {

const std::vector<Member> members = {{"manifest.json", "{}\n"},
                                     {"sources/a.cpp", "int a;\n"},
                                     {"sources/empty", ""},
                                     {"binaries/x86_64/a.so", std::string("\0\1\2", 3)}};

std::string refusal(const std::string& bytes, const ArchiveLimits& limits = {}) {
  return error_of([&] { read_archive(bytes, "p", limits); });
}

/// What is said of an archive that tar makes by a shell command into a.tar.gz.
std::string refusal_of_tar(const std::string& command) {
  const Folder folder;
  const auto made = onager::test::shell("cd '" + folder.path().string() + "' && " + command);
  CAPTURE(command, made.err);
  REQUIRE(made.status == 0);
  return refusal(onager::test::read(folder.path() / "a.tar.gz"));
}

}  // namespace

TEST_CASE("an archive reads back as it was written, and equal members give equal bytes") {
  const std::string bytes = write_archive(members);
  const auto again = read_archive(bytes, "p");
  REQUIRE(again.size() == members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    CHECK(again[i].path == members[i].path);
    CHECK(again[i].content == members[i].content);
  }
  CHECK(write_archive(members) == bytes);
}

TEST_CASE("tar unpacks our archives, without a word") {
  const Folder folder;
  folder.file("a.tar.gz", write_archive(members));
  const auto unpacked =
      onager::test::shell("cd '" + folder.path().string() + "' && tar -xzf a.tar.gz");
  CHECK(unpacked.status == 0);
  CHECK(unpacked.err.empty());
  for (const auto& member : members)
    CHECK(onager::test::read(folder.path() / member.path) == member.content);
}

TEST_CASE("paths that lead out of the package, or mean something else elsewhere, are refused") {
  CHECK(path_fault("sources/a-b_c.d+e=1/f") == "");
  for (const char* path : {"../a", "a/../b", "a/..", ".."})
    CHECK(path_fault(path) == "leads out of the package");
  CHECK(path_fault("/etc/passwd") == "is an absolute path");
  CHECK(path_fault("") == "has an empty path");
  for (const char* path : {"a//b", "a/", "./a", "a/./b"})
    CHECK(path_fault(path) == "has a part that is empty or '.'");
  for (const char* path : {"a b", "a\\b", "a:b", "a\nb", "\xc3\xa4", "a*", "~a"})
    CHECK_THAT(path_fault(path), ContainsSubstring("has a character other than"));
  CHECK_THAT(path_fault(std::string(201, 'a')), ContainsSubstring("is longer than 200"));
}

TEST_CASE("an archive with a path that leads out, a link, a folder or a device is refused") {
  CHECK(refusal_of_tar("touch a && tar -czf a.tar.gz --transform 's|a|../a|' -P a") ==
        "3: p: the member '../a' leads out of the package");
  CHECK(refusal_of_tar("touch a && tar -czf a.tar.gz --transform 's|a|/tmp/a|' -P a") ==
        "3: p: the member '/tmp/a' is an absolute path");
  CHECK(refusal_of_tar("ln -s /etc/passwd a && tar -czf a.tar.gz a") ==
        "3: p: the member 'a' is a link; a package holds plain files");
  CHECK(refusal_of_tar("touch a && ln a b && tar -czf a.tar.gz a b") ==
        "3: p: the member 'b' is a link; a package holds plain files");
  CHECK(refusal_of_tar("mkdir a && tar -czf a.tar.gz a") ==
        "3: p: the member 'a/' has a part that is empty or '.'");
  CHECK(refusal_of_tar("mkfifo a && tar -czf a.tar.gz a") ==
        "3: p: the member 'a' is no plain file");
  CHECK(refusal_of_tar("touch a && tar -cf a.tar a && tar -rf a.tar a && gzip a.tar") ==
        "3: p: holds the member 'a' twice");
  CHECK(refusal_of_tar("tar -czf a.tar.gz -T /dev/null") == "3: p: holds nothing");
}

TEST_CASE("what is no archive, or not all of one, is refused and never read past its end") {
  const std::string bytes = write_archive(members);
  CHECK_THAT(refusal(""), ContainsSubstring("3: p: "));
  CHECK_THAT(refusal("PK\x03\x04 a zip"), ContainsSubstring("3: p: is no package"));
  for (std::size_t length = 1; length < bytes.size() - 8; ++length) {
    CAPTURE(length);
    CHECK_THAT(refusal(bytes.substr(0, length)), ContainsSubstring("3: p: "));
  }
}

TEST_CASE("an archive that unpacks to more than is allowed is refused before it is unpacked") {
  const std::string bomb = write_archive({{"a", std::string(50 << 20, '\0')}});
  CHECK(bomb.size() < 100000);
  ArchiveLimits limits;
  limits.bytes = 1 << 20;
  CHECK(refusal(bomb, limits) == "3: p: unpacks to more than 1 MiB, which no plugin needs");
  // the sum counts, not each member
  const std::string half(600 << 10, 'x');
  CHECK_THAT(refusal(write_archive({{"a", half}, {"b", half}}), limits),
             ContainsSubstring("unpacks to more than"));
  // a sparse file says that it is large and holds nothing
  CHECK_THAT(refusal_of_tar("truncate -s 1T a && tar --sparse -czf a.tar.gz a"),
             ContainsSubstring("unpacks to more than 256 MiB"));
  limits = {};
  limits.members = 3;
  CHECK(refusal(write_archive(members), limits) == "3: p: holds more than 3 members");
}
