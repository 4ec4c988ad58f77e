// SPDX-License-Identifier: MIT
#include "results/table.hpp"

#include "base/text.hpp"

#include <algorithm>

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

}  // namespace

std::size_t Table::find(const std::string& column) const {
  return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) -
                                  columns.begin());
}

Table table_of(const Metrics& metrics) {
  Table out;
  out.columns = metrics.columns();
  out.columns.insert(out.columns.begin(), metrics.unit());
  for (const auto round : metrics.rounds()) {
    out.rows.push_back({std::to_string(round)});
    for (const auto& column : metrics.columns())
      out.rows.back().push_back(number(metrics.at(round, column)));
  }
  return out;
}

std::string to_csv(const Table& table) {
  std::string out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace onager::host
