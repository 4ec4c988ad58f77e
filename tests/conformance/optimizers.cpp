// SPDX-License-Identifier: MIT
//
// What holds for any solver of kernel systems, and for those that promise the exact solution.
#include "../catch.hpp"
#include "solver.hpp"

#include <limits>

using namespace onager;
using test::Example;
using test::Solver;
using test::System;

namespace {

/// The parameters that make a solver add `ridge` to the diagonal and solve exactly; "" for solvers
/// that approximate.
std::string exact_with(const std::string& id, const std::string& ridge) {
  if (id == "cholesky") return "ridge = " + ridge;
  if (id == "ridge_path") return "ridges = [" + ridge + "]";
  return "";
}

bool solves_kernel_systems(const host::ComponentEntry& entry) {
  return entry.component->interface(nullptr, ONAGER_OPTIMIZER_LINEAR) != nullptr;
}

double largest(const arma::mat& m) { return arma::abs(m).max(); }

std::vector<Example> exact_solvers(const std::string& ridge, const std::string& more = "") {
  std::vector<Example> out;
  for (const auto& entry : test::everything().all()) {
    const std::string lines = exact_with(entry.id(), ridge);
    if (entry.kind() == "optimizer" && !lines.empty()) out.push_back({&entry, lines + more});
  }
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("a solver brings the residual down", "", double, float) {
  for (const auto& example : test::examples("optimizer")) {
    if (!solves_kernel_systems(*example.entry)) continue;
    CAPTURE(example.label());
    const Solver solver(example);
    const System<TestType> system("use = 'laplace'\nbandwidth = 2.0",
                                  test::normal_numbers(5, 60, 71));
    const arma::mat y = test::normal_numbers(2, 60, 72), alpha = system.solve(solver, y);
    REQUIRE(alpha.is_finite());
    CHECK(arma::norm(alpha * system.k() - y, "fro") < arma::norm(y, "fro"));
  }
}

// Backward error: the computed solution solves a system whose matrix is off by c n eps |K|. Forward
// error: that times the condition number. Golub, Van Loan, section 4.2.6.
TEMPLATE_TEST_CASE("an exact solver finds the solution of a system that has a known one", "",
                   double, float) {
  using T = TestType;
  const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  for (const std::string ridge : {"0.0", "0.01", "10.0"})
    for (const auto& example : exact_solvers(ridge))
      for (const arma::uword n : {1u, 2u, 100u, 256u})
        for (const arma::uword right_sides : {1u, 3u, 20u}) {
          CAPTURE(example.label(), n, right_sides);
          const Solver solver(example);
          const System<T> system("use = 'laplace'\nbandwidth = 2.0",
                                 test::normal_numbers(5, n, 73));
          const arma::mat k = system.k() + std::stod(ridge) * arma::eye(n, n);
          const arma::mat alpha = test::normal_numbers(right_sides, n, 74);
          const arma::mat y = alpha * k, got = system.solve(solver, y);
          const double size = arma::norm(k, 2), count = static_cast<double>(n);
          CHECK(arma::norm(got * k - y, "fro") <= 8 * count * eps * size * arma::norm(got, "fro"));
          CHECK(arma::norm(got - alpha, "fro") <=
                8 * count * eps * arma::cond(k) * arma::norm(alpha, "fro"));
          CHECK(solver.emitted.at("jitter") == 0);
          CHECK(solver.warnings.empty());
        }
}

TEMPLATE_TEST_CASE("a singular system is solved with jitter, which is reported", "", double,
                   float) {
  for (const auto& example : exact_solvers("0.0")) {
    CAPTURE(example.label());
    const Solver solver(example);
    const System<TestType> system("use = 'gaussian'", arma::mat(3, 40, arma::fill::ones));
    const arma::mat alpha = system.solve(solver, arma::mat(2, 40, arma::fill::ones));
    CHECK(alpha.is_finite());
    CHECK(solver.emitted.at("jitter") > 0);
    CHECK(solver.emitted.at("jitter") <= 1e-3);
    CHECK(solver.warnings.size() == 1);
    // the targets lie in the range of K, so that jitter moves them by jitter / n; then rounding
    const double eps = static_cast<double>(std::numeric_limits<TestType>::epsilon());
    const double bound = solver.emitted.at("jitter") / 40 + 8 * 40 * eps * 40 * largest(alpha);
    CHECK(largest(alpha * system.k() - 1) <= bound);
  }
}

TEMPLATE_TEST_CASE("a kernel of too low a rank is solved with jitter or refused without", "",
                   double, float) {
  // <x, z>² of 3 features has the rank 6
  const System<TestType> system("use = 'quadratic'", test::normal_numbers(3, 50, 75));
  const arma::mat y = test::normal_numbers(1, 50, 76);
  for (const auto& example : exact_solvers("0.0")) {
    CAPTURE(example.label());
    const Solver solver(example);
    CHECK(system.solve(solver, y).is_finite());
    CHECK(solver.emitted.at("jitter") > 0);
  }
  for (const auto& example : exact_solvers("0.0", "\njitter = false")) {
    CAPTURE(example.label());
    const Solver solver(example);
    try {
      system.solve(solver, y);
      FAIL_CHECK("a singular matrix was factorised");
    } catch (const host::Error& error) {
      CAPTURE(error.what());
      CHECK(error.category() == host::Category::numerical);
      CHECK(std::string(error.what()).find("not positive definite") != std::string::npos);
    }
  }
}

TEST_CASE(
    "an exact solver gives the same bytes every time, and close ones for another number of "
    "threads") {
  for (const auto& example : exact_solvers("0.01")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of("use = 'gaussian'\nbandwidth = 2.0");
    std::vector<arma::mat> solutions;
    for (const int count : {1, 3, 3}) {
      host::ThreadPool threads(count);
      Solver solver(example);
      const host::KernelMatrix matrix(*kernel.expression, threads);
      const auto samples =
          host::kernel_samples<double>(test::normal_numbers(4, 700, 77), arma::vec());
      const host::KernelOperator<double> view(matrix, samples);
      const arma::mat y = test::normal_numbers(2, 700, 78);
      arma::mat solution(2, 700);
      const auto from = host::as_array(y);
      auto to = host::as_array(solution);
      solver.instance->call("solve", [&] {
        return solver.table->solve(solver.instance->get(), &view.abi(), &from, &to);
      });
      solutions.push_back(solution);
    }
    CHECK(arma::all(arma::vectorise(solutions[1] == solutions[2])));
    // n eps times a condition number of at most n / ridge
    const double bound = 700 * std::numeric_limits<double>::epsilon() * 700 / 0.01;
    CHECK(largest(solutions[0] - solutions[1]) <= bound * largest(solutions[0]));
  }
}
