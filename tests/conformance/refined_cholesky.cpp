// SPDX-License-Identifier: MIT
//
// Exact solutions from a float32 factor, and what an exact solver says about its own error.
#include "../catch.hpp"
#include "solver.hpp"

using namespace onager;
using test::Solver;
using test::System;

namespace {

double norm(const arma::mat& m) { return arma::norm(m, "fro"); }

/// Targets of a smooth function, so that the solution is not dominated by the smallest eigenvalues.
arma::mat smooth_targets(const arma::mat& x) {
  arma::mat y(3, x.n_cols);
  y.row(0) = arma::sin(x.row(0));
  y.row(1) = 1000 * x.row(1) % x.row(2);
  y.row(2) = arma::cos(x.row(1) + x.row(3));
  return y;
}

/// What a backward stable solution in float64 leaves of |alpha g - y| at most, over |alpha| (Higham
/// 2002, theorem 10.4, with 8 n for its constant). How far below it a solution stays depends on the
/// BLAS kernel.
double backward_error(const arma::mat& g) {
  return 8 * static_cast<double>(g.n_rows) * std::numeric_limits<double>::epsilon() *
         arma::norm(g, 2);
}

}  // namespace

TEST_CASE("a refined float32 factor gives the residual and solution of a float64 factor") {
  const auto n = GENERATE(as<arma::uword>(), 1, 2, 200, 256, 700);
  const auto ridge = GENERATE(as<std::string>(), "1e-3", "10.0");
  CAPTURE(n, ridge);
  const arma::mat x = test::normal_numbers(5, n, 81), y = smooth_targets(x);
  const System<double> system("use = 'laplace'\nbandwidth = 2.0", x);
  const Solver refined("cholesky", "refine = true\nridge = " + ridge);
  const Solver direct("cholesky", "ridge = " + ridge);
  const arma::mat g = system.k() + std::stod(ridge) * arma::eye(n, n);
  const arma::mat alpha = system.solve(refined, y), expected = system.solve(direct, y);
  CHECK(refined.warnings.empty());
  const double backward = backward_error(g);
  for (arma::uword j = 0; j < y.n_rows; ++j)
    CHECK(norm(alpha.row(j) * g - y.row(j)) <= backward * norm(alpha.row(j)));
  CHECK(norm(alpha - expected) <= 2 * backward * arma::norm(arma::inv(g), 2) * norm(expected));
  CHECK(refined.emitted.at("jitter") == 0);
  CHECK(refined.emitted.at("refinements") <= 10);
}

TEST_CASE("refinement goes on where float32 finds no factor and a float64 one does not fit") {
  const arma::uword n = 1000;
  const arma::mat x = test::normal_numbers(5, n, 82), y = smooth_targets(x);
  const std::string lines = "ridge = 2e-6", gaussian = "use = 'gaussian'\nbandwidth = 6.0";
  const Solver narrow("cholesky", lines);
  System<float>(gaussian, x).solve(narrow, y);
  REQUIRE(narrow.emitted.at("jitter") > 0);

  System<double> system(gaussian, x);
  const Solver refined("cholesky", lines + "\nrefine = true"), direct("cholesky", lines);
  const arma::mat expected = system.solve(direct, y);
  system.memory = 7000000;  // the float32 factor takes 4 MB, one in float64 8 MB
  const arma::mat alpha = system.solve(refined, y);
  CHECK(refined.warnings.empty());
  CHECK(refined.emitted.at("jitter") == 0);
  CHECK(norm(alpha - expected) <= 1e-6 * norm(expected));
  const arma::mat g = system.k() + 2e-6 * arma::eye(n, n);
  for (arma::uword j = 0; j < y.n_rows; ++j)
    CHECK(norm(alpha.row(j) * g - y.row(j)) <= backward_error(g) * norm(alpha.row(j)));
}

TEST_CASE("in a float32 run refine changes nothing") {
  const arma::mat x = test::normal_numbers(5, 100, 82), y = smooth_targets(x);
  const System<float> system("use = 'laplace'\nbandwidth = 2.0", x);
  const Solver plain("cholesky", "ridge = 0.1"), refined("cholesky", "refine = true\nridge = 0.1");
  CHECK(arma::approx_equal(system.solve(plain, y), system.solve(refined, y), "absdiff", 0));
  CHECK(refined.emitted == plain.emitted);
}

