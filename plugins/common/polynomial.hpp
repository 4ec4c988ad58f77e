// SPDX-License-Identifier: MIT
//
// Polynomials of many variables: reading terms, values, derivatives, moments, the EGOP.
#pragma once

#include <onager/array.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace onager::plugins {

using Exponents = std::map<std::int64_t, int>;   // variable, from 0, to its power, at least 1
using Polynomial = std::map<Exponents, double>;  // monomial to its coefficient

constexpr int highest_power = 64;

struct Term {
  Exponents exponents;
  double coefficient = 1;
};

namespace polynomial_detail {

/// Reads one term, "-0.5 x1 x3^2": an optional coefficient, then variables; * may stand between.
class TermReader {
 public:
  TermReader(const std::string& text, std::int64_t dimension, char letter)
      : text_(text), dimension_(dimension), letter_(letter) {}

  Term read() {
    Term term;
    skip_spaces();
    if (at_end()) refuse("the term is empty");
    double sign = 1;
    if (text_[at_] == '+' || text_[at_] == '-') {
      sign = text_[at_++] == '-' ? -1 : 1;
      skip_spaces();
    }
    if (at_end())
      refuse("a coefficient or a variable such as " + variable(1) + " should follow the sign");
    if (text_[at_] != letter_) term.coefficient = coefficient();
    term.coefficient *= sign;
    skip_spaces();
    while (!at_end()) {
      if (text_[at_] == '*') {
        ++at_;
        skip_spaces();
        if (at_end()) refuse("a variable should follow *");
      }
      factor(term.exponents);
      skip_spaces();
    }
    return term;
  }

