// SPDX-License-Identifier: MIT
#include "package/known_keys.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

constexpr const char* extension = ".pub";

}  // namespace

fs::path known_keys_folder() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config && *config == '/') return fs::path(config) / "onager/keys";
  const char* home = std::getenv("HOME");
  return home && *home ? fs::path(home) / ".config/onager/keys" : fs::path();
}

std::vector<KnownKey> known_keys(const fs::path& folder) {
  std::vector<KnownKey> keys;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == extension)
      keys.push_back({at->path().stem().string(),
                      read_public_key(read_file(at->path()), at->path().string())});
  std::sort(keys.begin(), keys.end(),
            [](const KnownKey& a, const KnownKey& b) { return a.name < b.name; });
  return keys;
}

fs::path trust_key(const KnownKey& added, const fs::path& folder) {
  const auto fault = version_fault(added.name);  // the same characters do for a file's name
  if (!fault.empty())
    throw Error(Category::config, fmt::format("the name '{}' {}", added.name, fault));
  if (folder.empty())
    throw Error(Category::config, "neither XDG_CONFIG_HOME nor HOME says where keys are kept");
  const fs::path file = folder / (added.name + extension);
  for (const auto& key : known_keys(folder)) {
    if (key.key == added.key && key.name != added.name)
      throw Error(Category::config, fmt::format("you know this key as {} already", key.name));
    if (key.name == added.name && !(key.key == added.key))
      throw Error(Category::config,
                  fmt::format("{} is another key, {}; choose another name or remove that file",
                              file.string(), key.key.text()));
  }
  make_folder(folder);
  write_file(file, public_key_file(added.key));
  return file;
}

SignedBy check_signature(const std::string& manifest_json,
                         const std::optional<Signature>& signature, const std::string& name,
                         const std::vector<KnownKey>& keys) {
  SignedBy out;
  out.words = "not signed";
  if (!signature) return out;
  out.trust = Trust::unknown_key;
  out.key_id = key_id_text(signature->key_id);
  out.words = fmt::format("signed by a key that you do not know ({}), so that this says nothing",
                          out.key_id);
  for (const auto& known : keys) {
    if (known.key.id != signature->key_id) continue;
    if (!signature->holds(manifest_json, known.key))
      throw Error(Category::plugin,
                  fmt::format("{}: the signature by {} does not hold: the package was changed, or "
                              "was not signed by {}",
                              name, known.name, known.name));
    out.trust = Trust::known_key;
    out.key = known;
    out.words = fmt::format("signed by {} ({})", known.name, known.key.text());
  }
  return out;
}

void require_known_key(const SignedBy& by, const std::string& name) {
  if (by.trust == Trust::known_key) return;
  throw Error(Category::plugin,
              fmt::format("{}: {}, and --require-signed asks for a key that you know; `onager "
                          "plugin key trust` makes a key known",
                          name,
                          by.trust == Trust::unknown_key ? "signed by a key that you do not "
                                                           "know"
                                                         : "not signed"));
}

}  // namespace onager::host
