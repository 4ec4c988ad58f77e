// SPDX-License-Identifier: MIT
#include "config/problems.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace onager::host {

void Problems::add(const Where& where, const std::string& message) {
  const bool known = std::any_of(list_.begin(), list_.end(), [&](const Problem& p) {
    return p.where.file == where.file && p.where.line == where.line &&
           p.where.column == where.column && p.message == message;
  });
  if (!known) list_.push_back({where, message});
}

void Problems::throw_if_any(const std::string& file) const {
  if (list_.empty()) return;
  std::vector<Problem> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    const auto order = [](const Where& w) {
      return std::make_tuple(is_override(w), w.line, w.column);
    };
    return order(a.where) < order(b.where);
  });
  std::string text;
  for (const auto& p : sorted) text += (text.empty() ? "" : "\n") + located(p.where, p.message);
  if (sorted.size() > 1) text += fmt::format("\n{} errors in {}", sorted.size(), file);
  throw Error(Category::config, text);
}

}  // namespace onager::host
