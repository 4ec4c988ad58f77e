// SPDX-License-Identifier: MIT
//
// The leap complexity of a polynomial.
#pragma once

#include "polynomial.hpp"

#include <algorithm>
#include <limits>

namespace onager::plugins {

/// The same function on {-1, 1}^d with powers 0 and 1 only, x_i² being 1: its Fourier-Walsh
/// expansion.
inline Polynomial fourier_walsh(const Polynomial& f) {
  Polynomial out, sizes;
  for (const auto& [exponents, coefficient] : f) {
    Exponents odd;
    for (const auto& [variable, power] : exponents)
      if (power % 2 != 0) odd[variable] = 1;
    out[odd] += coefficient;
    sizes[odd] += std::abs(coefficient);
  }
  // what is left of terms that cancel is rounding
  for (auto it = out.begin(); it != out.end();)
    it = std::abs(it->second) <= 1e-14 * sizes[it->first] ? out.erase(it) : std::next(it);
  return out;
}

/// The coefficients of products of Hermite polynomials He_a1(x_1) He_a2(x_2) .., by
///   x^k = sum_j k! / (2^j j! (k-2j)!) He_{k-2j}(x)
inline Polynomial hermite_expansion(const Polynomial& f) {
  Polynomial out, sizes;
  for (const auto& [exponents, coefficient] : f) {
    Polynomial product{{Exponents{}, coefficient}};
    for (const auto& [variable, power] : exponents) {
      Polynomial next;
      double factor = 1;  // k! / (2^j j! (k-2j)!), from one j to the next
      for (int j = 0; 2 * j <= power; ++j) {
        if (j > 0) factor *= (power - 2 * j + 2) * (power - 2 * j + 1) / (2.0 * j);
        for (const auto& [degrees, c] : product) {
          Exponents with = degrees;
          if (power > 2 * j) with[variable] = power - 2 * j;
          next[with] += c * factor;
        }
      }
      product = std::move(next);
    }
    for (const auto& [degrees, c] : product) {
      out[degrees] += c;
      sizes[degrees] += std::abs(c);
    }
  }
  for (auto it = out.begin(); it != out.end();)
    it = std::abs(it->second) <= 1e-14 * sizes[it->first] ? out.erase(it) : std::next(it);
  return out;
}

/// min over orders of the terms of the largest number of new coordinates that a term brings:
///   min_pi max_i sum of alpha_l over the coordinates l of term pi(i) that no earlier term has
/// with alpha the powers of an orthogonal expansion (all 1 on the hypercube, Hermite degrees for
/// Gaussian inputs). Constants bring nothing. Source: Abbe, Boix-Adsera, Misiakiewicz, SGD learning
/// on neural networks: leap complexity and saddle-to-saddle dynamics, COLT 2023.
///
/// Taking the cheapest term next is exact: of the terms that are left, the first in a best order
/// has all its predecessors taken, and so costs no more than that order's maximum.
inline std::int64_t leap_of(const Polynomial& orthogonal_expansion) {
  std::vector<const Exponents*> left;
  for (const auto& term : orthogonal_expansion) left.push_back(&term.first);
  std::set<std::int64_t> known;
  const auto cost = [&](const Exponents* term) {
    std::int64_t sum = 0;
    for (const auto& [variable, degree] : *term)
      if (known.count(variable) == 0) sum += degree;
    return sum;
  };
  std::int64_t leap = 0;
  while (!left.empty()) {
    const auto cheapest = std::min_element(left.begin(), left.end(),
                                           [&](auto* a, auto* b) { return cost(a) < cost(b); });
    leap = std::max(leap, cost(*cheapest));
    for (const auto& factor : **cheapest) known.insert(factor.first);
    left.erase(cheapest);
  }
  return leap;
}

}  // namespace onager::plugins