 private:
  double coefficient() {
    double value = 0;
    const auto [end, failed] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (failed != std::errc() || !std::isfinite(value))
      refuse("a number or a variable such as " + variable(1) + " was expected");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  void factor(Exponents& exponents) {
    if (text_[at_] == '+' || text_[at_] == '-')
      refuse("one string holds one term; write sums as a list of terms");
    if (text_[at_] != letter_) refuse("a variable such as " + variable(1) + " was expected");
    const std::size_t start = at_++;
    const std::int64_t index =
        whole_number(std::string("the number of a variable should follow ") + letter_);
    if (index < 1 || index > dimension_) {
      at_ = start;
      refuse(variable(index) + " is not one of " + variable(1) + " .. " + variable(dimension_));
    }
    std::int64_t power = 1;
    if (!at_end() && text_[at_] == '^') {
      const std::size_t mark = at_++;
      power = whole_number("a whole power should follow ^");
      if (power < 1 || power > highest_power) {
        at_ = mark;
        refuse("a power is from 1 to " + std::to_string(highest_power));
      }
    }
    int& total = exponents[index - 1];
    total += static_cast<int>(power);
    if (total > highest_power) refuse("a power is from 1 to " + std::to_string(highest_power));
  }

  std::int64_t whole_number(const std::string& otherwise) {
    std::int64_t value = 0;
    const auto [end, failed] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (failed != std::errc()) refuse(otherwise);
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  std::string variable(std::int64_t index) const { return letter_ + std::to_string(index); }
  void skip_spaces() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool at_end() const { return at_ >= text_.size(); }
  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error(ONAGER_INVALID,
                "term \"" + text_ + "\", character " + std::to_string(at_ + 1) + ": " + reason);
  }

  const std::string& text_;
  std::int64_t dimension_;
  char letter_;
  std::size_t at_ = 0;
};

}  // namespace polynomial_detail

/// Reads one term; variables are x1 .. x<dimension>, or of another letter. Throws
/// Error(ONAGER_INVALID) naming the character, counted from 1.
inline Term read_term(const std::string& text, std::int64_t dimension, char letter = 'x') {
  return polynomial_detail::TermReader(text, dimension, letter).read();
}

/// The sum of terms, equal monomials joined, those that cancel left out.
inline Polynomial read_polynomial(const std::vector<std::string>& terms, std::int64_t dimension,
                                  char letter = 'x') {
  Polynomial f;
  for (const auto& text : terms) {
    const Term term = read_term(text, dimension, letter);
    f[term.exponents] += term.coefficient;
  }
  for (auto it = f.begin(); it != f.end();) it = it->second == 0 ? f.erase(it) : std::next(it);
  return f;
}

inline double value_at(const Polynomial& f, const double* x) {
  double sum = 0;
  for (const auto& [exponents, coefficient] : f) {
    double product = coefficient;
    for (const auto& [variable, power] : exponents)
      for (int k = 0; k < power; ++k) product *= x[variable];
    sum += product;
  }
  return sum;
}

inline Polynomial derivative(const Polynomial& f, std::int64_t variable) {
  Polynomial out;
  for (const auto& [exponents, coefficient] : f) {
    const auto found = exponents.find(variable);
    if (found == exponents.end()) continue;
    Exponents lower = exponents;
    const int power = found->second;
    if (power == 1) lower.erase(variable);
    else lower[variable] = power - 1;
    out[lower] += coefficient * power;
  }
  return out;
}

/// The variables that occur.
inline std::vector<std::int64_t> support_of(const Polynomial& f) {
  std::set<std::int64_t> seen;
  for (const auto& term : f)
    for (const auto& factor : term.first) seen.insert(factor.first);
  return {seen.begin(), seen.end()};
}

/// hypercube: uniform on {-1, 1}^d; gaussian: standard normal; sphere: uniform on the sphere of
/// radius sqrt d, where E x_i² = 1 as for the others.
enum class Distribution { hypercube, gaussian, sphere };

/// (k-1)!!, the k-th moment of a standard normal; 0 for odd k.
inline double normal_moment(int k) {
  double value = k % 2 == 0 ? 1 : 0;
  for (int m = k - 1; m > 1; m -= 2) value *= m;
  return value;
}

/// E prod_i x_i^{k_i} of a point of R^dimension. On the sphere it is that of a normal vector over
/// E |x|^{2K} = d (d+2) .. (d+2K-2), times d^K, with 2K the sum of the powers: direction and length
/// of a normal vector are independent (Folland, Amer. Math. Monthly 108, 2001).
inline double moment(Distribution law, const Exponents& powers, std::int64_t dimension) {
  double value = 1;
  int total = 0;
  for (const auto& factor : powers) {
    if (factor.second % 2 != 0) return 0;
    total += factor.second;
    if (law != Distribution::hypercube) value *= normal_moment(factor.second);
  }
  const auto d = static_cast<double>(dimension);
  for (int m = 0; law == Distribution::sphere && m < total; m += 2) value *= d / (d + m);
  return value;
}

/// E f(x) g(x)
inline double mean_product(const Polynomial& f, const Polynomial& g, Distribution law,
                           std::int64_t dimension) {
  double sum = 0;
  for (const auto& [fe, fc] : f)
    for (const auto& [ge, gc] : g) {
      Exponents joined = fe;
      for (const auto& [variable, power] : ge) joined[variable] += power;
      sum += fc * gc * moment(law, joined, dimension);
    }
  return sum;
}

/// Expected gradient outer product E grad f grad f' (d x d), the gradient that of the polynomial as
/// given. For s variables and m terms, s² m² products.
inline Table expected_gradient_outer_product(const Polynomial& f, std::int64_t dimension,
                                             Distribution law) {
  Table egop(dimension, dimension);
  const auto support = support_of(f);
  std::vector<Polynomial> gradient;
  for (const auto i : support) gradient.push_back(derivative(f, i));
  for (std::size_t i = 0; i < support.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      egop(support[i], support[j]) = egop(support[j], support[i]) =
          mean_product(gradient[i], gradient[j], law, dimension);
  return egop;
}

}  // namespace onager::plugins
