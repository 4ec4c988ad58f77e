// SPDX-License-Identifier: MIT
#include "plugin/project.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

/// What stands for what in the text of a template and in the names of its files.
using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string replaced(std::string text, const Replacements& replacements) {
  for (const auto& [from, to] : replacements)
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
  return text;
}

/// "my_kernel" becomes "MyKernel".
std::string type_name(const std::string& id) {
  std::string out;
  bool first = true;
  for (const char c : id) {
    if (c != '_') out += first && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return out;
}

/// The last name of a path, also of "here/" and ".".
std::string folder_name(const fs::path& folder) {
  auto whole = fs::absolute(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  return whole.filename().string();
}

std::string component_id(const fs::path& folder) {
  const std::string name = folder_name(folder);
  std::string id = name;
  for (char& c : id)
    c = c == '-' || c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  if (!is_identifier(id))
    throw Error(Category::config,
                fmt::format("the folder's name '{}' becomes the component's id, which is letters, "
                            "digits and _ and begins with a letter: choose another folder",
                            name));
  static const std::set<std::string> of_cmake = {"all",     "clean",   "edit_cache",    "help",
                                                 "install", "package", "rebuild_cache", "test"};
  if (of_cmake.count(id) != 0)
    throw Error(
        Category::config,
        fmt::format("'{}' is the name of a target of CMake's own: choose another folder", id));
  return id;
}

void refuse_full_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) &&
      (!fs::is_directory(folder, error) || !fs::is_empty(folder, error)))
    throw Error(Category::config,
                fmt::format("{} is there already and is not an empty folder: name a new one",
                            folder.string()));
}

/// The files of a folder by their path in the project; with those of folders in it, or without.
void collect(const fs::path& from, bool with_folders, std::map<fs::path, fs::path>& files) {
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.is_regular_file()) files[entry.path().filename()] = entry.path();
    else if (with_folders)
      for (const auto& inner : fs::recursive_directory_iterator(entry))
        if (inner.is_regular_file()) files[fs::relative(inner.path(), from)] = inner.path();
  }
}

}  // namespace

const std::vector<std::string>& project_languages() {
  static const std::vector<std::string> languages = {"c", "cpp", "fortran", "rust"};
  return languages;
}

std::vector<fs::path> write_project(const ProjectRequest& request, const fs::path& templates) {
  const std::string id = component_id(request.folder);
  refuse_full_folder(request.folder);
  const fs::path of_kind = templates / "kinds" / request.kind;
  std::map<fs::path, fs::path> code, files;
  try {
    collect(of_kind / request.language, true, code);
    collect(templates / "any", true, files);
    collect(templates / "languages" / request.language, true, files);
    collect(of_kind, false, files);
  } catch (const fs::filesystem_error& error) {
    throw Error(Category::system, fmt::format("the template cannot be read: {}", error.what()));
  }
  files.insert(code.begin(), code.end());
  const Replacements replacements = {
      {"template_name", id},
      {"TemplateName", type_name(id)},
      {"template_kind", replaced(request.kind, {{"_", " "}})},
      {"template_source", replaced(code.begin()->first.string(), {{"template_name", id}})}};
  std::vector<fs::path> written;
  for (const auto& [name, from] : files) {
    const fs::path to = request.folder / replaced(name.string(), replacements);
    make_folder(to.parent_path());
    write_file(to, replaced(read_file(from), replacements));
    written.push_back(to);
  }
  return written;
}

}  // namespace onager::host
