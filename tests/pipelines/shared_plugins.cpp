// SPDX-License-Identifier: MIT
//
// A plugin on its way from one lab to another: packed, signed, installed by version, locked, run.
#include "../catch.hpp"
#include "../package_support.hpp"
#include "../run_results.hpp"

#include <nlohmann/json.hpp>

using namespace onager;
using test::Finished;
using test::Scratch;
using test::User;
using test::without_seconds;

namespace {

constexpr const char* package_name = "org.example.spoiled-1.0.0.onager.tar.gz";

void require(const Finished& f) {
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
}

}  // namespace

TEST_CASE("a plugin goes from one lab to another and gives the same numbers") {
  const Scratch scratch;
  const User author(scratch, "author"), colleague(scratch, "colleague");
  test::plugin_project(scratch, "plain", "1.0.0");
  scratch.file("plain/.git", "");
  test::fs::create_directories(scratch.path() / "plain/runs/a");
  test::fs::create_directories(scratch.path() / "plain/build");
  scratch.file("plain/build/CMakeCache.txt", "");

  require(author.onager("plugin key new lab"));
  const Finished packed = author.onager("plugin pack plain --sign lab --json");
  require(packed);
  const auto json = nlohmann::json::parse(packed.out);
  const std::string hash = json.at("sha256");
  CHECK(json.at("file") == package_name);
  const auto& manifest = json.at("manifest");
  CHECK(manifest.at("id") == "org.example.spoiled");
  CHECK(manifest.at("abi") == "1.0");
  CHECK(manifest.at("licence") == "MIT");
  CHECK(manifest.at("components").at(0).at("id") == "plain");
  CHECK(manifest.at("binaries").at(0).at("needs").contains("glibc"));
  CHECK(manifest.at("members").size() == 6);
  CHECK(json.at("left_out") == nlohmann::json({".git", "build/", "runs/"}));

  // the same sources and key give the same file, and it is a tar.gz like any other
  require(author.onager("plugin pack plain --sign lab --out again.tar.gz"));
  CHECK(test::read(scratch.path() / "again.tar.gz") == test::read(scratch.path() / package_name));
  const Finished listed =
      test::shell("tar -tzf '" + (scratch.path() / package_name).string() + "'");
  CHECK_THAT(listed.out, ContainsSubstring("manifest.json\nmanifest.json.minisig\nsources/"));

  require(author.onager(std::string("plugin install ") + package_name));
  require(author.onager("run plain/pipelines/plain.toml --out result"));
  const std::string lock = test::read(scratch.path() / "result/lock.toml");
  CHECK_THAT(lock, ContainsSubstring("package = \"" + std::string(package_name) + "\"") &&
                       ContainsSubstring("package_sha256 = \"" + hash + "\""));

  // the colleague has the run folder, and is told what to install
  const Finished lacks = colleague.onager("run result --out mine");
  CHECK(lacks.status == 3);
  CHECK_THAT(lacks.err, ContainsSubstring("result/lock.toml:\n  org.example.spoiled 1.0.0 is not "
                                          "here: onager plugin install " +
                                          std::string(package_name) + " (SHA-256 " + hash + ")"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "mine"));

  const std::string install = std::string("plugin install ") + package_name + " --sha256 " + hash;
  const Finished unknown = colleague.onager(install + " --require-signed");
  CHECK(unknown.status == 3);
  CHECK_THAT(unknown.err, ContainsSubstring("signed by a key that you do not know"));
  CHECK_FALSE(test::fs::exists(colleague.plugins()));
  require(colleague.onager("plugin key trust lab.pub --name example-lab"));
  const Finished installed = colleague.onager(install + " --require-signed");
  require(installed);
  CHECK_THAT(installed.out, ContainsSubstring("signed by example-lab (RW") &&
                                ContainsSubstring("kernel   plain") &&
                                ContainsSubstring(".local/share/onager/plugins/org.example.spoiled/"
                                                  "1.0.0/plain.so"));
  CHECK_THAT(colleague.onager(install).out, ContainsSubstring("is installed already"));

  require(colleague.onager("run result --out mine --locked --require-signed"));
  CHECK(without_seconds(scratch.path() / "mine") == without_seconds(scratch.path() / "result"));
  CHECK_THAT(colleague.onager("plugin verify org.example.spoiled").out,
             ContainsSubstring("signed by example-lab") &&
                 ContainsSubstring("all 6 members are as the manifest says"));

  // as JSON: everything that the text says
  const auto verified = [](const User& user, const std::string& what) {
    const Finished f = user.onager("plugin verify --json " + what);
    require(f);
    return nlohmann::json::parse(f.out);
  };
  const auto known = verified(colleague, "org.example.spoiled");
  CHECK(known.at("id") == "org.example.spoiled");
  CHECK(known.at("licence") == "MIT");
  CHECK(known.at("components").at(0).at("id") == "plain");
  CHECK(known.at("sha256") == hash);
  CHECK(known.at("signature") == "known key");
  CHECK(known.at("signed_by") == "example-lab");
  CHECK(known.at("members_as_manifest") == 6);
  const auto stranger = verified(author, package_name);
  CHECK(stranger.at("signature") == "unknown key");
  CHECK(stranger.at("key_id") == known.at("key_id"));
  CHECK_FALSE(stranger.contains("signed_by"));
  CHECK_THAT(colleague.onager("plugin verify spoiled").err,
             ContainsSubstring("; did you mean 'org.example.spoiled'?"));
}

