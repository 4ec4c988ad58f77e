// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/command_line.hpp"
#include "cli/package_facts.hpp"
#include "cli/print_json.hpp"
#include "package/install.hpp"
#include "plugin/found_plugins.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;

struct VerifyOptions {
  std::string what;
  bool require_signed = false, json = false;
};

/// The folder of the newest version of a plugin that is installed, or "".
fs::path installed_folder(const std::string& id) {
  const fs::path folder = user_plugin_folder() / id;
  fs::path newest;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.is_directory() &&
        (newest.empty() || is_older(newest.filename().string(), entry.path().filename().string())))
      newest = entry.path();
  return newest;
}

/// What was verified.
struct Verified {
  Manifest manifest;
  std::string manifest_json, sha256;
  std::optional<Signature> signature;
};

Verified of_folder(const fs::path& folder) {
  InstalledVersion version = verify_installed(folder);
  return {std::move(version.manifest), std::move(version.manifest_json),
          version.record.package_sha256, std::move(version.signature)};
}

Verified verified(const std::string& what) {
  if (fs::is_directory(what)) return of_folder(what);
  if (fs::exists(what)) {
    Package package = read_package_file(what);
    return {std::move(package.manifest), std::move(package.manifest_json), package.sha256,
            std::move(package.signature)};
  }
  const fs::path folder = installed_folder(what);
  if (folder.empty()) {
    std::vector<std::string> ids;
    for (const auto& library : installed_libraries(user_plugin_folder())) ids.push_back(library.id);
    throw Error(Category::system,
                fmt::format("{} is no file, and no plugin of that id is installed in {}{}", what,
                            user_plugin_folder().string(), did_you_mean(what, ids)));
  }
  return of_folder(folder);
}

int plugin_verify(const VerifyOptions& options) {
  const Verified found = verified(options.what);
  const SignedBy by =
      check_signature(found.manifest_json, found.signature, options.what, known_keys());
  if (options.require_signed) require_known_key(by, options.what);
  const std::size_t members = found.manifest.members.size();
  if (options.json) {
    Json json = facts_json(found.manifest, by, found.sha256);
    json["members_as_manifest"] = members;
    print_json(json);
    return 0;
  }
  fmt::print("{}all {} members are as the manifest says\n",
             facts_text(found.manifest, by, found.sha256), members);
  return 0;
}

}  // namespace

void add_plugin_verify(CLI::App& plugin, CommandLine& line) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = plugin.add_subcommand(
      "verify", "Compare a package, or an installed plugin, with its manifest and signature");
  verify
      ->add_option("FILE|DIR|ID", options->what,
                   "Package, folder of an installed version, or id of an installed plugin")
      ->required();
  verify->add_flag("--require-signed", options->require_signed,
                   "Fail for what no key you know has signed");
  verify->add_flag("--json", options->json, "Print JSON");
  verify->callback([options, &line] {
    line.needs_plugins = false;
    line.verb = [options](const Registry&) { return plugin_verify(*options); };
  });
}

}  // namespace onager::host::cli
