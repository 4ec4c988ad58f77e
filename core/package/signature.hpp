// SPDX-License-Identifier: MIT
//
// Ed25519 keys and signatures in the files of minisign (Denis,
// https://jedisct1.github.io/minisign), so that a package can be signed and verified without Onager
// too.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace onager::host {

struct PublicKey {
  std::array<unsigned char, 8> id{};    // chosen at random with the key
  std::array<unsigned char, 32> key{};  // Ed25519

  /// "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
  std::string text() const;
};
bool operator==(const PublicKey& a, const PublicKey& b);

/// The id of a key as minisign prints it: "5C2FDB7E6D6E5E2C".
std::string key_id_text(const std::array<unsigned char, 8>& id);

struct SecretKey {
  PublicKey public_key;
  std::array<unsigned char, 64> key{};  // Ed25519 seed and public key
};

SecretKey new_secret_key();

/// The files of a key pair.
std::string public_key_file(const PublicKey& key);
std::string secret_key_file(const SecretKey& key);

/// A public key from its file or from its text alone. `name` is what messages call it. Throws
/// Error(config).
PublicKey read_public_key(std::string_view text, const std::string& name);

/// A secret key from its file. Throws Error(config), also when it is protected by a password.
SecretKey read_secret_key(std::string_view text, const std::string& name);

/// The content of FILE.minisig for a file of this content: a signature of its BLAKE2b-512 hash, and
/// one of that signature with the comment. The same arguments give the same bytes.
std::string sign(std::string_view content, const SecretKey& key, const std::string& comment);

/// A signature as it was read; whether it holds is another question.
struct Signature {
  std::array<unsigned char, 8> key_id{};
  std::array<unsigned char, 64> of_content{};
  std::string comment;
  std::array<unsigned char, 64> of_comment{};

  /// Whether this key made it for this content and comment.
  bool holds(std::string_view content, const PublicKey& key) const;
};

/// Throws Error(plugin) that begins with `name` when the text is no such file.
Signature read_signature(std::string_view text, const std::string& name);

}  // namespace onager::host
