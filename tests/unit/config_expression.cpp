// SPDX-License-Identifier: MIT
#include "config/expression.hpp"

#include "../catch.hpp"

#include <cmath>
#include <map>
#include <random>
#include <string>

using onager::host::Expression;

namespace {

const std::map<std::string, double> row{{"x", 3},
                                        {"lambda_max", 8},
                                        {"dataset.modulus", 61},
                                        {"feature_map[0].power", 0.5},
                                        {"task-1 error", 7}};

double value_of(const std::string& text) {
  const auto value =
      Expression::parse(text).value([](const std::string& column) -> std::optional<double> {
        const auto found = row.find(column);
        return found == row.end() ? std::nullopt : std::optional(found->second);
      });
  REQUIRE(value);
  return *value;
}

/// "byte: message"
std::string error_of(const std::string& text) {
  try {
    Expression::parse(text);
  } catch (const Expression::Malformed& wrong) {
    return std::to_string(wrong.at) + ": " + wrong.message;
  }
  return "";
}

}  // namespace

TEST_CASE("an expression is arithmetic over columns") {
  CHECK(value_of("2/lambda_max") == 0.25);
  CHECK(value_of("dataset.modulus * feature_map[0].power") == 30.5);
  CHECK(value_of("`task-1 error` - x") == 4);
  CHECK(value_of(" 1.5e2 ") == 150);
  CHECK(value_of("min(x, 2, 5) + max(1, 4)") == 6);
  CHECK(value_of("sqrt(16) + abs(-1) + log2(8) + log10(100) + log(exp(1))") == Approx(11));
}

TEST_CASE("operators bind as in mathematics") {
  CHECK(value_of("1 + 2 * 3 - 4 / 2") == 5);
  CHECK(value_of("8 - 4 - 2") == 2);
  CHECK(value_of("16 / 4 / 2") == 2);
  CHECK(value_of("-2^2") == -4);
  CHECK(value_of("2^3^2") == 512);
  CHECK(value_of("2**-1") == 0.5);
  CHECK(value_of("2 * -3") == -6);
  CHECK(value_of("--3") == 3);
  CHECK(value_of("(1 + 2) * 3") == 9);
}

TEST_CASE("an expression knows its columns, and when it is only one") {
  const auto both = Expression::parse("x / y + x * max(z.a, 1)");
  CHECK(both.columns() == std::vector<std::string>{"x", "y", "z.a"});
  CHECK_FALSE(both.is_column());
  CHECK(Expression::parse(" seconds.fit ").is_column());
  CHECK(Expression::parse("`a b`").columns() == std::vector<std::string>{"a b"});
  CHECK_FALSE(Expression::parse("3").is_column());
}

TEST_CASE("an expression with a column that has no value has none") {
  CHECK_FALSE(Expression::parse("1 + y").value([](const std::string&) { return std::nullopt; }));
}

TEST_CASE("what is no expression is told where") {
  CHECK(error_of("2 / / x") == "4: a number, a column or '(' is expected here");
  CHECK(error_of("") == "0: a number, a column or '(' is expected here");
  CHECK(error_of("a b") == "2: an operator is expected here: + - * / ^");
  CHECK(error_of("(1 + 2") == "6: ')' is expected here");
  CHECK(error_of("sqr(2)") == "0: there is no function 'sqr'; did you mean 'sqrt'?");
  CHECK(error_of("1 + sqrt(2, 3)") == "4: sqrt takes one value, not 2");
  CHECK(error_of("max(2)") == "0: max takes two values or more, not 1");
  CHECK(error_of("`a") == "0: this backquote is not closed");
  CHECK(error_of("1..2") == "2: an operator is expected here: + - * / ^");
  CHECK(error_of(std::string(2000, '(')) == "0: this has more than 1000 characters");
  CHECK(error_of(std::string(500, '(')) == "100: this is nested too deeply");
  CHECK(error_of("x[0") == "1: an operator is expected here: + - * / ^");
}

TEST_CASE("any text either parses or says why it does not") {
  const std::string letters = "x1.+-*/^()`[], sqrtmax";
  std::mt19937 random(20240612);
  int parsed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) text += letters[random() % letters.size()];
    CAPTURE(text);
    const std::string error = error_of(text);
    if (error.empty()) {
      ++parsed;
      CHECK(Expression::parse(text).value([](const std::string&) { return 1.0; }).has_value());
    }
  }
  CHECK(parsed > 1000);
}
