// SPDX-License-Identifier: MIT
//
// Iterative solvers through the operator of the host: what they return is held against an exact
// solution of the same matrix.
#include "solver_problem.hpp"

using namespace onager;
using test::column_error;
using test::Problem;
using test::Solved;

namespace {

constexpr double ridge = 0.1;

std::string optimizer(const std::string& use, double tolerance, const std::string& more = "") {
  return fmt::format("use = \"{}\"\nridge = {}\ntolerance = {}\n{}", use, ridge, tolerance, more);
}

}  // namespace

TEMPLATE_TEST_CASE("iterative solvers agree with an exact solution to their tolerance", "", double,
                   float) {
  const bool fine = sizeof(TestType) == sizeof(double);
  const std::string solver =
      GENERATE(as<std::string>(), "cg", "cg without preconditioner", "cg of full rank", "nystrom",
               "eigenpro", "eigenpro in small batches");
  CAPTURE(solver);
  // float32 rounds K x to about eps |K| |x|, 1e-6 of y here; nystrom has K K + ridge K
  const double tolerance = fine ? 1e-9 : solver == "nystrom" ? 1e-4 : 2e-5;
  // the residual's error in alpha is at most the condition number times it
  Problem<TestType> problem(300);
  const double condition = arma::cond(problem.system(ridge));
  std::string table;
  if (solver == "cg") table = optimizer("cg", tolerance, "rank = 50");
  if (solver == "cg without preconditioner")
    table = optimizer("cg", tolerance, "preconditioner = \"none\"");
  if (solver == "cg of full rank") table = optimizer("cg", tolerance, "rank = 1000");
  if (solver == "nystrom") table = optimizer("nystrom", tolerance, "centers = 300");
  if (solver == "eigenpro")
    table = optimizer("eigenpro", tolerance, "subsample = 150\nepochs = 5000");
  if (solver == "eigenpro in small batches")
    table = optimizer("eigenpro", tolerance, "subsample = 60\nbatch = 7\nepochs = 5000");
  const Solved solved = problem.solve(table);
  CHECK(solved.warnings.empty());
  if (solver == "nystrom")  // its residual bounds the predictions
    CHECK(column_error(problem.k * solved.alpha, problem.k * problem.exact(ridge)) <
          2 * condition * tolerance);
  else CHECK(column_error(solved.alpha, problem.exact(ridge)) < 2 * condition * tolerance);
  CHECK(solved.emitted.at("residual") < 2 * tolerance);
}

TEST_CASE("the residual that is emitted is the one of the solution") {
  const std::string table =
      GENERATE(as<std::string>(), "use = \"cg\"\nridge = 0.1\nmax_iterations = 3\nrank = 20",
               "use = \"cg\"\nridge = 0.1\ntolerance = 1e-4\nrank = 20",
               "use = \"eigenpro\"\nridge = 0.1\nepochs = 2");
  CAPTURE(table);
  Problem<double> problem(300);
  const Solved solved = problem.solve(table);
  CHECK(solved.emitted.at("residual") ==
        Approx(problem.residual(solved.alpha, ridge, problem.all())).epsilon(1e-9));
}

TEST_CASE("a tolerance below rounding ends conjugate gradients with the residual that is left") {
  Problem<float> problem(300);
  const Solved solved = problem.solve(optimizer("cg", 1e-10, "rank = 50"));
  REQUIRE(solved.warnings.size() == 1);
  CHECK_THAT(solved.warnings[0], ContainsSubstring("rounding"));
  // in float32 the residual is itself good to a factor; the recurrence alone would say 1e-10
  const double emitted = solved.emitted.at("residual"),
               true_one = problem.residual(solved.alpha, ridge, problem.all());
  CHECK(emitted > 0.2 * true_one);
  CHECK(emitted < 5 * true_one);
}

TEST_CASE("eigenpro goes straight to the solution when it knows the whole spectrum") {
  // P (K + ridge I) is then a multiple of I: after each step alpha is a multiple of the solution
  Problem<double> problem(300);
  const Solved solved = problem.solve(
      "use = \"eigenpro\"\nridge = 0.1\nsubsample = 300\ndirections = 299\nbatch = 300\n"
      "epochs = 3");
  const arma::mat exact = problem.exact(ridge);
  const double part = arma::dot(solved.alpha, exact) / arma::dot(exact, exact);
  CHECK(part > 0.5);
  CHECK(part < 0.999);
  CHECK(column_error(solved.alpha, part * exact) < 1e-8);
}

TEST_CASE("nystrom minimises over coefficients of its centers, and leaves the others 0") {
  Problem<double> problem(300);
  const Solved solved = problem.solve(optimizer("nystrom", 1e-12, "centers = 40"));
  const arma::uvec centers = arma::find(arma::abs(solved.alpha.col(0)) > 0);
  REQUIRE(centers.n_elem == 40);
  const arma::mat knm = problem.k.cols(centers), kmm = problem.k(centers, centers);
  const arma::mat exact = arma::solve(knm.t() * knm + ridge * kmm, knm.t() * problem.targets);
  CHECK(column_error(solved.alpha.rows(centers), exact) < 1e-8);
  CHECK(arma::accu(arma::abs(solved.alpha)) ==
        Approx(arma::accu(arma::abs(solved.alpha.rows(centers)))));
}

TEST_CASE("the preconditioner saves conjugate gradients iterations, also without ridge") {
  const std::string r = GENERATE(as<std::string>(), "0.0", "0.001");
  CAPTURE(r);
  Problem<double> problem(400);
  const std::string common = "use = \"cg\"\ntolerance = 1e-6\nridge = " + r + "\n";
  const Solved with = problem.solve(common + "rank = 200"),
               without = problem.solve(common + "preconditioner = \"none\"\nmax_iterations = 5000");
  CHECK(with.warnings.empty());
  CHECK(with.emitted.at("iterations") < 0.7 * without.emitted.at("iterations"));
}

