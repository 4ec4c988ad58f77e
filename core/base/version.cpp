// SPDX-License-Identifier: MIT
#include "base/version.hpp"

#include <algorithm>

namespace onager::host {

namespace {

bool is_number(std::string_view part) {
  return !part.empty() &&
         std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_zeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

/// -1, 0 or 1
template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int compare_part(std::string_view a, std::string_view b) {
  if (!is_number(a) || !is_number(b)) {
    if (is_number(a) != is_number(b)) return is_number(a) ? -1 : 1;
    return order(a, b);
  }
  a = without_zeros(a);
  b = without_zeros(b);
  return a.size() == b.size() ? order(a, b) : order(a.size(), b.size());
}

/// Cuts the next part off a dotted text.
std::string_view next_part(std::string_view& text) {
  const std::size_t end = std::min(text.find('.'), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

int compare_parts(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty())
    if (const int found = compare_part(next_part(a), next_part(b))) return found;
  return order(!a.empty(), !b.empty());
}

}  // namespace

bool is_older(std::string_view a, std::string_view b) {
  a = a.substr(0, a.find('+'));
  b = b.substr(0, b.find('+'));
  const auto core = [](std::string_view v) { return v.substr(0, v.find('-')); };
  const auto preview = [](std::string_view v) {
    const auto at = v.find('-');
    return at == std::string_view::npos ? std::string_view() : v.substr(at + 1);
  };
  if (const int found = compare_parts(core(a), core(b))) return found < 0;
  if (preview(a).empty() || preview(b).empty()) return !preview(a).empty() && preview(b).empty();
  return compare_parts(preview(a), preview(b)) < 0;
}

}  // namespace onager::host
