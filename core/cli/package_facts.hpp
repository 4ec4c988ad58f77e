// SPDX-License-Identifier: MIT
#pragma once

#include "package/known_keys.hpp"
#include "package/manifest.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace onager::host::cli {

using Json = nlohmann::ordered_json;

/// What a user should see of a package before it is used. `sha256` is the package's.
std::string facts_text(const Manifest& manifest, const SignedBy& by, const std::string& sha256);
Json facts_json(const Manifest& manifest, const SignedBy& by, const std::string& sha256);

/// A text of several lines for a terminal; see printable().
std::string printable_lines(const std::string& text);

}  // namespace onager::host::cli
