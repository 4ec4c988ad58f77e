// SPDX-License-Identifier: MIT
#include "base/layout.hpp"

#include "base/characters.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace onager::host {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t readable = 30;  // a column of texts is not cut below this
constexpr std::size_t least = 16;     // but where key columns leave no more than this
constexpr std::size_t paragraph = 6;  // lines this far in go on as they began
constexpr const char* cut = "…";

using Rows = std::vector<std::vector<std::string>>;
using Places = std::vector<std::size_t>;  // of columns

std::size_t width_of(const std::string& text) { return characters(text).size(); }

/// A cell that is cut to a width: a path at its beginning, anything else at its end.
std::string shortened(const std::string& cell, std::size_t width) {
  const auto all = characters(cell);
  if (all.size() <= width) return cell;
  const bool path = cell.front() == '/';
  const std::size_t first = path ? all.size() - width + 1 : 0;
  std::string out = path ? cut : "";
  for (std::size_t i = first; i < first + width - 1; ++i) out += all[i];
  return path ? out : out + cut;
}

class Layout {
 public:
  Layout(const Rows& rows, const TableForm& form) : rows_(rows), form_(form) {
    for (const auto& row : rows) {
      widths_.resize(std::max(widths_.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i)
        widths_[i] = std::max(widths_[i], width_of(row[i]));
    }
  }

  std::string text() {
    Places keys(std::min(form_.keys, widths_.size()));
    std::iota(keys.begin(), keys.end(), std::size_t{0});
    Places rest(widths_.size() - keys.size());
    std::iota(rest.begin(), rest.end(), keys.size());
    Places all = keys;
    all.insert(all.end(), rest.begin(), rest.end());
    if (total(all, widths_) <= form_.most || rest.empty()) return block(all, widths_);

    const std::size_t beside = form_.most > gap + least ? form_.most - gap - least : least;
    narrow(keys, beside, Places(widths_.size(), 4));
    const std::size_t left = form_.most - std::min(form_.most, total(keys, widths_) + gap);
    Places minimum = widths_;
    for (const auto i : rest)
      minimum[i] = std::min(widths_[i], is_text(i) ? std::min(readable, left) : left);
    std::string out;
    for (std::size_t i = 0; i < rest.size();) {
      Places some = keys;
      do some.push_back(rest[i++]);
      while (i < rest.size() && total(with(some, rest[i]), minimum) <= form_.most);
      const Places whole = widths_;
      narrow(some, form_.most, minimum);
      out += (out.empty() ? "" : "\n") + block(some, widths_);
      widths_ = whole;
    }
    return out;
  }

 private:
  bool is_text(std::size_t column) const { return column < form_.left; }

  static Places with(Places some, std::size_t another) {
    some.push_back(another);
    return some;
  }

  static std::size_t total(const Places& some, const Places& widths) {
    std::size_t sum = some.empty() ? 0 : (some.size() - 1) * gap;
    for (const auto i : some) sum += widths[i];
    return sum;
  }

  /// Takes from the widest of some columns until they fit, or are at their minimum.
  void narrow(const Places& some, std::size_t most, const Places& minimum) {
    while (total(some, widths_) > most) {
      std::size_t widest = widths_.size();
      for (const auto i : some)
        if (widths_[i] > minimum[i] && (widest == widths_.size() || widths_[i] > widths_[widest]))
          widest = i;
      if (widest == widths_.size()) return;
      --widths_[widest];
    }
  }

  std::string block(const Places& some, const Places& widths) const {
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (const auto i : some) {
        const std::string cell = i < row.size() ? shortened(row[i], widths[i]) : "";
        const std::string fill(widths[i] - width_of(cell), ' ');
        line += (is_text(i) ? cell + fill : fill + cell) + std::string(gap, ' ');
      }
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
  }

  const Rows& rows_;
  const TableForm form_;
  Places widths_;
};

/// Where a line goes on: below what stands behind its first gap of two spaces.
std::size_t hanging_indent(const std::string& line, std::size_t most) {
  const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t space = line.find("  ", text);
  const std::size_t second =
      space == std::string::npos ? space : line.find_first_not_of(' ', space);
  return second < most / 2 ? second : text < paragraph ? text + 4 : text;
}

std::string wrapped_line(std::string line, std::size_t most) {
  if (width_of(line) <= most) return line;
  const std::string mark = line.front() == '#' ? "#" : "";
  line.erase(0, mark.size());
  const std::size_t room = most - mark.size();
  const std::string indent(hanging_indent(line, room), ' ');
  std::string out, now = line.substr(0, std::min(line.find_first_not_of(' '), line.size()));
  std::size_t at = now.size();
  bool begun = false;
  while (at < line.size()) {
    const std::size_t word = line.find_first_not_of(' ', at);
    if (word == std::string::npos) break;
    const std::size_t end = std::min(line.find(' ', word), line.size());
    const std::string spaces = line.substr(at, word - at), text = line.substr(word, end - word);
    const std::size_t letters = width_of(text);
    if (begun && width_of(now) + spaces.size() + letters > room &&
        indent.size() + letters <= room) {
      out += mark + now + "\n";
      now = indent + text;
    } else {
      now += spaces + text;
    }
    begun = true;
    at = end;
  }
  return out + mark + now;
}

}  // namespace

std::string text_table(const Rows& rows, const TableForm& form) {
  return Layout(rows, form).text();
}

std::string wrapped(const std::string& text, std::size_t most) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) out += wrapped_line(line, most) + "\n";
  if (!text.empty() && text.back() != '\n') out.pop_back();
  return out;
}

}  // namespace onager::host
