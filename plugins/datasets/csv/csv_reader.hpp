// SPDX-License-Identifier: MIT
//
// Records of a CSV text, one after the other (RFC 4180): quoted cells, "" for a quote in them, line
// ends LF or CRLF, a byte order mark at the start. Blank lines are passed over.
#pragma once

#include <onager/array.hpp>

#include <cstdint>
#include <istream>
#include <string>
#include <utility>
#include <vector>

namespace onager::plugins {

class CsvReader {
 public:
  CsvReader(std::istream& in, std::string file, char separator)
      : in_(*in.rdbuf()), file_(std::move(file)), separator_(separator) {
    constexpr int mark[] = {0xEF, 0xBB, 0xBF};
    if (in_.sgetc() != mark[0]) return;
    for (const int byte : mark)
      if (in_.sbumpc() != byte) refuse("begins with half a byte order mark; it is not UTF-8");
  }

  /// The cells of the next record; false at the end of the text.
  bool next(std::vector<std::string>& cells) {
    while (in_.sgetc() != end) {
      record_line_ = line_;
      cells.clear();
      do cells.push_back(cell());
      while (take(separator_));
      end_line();
      if (cells.size() > 1 || !cells[0].empty()) return true;
    }
    return false;
  }

  /// The line the last record began at, from 1.
  std::int64_t line() const { return record_line_; }

  /// Throws Error(ONAGER_IO) at the last record.
  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error(ONAGER_IO, file_ + ":" + std::to_string(record_line_) + ": " + reason);
  }

 private:
  static constexpr int end = std::char_traits<char>::eof();

  std::string cell() {
    std::string text;
    if (take('"')) {
      quoted(text);
      return text;
    }
    for (int c = in_.sgetc(); c != end && c != '\n' && c != separator_; c = in_.snextc()) {
      if (c == '\r' && at_line_end()) break;
      text.push_back(static_cast<char>(c));
    }
    return text;
  }

  void quoted(std::string& text) {
    for (;;) {
      const int c = in_.sbumpc();
      if (c == end) refuse("a quoted cell that begins in this record has no closing quote");
      if (c == '"' && !take('"')) break;
      line_ += c == '\n';
      text.push_back(static_cast<char>(c));
    }
    const int c = in_.sgetc();
    if (c != end && c != '\n' && c != separator_ && !(c == '\r' && at_line_end()))
      refuse("text follows the closing quote of a cell; a quote inside a cell is written twice");
  }

  // With '\r' next: whether a line ends here. The '\r' is taken then.
  bool at_line_end() {
    in_.sbumpc();
    if (in_.sgetc() == '\n' || in_.sgetc() == end) return true;
    in_.sungetc();
    return false;
  }

  void end_line() {
    if (in_.sgetc() != '\n') return;
    in_.sbumpc();
    ++line_;
  }

  bool take(char wanted) {
    if (in_.sgetc() != static_cast<unsigned char>(wanted)) return false;
    in_.sbumpc();
    return true;
  }

  std::streambuf& in_;
  std::string file_;
  char separator_;
  std::int64_t line_ = 1, record_line_ = 1;
};

}  // namespace onager::plugins
