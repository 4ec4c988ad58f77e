// SPDX-License-Identifier: MIT
//
// Arithmetic modulo p: the operations, primes, primitive roots.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace onager::plugins {

enum class Operation {
  add,                        // a + b
  subtract,                   // a - b
  multiply,                   // a b
  divide,                     // a / b, b not 0
  a2_plus_b,                  // a² + b
  a2_plus_b2,                 // a² + b²
  a2_plus_ab_plus_b2,         // a² + ab + b²
  a2_plus_ab_plus_b2_plus_a,  // a² + ab + b² + a
  a3_plus_ab                  // a³ + ab
};

struct NamedOperation {
  const char* name;
  Operation operation;
};
constexpr NamedOperation operations[] = {
    {"add", Operation::add},
    {"subtract", Operation::subtract},
    {"multiply", Operation::multiply},
    {"divide", Operation::divide},
    {"a2_plus_b", Operation::a2_plus_b},
    {"a2_plus_b2", Operation::a2_plus_b2},
    {"a2_plus_ab_plus_b2", Operation::a2_plus_ab_plus_b2},
    {"a2_plus_ab_plus_b2_plus_a", Operation::a2_plus_ab_plus_b2_plus_a},
    {"a3_plus_ab", Operation::a3_plus_ab}};

inline Operation operation_of(const std::string& name) {
  for (const auto& known : operations)
    if (name == known.name) return known.operation;
  throw std::logic_error("no operation " + name);
}

inline bool is_prime(std::int64_t p) {
  if (p < 2) return false;
  for (std::int64_t q = 2; q * q <= p; ++q)
    if (p % q == 0) return false;
  return true;
}

/// The prime next to p, the smaller of two as near.
inline std::int64_t nearest_prime(std::int64_t p) {
  for (std::int64_t step = 0;; ++step)
    for (const std::int64_t candidate : {p - step, p + step})
      if (is_prime(candidate)) return candidate;
}

/// base^exponent mod p
inline std::int64_t power_mod(std::int64_t base, std::int64_t exponent, std::int64_t p) {
  std::int64_t result = 1 % p;
  for (base %= p; exponent > 0; exponent >>= 1, base = base * base % p)
    if (exponent & 1) result = result * base % p;
  return result;
}

/// 1/b for a prime p and 0 < b < p, by Fermat's little theorem.
inline std::int64_t inverse_mod(std::int64_t b, std::int64_t p) { return power_mod(b, p - 2, p); }

/// a op b mod p for 0 <= a, b < p < 2^16; for divide p is prime and b is not 0.
inline std::int64_t apply(Operation op, std::int64_t a, std::int64_t b, std::int64_t p) {
  switch (op) {
    case Operation::add: return (a + b) % p;
    case Operation::subtract: return (a - b + p) % p;
    case Operation::multiply: return a * b % p;
    case Operation::divide: return a * inverse_mod(b, p) % p;
    case Operation::a2_plus_b: return (a * a + b) % p;
    case Operation::a2_plus_b2: return (a * a + b * b) % p;
    case Operation::a2_plus_ab_plus_b2: return (a * a + a * b + b * b) % p;
    case Operation::a2_plus_ab_plus_b2_plus_a: return (a * a + a * b + b * b + a) % p;
    default: return (a * a % p * a + a * b) % p;
  }
}

/// The smallest g whose powers are all of 1 .. p-1, for a prime p.
inline std::int64_t primitive_root(std::int64_t p) {
  std::vector<std::int64_t> factors;
  std::int64_t rest = p - 1;
  for (std::int64_t q = 2; q * q <= rest; ++q) {
    if (rest % q != 0) continue;
    factors.push_back(q);
    while (rest % q == 0) rest /= q;
  }
  if (rest > 1) factors.push_back(rest);
  for (std::int64_t g = 1; g < p; ++g) {
    bool generates = true;
    for (const auto q : factors) generates = generates && power_mod(g, (p - 1) / q, p) != 1;
    if (generates) return g;
  }
  return 1;
}

/// The order of a group's features in which the learned off-diagonal blocks are circulant: 0 .. p-1
/// for sums, the powers g^0 .. g^{p-2} of the primitive root for products (0 is left out). Empty
/// where there is none: products modulo a composite number, and the polynomials, which are no sums
/// in one order of a and b alike.
inline std::vector<std::int64_t> circulant_order(Operation op, std::int64_t p) {
  std::vector<std::int64_t> order;
  if (op == Operation::add || op == Operation::subtract) {
    for (std::int64_t i = 0; i < p; ++i) order.push_back(i);
    return order;
  }
  if ((op != Operation::multiply && op != Operation::divide) || !is_prime(p)) return order;
  const std::int64_t g = primitive_root(p);
  std::int64_t value = 1;
  for (std::int64_t i = 0; i < p - 1; ++i, value = value * g % p) order.push_back(value);
  return order;
}

/// 1 when those blocks are constant along wrapped diagonals, -1 along anti-diagonals.
///
/// A predictor of a + b is f_l = h(a + b - l) between the data: grad_b f_l at b' is h(a + b' - l),
/// grad_a f_l at a' is h(a' + b - l). Their product summed over l depends on b' - a' only:
/// diagonals. With a - b it depends on a' + b'. Products are sums of discrete logarithms.
inline std::int64_t circulant_direction(Operation op) {
  return op == Operation::add || op == Operation::multiply ? 1 : -1;
}

}  // namespace onager::plugins
