// SPDX-License-Identifier: MIT
#pragma once

#include "base/where.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// A text that values come from: a pipeline file, or one override.
struct Source {
  std::string file;              // as in Where
  std::uint32_t first_line = 1;  // of an override: its place among the overrides
  std::vector<std::string> lines;
};

/// A place in a source; light, because every value has two.
struct Place {
  std::shared_ptr<const Source> source;
  std::uint32_t line = 0, column = 0;  // from 1; columns count characters

  Where where() const;
  bool in_override() const { return source && source->file == "--set"; }
};

/// What a value that a sweep gave its place may do beyond one that the file has there.
enum class Rounding { none, to_integers };
struct Swept {
  Rounding rounding = Rounding::none;  // a parameter that is an integer takes the nearest one
  /// Of a swept `use`: all ids it takes. Keys that the file has for another of them are left out.
  std::vector<std::string> alternatives;
};

enum class NodeKind { table, array, boolean, integer, real, string, datetime };

/// A value of a TOML document with the places of the value and of its key. The tree is our own
/// because the parser's tables lose their places when they are copied or changed, and overrides
/// change them.
struct Node {
  NodeKind kind = NodeKind::table;
  Place place;
  std::string key;  // "" for the root and for elements of arrays
  Place key_place;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;                    // of a string
  std::string written;                 // of an override's value: all that stands right of the '='
  std::shared_ptr<const Swept> swept;  // of a value that a sweep put here
  std::vector<Node> children;          // of a table or array, in the order of the file

  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
};

/// `the string "abc"`, "the integer 3", "a table": for messages.
std::string described(const Node& node);

/// A text as a source, cut into lines.
std::shared_ptr<const Source> make_source(const std::string& file, std::uint32_t first_line,
                                          std::string_view text);

/// Reads a pipeline file. Throws Error(system) when it cannot be read and Error(config) with the
/// place when it is not TOML.
Node read_document(const std::filesystem::path& file);

/// The TOML value that a text is and that begins at `place`; nothing when it is not one.
std::optional<Node> parse_value(std::string_view text, const Place& place);

}  // namespace onager::host
