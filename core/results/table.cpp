// SPDX-License-Identifier: MIT
#include "results/table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace onager::host {

namespace {

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return out + "\n";
}

/// Takes the cells of the next line off a text; a quoted cell may hold line breaks. False where a
/// quote is not closed.
bool take_line(std::string_view& text, std::vector<std::string>& cells) {
  cells.assign(1, "");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && cells.back().empty()) {
      for (++i;; ++i) {
        if (i >= text.size()) return false;
        if (text[i] != '"') cells.back() += text[i];
        else if (i + 1 < text.size() && text[i + 1] == '"') cells.back() += text[++i];
        else break;
      }
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      text.remove_prefix(i + 1);
      return true;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  text = {};
  return true;
}

}  // namespace

std::size_t Table::find(const std::string& column) const {
  return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) -
                                  columns.begin());
}

Table table_from_csv(const std::string& text, const std::string& file) {
  std::string_view rest = text;
  Table out;
  std::vector<std::string> cells;
  for (int line = 1; !rest.empty(); ++line) {
    if (!take_line(rest, cells))
      throw Error(Category::config, fmt::format("{}: row {}: a quote is not closed", file, line));
    if (line == 1) {
      out.columns = cells;
      continue;
    }
    if (cells.size() != out.columns.size())
      throw Error(Category::config, fmt::format("{}: row {}: {} cells; expected {} as in the first "
                                                "line",
                                                file, line, cells.size(), out.columns.size()));
    out.rows.push_back(cells);
  }
  return out;
}

Table table_of(const Metrics& metrics) {
  Table out;
  out.columns = metrics.columns();
  out.columns.insert(out.columns.begin(), metrics.unit());
  for (const auto round : metrics.rounds()) {
    out.rows.push_back({std::to_string(round)});
    for (const auto& column : metrics.columns())
      out.rows.back().push_back(metrics.has(round, column) ? number(metrics.at(round, column))
                                                           : "");
  }
  return out;
}

std::string to_csv(const Table& table) {
  std::string out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace onager::host
