// SPDX-License-Identifier: MIT
#include "package/install.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/package_facts.hpp"
#include "cli/print_json.hpp"
#include "package/pack.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;

struct InstallOptions {
  std::string from, sha256;
  bool require_signed = false, replace = false, json = false;
};

/// Of a folder of sources: packed, unsigned, as `onager plugin pack` would.
Package package_of(const fs::path& from) {
  if (!fs::is_directory(from)) return read_package_file(from);
  PackRequest request;
  request.folder = from;
  return read_package(pack(request).bytes, from.string());
}

void require_hash(const Package& package, const InstallOptions& options) {
  if (options.sha256.empty() || options.sha256 == package.sha256) return;
  throw Error(Category::plugin,
              fmt::format("{}: its SHA-256 is {}, and {} was asked for; it is another package",
                          options.from, package.sha256, options.sha256));
}

int plugin_install(const InstallOptions& options) {
  const Package package = package_of(options.from);
  require_hash(package, options);
  const SignedBy by =
      check_signature(package.manifest_json, package.signature, options.from, known_keys());
  if (options.require_signed) require_known_key(by, options.from);

  const auto say = [&](const std::string& text) {
    fmt::print(options.json ? stderr : stdout, "{}\n", printable_lines(text));
    std::fflush(stdout);
  };
  if (!options.json) fmt::print("{}", facts_text(package.manifest, by, package.sha256));
  InstallRequest request;
  request.folder = user_plugin_folder();
  request.replace = options.replace ? Replace::yes : Replace::no;
  request.say = say;
  const Installed installed = install_package(package, request);
  if (options.json) {
    Json json = facts_json(package.manifest, by, package.sha256);
    json["library"] = installed.library.string();
    json["built_here"] = installed.record.built_here;
    json["was_there"] = installed.was_there;
    print_json(json);
    return 0;
  }
  fmt::print("{} {}\n", installed.was_there ? "is installed already:" : "installed",
             installed.library.string());
  return 0;
}

}  // namespace

void add_plugin_install(CLI::App& plugin, CommandLine& line) {
  auto options = std::make_shared<InstallOptions>();
  CLI::App* install = plugin.add_subcommand(
      "install", "Verify a package and put its plugin into the user's plugin folder");
  install
      ->add_option("FILE|DIR", options->from,
                   "Package of `onager plugin pack`, or folder of a plugin's sources")
      ->required();
  install->add_option("--sha256", options->sha256, "Refuse a package other than this one")
      ->type_name("HASH");
  install->add_flag("--require-signed", options->require_signed,
                    "Refuse a package that no key you know has signed");
  install->add_flag("--replace", options->replace,
                    "Install in place of what has this version already");
  install->add_flag("--json", options->json, "Print JSON");
  install->callback([options, &line] {
    line.needs_plugins = false;
    line.verb = [options](const Registry&) { return plugin_install(*options); };
  });
}

}  // namespace onager::host::cli
