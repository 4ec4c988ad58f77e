// SPDX-License-Identifier: MIT
//
// What iterative solvers say of their error, against the exact solution, and their tolerances.
#include "solver_problem.hpp"

using namespace onager;
using test::Problem;
using test::Solved;

namespace {

/// max_j |a_j - b_j| / |b_j| in the norm |e|² = e' system e.
double error_in_norm(const arma::mat& a, const arma::mat& b, const arma::mat& system) {
  const arma::mat e = a - b;
  double largest = 0;
  for (arma::uword j = 0; j < b.n_cols; ++j)
    largest = std::max(largest, std::sqrt(arma::dot(e.col(j), system * e.col(j)) /
                                          arma::dot(b.col(j), system * b.col(j))));
  return largest;
}

/// The estimate is above error / 2.5 and below `above` times the error.
void check_bracket(const Solved& solved, double error, double above = 2.5) {
  CAPTURE(error, solved.emitted.at("error_estimate"));
  CHECK(solved.emitted.at("error_estimate") < above * error);
  CHECK(solved.emitted.at("error_estimate") > error / 2.5);
}

}  // namespace

TEST_CASE("cg's error estimate is within a factor of the error, sooner and later") {
  const double bandwidth = GENERATE(1.0, 2.0), ridge = GENERATE(0.1, 1e-3, 0.0);
  if (bandwidth == 2.0 && ridge == 0.0) return;  // the exact solution is itself uncertain
  // small eigenvalues far apart: once theirs are found, what they might have left counts too much
  const double above = ridge == 0.1 ? 2.5 : 20;
  const std::string preconditioner = GENERATE(
      as<std::string>(), "\"none\"", "\"nystrom\"\nrank = 50", "\"partial_cholesky\"\nrank = 50");
  Problem<double> problem(300, 3, bandwidth);
  const arma::mat exact = problem.exact(ridge), system = problem.system(ridge);
  for (const int iterations : {1, 5, 20, 40, 80, 120}) {
    CAPTURE(bandwidth, ridge, preconditioner, iterations);
    const Solved solved = problem.solve(fmt::format(
        "use = \"cg\"\nridge = {}\ntolerance = 1e-9\nmax_iterations = {}\npreconditioner = {}",
        ridge, iterations, preconditioner));
    check_bracket(solved, error_in_norm(solved.alpha, exact, system), above);
  }
}

TEST_CASE("with a ridge that is the smallest eigenvalue cg's estimate is a bound from above") {
  Problem<double> problem(300, 3, 2.0);
  // eigenvalues of K far below the ridge
  const double ridge = 0.5;
  const arma::mat exact = problem.exact(ridge), system = problem.system(ridge);
  for (const int iterations : {5, 10, 20, 40}) {
    const Solved solved = problem.solve(
        fmt::format("use = \"cg\"\nridge = {}\ntolerance = 1e-9\nmax_iterations = {}\n"
                    "preconditioner = \"none\"",
                    ridge, iterations));
    CHECK(solved.emitted.at("error_estimate") >=
          error_in_norm(solved.alpha, exact, system) * (1 - 1e-6));
  }
}

TEST_CASE("nystrom's error estimate is within a factor of the error of its own system") {
  const double ridge = GENERATE(1.0, 0.1, 1e-2);
  Problem<double> problem(300, 3);
  const std::string common =
      fmt::format("use = \"nystrom\"\ncenters = 60\nridge = {}\ntolerance = 1e-13\n", ridge);
  const arma::mat best = problem.solve(common).alpha;
  const arma::uvec centers = arma::find(arma::abs(best.col(0)) > 0);
  const arma::mat knm = problem.k.cols(centers), kmm = problem.k(centers, centers);
  const arma::mat system = knm.t() * knm + ridge * kmm;
  const arma::mat exact = arma::solve(system, knm.t() * problem.targets);
  for (const int iterations : {1, 3, 6, 10, 15}) {
    CAPTURE(ridge, iterations);
    const Solved solved = problem.solve(common + fmt::format("max_iterations = {}", iterations));
    check_bracket(solved, error_in_norm(solved.alpha.rows(centers), exact, system));
  }
}

TEST_CASE("eigenpro's error estimate is within a factor of the error, sooner and later") {
  const double bandwidth = GENERATE(1.0, 2.0), ridge = GENERATE(0.1, 1e-3);
  const std::string batches = GENERATE("subsample = 150", "subsample = 60\nbatch = 7");
  Problem<double> problem(300, 3, bandwidth);
  const arma::mat exact = problem.exact(ridge), identity = arma::eye(300, 300);
  for (const int epochs : {1, 2, 5, 30, 100, 1000}) {
    CAPTURE(bandwidth, ridge, batches, epochs);
    const Solved solved = problem.solve(
        fmt::format("use = \"eigenpro\"\nridge = {}\ntolerance = 1e-9\nepochs = {}\n{}", ridge,
                    epochs, batches));
    check_bracket(solved, error_in_norm(solved.alpha, exact, identity));
  }
}

TEST_CASE("coefficients that are still 0 have the error 1") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  Problem<double> problem(200);
  const Solved solved = problem.solve("use = \"" + use + "\"\ntime_limit = 1e-9");
  CHECK(solved.emitted.at("error_estimate") == 1);
}

TEMPLATE_TEST_CASE("the tolerance that cg has by default suits the precision", "", double, float) {
  // condition 300: 1e-6 is beyond float32
  Problem<TestType> problem(400);
  const Solved solved = problem.solve("use = \"cg\"\nridge = 0.1");
  CHECK(solved.warnings.empty());
  CHECK(solved.emitted.at("residual") <= (sizeof(TestType) == 8 ? 1e-6 : 1e-4));
  if (sizeof(TestType) == 4) {
    const Solved finer = problem.solve("use = \"cg\"\nridge = 0.1\ntolerance = 1e-6");
    CHECK(finer.warnings.size() == 1);
  }
}

TEST_CASE("a target in the span of a few eigenvectors is found in as many iterations") {
  Problem<double> problem(200, 1);
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, problem.k);
  problem.targets = vectors.col(199) + vectors.col(150) + vectors.col(100);
  const Solved solved =
      problem.solve("use = \"cg\"\nridge = 0.1\npreconditioner = \"none\"\ntolerance = 1e-9");
  CHECK(solved.emitted.at("iterations") == 3);
  CHECK(solved.emitted.at("error_estimate") < 1e-8);
}