TEST_CASE("values beyond the range of float32 are refined all the same") {
  const arma::mat x = 1e6 * test::normal_numbers(5, 40, 83), y = test::normal_numbers(2, 40, 84);
  const System<double> system("use = 'polynomial'\ndegree = 8\noffset = 1.0", x);
  REQUIRE(system.k().max() > 1e40);
  const Solver refined("cholesky", "refine = true");
  const arma::mat alpha = system.solve(refined, y);
  CHECK(norm(alpha * system.k() - y) < 1e-9 * norm(y));
}

TEST_CASE("a matrix that refinement cannot solve is factored in float64, or refused by name") {
  // of the rank 6, so that the targets are not in its range
  const System<double> system("use = 'quadratic'", test::normal_numbers(3, 50, 75));
  const arma::mat y = test::normal_numbers(1, 50, 76);
  const Solver refined("cholesky", "refine = true"), direct("cholesky", "");
  const arma::mat alpha = system.solve(refined, y);
  REQUIRE(refined.warnings.size() == 2);
  CHECK_THAT(refined.warnings[0], ContainsSubstring("factored in float64"));
  CHECK(refined.emitted.at("jitter") > 0);
  CHECK(arma::approx_equal(alpha, system.solve(direct, y), "absdiff", 0));

  System<double> large("use = 'quadratic'", test::normal_numbers(3, 1000, 75));
  large.memory = 7000000;  // the float32 factor takes 4 MB, one in float64 8 MB
  CHECK_THROWS_WITH(large.solve(refined, test::normal_numbers(1, 1000, 76)),
                    ContainsSubstring("set ridge higher"));
}

TEMPLATE_TEST_CASE("an exact solver knows its residual and bounds its error", "", double, float) {
  const auto lines =
      GENERATE(as<std::string>(), "ridge = 1e-3", "ridge = 0.0", "ridge = 1e-3\nrefine = true");
  CAPTURE(lines);
  // 300 samples: the residual is a sample of 32 rows, or of all with refine
  const arma::mat x = test::normal_numbers(5, 300, 85);
  const System<TestType> system("use = 'laplace'\nbandwidth = 2.0", x);
  const arma::mat k = system.k(), g = k + std::stod(lines.substr(8, 4)) * arma::eye(300, 300);
  const arma::mat alpha = test::normal_numbers(1, 300, 86);
  const arma::mat y = arma::conv_to<arma::mat>::from(
      arma::conv_to<arma::Mat<TestType>>::from(arma::mat(alpha * g)));
  const Solver solver("cholesky", lines);
  const arma::mat got = system.solve(solver, y), exact = arma::solve(g, y.t()).t();
  const double residual = norm(got * g - y) / norm(y);
  // the operator's own rounding is part of what is measured
  const double rounding =
      4 * std::numeric_limits<TestType>::epsilon() * arma::norm(g, 2) * norm(got) / norm(y);
  CHECK(solver.emitted.at("residual") < 2 * residual + rounding);
  CHECK(solver.emitted.at("residual") > 0.5 * residual - rounding);
  const double error = norm(got - exact) / norm(exact);
  CHECK(solver.emitted.at("error_estimate") > 0.5 * error);
  // |G⁻¹|_F for |G⁻¹|_2, and |G|_1 for |G|_2: each up to sqrt n times as much, here about 5
  CHECK(solver.emitted.at("error_estimate") < 30 * arma::cond(g) * solver.emitted.at("residual"));
}

TEST_CASE("where jitter is needed the residual shows what it changed") {
  const System<double> system("use = 'quadratic'", test::normal_numbers(3, 50, 75));
  const Solver solver("cholesky", "");
  const arma::mat y = test::normal_numbers(1, 50, 76), alpha = system.solve(solver, y);
  REQUIRE(solver.emitted.at("jitter") > 0);
  CHECK(solver.emitted.at("residual") ==
        Approx(norm(alpha * system.k() - y) / norm(y)).epsilon(0.5));
  CHECK(solver.emitted.at("residual") > 0.5);
  CHECK(std::isinf(solver.emitted.at("error_estimate")));
}

TEST_CASE("a kernel that is not finite is refused with the samples") {
  arma::mat x = test::normal_numbers(4, 30, 87);
  x(2, 20) = arma::datum::nan;
  const System<double> system("use = 'gaussian'", x);
  const auto use = GENERATE(as<std::string>(), "cholesky", "cholesky refined", "ridge_path");
  const Solver solver(use == "ridge_path" ? use : "cholesky",
                      use == "cholesky refined" ? "refine = true" : "");
  CHECK_THROWS_WITH(system.solve(solver, arma::mat(1, 30, arma::fill::ones)),
                    ContainsSubstring("the kernel of samples 20"));
}
