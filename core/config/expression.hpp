// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// Arithmetic over the columns of a table, such as "2 / lambda_max":
///
///   sum     = product { ("+" | "-") product }
///   product = signed { ("*" | "/") signed }
///   signed  = { "-" | "+" } power
///   power   = value [ ("^" | "**") signed ]
///   value   = number | column | function "(" sum { "," sum } ")" | "(" sum ")"
///
/// A column is letters, digits, '_', '.' and indices such as [0], beginning with a letter or '_';
/// any other name stands in backquotes. Functions: abs, sqrt, exp, log, log2, log10, min, max.
class Expression {
 public:
  struct Malformed {
    std::size_t at;  // byte of the text
    std::string message;
  };
  struct Term;  // a node of its tree

  /// Throws Malformed.
  static Expression parse(std::string_view text);

  const std::string& text() const { return text_; }
  /// Of the columns that it reads, each once, in the order of the text.
  const std::vector<std::string>& columns() const { return columns_; }
  /// Whether it is one column and nothing else.
  bool is_column() const;

  /// Its value where `column` gives those of the columns; nothing where one of them has none.
  std::optional<double> value(
      const std::function<std::optional<double>(const std::string& column)>& column) const;

 private:
  std::string text_;
  std::vector<std::string> columns_;
  std::shared_ptr<const Term> root_;
};

}  // namespace onager::host
