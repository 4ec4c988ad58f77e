// SPDX-License-Identifier: MIT
#include "config/sweep_values.hpp"

#include "base/text.hpp"
#include "config/tree_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace onager::host {

namespace {

double to_twelve_digits(double value) { return std::stod(fmt::format("{:.11e}", value)); }

bool holds_tables(const Node& value) {
  return value.kind == NodeKind::array &&
         std::any_of(value.children.begin(), value.children.end(), [](const Node& child) {
           return child.kind == NodeKind::table || holds_tables(child);
         });
}

/// TOML without double quotes, where that can be: a table's reader may not know them in a cell.
std::string element_text(const Node& value) {
  if (value.kind == NodeKind::string) {
    const bool literal = std::none_of(value.text.begin(), value.text.end(), [](unsigned char c) {
      return c == '\'' || c < ' ' || c == 0x7f;
    });
    return literal ? "'" + value.text + "'" : toml_string(value.text);
  }
  if (value.kind != NodeKind::array) return toml_text(value);
  std::vector<std::string> elements;
  for (const auto& child : value.children) elements.push_back(element_text(child));
  return "[" + joined(elements, ", ") + "]";
}

void flatten(const Node& value, const std::string& path, std::vector<Cell>& out) {
  if (value.kind == NodeKind::table && !value.children.empty()) {
    for (const auto& child : value.children) flatten(child, path + "." + child.key, out);
  } else if (holds_tables(value)) {
    for (std::size_t i = 0; i < value.children.size(); ++i)
      flatten(value.children[i], fmt::format("{}[{}]", path, i), out);
  } else {
    out.push_back({path, value_text(value)});
  }
}

}  // namespace

std::vector<double> range_values(double from, double to, std::int64_t count, RangeScale scale) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    const double value = scale == RangeScale::logarithmic ? from * std::pow(to / from, share)
                                                          : from + share * (to - from);
    out.push_back(i == 0 ? from : i + 1 == count ? to : to_twelve_digits(value));
  }
  return out;
}

std::string value_text(const Node& value) {
  if (value.kind == NodeKind::string) return value.text;
  return value.kind == NodeKind::real ? number(value.real) : element_text(value);
}

std::vector<Cell> cells_of(const Node& value, const std::string& path) {
  std::vector<Cell> out;
  flatten(value, path, out);
  return out;
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace onager::host
