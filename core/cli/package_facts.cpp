// SPDX-License-Identifier: MIT
#include "cli/package_facts.hpp"

#include "base/characters.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace onager::host::cli {

std::string printable_lines(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);)
    out += (out.empty() ? "" : "\n") + printable(line);
  return out;
}

std::string facts_text(const Manifest& manifest, const SignedBy& by, const std::string& sha256) {
  std::string out = fmt::format("{}\n", manifest.name());
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {:<8} {}\n", name, printable(value));
  };
  fact("vendor", manifest.vendor);
  fact("licence", manifest.licence.empty() ? "none" : manifest.licence);
  fact("url", manifest.url);
  fact("ABI", manifest.abi);
  for (const auto& one : manifest.components)
    fact(one.kind.c_str(), fmt::format("{}   {}", one.id, one.summary));
  fact("SHA-256", sha256);
  return out + by.words + "\n";
}

Json facts_json(const Manifest& manifest, const SignedBy& by, const std::string& sha256) {
  Json out = Json::parse(to_json(manifest));
  out["sha256"] = sha256;
  out["signature"] = by.trust == Trust::unsigned_package ? "none"
                     : by.trust == Trust::unknown_key    ? "unknown key"
                                                         : "known key";
  if (!by.key_id.empty()) out["key_id"] = by.key_id;
  if (by.trust == Trust::known_key) {
    out["signed_by"] = by.key.name;
    out["key"] = by.key.key.text();
  }
  return out;
}

}  // namespace onager::host::cli
