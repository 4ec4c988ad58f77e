// SPDX-License-Identifier: MIT
#include "results/metrics.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace onager::host {

namespace {

// The sign of a NaN says nothing about a run and differs between machines.
std::string cell(double value) { return std::isnan(value) ? "nan" : number(value); }

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto comma = line.find(',');
    out.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    line.remove_prefix(comma + 1);
  }
}

template <class T>
bool read_whole(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  bool next_line(std::string_view& line) {
    if (rest_.empty()) return false;
    ++line_;
    const auto end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::config, fmt::format("{}:{}: {}", file_, line_, what));
  }

 private:
  std::string_view rest_;
  const std::string& file_;
  int line_ = 0;
};

}  // namespace

void Metrics::set(std::int64_t round, const std::string& column, double value) {
  if (std::find(order_.begin(), order_.end(), column) == order_.end()) order_.push_back(column);
  rows_[round][column] = value;
}

double Metrics::at(std::int64_t round, const std::string& column) const {
  const auto row = rows_.find(round);
  if (row != rows_.end()) {
    const auto found = row->second.find(column);
    if (found != row->second.end()) return found->second;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

bool Metrics::has(std::int64_t round, const std::string& column) const {
  const auto row = rows_.find(round);
  return row != rows_.end() && row->second.count(column) != 0;
}

std::vector<std::string> Metrics::columns() const {
  std::vector<std::string> out = order_;
  std::stable_partition(out.begin(), out.end(),
                        [](const std::string& name) { return name != "seconds"; });
  return out;
}

std::vector<std::int64_t> Metrics::rounds() const {
  std::vector<std::int64_t> out;
  for (const auto& row : rows_) out.push_back(row.first);
  return out;
}

std::string Metrics::to_csv() const {
  const auto names = columns();
  std::string out = unit_;
  for (const auto& name : names) out += "," + name;
  out += '\n';
  for (const auto& [round, values] : rows_) {
    out += std::to_string(round);
    for (const auto& name : names) {
      out += ',';
      const auto found = values.find(name);
      if (found != values.end()) out += cell(found->second);
    }
    out += '\n';
  }
  return out;
}

Metrics Metrics::from_csv(const std::string& text, const std::string& file) {
  CsvReader in(text, file);
  std::string_view line;
  if (!in.next_line(line))
    throw Error(Category::config, fmt::format("{}: the file is empty; expected a first line that "
                                              "begins with 'round' or 'step'",
                                              file));
  Metrics out;
  const auto header = cells_of(line);
  if (header[0] != "round" && header[0] != "step")
    in.fail(fmt::format("the first column is '{}'; expected 'round' or 'step'", header[0]));
  out.unit_ = header[0];
  for (std::size_t i = 1; i < header.size(); ++i) {
    const std::string name(header[i]);
    if (name.empty()) in.fail(fmt::format("column {} has no name", i + 1));
    if (std::find(out.order_.begin(), out.order_.end(), name) != out.order_.end())
      in.fail(fmt::format("column '{}' stands there twice", name));
    out.order_.push_back(name);
  }
  while (in.next_line(line)) {
    if (line.empty()) continue;
    const auto cells = cells_of(line);
    if (cells.size() != header.size())
      in.fail(
          fmt::format("{} cells; expected {} as in the first line", cells.size(), header.size()));
    std::int64_t round = 0;
    if (!read_whole(cells[0], round))
      in.fail(fmt::format("{} '{}' is not a whole number", header[0], cells[0]));
    const auto [row, is_new] = out.rows_.try_emplace(round);
    if (!is_new) in.fail(fmt::format("{} {} stands there twice", header[0], round));
    for (std::size_t i = 1; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      double value = 0;
      if (!read_whole(cells[i], value))
        in.fail(fmt::format("{} = '{}' is not a number", header[i], cells[i]));
      row->second.emplace(header[i], value);
    }
  }
  return out;
}

}  // namespace onager::host
