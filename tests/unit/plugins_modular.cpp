// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/modular.hpp"

#include <algorithm>

using namespace onager::plugins;

TEST_CASE("primes are told from composite numbers") {
  std::vector<std::int64_t> primes;
  for (std::int64_t p = 0; p < 50; ++p)
    if (is_prime(p)) primes.push_back(p);
  CHECK(primes ==
        std::vector<std::int64_t>{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47});
}

TEST_CASE("the smallest primitive roots are the known ones") {
  // OEIS A001918
  CHECK(primitive_root(2) == 1);
  CHECK(primitive_root(3) == 2);
  CHECK(primitive_root(7) == 3);
  CHECK(primitive_root(23) == 5);
  CHECK(primitive_root(41) == 6);
  CHECK(primitive_root(61) == 2);
  CHECK(primitive_root(97) == 5);
  CHECK(primitive_root(191) == 19);
}

TEST_CASE("a quotient times its divisor is the dividend") {
  const std::int64_t p = 13;
  for (std::int64_t a = 0; a < p; ++a)
    for (std::int64_t b = 1; b < p; ++b)
      CHECK(onager::plugins::apply(Operation::divide, a, b, p) * b % p == a);
}

TEST_CASE("sums and differences stay within the modulus") {
  CHECK(onager::plugins::apply(Operation::add, 5, 6, 7) == 4);
  CHECK(onager::plugins::apply(Operation::subtract, 2, 6, 7) == 3);
  CHECK(onager::plugins::apply(Operation::multiply, 5, 6, 7) == 2);
}

TEST_CASE("every operation agrees with its formula for all pairs") {
  for (const std::int64_t p : {2, 5, 7, 12}) {
    for (std::int64_t a = 0; a < p; ++a)
      for (std::int64_t b = 0; b < p; ++b) {
        const auto is = [&](Operation op, std::int64_t value) {
          CHECK(onager::plugins::apply(op, a, b, p) == (value % p + p) % p);
        };
        is(operation_of("add"), a + b);
        is(operation_of("subtract"), a - b);
        is(operation_of("multiply"), a * b);
        is(operation_of("a2_plus_b"), a * a + b);
        is(operation_of("a2_plus_b2"), a * a + b * b);
        is(operation_of("a2_plus_ab_plus_b2"), a * a + a * b + b * b);
        is(operation_of("a2_plus_ab_plus_b2_plus_a"), a * a + a * b + b * b + a);
        is(operation_of("a3_plus_ab"), a * a * a + a * b);
        if (is_prime(p) && b > 0)
          CHECK((onager::plugins::apply(operation_of("divide"), a, b, p) * b - a) % p == 0);
      }
  }
}

TEST_CASE("operations do not overflow at the largest modulus") {
  const std::int64_t p = 65521, a = p - 1, b = p - 1;  // both are -1
  CHECK(onager::plugins::apply(Operation::a3_plus_ab, a, b, p) == 0);
  CHECK(onager::plugins::apply(Operation::a2_plus_ab_plus_b2, a, b, p) == 3);
  CHECK(onager::plugins::apply(Operation::divide, a, b, p) == 1);
}

TEST_CASE("the nearest prime is found on either side") {
  CHECK(nearest_prime(60) == 59);
  CHECK(nearest_prime(62) == 61);
  CHECK(nearest_prime(8) == 7);
  CHECK(nearest_prime(26) == 23);  // as far as 29
  CHECK(nearest_prime(28) == 29);
  CHECK(nearest_prime(4) == 3);
}

TEST_CASE("polynomials have no circulant order") {
  for (const auto& known : operations) {
    const bool sum_or_product = known.operation <= Operation::divide;
    CHECK(circulant_order(known.operation, 13).empty() != sum_or_product);
  }
}

TEST_CASE("the order for products walks through all numbers but 0, a step a multiplication") {
  for (const std::int64_t p : {3, 11, 61}) {
    const auto order = circulant_order(Operation::multiply, p);
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(static_cast<std::int64_t>(sorted.size()) == p - 1);
    for (std::int64_t i = 0; i < p - 1; ++i) CHECK(sorted[static_cast<std::size_t>(i)] == i + 1);
    // the place of a product is the sum of the places
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t j = 0; j < order.size(); ++j)
        CHECK(order[i] * order[j] % p == order[(i + j) % order.size()]);
  }
}

TEST_CASE("products modulo a composite number have no circulant order") {
  CHECK(circulant_order(Operation::multiply, 12).empty());
  CHECK(circulant_order(Operation::add, 12).size() == 12);
}

// The mean over pairs of grad_b f grad_a f' for f_l(a, b) = h(place(a op b) - place(l)), each
// extended bilinearly: what a predictor of the operation contributes to the off-diagonal block.
TEST_CASE("the gradients of a predictor of sums are constant along the direction of the fact") {
  const std::int64_t p = 7;
  const auto h = [&](std::int64_t k) { return static_cast<double>((k % p + p) % p == 0); };
  for (const auto op : {Operation::add, Operation::subtract}) {
    const std::int64_t sign = op == Operation::add ? 1 : -1;
    for (const auto& [a, b] : {std::pair<std::int64_t, std::int64_t>{2, 5}, {0, 3}, {6, 6}}) {
      const auto block = [&, a = a, b = b](std::int64_t row, std::int64_t column) {
        double sum = 0;
        for (std::int64_t l = 0; l < p; ++l)
          sum += h(a + sign * (row % p) - l) * h(column % p + sign * b - l);
        return sum;
      };
      double entries = 0;
      for (std::int64_t i = 0; i < p; ++i)
        for (std::int64_t j = 0; j < p; ++j) {
          entries += block(i, j);
          CHECK(block(i, j) == block(i + 1, j + p + circulant_direction(op)));
        }
      CHECK(entries == p);
    }
  }
}
