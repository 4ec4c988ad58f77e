// SPDX-License-Identifier: MIT
//
// The only file that includes the TOML parser.
#include "config/document.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

namespace onager::host {

namespace {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (;;) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

/// Copies the parser's tree into ours, with places in `source`.
class Converter {
 public:
  /// `origin`: where in `source` the first character of what was parsed stands.
  explicit Converter(Place origin) : origin_(std::move(origin)) {}

  Node convert(const toml::node& from) const {
    Node node;
    node.place = place(from.source());
    switch (from.type()) {
      case toml::node_type::table: convert_table(*from.as_table(), node); break;
      case toml::node_type::array:
        node.kind = NodeKind::array;
        for (const auto& element : *from.as_array()) node.children.push_back(convert(element));
        break;
      case toml::node_type::string:
        node.kind = NodeKind::string;
        node.text = from.as_string()->get();
        break;
      case toml::node_type::integer:
        node.kind = NodeKind::integer;
        node.integer = from.as_integer()->get();
        break;
      case toml::node_type::floating_point:
        node.kind = NodeKind::real;
        node.real = from.as_floating_point()->get();
        break;
      case toml::node_type::boolean:
        node.kind = NodeKind::boolean;
        node.boolean = from.as_boolean()->get();
        break;
      default: node.kind = NodeKind::datetime; break;
    }
    return node;
  }

  Place place(const toml::source_region& region) const {
    Place out = origin_;
    out.line = origin_.line + region.begin.line - 1;
    if (region.begin.line == 1) out.column = origin_.column + region.begin.column - 1;
    else out.column = region.begin.column;
    return out;
  }

 private:
  void convert_table(const toml::table& from, Node& node) const {
    for (const auto& [key, value] : from) {
      node.children.push_back(convert(value));
      node.children.back().key = std::string(key.str());
      node.children.back().key_place = place(key.source());
    }
    // The parser keeps keys in alphabetical order.
    std::stable_sort(node.children.begin(), node.children.end(), [](const Node& a, const Node& b) {
      return std::tie(a.key_place.line, a.key_place.column) <
             std::tie(b.key_place.line, b.key_place.column);
    });
  }

  Place origin_;
};

/// The parser refuses such a file too, but does not say where.
void refuse_other_encodings(const Source& source) {
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const auto all = characters(source.lines[i]);
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (is_utf8(all[j])) continue;
      const Where where{source.file, static_cast<std::uint32_t>(i + 1),
                        static_cast<std::uint32_t>(j + 1), source.lines[i]};
      throw Error(Category::config,
                  located(where,
                          "not valid TOML: this byte is not UTF-8; save the file in that "
                          "encoding"));
    }
  }
}

}  // namespace

std::shared_ptr<const Source> make_source(const std::string& file, std::uint32_t first_line,
                                          std::string_view text) {
  return std::make_shared<Source>(Source{file, first_line, split_lines(text)});
}

Where Place::where() const {
  if (!source) return {};
  Where out{source->file, line, column, ""};
  const std::size_t index = line - source->first_line;
  if (index < source->lines.size()) out.text = source->lines[index];
  return out;
}

const Node* Node::find(std::string_view name) const {
  for (const auto& child : children)
    if (kind == NodeKind::table && child.key == name) return &child;
  return nullptr;
}

Node* Node::find(std::string_view name) {
  return const_cast<Node*>(static_cast<const Node*>(this)->find(name));
}

std::string described(const Node& node) {
  switch (node.kind) {
    case NodeKind::table: return "a table";
    case NodeKind::array: return "a list";
    case NodeKind::boolean: return node.boolean ? "true" : "false";
    case NodeKind::integer: return fmt::format("the integer {}", node.integer);
    case NodeKind::real: return "the number " + toml_float(node.real);
    case NodeKind::string: return "the string " + toml_string(node.text);
    case NodeKind::datetime: return "a date or time";
  }
  return "";
}

Node read_document(const std::filesystem::path& file) {
  const std::string content = read_file(file);
  std::string_view text = content;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == byte_order_mark) text.remove_prefix(3);

  Place start;
  start.source = make_source(file.string(), 1, text);
  start.line = start.column = 1;
  refuse_other_encodings(*start.source);
  const Converter converter(start);
  try {
    return converter.convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    throw Error(Category::config, located(converter.place(error.source()).where(),
                                          fmt::format("not valid TOML: {}", error.description())));
  }
}

std::optional<Node> parse_value(std::string_view text, const Place& place) {
  const std::string document = "v=" + std::string(text);
  Place start = place;
  start.column -= 2;  // of the "v=": unsigned, and right again once the value's column is added
  try {
    const Node root = Converter(start).convert(toml::parse(std::string_view(document)));
    // A line break may have smuggled in a second key, or a table in the key's place.
    if (root.children.size() != 1 || root.children[0].key != "v") return std::nullopt;
    return root.children[0];
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

}  // namespace onager::host
