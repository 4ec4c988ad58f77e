// SPDX-License-Identifier: MIT
//
// Packages that are damaged, changed or do not fit, as `onager plugin install` meets them.
#include "../catch.hpp"
#include "../package_support.hpp"
#include "base/files.hpp"
#include "package/pack.hpp"
#include "package/package.hpp"

#include <functional>

using namespace onager;
using host::Member;
using host::Package;
using test::Finished;
using test::Scratch;
using test::User;

namespace {

const std::string bad_plugins = std::string(ONAGER_BAD_PLUGIN_DIR) + "/";

/// The package of the plugin in C, with a library of the build, made once.
const std::string& good_package() {
  static const std::string bytes = [] {
    const Scratch scratch;
    host::PackRequest request;
    request.folder = test::plugin_project(scratch, "plain", "1.0.0");
    request.binaries = {bad_plugins + "valid.so"};
    return host::pack(request).bytes;
  }();
  return bytes;
}

/// The same with its members or manifest changed, and consistent again: whoever changes a package
/// can compute hashes.
std::string changed(const std::function<void(Package&)>& change,
                    const std::optional<host::SecretKey>& key = {}) {
  Package package = host::read_package(good_package(), "good");
  change(package);
  for (std::size_t i = 0; i < package.members.size(); ++i) {
    auto& listed = package.manifest.members.at(i);
    const Member& member = package.members[i];
    listed = {member.path, member.content.size(), host::sha256(member.content)};
  }
  return host::write_package(package.manifest, package.members, key);
}

/// With the library of another of the bad plugins, as it says to be for this machine.
std::string with_library(const std::string& name) {
  return changed([&](Package& package) {
    package.members.back().content = test::read(bad_plugins + name + ".so");
  });
}

struct Installation {
  Scratch scratch;
  User user{scratch, "home"};

  Finished operator()(const std::string& package, const std::string& options = "",
                      const std::string& environment = "") const {
    scratch.file("p.onager.tar.gz", package);
    return user.onager("plugin install p.onager.tar.gz " + options, environment);
  }

  /// Nothing is left of an installation that was refused.
  void check_nothing_left() const {
    std::error_code ignored;
    for (const auto& entry : test::fs::directory_iterator(user.plugins(), ignored))
      CHECK(entry.path().string() == "");
  }

  void check_refused(const std::string& package, const std::string& message,
                     const std::string& options = "", const std::string& environment = "") const {
    const Finished f = (*this)(package, options, environment);
    CHECK(f.status == 3);
    CHECK_THAT(f.err, ContainsSubstring("onager: ") && ContainsSubstring(message));
    check_nothing_left();
  }
};

}  // namespace

TEST_CASE("a package that is cut off or has a changed byte is refused") {
  const Installation install;
  const std::string& good = good_package();
  install.check_refused(good.substr(0, good.size() / 2), "p.onager.tar.gz: ");
  install.check_refused(good.substr(0, 10), "is no package, or a damaged or cut off one");
  install.check_refused("", "p.onager.tar.gz: ");
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 0x10);
  install.check_refused(flipped, "p.onager.tar.gz: ");
}

TEST_CASE("a package whose member was exchanged is refused with both hashes") {
  const Installation install;
  Package package = host::read_package(good_package(), "good");
  std::vector<Member> members = {{host::manifest_path, package.manifest_json}};
  for (const auto& member : package.members) members.push_back(member);
  members.back().content += "x";
  install.check_refused(
      host::write_archive(members),
      "'binaries/x86_64/valid.so' is not what the manifest says: its SHA-256 is " +
          host::sha256(members.back().content));
}

TEST_CASE("a package with another hash than was asked for is refused") {
  const Installation install;
  install.check_refused(good_package(),
                        "its SHA-256 is " + host::sha256(good_package()) + ", and 00ff was asked",
                        "--sha256 00ff");
}

TEST_CASE("a package with links or paths that lead out is refused") {
  const Installation install;
  for (const char* command :
       {"mkdir -p sources && ln -s /etc/passwd sources/a && tar -czf a.tar.gz manifest.json "
        "sources/a",
        "mkdir -p sources && touch x && tar -czf a.tar.gz manifest.json -P --transform "
        "'s|^x|sources/../../../x|' x"}) {
    const Scratch scratch;
    scratch.file("manifest.json", host::read_package(good_package(), "good").manifest_json);
    REQUIRE(test::shell("cd '" + scratch.path().string() + "' && " + command).status == 0);
    const Finished f = install(test::read(scratch.path() / "a.tar.gz"));
    CHECK(f.status == 3);
    CHECK_THAT(f.err, ContainsSubstring("is a link") || ContainsSubstring("leads out"));
    install.check_nothing_left();
  }
}

