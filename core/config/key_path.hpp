// SPDX-License-Identifier: MIT
//
// Paths such as "feature_map[0].power" into a pipeline's tables, as --set and [sweep] write them.
#pragma once

#include "config/document.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// What is wrong with a path, and at which byte of it.
struct Malformed {
  std::size_t at;
  std::string message;
};

/// A step of a path: into a table by key, or into a list by index.
struct Step {
  std::string name;
  std::size_t at;  // byte in the text it was read from
  bool bracketed;  // name[3] rather than name.3

  bool is_number() const;
};

/// What a path ends with, for messages: an override's '=', or nothing.
enum class PathEnd { equals_sign, of_text };

/// Throws Malformed.
std::vector<Step> parse_key_path(std::string_view text, PathEnd end);

/// The one spelling of a path: "feature_map[0].power".
std::string canonical(const std::vector<Step>& steps);

/// The value that a path leads to. Tables and values that do not exist are made, with the place of
/// their step as their place. Throws Malformed where the path leads into what is no table or list.
Node& reach(Node& root, const std::vector<Step>& steps,
            const std::function<Place(std::size_t byte)>& place);

/// Puts a value in the place of another, whose key and its place stay: a key that nobody knows is
/// then reported where it was written.
void replace_value(Node& node, Node value);

}  // namespace onager::host
