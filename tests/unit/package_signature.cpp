// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "package/signature.hpp"
#include "plugin_support.hpp"
#include "run_program.hpp"

#include <fstream>

using namespace plugin_test;

namespace {

/// From the documentation of minisign.
const char* const minisigns_own = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

}  // namespace

TEST_CASE("a signature holds for its content, comment and key, and for no other") {
  const SecretKey key = new_secret_key(), other = new_secret_key();
  const std::string file = sign("content", key, "of a test");
  const Signature signature = read_signature(file, "it");
  CHECK(signature.comment == "of a test");
  CHECK(signature.holds("content", key.public_key));
  CHECK_FALSE(signature.holds("contents", key.public_key));
  CHECK_FALSE(signature.holds("content", other.public_key));

  PublicKey impostor = other.public_key;
  impostor.id = key.public_key.id;
  CHECK_FALSE(signature.holds("content", impostor));

  Signature renamed = signature;
  renamed.comment = "of another";
  CHECK_FALSE(renamed.holds("content", key.public_key));
}

TEST_CASE("the same content and key give the same signature") {
  const SecretKey key = new_secret_key();
  CHECK(sign("content", key, "c") == sign("content", key, "c"));
}

TEST_CASE("keys read back from their files, and a public one from its text alone") {
  const SecretKey key = new_secret_key();
  const SecretKey again = read_secret_key(secret_key_file(key), "it");
  CHECK(again.key == key.key);
  CHECK(again.public_key == key.public_key);
  CHECK(read_public_key(public_key_file(key.public_key), "it") == key.public_key);
  CHECK(read_public_key(key.public_key.text(), "it") == key.public_key);
  CHECK(read_public_key(minisigns_own, "it").text() == minisigns_own);
}

TEST_CASE("a key or signature that is none is refused by name") {
  const SecretKey key = new_secret_key();
  std::string damaged = secret_key_file(key);
  damaged[damaged.size() - 10] = damaged[damaged.size() - 10] == 'A' ? 'B' : 'A';
  CHECK_THAT(error_of([&] { read_secret_key(damaged, "k"); }),
             ContainsSubstring("2: k: is a damaged secret key"));
  CHECK_THAT(error_of([&] { read_secret_key(public_key_file(key.public_key), "k"); }),
             ContainsSubstring("2: k: is no secret key"));
  for (const char* text : {"", "x", "untrusted comment: x\n", "untrusted comment: x\nRWQ\n"}) {
    CHECK_THAT(error_of([&] { read_public_key(text, "k"); }),
               ContainsSubstring("2: k: is no public key"));
    CHECK_THAT(error_of([&] { read_signature(text, "p"); }),
               ContainsSubstring("3: p: the signature is no signature"));
  }
  std::string of_content = sign("content", key, "c");
  of_content.resize(of_content.find("trusted comment", 20));
  CHECK_THAT(error_of([&] { read_signature(of_content, "p"); }),
             ContainsSubstring("the signature is no signature"));
}

TEST_CASE("minisign verifies our signatures, and we verify its own") {
  if (onager::test::shell("minisign -v").status != 0) {
    WARN("minisign is not installed");
    return;
  }
  const Folder folder;
  const SecretKey key = new_secret_key();
  folder.file("f", "content\n");
  folder.file("f.minisig", sign("content\n", key, "from Onager"));
  folder.file("ours.pub", public_key_file(key.public_key));
  folder.file("ours.key", secret_key_file(key));
  const auto run = [&](const std::string& command) {
    return onager::test::shell("cd '" + folder.path().string() + "' && " + command);
  };
  const auto verified = run("minisign -Vm f -p ours.pub");
  CAPTURE(verified.out, verified.err);
  CHECK(verified.status == 0);
  CHECK_THAT(verified.out, ContainsSubstring("from Onager"));

  folder.file("g", "others\n");
  const auto made =
      run("minisign -S -s ours.key -m g -t theirs && minisign -G -W -p m.pub -s m.key "
          "&& minisign -S -s m.key -m f -x h.minisig -t theirs");
  CAPTURE(made.out, made.err);
  REQUIRE(made.status == 0);
  CHECK(read_signature(onager::test::read(folder.path() / "g.minisig"), "g")
            .holds("others\n", key.public_key));
  const PublicKey theirs = read_public_key(onager::test::read(folder.path() / "m.pub"), "m");
  CHECK(read_signature(onager::test::read(folder.path() / "h.minisig"), "h")
            .holds("content\n", theirs));
  CHECK(read_secret_key(onager::test::read(folder.path() / "m.key"), "m").public_key == theirs);
}
