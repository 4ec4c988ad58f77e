// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/polynomial.hpp"

#include <random>

using namespace onager::plugins;

namespace {

constexpr Distribution laws[] = {Distribution::hypercube, Distribution::gaussian,
                                 Distribution::sphere};

Term term(const std::string& text) { return read_term(text, 10); }

/// Mean of grad f grad f' over random inputs, the gradient by central differences.
onager::Table sampled_egop(const Polynomial& f, std::int64_t d, Distribution law, int samples,
                           std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  onager::Table sum(d, d);
  std::vector<double> x(static_cast<std::size_t>(d)), g(x.size());
  for (int s = 0; s < samples; ++s) {
    double squares = 0;
    for (double& v : x) {
      v = law != Distribution::hypercube ? normal(random) : (random() >> 63 ? 1.0 : -1.0);
      squares += v * v;
    }
    if (law == Distribution::sphere)
      for (double& v : x) v *= std::sqrt(static_cast<double>(d) / squares);
    for (std::size_t i = 0; i < x.size(); ++i) {
      constexpr double h = 1e-4;
      const double at = x[i];
      x[i] = at + h;
      const double above = value_at(f, x.data());
      x[i] = at - h;
      g[i] = (above - value_at(f, x.data())) / (2 * h);
      x[i] = at;
    }
    for (std::int64_t i = 0; i < d; ++i)
      for (std::int64_t j = 0; j < d; ++j)
        sum(i, j) += g[static_cast<std::size_t>(i)] * g[static_cast<std::size_t>(j)] / samples;
  }
  return sum;
}

}  // namespace

TEST_CASE("polynomial terms are read with coefficient, variables and powers") {
  CHECK(term("x1").exponents == Exponents{{0, 1}});
  CHECK(term("x1").coefficient == 1);
  CHECK(term("0.5 x1 x3").exponents == Exponents{{0, 1}, {2, 1}});
  CHECK(term("0.5 x1 x3").coefficient == 0.5);
  CHECK(term("-2 x2^2").exponents == Exponents{{1, 2}});
  CHECK(term("-2 x2^2").coefficient == -2);
  CHECK(term("3").exponents.empty());
  CHECK(term("3").coefficient == 3);
  CHECK(term(" - 1.5e-1*x10*x10^3 ").exponents == Exponents{{9, 4}});
  CHECK(term(" - 1.5e-1*x10*x10^3 ").coefficient == -0.15);
  CHECK(term("+x2x1").exponents == Exponents{{0, 1}, {1, 1}});
}

TEST_CASE("errors in polynomial terms name the character") {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "character 1: the term is empty"},
      {"-", "character 2: a coefficient or a variable"},
      {"y1", "character 1: a number or a variable"},
      {"2 y1", "character 3: a variable"},
      {"x", "character 2: the number of a variable"},
      {"x0", "character 1: x0 is not one of x1 .. x10"},
      {"x1 x11", "character 4: x11 is not one of x1 .. x10"},
      {"x1^", "character 4: a whole power"},
      {"x1^0", "character 3: a power is from 1 to 64"},
      {"x1^65", "character 3: a power is from 1 to 64"},
      {"x1 + x2", "character 4: one string holds one term"},
      {"2 *", "character 4: a variable should follow *"},
      {"x1 2", "character 4: a variable"},
      {"inf x1", "character 1: a number"},
      {"x99999999999999999999", "character 2: the number of a variable"}};
  for (const auto& [text, message] : wrong)
    CHECK_THROWS_WITH(term(text), ContainsSubstring(message));
}

TEST_CASE("equal monomials are joined and those that cancel are left out") {
  const auto f = read_polynomial({"x1 x2", "2 x2 x1", "x3", "-1 x3"}, 3);
  CHECK(f == Polynomial{{Exponents{{0, 1}, {1, 1}}, 3.0}});
  CHECK(support_of(f) == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("a polynomial is evaluated at a point") {
  const std::vector<double> x{2, -3, 0.5};
  CHECK(value_at(read_polynomial({"x1^2 x2", "4 x3", "-1"}, 3), x.data()) == Approx(-12 + 2 - 1));
}

TEST_CASE("moments are those of signs and of standard normals") {
  for (const int k : {1, 3, 5}) {
    for (const auto law : laws) CHECK(moment(law, {{0, k}, {1, 2}}, 4) == 0);
  }
  CHECK(moment(Distribution::hypercube, {{0, 6}, {1, 2}}, 4) == 1);
  CHECK(normal_moment(0) == 1);
  CHECK(normal_moment(2) == 1);
  CHECK(normal_moment(4) == 3);
  CHECK(normal_moment(8) == 105);
  CHECK(moment(Distribution::gaussian, {{0, 4}, {2, 4}}, 4) == 9);
}

TEST_CASE("moments on the sphere of radius sqrt d are those of its sums") {
  // sum_i x_i² = d, so E x_i² = 1; the square of that sum is d E x_1^4 + d (d-1) E x_1² x_2² = d²
  for (const std::int64_t d : {2, 3, 7}) {
    const auto n = static_cast<double>(d);
    CHECK(moment(Distribution::sphere, {{0, 2}}, d) == Approx(1));
    const double fourth = moment(Distribution::sphere, {{0, 4}}, d);
    CHECK(fourth == Approx(3 * n / (n + 2)));
    CHECK(n * fourth + n * (n - 1) * moment(Distribution::sphere, {{0, 2}, {1, 2}}, d) ==
          Approx(n * n));
  }
  // on the circle of radius sqrt 2: 4 E cos^4 = 3/2, 8 E cos^4 sin^2 = 8/16
  CHECK(moment(Distribution::sphere, {{0, 4}}, 2) == Approx(1.5));
  CHECK(moment(Distribution::sphere, {{0, 4}, {1, 2}}, 2) == Approx(0.5));
}

TEST_CASE("the gradient outer product of a staircase is known in closed form") {
  // grad of x1 + x1 x2 is (1 + x2, x1, 0)
  const auto f = read_polynomial({"x1", "x1 x2"}, 3);
  for (const auto law : laws) {
    const auto g = expected_gradient_outer_product(f, 3, law);
    CHECK(g.values == std::vector<double>{2, 0, 0, 0, 1, 0, 0, 0, 0});
  }
}

TEST_CASE("the exact gradient outer product agrees with a mean over samples") {
  const auto f = read_polynomial({"x1", "0.7 x1 x2", "-0.5 x2 x3^2", "0.3 x3", "2"}, 4);
  const std::uint64_t seed = 20240607;
  INFO("seed " << seed);
  for (const auto law : laws) {
    const auto exact = expected_gradient_outer_product(f, 4, law);
    const auto sampled = sampled_egop(f, 4, law, 200000, seed);
    // five standard errors: the entries' deviations are below 4, 4 / sqrt(200000) is 0.009
    for (std::size_t i = 0; i < exact.values.size(); ++i)
      CHECK(sampled.values[i] == Approx(exact.values[i]).margin(0.045));
  }
}
