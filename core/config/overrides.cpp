// SPDX-License-Identifier: MIT
#include "config/overrides.hpp"

#include "base/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace onager::host {

namespace {

/// What is wrong with an override, and at which byte of it.
struct Malformed {
  std::size_t at;
  std::string message;
};

/// A step of a path: into a table by key, or into a list by index.
struct Step {
  std::string name;
  std::size_t at;  // byte in the override
  bool bracketed;  // name[3] rather than name.3
  bool is_number() const {
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
  }
};

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::vector<Step> parse_path(std::string_view text, std::size_t end) {
  std::vector<Step> steps;
  std::size_t at = text.find_first_not_of(" \t");
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  if (at == std::string_view::npos || at >= end) throw Malformed{0, "names no key before the '='"};
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
      throw Malformed{at, "'.', '[' or '=' is expected here"};
    }
  }
  return steps;
}

/// One override on its way into the tree.
class Override {
 public:
  Override(const std::string& text, std::uint32_t number)
      : text_(text), source_(make_source("--set", number, text)) {}

  Place place(std::size_t byte) const {
    const auto before = characters(std::string_view(text_).substr(0, byte)).size();
    return {source_, source_->first_line, static_cast<std::uint32_t>(before + 1)};
  }

  void apply(Node& root) const {
    const std::size_t equals = text_.find('=');
    if (equals == std::string::npos)
      throw Malformed{text_.size(), "has no '='; write it as table.key=value"};
    if (!is_utf8(text_)) throw Malformed{0, "is not UTF-8"};
    const auto steps = parse_path(text_, equals);
    Node* node = &root;
    std::string path;
    for (const auto& step : steps) {
      node = &enter(*node, step, path);
      path += step.is_number() ? "[" + step.name + "]" : (path.empty() ? "" : ".") + step.name;
    }
    replace(*node, equals + 1);
  }

 private:
  Node& enter(Node& node, const Step& step, const std::string& path) const {
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

  static Node& element(Node& node, const Step& step, const std::string& path) {
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

  /// The key keeps its place, so that a key nobody knows is still reported where it was written.
  void replace(Node& node, std::size_t begin) const {
    const std::string right = text_.substr(begin);
    const std::size_t first = right.find_first_not_of(" \t");
    const Place at = place(first == std::string::npos ? begin : begin + first);
    Node value;
    if (auto parsed = parse_value(right, place(begin))) {
      value = std::move(*parsed);
    } else {
      value.kind = NodeKind::string;
      value.place = at;
      value.text = first == std::string::npos ? "" : right.substr(first);
    }
    value.written = first == std::string::npos ? "" : right.substr(first);
    value.key = node.key;
    value.key_place = node.key_place;
    node = std::move(value);
  }

  const std::string& text_;
  std::shared_ptr<const Source> source_;
};

}  // namespace

void apply_overrides(Node& root, const std::vector<std::string>& overrides, Problems& problems) {
  std::uint32_t number = 0;
  for (const auto& text : overrides) {
    const Override one(text, ++number);
    // A path that fails half-way must leave nothing behind that would be reported again.
    Node changed = root;
    try {
      one.apply(changed);
      root = std::move(changed);
    } catch (const Malformed& wrong) {
      problems.add(one.place(wrong.at).where(), wrong.message);
    }
  }
}

}  // namespace onager::host
