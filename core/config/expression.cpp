// SPDX-License-Identifier: MIT
#include "config/expression.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace onager::host {

namespace {

using Values = std::vector<double>;

/// Operators and functions alike.
struct Operation {
  const char* name;
  std::size_t least, most;  // operands
  double (*apply)(const Values&);
};

constexpr std::size_t any_number = 100;

const Operation negation{"-", 1, 1, [](const Values& v) { return -v[0]; }};
const Operation addition{"+", 2, 2, [](const Values& v) { return v[0] + v[1]; }};
const Operation subtraction{"-", 2, 2, [](const Values& v) { return v[0] - v[1]; }};
const Operation multiplication{"*", 2, 2, [](const Values& v) { return v[0] * v[1]; }};
const Operation division{"/", 2, 2, [](const Values& v) { return v[0] / v[1]; }};
const Operation exponentiation{"^", 2, 2, [](const Values& v) { return std::pow(v[0], v[1]); }};

const std::vector<Operation>& functions() {
  static const std::vector<Operation> all{
      {"abs", 1, 1, [](const Values& v) { return std::fabs(v[0]); }},
      {"sqrt", 1, 1, [](const Values& v) { return std::sqrt(v[0]); }},
      {"exp", 1, 1, [](const Values& v) { return std::exp(v[0]); }},
      {"log", 1, 1, [](const Values& v) { return std::log(v[0]); }},
      {"log2", 1, 1, [](const Values& v) { return std::log2(v[0]); }},
      {"log10", 1, 1, [](const Values& v) { return std::log10(v[0]); }},
      {"min", 2, any_number, [](const Values& v) { return *std::min_element(v.begin(), v.end()); }},
      {"max", 2, any_number,
       [](const Values& v) { return *std::max_element(v.begin(), v.end()); }}};
  return all;
}

}  // namespace

struct Expression::Term {
  const Operation* operation = nullptr;  // none: a column, or a number where that is ""
  std::vector<std::shared_ptr<const Term>> operands;
  std::string column;
  double number = 0;
};

namespace {

using Term = Expression::Term;
using Tree = std::shared_ptr<const Term>;

// what recursion stands for sure
constexpr int deepest = 100;           // brackets in brackets
constexpr std::size_t longest = 1000;  // bytes, so operators

Tree applied(const Operation& operation, std::vector<Tree> operands) {
  auto out = std::make_shared<Term>();
  out->operation = &operation;
  out->operands = std::move(operands);
  return out;
}

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, std::vector<std::string>& columns)
      : text_(text), columns_(columns) {}

  Tree parse() {
    if (text_.size() > longest) fail(fmt::format("this has more than {} characters", longest));
    Tree out = sum();
    if (at_ < text_.size()) fail("an operator is expected here: + - * / ^");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Expression::Malformed{at_, message};
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  /// Whether this text comes next; then it is taken.
  bool take(std::string_view sign) {
    skip_spaces();
    if (text_.substr(at_, sign.size()) != sign) return false;
    at_ += sign.size();
    return true;
  }

  Tree sum() {
    if (++depth_ > deepest) fail("this is nested too deeply");
    Tree out = product();
    for (;;) {
      if (take("+")) out = applied(addition, {out, product()});
      else if (take("-")) out = applied(subtraction, {out, product()});
      else break;
    }
    --depth_;
    return out;
  }

  Tree product() {
    Tree out = with_sign();
    for (;;) {
      if (take("*")) out = applied(multiplication, {out, with_sign()});
      else if (take("/")) out = applied(division, {out, with_sign()});
      else return out;
    }
  }

  Tree with_sign() {
    bool negative = false;
    for (;;) {
      if (take("-")) negative = !negative;
      else if (!take("+")) break;
    }
    Tree out = power();
    return negative ? applied(negation, {out}) : out;
  }

  Tree power() {
    Tree out = value();
    if (!take("**") && !take("^")) return out;
    if (++depth_ > deepest) fail("this is nested too deeply");
    out = applied(exponentiation, {out, with_sign()});
    --depth_;
    return out;
  }

  Tree value() {
    if (take("(")) {
      Tree out = sum();
      if (!take(")")) fail("')' is expected here");
      return out;
    }
    if (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '`') return quoted_column();
      if (begins_name(c)) return named();
      if (is_digit(c) || c == '.') return literal();
    }
    fail("a number, a column or '(' is expected here");
  }

  Tree literal() {
    auto out = std::make_shared<Term>();
    const auto result =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), out->number);
    if (result.ec != std::errc()) fail("this number cannot be read");
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    return out;
  }

  Tree column(std::string name) {
    if (std::find(columns_.begin(), columns_.end(), name) == columns_.end())
      columns_.push_back(name);
    auto out = std::make_shared<Term>();
    out->column = std::move(name);
    return out;
  }

  Tree quoted_column() {
    const std::size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos) fail("this backquote is not closed");
    if (end == at_ + 1) fail("a column's name is expected between the backquotes");
    std::string name(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return column(std::move(name));
  }

  Tree named() {
    const std::size_t first = at_;
    while (at_ < text_.size() &&
           (begins_name(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.' || index()))
      ++at_;
    std::string name(text_.substr(first, at_ - first));
    const std::size_t behind = at_;
    if (!take("(")) {
      at_ = behind;
      return column(std::move(name));
    }
    return call(name, first);
  }

  /// Whether an index such as [0] comes next; then all of it but its bracket is taken.
  bool index() {
    if (text_[at_] != '[') return false;
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end == at_ + 1 || end == text_.size() || text_[end] != ']') return false;
    at_ = end;
    return true;
  }

  Tree call(const std::string& name, std::size_t first) {
    const auto function =
        std::find_if(functions().begin(), functions().end(),
                     [&](const Operation& operation) { return name == operation.name; });
    if (function == functions().end()) {
      std::vector<std::string> names;
      for (const auto& one : functions()) names.emplace_back(one.name);
      const std::string meant = did_you_mean(name, names);
      at_ = first;
      fail(fmt::format("there is no function '{}'{}", name,
                       meant.empty() ? "; there are " + joined(names) : meant));
    }
    std::vector<Tree> operands{sum()};
    while (take(",")) operands.push_back(sum());
    if (!take(")")) fail("',' or ')' is expected here");
    if (operands.size() < function->least || operands.size() > function->most) {
      at_ = first;
      fail(fmt::format("{} takes {}, not {}", name,
                       function->least == 1 ? "one value" : "two values or more", operands.size()));
    }
    return applied(*function, std::move(operands));
  }

  const std::string_view text_;
  std::vector<std::string>& columns_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::optional<double> value_of(
    const Term& term,
    const std::function<std::optional<double>(const std::string& column)>& column) {
  if (term.operation == nullptr)
    return term.column.empty() ? std::optional(term.number) : column(term.column);
  Values operands;
  for (const auto& operand : term.operands) {
    const auto one = value_of(*operand, column);
    if (!one) return std::nullopt;
    operands.push_back(*one);
  }
  return term.operation->apply(operands);
}

}  // namespace

Expression Expression::parse(std::string_view text) {
  Expression out;
  out.text_ = std::string(text);
  out.root_ = ExpressionParser(text, out.columns_).parse();
  return out;
}

bool Expression::is_column() const { return root_ && !root_->column.empty(); }

std::optional<double> Expression::value(
    const std::function<std::optional<double>(const std::string& column)>& column) const {
  return root_ ? value_of(*root_, column) : std::nullopt;
}

}  // namespace onager::host
