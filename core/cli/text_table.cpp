// SPDX-License-Identifier: MIT
#include "cli/text_table.hpp"

#include "base/characters.hpp"

#include <algorithm>

namespace onager::host::cli {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;  // a column is not cut below this
constexpr const char* cut = "…";

/// A cell of this width, filled with spaces or cut.
std::string fitted(const std::string& cell, std::size_t width) {
  const auto all = characters(cell);
  if (all.size() <= width) return cell + std::string(width - all.size(), ' ');
  std::string out;
  for (std::size_t i = 0; i + 1 < width; ++i) out += all[i];
  return out + cut;
}

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t most) {
  std::vector<std::size_t> width;
  for (const auto& row : rows) {
    width.resize(std::max(width.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      width[i] = std::max(width[i], characters(row[i]).size());
  }
  const auto total = [&] {
    std::size_t sum = width.empty() ? 0 : (width.size() - 1) * gap;
    for (const auto w : width) sum += w;
    return sum;
  };
  while (total() > most) {
    auto& widest = *std::max_element(width.begin(), width.end());
    if (widest <= narrowest) break;
    --widest;
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += fitted(row[i], width[i]) + std::string(gap, ' ');
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

}  // namespace onager::host::cli