TEST_CASE("a package that unpacks to more than any plugin needs is refused") {
  const Installation install;
  std::vector<Member> members = {
      {host::manifest_path, host::read_package(good_package(), "good").manifest_json},
      {"sources/zeros", std::string(257 << 20, '\0')}};
  install.check_refused(host::write_archive(members), "unpacks to more than 256 MiB");
}

TEST_CASE("a signature of a known key that does not hold is refused, whatever is asked for") {
  const Installation install;
  const host::SecretKey key = host::new_secret_key();
  install.scratch.file("lab.pub", host::public_key_file(key.public_key));
  REQUIRE(install.user.onager("plugin key trust lab.pub").status == 0);
  const Package package = host::read_package(changed([](Package&) {}, key), "signed");

  host::Manifest other = package.manifest;
  other.licence = "none";
  std::vector<Member> members = {{host::manifest_path, host::to_json(other)},
                                 {host::signature_path, package.signature_file}};
  members.insert(members.end(), package.members.begin(), package.members.end());
  install.check_refused(host::write_archive(members), "the signature by lab does not hold");

  members[0].content = package.manifest_json;
  members[1].content = "no signature";
  install.check_refused(host::write_archive(members), "the signature is no signature");
}

TEST_CASE("an unsigned package, or one of an unknown key, is refused where a signed one is asked") {
  const Installation install;
  install.check_refused(good_package(), "not signed, and --require-signed", "--require-signed");
  install.check_refused(changed([](Package&) {}, host::new_secret_key()),
                        "signed by a key that you do not know, and --require-signed",
                        "--require-signed");
  // its own act: the user may install either
  const Finished f = install(changed([](Package&) {}, host::new_secret_key()));
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("signed by a key that you do not know"));
  CHECK(install.user.onager("plugin verify org.example.spoiled").status == 0);
  CHECK(install.user.onager("plugin verify org.example.spoiled --require-signed").status == 3);
  // and a run that insists does not load it
  CHECK(install.user.onager("describe plain").status == 0);
  const auto insists = install.user.onager("--require-signed describe plain");
  CHECK(insists.status == 2);
  CHECK_THAT(insists.err,
             ContainsSubstring("not used: org.example.spoiled 1.0.0: signed by a key"));
}

TEST_CASE("a library for another machine, or a newer system, is built from the sources instead") {
  const Installation install;
  const auto foreign = [](Package& package) { package.manifest.binaries[0].machine = "riscv64"; };
  const Finished f = install(changed(foreign));
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("no packed library is for this machine, ") &&
                        ContainsSubstring("; building it from the packed sources") &&
                        ContainsSubstring("plain.so"));
  const Finished newer = install(with_library("newer_glibc"), "--replace");
  CHECK(newer.status == 0);
  CHECK_THAT(newer.out, ContainsSubstring("cannot be used here: it was built with a newer glibc") &&
                            ContainsSubstring("; building it from the packed sources"));
  CHECK_THAT(install.user.onager("plugin list").out, ContainsSubstring("1.0.0/plain.so"));
}

TEST_CASE("where sources cannot be built either, both reasons are given") {
  const Installation install;
  const std::string library = with_library("newer_glibc");
  test::fs::create_directories(install.scratch.path() / "empty");
  install.check_refused(library, "cmake was not found", "", "PATH=empty");
  install.check_refused(library, "CMake refused its sources", "", "CC=/nowhere/cc");
  install.check_refused(changed([](Package& package) {
                          package.manifest.binaries[0].machine = "riscv64";
                          for (auto& member : package.members)
                            if (member.path == "sources/plain.c") member.content = "int 1;\n";
                        }),
                        "its sources do not build here");
  install.check_refused(changed([](Package& package) {
                          package.manifest.binaries[0].machine = "riscv64";
                          for (auto& member : package.members)
                            if (member.path == "sources/CMakeLists.txt")
                              member.content = "project(nothing LANGUAGES C)\n";
                        }),
                        "no library of the build exports onager_plugin_entry");
}

TEST_CASE("a package whose library is not what the manifest says is refused") {
  const Installation install;
  install.check_refused(
      changed([](Package& package) { package.manifest.version = "2.0.0"; }),
      "the manifest says org.example.spoiled 2.0.0, and its library says that it is "
      "org.example.spoiled 1.0.0");
  install.check_refused(
      changed([](Package& package) { package.manifest.components[0].id = "fast"; }),
      "its library has no kernel 'fast'");
  install.check_refused(changed([](Package& package) { package.manifest.abi = "1.9"; }),
                        "needs plugin ABI 1.9, and this Onager speaks");
  install.check_refused(changed([](Package& package) { package.manifest.abi = "2.0"; }),
                        "install a newer Onager");
}

TEST_CASE("a packed library that crashes or never returns does no harm") {
  const Installation install;
  install.check_refused(
      changed([](Package& package) {
        package.members.back().content = test::read(bad_plugins + "entry_crashes.so");
        package.members.front().content = "";  // CMakeLists.txt
      }),
      "crashed while it was loaded (SIGSEGV, Segmentation fault); tell its author");
}

