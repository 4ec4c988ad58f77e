// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/files.hpp"
#include "package/package.hpp"
#include "plugin_support.hpp"

#include <nlohmann/json.hpp>

using namespace plugin_test;
using Json = nlohmann::ordered_json;

namespace {

const Member source{"sources/a.cpp", "int a;\n"};
const Member library{"binaries/x86_64/a.so", "not a library, which a manifest does not mind"};

Manifest manifest() {
  Manifest out;
  out.id = "org.example.a";
  out.version = "1.0.0";
  out.abi = "1.0";
  out.licence = "MIT";
  out.components = {{"kernel", "a", "A kernel", "Someone, 1999"}};
  out.binaries = {{library.path, "x86_64", "2.34", "3.4.29", "1.3.9", {"libm.so.6"}, "GCC"}};
  for (const auto& member : {source, library})
    out.members.push_back({member.path, member.content.size(), sha256(member.content)});
  return out;
}

/// What is said of the manifest's JSON after a change.
template <class Change>
std::string refusal(Change&& change) {
  Json json = Json::parse(to_json(manifest()));
  change(json);
  const std::string message = error_of([&] { manifest_from_json(json.dump(), "p"); });
  const std::string begin = "3: p: its manifest.json ";
  return message.rfind(begin, 0) == 0 ? message.substr(begin.size()) : message;
}

}  // namespace

TEST_CASE("a manifest reads back as it was written") {
  const Manifest again = manifest_from_json(to_json(manifest()), "p");
  CHECK(to_json(again) == to_json(manifest()));
  CHECK(again.components.front().citation == "Someone, 1999");
  CHECK(again.binaries.front().libraries == std::vector<std::string>{"libm.so.6"});
}

TEST_CASE("a manifest that lacks something or has it of the wrong type is refused by name") {
  const Json whole = Json::parse(to_json(manifest()));
  for (const auto& [key, value] : whole.items()) {
    CAPTURE(key);
    CHECK(refusal([&, &key = key](Json& json) { json.erase(key); }) == "has no '" + key + "'");
    CHECK_THAT(refusal([&, &key = key](Json& json) { json[key] = true; }),
               ContainsSubstring("'" + key + "' that is no "));
  }
  CHECK_THAT(error_of([&] { manifest_from_json("{", "p"); }),
             ContainsSubstring("3: p: its manifest.json is not JSON"));
  CHECK(refusal([](Json& json) { json = Json::array(); }) == "has no 'format'");
  CHECK_THAT(refusal([](Json& json) { json["format"] = 2; }),
             ContainsSubstring("has format 2, and this Onager reads format 1"));
}

TEST_CASE("ids, versions, paths and hashes of a manifest that cannot be are refused") {
  for (const char* id : {"plain", "a/b.c", ".a.b", "a..b", "a.b.", "../../x", "a b.c"})
    CHECK_THAT(refusal([&](Json& json) { json["id"] = id; }), ContainsSubstring("has the id"));
  for (const char* version : {"../1", "1/2", ".1", "1 0", "1=0"})
    CHECK_THAT(refusal([&](Json& json) { json["version"] = version; }),
               ContainsSubstring("has the version"));
  CHECK_THAT(refusal([](Json& json) { json["abi"] = "one"; }), ContainsSubstring("has the abi"));
  CHECK_THAT(refusal([](Json& json) { json["members"][0]["path"] = "sources/../../x"; }),
             ContainsSubstring("leads out of the package"));
  CHECK_THAT(refusal([](Json& json) { json["members"][0]["path"] = "elsewhere/x"; }),
             ContainsSubstring("which is neither in sources/ nor in binaries/"));
  CHECK_THAT(refusal([](Json& json) { json["members"][0]["sha256"] = "12"; }),
             ContainsSubstring("has no SHA-256 for"));
  CHECK_THAT(refusal([](Json& json) { json["members"][0]["size"] = -1; }),
             ContainsSubstring("'size' that is no whole number"));
  CHECK(refusal([](Json& json) { json["members"].push_back(json["members"][0]); }) ==
        "lists 'sources/a.cpp' twice");
  for (const char* path : {"sources/a.cpp", "binaries/x86_64/b.so", "binaries/install.json"})
    CHECK_THAT(refusal([&](Json& json) { json["binaries"][0]["path"] = path; }),
               ContainsSubstring("which is no member binaries/MACHINE/FILE.so"));
  CHECK(refusal([](Json& json) { json["binaries"].clear(); }) == "lists no binaries");
  CHECK(refusal([](Json& json) { json["components"].clear(); }) == "lists no components");
}

TEST_CASE("a package whose members are not those of its manifest is refused") {
  const auto refusal_of = [](const std::vector<Member>& members) {
    std::vector<Member> all = {{manifest_path, to_json(manifest())}};
    all.insert(all.end(), members.begin(), members.end());
    return error_of([&] { read_package(write_archive(all), "p"); });
  };
  CHECK(refusal_of({source, library}) == "no error");
  CHECK(refusal_of({library, source}) == "no error");
  CHECK(refusal_of({source}) == "3: p: lacks 'binaries/x86_64/a.so', which its manifest lists");
  CHECK_THAT(refusal_of({source, library, {"sources/more", ""}}),
             ContainsSubstring("holds 'sources/more', which its manifest does not list"));
  CHECK_THAT(refusal_of({{source.path, "int b;\n"}, library}),
             ContainsSubstring("'sources/a.cpp' is not what the manifest says: its SHA-256 is " +
                               sha256("int b;\n")));
  CHECK_THAT(error_of([&] { read_package(write_archive({source}), "p"); }),
             ContainsSubstring("begins with 'sources/a.cpp', where manifest.json was expected"));
}

TEST_CASE("a package reads back as it was written, and equal contents give equal bytes") {
  const SecretKey key = new_secret_key();
  const std::string bytes = write_package(manifest(), {source, library}, key);
  CHECK(write_package(manifest(), {source, library}, key) == bytes);
  const Package package = read_package(bytes, "p");
  CHECK(package.sha256 == sha256(bytes));
  CHECK(package.find(source.path)->content == source.content);
  REQUIRE(package.signature);
  CHECK(package.signature->holds(package.manifest_json, key.public_key));
  CHECK(package.signature->comment == "Onager package org.example.a 1.0.0");
  CHECK_FALSE(read_package(write_package(manifest(), {source, library}, {}), "p").signature);
}
