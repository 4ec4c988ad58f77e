// SPDX-License-Identifier: MIT
#include "config/tree_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace onager::host {

namespace {

std::string key_text(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  return bare ? key : toml_string(key);
}

/// A list of tables only, which [[key]] can write.
bool is_table_list(const Node& node) {
  return node.kind == NodeKind::array && !node.children.empty() &&
         std::all_of(node.children.begin(), node.children.end(),
                     [](const Node& child) { return child.kind == NodeKind::table; });
}

class TreeWriter {
 public:
  std::vector<TomlLine> write(const Node& root) {
    for (const auto& child : root.children)
      if (child.kind != NodeKind::table && !is_table_list(child)) value(child, "");
    for (const auto& child : root.children) {
      const std::string key = key_text(child.key);
      if (child.kind == NodeKind::table) {
        table("[" + key + "]", child, child.key);
      } else if (is_table_list(child)) {
        for (std::size_t i = 0; i < child.children.size(); ++i)
          table("[[" + key + "]]", child.children[i], fmt::format("{}[{}]", child.key, i));
      }
    }
    return std::move(lines_);
  }

 private:
  void table(const std::string& header, const Node& node, const std::string& path) {
    if (!lines_.empty()) lines_.push_back({"", ""});
    lines_.push_back({header, ""});
    for (const auto& child : node.children) value(child, path);
  }

  void value(const Node& node, const std::string& before) {
    lines_.push_back({key_text(node.key) + " = " + toml_text(node),
                      before.empty() ? node.key : before + "." + node.key});
  }

  std::vector<TomlLine> lines_;
};

}  // namespace

std::vector<TomlLine> lines_of(const Node& root) { return TreeWriter().write(root); }

std::string toml_text(const Node& value) {
  std::string out;
  switch (value.kind) {
    case NodeKind::string: return toml_string(value.text);
    case NodeKind::boolean: return value.boolean ? "true" : "false";
    case NodeKind::integer: return std::to_string(value.integer);
    case NodeKind::real: return toml_float(value.real);
    case NodeKind::datetime:
      return toml_string("a date or time");  // no key of a pipeline takes one
    case NodeKind::array:
      for (const auto& child : value.children) out += (out.empty() ? "" : ", ") + toml_text(child);
      return "[" + out + "]";
    case NodeKind::table:
      for (const auto& child : value.children)
        out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", key_text(child.key),
                           toml_text(child));
      return out.empty() ? "{}" : "{ " + out + " }";
  }
  return "";
}

std::string joined_lines(const std::vector<TomlLine>& lines) {
  std::string out;
  for (const auto& line : lines) out += line.text + "\n";
  return out;
}

}  // namespace onager::host
