// SPDX-License-Identifier: MIT
//
// From CSV records to numbers: the header, the target column, cells that are not numbers.
#pragma once

#include "csv_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace onager::plugins {

enum class CsvHeader { automatic, present, absent };

struct CsvFormat {
  char separator = ',';
  CsvHeader header = CsvHeader::automatic;
  std::string target;  // a name, a number from 1, a number from -1 backwards; "" for the last
};

/// Features row after row, and targets as written. Files are appended to it.
struct CsvTable {
  std::vector<std::string> names;  // of all columns; empty without a header
  std::size_t columns = 0;         // of the files: features and the target
  std::size_t target = 0;
  std::vector<double> features;
  std::vector<std::string> targets;
};

inline std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The number that a cell holds, possibly not finite; nothing where it holds none.
inline std::optional<double> cell_number(const std::string& cell) {
  std::string text = trimmed(cell);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.erase(0, 1);
  double value = 0;
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (stop != text.data() + text.size() || text.empty()) return std::nullopt;
  if (failed == std::errc::result_out_of_range) return HUGE_VAL;
  if (failed != std::errc()) return std::nullopt;
  return value;
}

/// Cells that stand for a value nobody has.
inline bool cell_missing(const std::string& cell) {
  std::string text = trimmed(cell);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text.empty() || text == "na" || text == "n/a" || text == "nan" || text == "null" ||
         text == "none" || text == "?";
}

namespace csv_detail {

class Appender {
 public:
  Appender(std::istream& in, const std::string& file, const CsvFormat& format, CsvTable& table)
      : file_(file), format_(format), table_(table), reader_(in, file, format.separator) {}

  void run() {
    std::vector<std::string> cells;
    if (!reader_.next(cells)) throw Error(ONAGER_IO, file_ + ": the file is empty");
    const bool first_file = table_.columns == 0;
    if (first_file) begin(cells);
    require_width(cells);
    const std::size_t before = table_.targets.size();
    if (is_header(cells)) header(cells, first_file);
    else row(cells);
    while (reader_.next(cells)) {
      require_width(cells);
      row(cells);
    }
    if (table_.targets.size() == before)
      throw Error(ONAGER_IO, file_ + ": the file has a header and no sample");
  }

 private:
  void begin(const std::vector<std::string>& cells) {
    table_.columns = cells.size();
    table_.target = target_column(cells);
    if (cells.size() < 2)
      reader_.refuse(
          "the file has one column; features and a target were expected (is the "
          "separator '" +
          std::string(1, format_.separator) + "'?)");
  }

  std::size_t target_column(const std::vector<std::string>& cells) const {
    const std::string& wanted = format_.target;
    if (wanted.empty()) return cells.size() - 1;
    for (std::size_t k = 0; format_.header != CsvHeader::absent && k < cells.size(); ++k)
      if (trimmed(cells[k]) == wanted && !cell_number(wanted)) return k;
    std::int64_t number = 0;
    const auto stop = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const auto count = static_cast<std::int64_t>(cells.size());
    if (stop.ptr != wanted.data() + wanted.size()) {
      std::string names;
      for (std::size_t k = 0; k < std::min<std::size_t>(cells.size(), 20); ++k)
        names += (names.empty() ? "" : ", ") + trimmed(cells[k]);
      reader_.refuse("no column is named '" + wanted + "'; the first line has " + names +
                     (cells.size() > 20 ? ", .." : ""));
    }
    if (number == 0 || number > count || number < -count)
      reader_.refuse("target = " + wanted + " is not a column: they are numbered 1 to " +
                     std::to_string(count) + ", or -1 to -" + std::to_string(count) +
                     " from the last");
    return static_cast<std::size_t>(number > 0 ? number - 1 : count + number);
  }

  bool is_header(const std::vector<std::string>& cells) const {
    if (format_.header != CsvHeader::automatic) return format_.header == CsvHeader::present;
    if (!format_.target.empty() && trimmed(cells[table_.target]) == format_.target &&
        !cell_number(format_.target))
      return true;
    // text in the target column may be a class, anywhere else it can only be a name
    for (std::size_t k = 0; k < cells.size(); ++k)
      if (k != table_.target && !cell_number(cells[k]) && !cell_missing(cells[k])) return true;
    return false;
  }

  void header(const std::vector<std::string>& cells, bool first_file) {
    std::vector<std::string> names;
    for (const auto& cell : cells) names.push_back(trimmed(cell));
    if (first_file) {
      table_.names = names;
      return;
    }
    for (std::size_t k = 0; k < table_.names.size(); ++k)
      if (names[k] != table_.names[k])
        reader_.refuse("column " + std::to_string(k + 1) + " is named '" + names[k] +
                       "', in the training file '" + table_.names[k] + "'");
  }

  void require_width(const std::vector<std::string>& cells) const {
    if (cells.size() != table_.columns)
      reader_.refuse("this record has " + std::to_string(cells.size()) + " cells where " +
                     std::to_string(table_.columns) + " were expected, as in the first record");
  }

  void row(const std::vector<std::string>& cells) {
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (cell_missing(cells[k]))
        refuse_cell(k, trimmed(cells[k]).empty() ? "is empty" : "is '" + trimmed(cells[k]) + "'",
                    "a missing value; fill it in or leave the record out");
      const auto number = cell_number(cells[k]);
      if (number && !std::isfinite(*number))
        refuse_cell(k, "is '" + trimmed(cells[k]) + "'", "not a finite float64 number");
      if (k == table_.target) {
        table_.targets.push_back(trimmed(cells[k]));
      } else {
        if (!number)
          refuse_cell(k, "is '" + trimmed(cells[k]) + "'",
                      table_.targets.empty() && format_.header == CsvHeader::absent
                          ? "not a number; a first line of names needs header = \"yes\""
                          : "not a number; features are numbers");
        table_.features.push_back(*number);
      }
    }
  }

  [[noreturn]] void refuse_cell(std::size_t k, const std::string& what,
                                const std::string& why) const {
    const std::string name = table_.names.empty() ? "" : " ('" + table_.names[k] + "')";
    reader_.refuse("column " + std::to_string(k + 1) + name + " " + what + ": " + why);
  }

  std::string file_;
  const CsvFormat& format_;
  CsvTable& table_;
  CsvReader reader_;
};

}  // namespace csv_detail

/// Reads a file to its end and appends its samples. The first file decides the number of columns
/// and the target; a second one must agree. Throws Error(ONAGER_IO) naming file, line and column.
inline void append_csv(std::istream& in, const std::string& file, const CsvFormat& format,
                       CsvTable& table) {
  csv_detail::Appender(in, file, format, table).run();
}

}  // namespace onager::plugins
