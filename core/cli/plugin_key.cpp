// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/layout.hpp"
#include "cli/command_line.hpp"
#include "cli/print_json.hpp"
#include "cli/terminal.hpp"
#include "package/known_keys.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

namespace onager::host::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

int key_new(const std::string& file) {
  const std::string public_file = file + ".pub";
  for (const auto& path : {file, public_file})
    if (fs::exists(path))
      throw Error(Category::config, fmt::format("{} exists; keys are not written over", path));
  const SecretKey key = new_secret_key();
  const mode_t before = ::umask(0077);  // the secret key is for its owner only
  write_file(file, secret_key_file(key));
  ::umask(before);
  write_file(public_file, public_key_file(key.public_key));
  fmt::print(
      "secret key  {} (keep it to yourself: it is not protected by a password)\n"
      "public key  {} (give it to those who use your plugins)\n{}\n",
      file, public_file, key.public_key.text());
  return 0;
}

int key_trust(const std::string& key, std::string name) {
  const bool is_file = fs::exists(key);
  if (name.empty() && is_file) name = fs::path(key).stem().string();
  if (name.empty()) throw Error(Category::config, "say whose key it is with --name NAME");
  const PublicKey added = read_public_key(is_file ? read_file(key) : key, key);
  const fs::path kept = trust_key({name, added});
  fmt::print("packages signed with {} are now known as {}'s\nkept in {}\n", added.text(), name,
             kept.string());
  return 0;
}

int key_list(bool json) {
  const auto keys = known_keys();
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {{"NAME", "KEY"}};
  for (const auto& key : keys) {
    list.push_back({{"name", key.name}, {"key", key.key.text()}});
    rows.push_back({key.name, key.key.text()});
  }
  if (json) print_json({{"keys", list}});
  else if (keys.empty())
    fmt::print("no keys are known; they are kept in {}\n", known_keys_folder().string());
  else fmt::print("{}", text_table(rows, {1, 2, columns(stdout)}));
  return 0;
}

}  // namespace

void add_plugin_key(CLI::App& plugin, CommandLine& line) {
  CLI::App* key = plugin.add_subcommand("key", "Keys that packages are signed with");
  key->require_subcommand(1);

  auto file = std::make_shared<std::string>();
  CLI::App* made = key->add_subcommand("new", "Make a key: FILE is secret, FILE.pub is public");
  made->add_option("FILE", *file, "File to write")->required();
  made->callback([file, &line] {
    line.needs_plugins = false;
    line.verb = [file](const Registry&) { return key_new(*file); };
  });

  auto trusted = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* trust = key->add_subcommand("trust", "Make someone's public key known");
  trust->add_option("KEY", trusted->first, "File NAME.pub, or the key itself")->required();
  trust->add_option("--name", trusted->second, "Whose it is; default the file's name");
  trust->callback([trusted, &line] {
    line.needs_plugins = false;
    line.verb = [trusted](const Registry&) { return key_trust(trusted->first, trusted->second); };
  });

  auto json = std::make_shared<bool>(false);
  CLI::App* list = key->add_subcommand("list", "List the keys you know");
  list->add_flag("--json", *json, "Print JSON");
  list->callback([json, &line] {
    line.needs_plugins = false;
    line.verb = [json](const Registry&) { return key_list(*json); };
  });
}

}  // namespace onager::host::cli
