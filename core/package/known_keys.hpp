// SPDX-License-Identifier: MIT
#pragma once

#include "package/package.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// A key that the user trusts, by the name that the user gave it.
struct KnownKey {
  std::string name;
  PublicKey key;
};

/// $XDG_CONFIG_HOME/onager/keys, else ~/.config/onager/keys; "" when neither is set.
std::filesystem::path known_keys_folder();

/// The keys of a folder's files NAME.pub, by name; none when there is no folder. Throws
/// Error(config) for a file that holds no key.
std::vector<KnownKey> known_keys(const std::filesystem::path& folder = known_keys_folder());

/// Keeps a key under a name of letters, digits and . _ -, and returns its file. Throws
/// Error(config) when the name means another key, or the key has another name.
std::filesystem::path trust_key(const KnownKey& added,
                                const std::filesystem::path& folder = known_keys_folder());

enum class Trust { unsigned_package, unknown_key, known_key };

struct SignedBy {
  Trust trust = Trust::unsigned_package;
  KnownKey key;        // of a known key
  std::string key_id;  // of any key

  /// "signed by ada (RW..)", "signed by a key that you do not know (5C2FDB7E6D6E5E2C)",
  /// "not signed"
  std::string words;
};

/// Who signed a manifest. Throws Error(plugin) that begins with `name` when the signature is one of
/// a known key and does not hold.
SignedBy check_signature(const std::string& manifest_json,
                         const std::optional<Signature>& signature, const std::string& name,
                         const std::vector<KnownKey>& keys);

/// Throws Error(plugin) unless a known key signed it.
void require_known_key(const SignedBy& by, const std::string& name);

}  // namespace onager::host