TEST_CASE("the same seed gives the same solution, and another seed another choice of points") {
  const std::string table =
      GENERATE(as<std::string>(), "use = \"cg\"\nrank = 20\nmax_iterations = 4\nridge = 0.1",
               "use = \"nystrom\"\ncenters = 30", "use = \"eigenpro\"\nsubsample = 50\nepochs = 2");
  CAPTURE(table);
  Problem<double> problem(200);
  const arma::mat first = problem.solve(table, 5).alpha;
  CHECK(arma::approx_equal(first, problem.solve(table, 5).alpha, "absdiff", 0));
  CHECK_FALSE(arma::approx_equal(first, problem.solve(table, 6).alpha, "reldiff", 1e-6));
}

TEST_CASE("a solver that ends before its tolerance says what it reached and why") {
  struct Case {
    std::string table, why;
  };
  const auto c = GENERATE(
      Case{"use = \"cg\"\nridge = 0.1\nmax_iterations = 2\npreconditioner = \"none\"",
           "max_iterations"},
      Case{"use = \"cg\"\nridge = 0.1\ntime_limit = 1e-9", "time_limit"},
      Case{"use = \"nystrom\"\nridge = 1e-3\nmax_iterations = 1\ncenters = 50", "max_iterations"},
      Case{"use = \"nystrom\"\ncenters = 50\ntime_limit = 1e-9", "time_limit"},
      Case{"use = \"eigenpro\"\nepochs = 1", "epochs reached"},
      Case{"use = \"eigenpro\"\ntime_limit = 1e-9", "time_limit"});
  CAPTURE(c.table);
  Problem<double> problem(300);
  const Solved solved = problem.solve(c.table);
  REQUIRE(solved.warnings.size() == 1);
  CHECK_THAT(solved.warnings[0], ContainsSubstring("not converged"));
  CHECK_THAT(solved.warnings[0], ContainsSubstring(c.why));
  CHECK(solved.alpha.is_finite());
  if (c.why == "time_limit") CHECK(solved.emitted.at("residual") == Approx(1.0));
}

TEST_CASE("a stop request ends an iterative solver") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  CAPTURE(use);
  Problem<double> problem(200);
  host::request_stop();
  try {
    problem.solve("use = \"" + use + "\"\n");
    host::clear_stop_request();
    FAIL("the solver went on");
  } catch (const host::Error& error) {
    host::clear_stop_request();
    CHECK(error.category() == host::Category::interrupted);
  }
}

TEST_CASE("what does not fit in memory is refused with the parameter to lower") {
  struct Case {
    std::string table, advice;
  };
  const auto c = GENERATE(Case{"use = \"cg\"", "set rank lower"},
                          Case{"use = \"cg\"\npreconditioner = \"none\"", "fewer training samples"},
                          Case{"use = \"nystrom\"", "set centers lower"},
                          Case{"use = \"eigenpro\"", "set subsample lower"});
  CAPTURE(c.table);
  Problem<double> problem(200);
  CHECK_THROWS_WITH(problem.solve(c.table, 0, 1000), ContainsSubstring(c.advice));
}

TEST_CASE("nystrom with memory for few rows gives what it gives with much") {
  Problem<double> problem(3000, 2);
  const std::string table = optimizer("nystrom", 1e-10, "centers = 60");
  const arma::mat much = problem.solve(table).alpha;
  // the 60 x 60 matrices and one block of 2048 rows fit, K_nm does not
  CHECK(column_error(problem.solve(table, 0, 1200000).alpha, much) < 1e-8);
}

TEST_CASE("eigenpro with a step beyond the stable one reports that it diverges") {
  Problem<double> problem(400);
  try {
    problem.solve(
        "use = \"eigenpro\"\nbatch = 400\nsubsample = 20\ndirections = 1\n"
        "step_scale = 100\nepochs = 500");
    FAIL("the iteration was not noticed to diverge");
  } catch (const host::Error& error) {
    CHECK(error.category() == host::Category::numerical);
    CHECK_THAT(error.what(), ContainsSubstring("step_scale"));
  }
}

TEST_CASE("targets that are not finite end in an error, not in a loop") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  CAPTURE(use);
  Problem<double> problem(100);
  problem.targets(3, 1) = arma::datum::nan;
  CHECK_THROWS_WITH(problem.solve("use = \"" + use + "\"\n"), ContainsSubstring("diverge"));
}

TEST_CASE("a target column of zeros has the solution 0 beside others") {
  const std::string table =
      GENERATE(as<std::string>(), "use = \"cg\"\nridge = 0.1", "use = \"nystrom\"\nridge = 0.1",
               "use = \"eigenpro\"\nridge = 0.1\nepochs = 200");
  CAPTURE(table);
  Problem<double> problem(100);
  problem.targets.col(1).zeros();
  const Solved solved = problem.solve(table);
  CHECK(arma::abs(solved.alpha.col(1)).max() == 0);
  CHECK(arma::abs(solved.alpha.col(2)).max() > 0);
}

TEST_CASE("one sample is solved") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  CAPTURE(use);
  Problem<double> problem(1);
  const Solved solved = problem.solve("use = \"" + use + "\"\n");
  CHECK(solved.warnings.empty());
  CHECK(column_error(solved.alpha, problem.targets) < 2e-3);  // k(x, x) = 1, no ridge
}
