// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/print_json.hpp"
#include "cli/repeatable.hpp"
#include "cli/terminal.hpp"
#include "package/pack.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct PackOptions {
  std::string folder = ".";
  std::vector<std::string> binaries;
  std::string out, key;
  bool json = false;
};

/// "glibc 2.34, libstdc++ 3.4.29 (GLIBCXX), libm.so.6"
std::string needs_of(const PackedBinary& binary) {
  std::vector<std::string> needs;
  if (!binary.glibc.empty()) needs.push_back("glibc " + binary.glibc);
  if (!binary.libstdcxx.empty()) needs.push_back("GLIBCXX " + binary.libstdcxx);
  for (const auto& library : binary.libraries) needs.push_back(library);
  return needs.empty() ? "nothing" : joined(needs);
}

void print(const Packed& packed, const fs::path& file, const std::string& hash) {
  for (const auto& member : packed.manifest.members)
    fmt::print("  {:<50} {:>9}\n", member.path, bytes(static_cast<double>(member.size)));
  for (const auto& binary : packed.manifest.binaries)
    fmt::print("{} needs {}\n", binary.path, needs_of(binary));
  if (!packed.left_out.empty()) fmt::print("left out  {}\n", joined(packed.left_out));
  fmt::print("packed    {}, {}\nfile      {}\nSHA-256   {}\n", packed.manifest.name(),
             packed.manifest.licence.empty() ? "no licence" : packed.manifest.licence,
             file.string(), hash);
}

int plugin_pack(const PackOptions& options) {
  PackRequest request;
  request.folder = options.folder;
  request.binaries.assign(options.binaries.begin(), options.binaries.end());
  if (!options.key.empty()) request.key = read_secret_key(read_file(options.key), options.key);
  const Packed packed = pack(request);
  const fs::path file =
      options.out.empty() ? fs::path(package_file_name(packed.manifest)) : fs::path(options.out);
  write_file(file, packed.bytes);
  for (const auto& warning : packed.warnings) warn(warning);
  const std::string hash = sha256(packed.bytes);
  if (options.json)
    print_json({{"file", file.string()},
                {"sha256", hash},
                {"manifest", Json::parse(to_json(packed.manifest))},
                {"left_out", packed.left_out}});
  else print(packed, file, hash);
  return 0;
}

}  // namespace

void add_plugin_pack(CLI::App& plugin, CommandLine& line) {
  auto options = std::make_shared<PackOptions>();
  CLI::App* pack = plugin.add_subcommand(
      "pack", "Make one file of a plugin: its sources, libraries and what they are");
  pack->add_option("DIR", options->folder, "Folder of the plugin's sources")->capture_default_str();
  repeatable(pack->add_option(
                 "--binary", options->binaries,
                 "Library to pack, for this machine or another; default one built from DIR by "
                 "CMake; may be repeated"))
      ->type_name("FILE.so");
  pack->add_option("--sign", options->key, "Sign with this secret key of `onager plugin key new`")
      ->type_name("KEY");
  pack->add_option("--out", options->out, "File to write; default ID-VERSION.onager.tar.gz")
      ->type_name("FILE");
  pack->add_flag("--json", options->json, "Print JSON");
  pack->callback([options, &line] {
    line.needs_plugins = false;
    line.verb = [options](const Registry&) { return plugin_pack(*options); };
  });
}

}  // namespace onager::host::cli
