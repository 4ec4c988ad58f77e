// SPDX-License-Identifier: MIT
#include "config/key_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace onager::host {

namespace {

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::string extended(const std::string& path, const Step& step) {
  return path + (step.is_number() ? "[" + step.name + "]" : (path.empty() ? "" : ".") + step.name);
}

Node& element(Node& node, const Step& step, const std::string& path) {
  const bool lone_table =
      node.kind == NodeKind::table && (path == "feature_map" || path == "diagnostic");
  if (node.kind != NodeKind::array && !(lone_table && !node.children.empty()))
    throw Malformed{step.at, fmt::format("'{}' is {}, not a list", path, described(node))};
  const std::size_t count = lone_table ? 1 : node.children.size();
  // Longer than any list's index, and than std::stoull reads.
  const std::size_t index = step.name.size() > 9 ? count : std::stoull(step.name);
  if (index >= count)
    throw Malformed{step.at, fmt::format("'{}' has {} element{}, counted from 0", path, count,
                                         count == 1 ? "" : "s")};
  return lone_table ? node : node.children[index];
}

Node& enter(Node& node, const Step& step, const std::string& path,
            const std::function<Place(std::size_t)>& place) {
  if (step.bracketed || (step.is_number() && node.kind == NodeKind::array))
    return element(node, step, path);
  if (node.kind == NodeKind::array)
    throw Malformed{step.at, fmt::format("'{}' is a list; write {}[0].{} for its first element",
                                         path, path, step.name)};
  if (node.kind != NodeKind::table)
    throw Malformed{step.at, fmt::format("'{}' is {}, not a table", path, described(node))};
  if (Node* child = node.find(step.name)) return *child;
  Node made;
  made.key = step.name;
  made.place = made.key_place = place(step.at);
  node.children.push_back(std::move(made));
  return node.children.back();
}

}  // namespace

bool Step::is_number() const {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::vector<Step> parse_key_path(std::string_view text, PathEnd ends_with) {
  const bool equals_sign = ends_with == PathEnd::equals_sign;
  std::vector<Step> steps;
  std::size_t end = text.size(), at = text.find_first_not_of(" \t");
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  if (at == std::string_view::npos || at >= end)
    throw Malformed{0, equals_sign ? "names no key before the '='" : "names no key"};
  const auto key = [&] {
    const std::size_t first = at;
    while (at < end && is_key_character(text[at])) ++at;
    if (at == first) throw Malformed{first, "a key is expected here: letters, digits, _ and -"};
    steps.push_back({std::string(text.substr(first, at - first)), first, false});
  };
  key();
  while (at < end) {
    if (text[at] == '.') {
      ++at;
      key();
    } else if (text[at] == '[') {
      const std::size_t first = ++at;
      while (at < end && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
      if (at == first || at == end || text[at] != ']')
        throw Malformed{first, "an index is expected here, such as [0]"};
      steps.push_back({std::string(text.substr(first, at - first)), first, true});
      ++at;
    } else {
      throw Malformed{
          at, equals_sign ? "'.', '[' or '=' is expected here" : "'.' or '[' is expected here"};
    }
  }
  return steps;
}

std::string canonical(const std::vector<Step>& steps) {
  std::string path;
  for (const auto& step : steps) path = extended(path, step);
  return path;
}

Node& reach(Node& root, const std::vector<Step>& steps,
            const std::function<Place(std::size_t byte)>& place) {
  Node* node = &root;
  std::string path;
  for (const auto& step : steps) {
    node = &enter(*node, step, path, place);
    path = extended(path, step);
  }
  return *node;
}

void replace_value(Node& node, Node value) {
  value.key = node.key;
  value.key_place = node.key_place;
  node = std::move(value);
}

}  // namespace onager::host
