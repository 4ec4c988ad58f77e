// SPDX-License-Identifier: MIT
#include "package/signed_only.hpp"

#include "base/error.hpp"
#include "package/install.hpp"

#include <fmt/format.h>

namespace onager::host {

decltype(LoadRules::refusal) only_signed(std::vector<KnownKey> keys) {
  return [keys = std::move(keys)](const std::filesystem::path& file,
                                  const std::string& origin) -> std::string {
    if (origin == own_origin) return "";
    try {
      if (!install_record_of(file))
        return "it was not installed from a package, and --require-signed asks for a signed one";
      const InstalledVersion version = verify_installed(file.parent_path());
      const std::string name = version.manifest.name();
      require_known_key(check_signature(version.manifest_json, version.signature, name, keys),
                        name);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
}

}  // namespace onager::host