TEST_CASE("an installed library that was changed is noticed by verify, lock and reinstallation") {
  const Installation install;
  REQUIRE(install(good_package()).status == 0);
  const auto library = install.user.plugins() / "org.example.spoiled/1.0.0/valid.so";
  const std::string before = test::read(library);
  install.scratch.file("changed.so", before + "x");
  test::fs::copy_file(install.scratch.path() / "changed.so", library,
                      test::fs::copy_options::overwrite_existing);
  const Finished verified = install.user.onager("plugin verify org.example.spoiled");
  CHECK(verified.status == 3);
  CHECK_THAT(verified.err, ContainsSubstring("was changed after it was installed"));
  CHECK_THAT(install(good_package()).err, ContainsSubstring("was changed after it was installed"));
  CHECK(install(good_package(), "--replace").status == 0);
  CHECK(test::read(library) == before);
}

TEST_CASE("a version that is installed from another package is kept until it is to be replaced") {
  const Installation install;
  REQUIRE(install(good_package()).status == 0);
  const std::string other =
      changed([](Package& package) { package.members.front().content += "# changed\n"; });
  const Finished f = install(other);
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring("is installed from another package (SHA-256 " +
                                      host::sha256(good_package())));
  CHECK(install(other, "--replace").status == 0);
}

TEST_CASE(
    "an installation that was killed leaves nothing that is used, and the next one cleans up") {
  const Installation install;
  const auto left = install.user.plugins() / ".installing-Xy12ab";
  test::fs::create_directories(left);
  test::fs::copy_file(bad_plugins + "valid.so", left / "valid.so");
  CHECK_THAT(install.user.onager("plugin list").out, !ContainsSubstring("org.example.spoiled"));
  REQUIRE(install(good_package()).status == 0);
  CHECK_FALSE(test::fs::exists(left));
}

TEST_CASE("a folder with a link, a secret key or a name that is not portable is not packed") {
  const Scratch scratch;
  const User user(scratch, "home");
  const auto project = test::plugin_project(scratch, "plain", "1.0.0");
  const auto refused = [&](const std::string& message) {
    const Finished f = user.onager("plugin pack plain --binary " + bad_plugins + "valid.so");
    CHECK(f.status == 2);
    CHECK_THAT(f.err, ContainsSubstring(message));
  };
  test::fs::create_symlink("/etc/passwd", project / "link");
  refused("'link' is a link; a package holds plain files");
  test::fs::remove(project / "link");
  REQUIRE(user.onager("plugin key new plain/lab").status == 0);
  refused("'lab' is a secret key; keep it elsewhere");
  test::fs::remove(project / "lab");
  scratch.file("plain/a file.c", "");
  refused("'a file.c' has a character other than letters, digits and . _ - + = /; rename it");
}

TEST_CASE("binaries that are no plugin, or not the same plugin, are not packed") {
  const Scratch scratch;
  const User user(scratch, "home");
  test::plugin_project(scratch, "plain", "1.0.0");
  const auto refused = [&](const std::string& binaries, const std::string& message) {
    const Finished f = user.onager("plugin pack plain" + binaries);
    CHECK(f.status != 0);
    CHECK_THAT(f.err, ContainsSubstring(message));
  };
  const auto binary = [](const std::string& name) {
    return " --binary " + bad_plugins + name + ".so";
  };
  refused(binary("no_entry"), "exports no onager_plugin_entry");
  refused(binary("entry_null"), "returned NULL");
  refused(binary("valid") + binary("same_component_id"), "a package is of one plugin");
  refused(binary("valid") + binary("valid"), "there is another binary");
  refused(" --binary plain/plain.c", "is no shared library");
}

TEST_CASE("a key is not written over, and a name means one key") {
  const Scratch scratch;
  const User user(scratch, "home");
  REQUIRE(user.onager("plugin key new a").status == 0);
  REQUIRE(user.onager("plugin key new b").status == 0);
  CHECK(test::fs::status(scratch.path() / "a").permissions() == test::fs::perms(0600));
  CHECK_THAT(user.onager("plugin key new a").err, ContainsSubstring("keys are not written over"));
  REQUIRE(user.onager("plugin key trust a.pub").status == 0);
  CHECK(user.onager("plugin key trust a.pub").status == 0);
  CHECK_THAT(user.onager("plugin key trust b.pub --name a").err, ContainsSubstring("another key"));
  CHECK_THAT(user.onager("plugin key trust a.pub --name c").err,
             ContainsSubstring("you know this key as a already"));
  CHECK_THAT(user.onager("plugin key trust b.pub --name ../c").err,
             ContainsSubstring("has a character other than"));
  CHECK_THAT(user.onager("plugin key trust a").err, ContainsSubstring("is no public key"));
  CHECK_THAT(user.onager("plugin key list --json").out, ContainsSubstring("\"name\": \"a\""));
}
