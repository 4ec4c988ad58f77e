// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/leap.hpp"
#include "../../plugins/common/orthonormal.hpp"

#include <numeric>
#include <random>

using namespace onager::plugins;

namespace {

Polynomial polynomial(const std::vector<std::string>& terms) { return read_polynomial(terms, 12); }
std::int64_t on_cube(const std::vector<std::string>& terms) {
  return leap_of(fourier_walsh(polynomial(terms)));
}
std::int64_t on_gaussian(const std::vector<std::string>& terms) {
  return leap_of(hermite_expansion(polynomial(terms)));
}

/// The definition: every order of the terms.
std::int64_t leap_by_all_orders(const Polynomial& f) {
  std::vector<Exponents> terms;
  for (const auto& term : f) terms.push_back(term.first);
  std::vector<std::size_t> order(terms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::int64_t best = 1000;
  do {
    std::set<std::int64_t> known;
    std::int64_t worst = 0;
    for (const auto i : order) {
      std::int64_t brought = 0;
      for (const auto& [variable, degree] : terms[i]) brought += known.count(variable) ? 0 : degree;
      worst = std::max(worst, brought);
      for (const auto& factor : terms[i]) known.insert(factor.first);
    }
    best = std::min(best, worst);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

}  // namespace

TEST_CASE("the leap of staircases and parities is the known one") {
  for (const auto leap : {on_cube, on_gaussian}) {
    CHECK(leap({"x1", "x1 x2", "x1 x2 x3"}) == 1);
    CHECK(leap({"x1", "x2", "x3", "x1 x2 x3"}) == 1);
    CHECK(leap({"x1 x2 x3"}) == 3);
    CHECK(leap({"x1", "x1 x2 x3"}) == 2);
    CHECK(leap({"x1 x2", "x1 x2 x3 x4"}) == 2);
    CHECK(leap({"x1 x2", "x1 x2 x3", "x1 x2 x3 x4"}) == 2);
    CHECK(leap({"x1 x2 x3", "x1 x4"}) == 2);  // x1 x4 first, then x2 x3
    CHECK(leap({"3"}) == 0);
  }
}

TEST_CASE("squares vanish on the hypercube and cost two with Gaussian inputs") {
  CHECK(on_cube({"x1^2 x2"}) == 1);
  CHECK(on_cube({"x1^2"}) == 0);
  CHECK(on_cube({"x1 x2 x3^2", "-1 x1 x2", "x1"}) == 1);
  CHECK(on_gaussian({"x1^2"}) == 2);
  CHECK(on_gaussian({"x1^3"}) == 1);           // He_3 + 3 He_1
  CHECK(on_gaussian({"x1^3", "-3 x1"}) == 3);  // He_3
  CHECK(on_gaussian({"x1", "x1 x2^2"}) == 2);
  CHECK(on_gaussian({"x1^2 x2"}) == 2);  // He_2 He_1 + He_1(x2): x2, then x1 twice
}

TEST_CASE("a power is the sum of its Hermite terms") {
  // x^4 = He_4 + 6 He_2 + 3
  CHECK(hermite_expansion(polynomial({"x1^4"})) ==
        Polynomial{{Exponents{}, 3.0}, {Exponents{{0, 2}}, 6.0}, {Exponents{{0, 4}}, 1.0}});
  // squared norms agree: E f² is the sum of c² prod a_i!
  const auto f = polynomial({"0.5 x1^3 x2^2", "-2 x2^4", "x1 x3", "0.25"});
  double norm = 0;
  for (const auto& [degrees, c] : hermite_expansion(f)) {
    double factorials = c * c;
    for (const auto& factor : degrees) factorials *= std::tgamma(factor.second + 1.0);
    norm += factorials;
  }
  CHECK(norm == Approx(mean_product(f, f, Distribution::gaussian, 12)));
}

TEST_CASE("the multilinear polynomial has the same values on the hypercube") {
  const auto f = polynomial({"x1^2 x2", "0.5 x1 x2^3", "-1 x3^4", "x2"});
  const auto g = fourier_walsh(f);
  for (int corner = 0; corner < 8; ++corner) {
    std::vector<double> x(12, 1.0);
    for (int i = 0; i < 3; ++i)
      if (corner >> i & 1) x[static_cast<std::size_t>(i)] = -1;
    CHECK(value_at(g, x.data()) == Approx(value_at(f, x.data())));
  }
  for (const auto& term : g)
    for (const auto& factor : term.first) CHECK(factor.second == 1);
}

TEST_CASE("the leap is the least over all orders of the terms") {
  const unsigned seed = 20250611;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int trial = 0; trial < 200; ++trial) {
    Polynomial f;
    const auto terms = 1 + random() % 6;
    for (unsigned t = 0; t < terms; ++t) {
      Exponents e;
      for (unsigned k = 1 + random() % 4; k > 0; --k)
        e[static_cast<std::int64_t>(random() % 7)] = 1 + static_cast<int>(random() % 3);
      f[e] = 1;
    }
    CHECK(leap_of(f) == leap_by_all_orders(f));
  }
}

TEST_CASE("hidden directions are orthonormal and carry a matrix back") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  onager::Table u(3, 8);
  for (double& v : u.values) v = normal(random);
  for (std::int64_t j = 0; j < 8; ++j) u(2, j) = u(1, j) + 1e-9 * u(2, j);  // nearly dependent
  make_rows_orthonormal(u);
  for (std::int64_t a = 0; a < 3; ++a)
    for (std::int64_t b = 0; b < 3; ++b) {
      double inner = 0;
      for (std::int64_t j = 0; j < 8; ++j) inner += u(a, j) * u(b, j);
      CHECK(inner == Approx(a == b).margin(1e-14));
    }
  onager::Table g(3, 3);
  g.values = {2, 1, 0, 1, 3, -1, 0, -1, 1};
  const auto carried = carried_back(g, u);
  for (std::int64_t a = 0; a < 3; ++a)
    for (std::int64_t b = 0; b < 3; ++b) {
      double entry = 0;
      for (std::int64_t i = 0; i < 8; ++i)
        for (std::int64_t j = 0; j < 8; ++j) entry += u(a, i) * carried(i, j) * u(b, j);
      CHECK(entry == Approx(g(a, b)).margin(1e-13));
    }
}