TEST_CASE("several versions live side by side: the newest is used, a lock chooses its own") {
  const Scratch scratch;
  const User user(scratch, "user");
  for (const char* version : {"1.9.0", "1.10.0"}) {
    const std::string folder = std::string("plain-") + version;
    test::plugin_project(scratch, folder, version);
    require(user.onager("plugin install " + folder));
  }
  const auto version_used = [&] {
    const auto json = nlohmann::json::parse(user.onager("plugin list --json").out);
    for (const auto& plugin : json.at("plugins"))
      if (plugin.at("id") == "org.example.spoiled") return plugin.at("version").get<std::string>();
    return std::string("none");
  };
  CHECK(version_used() == "1.10.0");
  CHECK_THAT(user.onager("plugin list").out, ContainsSubstring("1.9.0"));

  const test::fs::path older = user.plugins() / "org.example.spoiled/1.9.0";
  require(user.onager("--plugin-path " + older.string() +
                      " run plain-1.9.0/pipelines/plain.toml --out old"));
  CHECK_THAT(test::read(scratch.path() / "old/lock.toml"), ContainsSubstring("1.9.0"));
  require(user.onager("run old --out again"));
  CHECK_THAT(test::read(scratch.path() / "again/lock.toml"), ContainsSubstring("\"1.9.0\""));
  require(user.onager("run plain-1.9.0/pipelines/plain.toml --out new"));
  CHECK_THAT(test::read(scratch.path() / "new/lock.toml"), ContainsSubstring("\"1.10.0\""));

  test::fs::remove_all(older);
  const Finished f = user.onager("run old --out third");
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring("org.example.spoiled 1.9.0 is not here, 1.10.0 is ("));

  // another build of the locked version: a warning, and an error with --locked
  scratch.file(
      "plain-1.9.0/plain.c",
      "#include \"valid.h\"\nSPOILED((plugin.version = \"1.9.0\", plugin.vendor = \"x\"))\n");
  require(user.onager("plugin install plain-1.9.0"));
  const Finished warned = user.onager("run old --out fourth");
  require(warned);
  CHECK_THAT(warned.err, ContainsSubstring("warning: org.example.spoiled: the package ") &&
                             ContainsSubstring("may differ in their last digits"));
  const Finished refused = user.onager("run old --out fifth --locked");
  CHECK(refused.status == 3);
  CHECK_THAT(refused.err, ContainsSubstring("org.example.spoiled: the package ") &&
                              ContainsSubstring(" is locked, the package "));
}
