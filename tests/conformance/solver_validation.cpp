// SPDX-License-Identifier: MIT
//
// Early stopping: training on part of the samples, and the coefficients that predict the rest best.
#include "solver_problem.hpp"

using namespace onager;
using test::column_error;
using test::Problem;
using test::Solved;

namespace {

struct Parts {
  arma::uvec trained, held_out;
};

/// The samples with coefficients, and those without.
Parts parts(const arma::mat& alpha) {
  const arma::vec size = arma::sum(arma::abs(alpha), 1);
  return {arma::find(size > 0), arma::find(size == 0)};
}

/// Targets that are a smooth function of the inputs with noise, which a solver without ridge fits.
void set_noisy_targets(Problem<double>& problem, double noise) {
  arma::mat y(2, problem.inputs.n_cols);
  y.row(0) = arma::sin(problem.inputs.row(0));
  y.row(1) = 100 * problem.inputs.row(1) % problem.inputs.row(2);
  arma::mat e(arma::size(y), arma::fill::randn);
  e.row(1) *= 100;
  problem.targets = (y + noise * e).t();
}

double held_out_mse(const Problem<double>& problem, const arma::mat& alpha,
                    const arma::uvec& held_out) {
  const arma::mat e = problem.k * alpha - problem.targets;
  return arma::accu(arma::square(e.rows(held_out))) /
         static_cast<double>(held_out.n_elem * e.n_cols);
}

}  // namespace

TEST_CASE("held-out samples get no coefficients, and the solution is that of the others") {
  const std::string table = GENERATE(
      as<std::string>(), "use = \"cg\"\nrank = 30\ntolerance = 1e-10\npatience = 1000",
      "use = \"cg\"\npreconditioner = \"partial_cholesky\"\nrank = 30\ntolerance = 1e-10\n"
      "patience = 1000",
      "use = \"nystrom\"\ncenters = 300\ntolerance = 1e-10\npatience = 1000",
      "use = \"eigenpro\"\nsubsample = 100\ntolerance = 1e-10\nepochs = 3000\npatience = 3000");
  CAPTURE(table);
  // no noise and ridge: the error on the rest falls to the end, or nearly
  Problem<double> problem(240, 2, 2.0);
  set_noisy_targets(problem, 0);
  const Solved solved = problem.solve(table + "\nridge = 0.1\nvalidation = 0.25");
  const Parts p = parts(solved.alpha);
  REQUIRE(p.held_out.n_elem == 60);
  const arma::mat system = problem.k(p.trained, p.trained) + 0.1 * arma::eye(180, 180);
  const arma::mat exact = arma::solve(system, problem.targets.rows(p.trained));
  const arma::mat k_rest = problem.k(p.held_out, p.trained);
  CHECK(column_error(k_rest * solved.alpha.rows(p.trained), k_rest * exact) < 0.02);
  CHECK(solved.emitted.at("validation_mse") ==
        Approx(held_out_mse(problem, solved.alpha, p.held_out)).epsilon(1e-6));
}

TEST_CASE("the emitted residual is that of the samples trained on, for the coefficients returned") {
  const std::string table =
      GENERATE(as<std::string>(), "use = \"cg\"\nrank = 30", "use = \"eigenpro\"\nsubsample = 100");
  CAPTURE(table);
  Problem<double> problem(240, 2, 2.0);
  set_noisy_targets(problem, 0.5);
  const Solved solved = problem.solve(table + "\nridge = 1e-3\nvalidation = 0.2");
  CHECK(solved.emitted.at("residual") ==
        Approx(problem.residual(solved.alpha, 1e-3, parts(solved.alpha).trained)).epsilon(1e-8));
}

TEST_CASE("the coefficients of the best check are returned, and iterations after it end in time") {
  struct Case {
    std::string table, step, limit, steps;
  };
  const auto c = GENERATE(
      Case{"use = \"cg\"\npreconditioner = \"none\"", "best_iteration", "max_iterations",
           "iterations"},
      Case{"use = \"nystrom\"\ncenters = 30\ntolerance = 1e-13", "best_iteration", "max_iterations",
           "iterations"},
      Case{"use = \"eigenpro\"\nsubsample = 60\nbatch = 20", "best_epoch", "epochs", "epochs"});
  CAPTURE(c.table);
  Problem<double> problem(240, 2, 2.0);
  set_noisy_targets(problem, 0.5);
  const std::string common = c.table + "\nvalidation = 0.2\n";
  const Solved solved = problem.solve(common + "patience = 4\n" + c.limit + " = 300");
  const auto best = static_cast<int>(solved.emitted.at(c.step)),
             steps = static_cast<int>(solved.emitted.at(c.steps));
  REQUIRE(best > 0);
  CHECK(steps == best + 4);
  CHECK(solved.warnings.empty());
  // the same number of steps without further checks gives the same coefficients
  const Solved again =
      problem.solve(common + fmt::format("patience = 1000\n{} = {}", c.limit, best));
  CHECK(column_error(again.alpha, solved.alpha) < 1e-9);
  // and a full run keeps nothing worse
  const Solved full = problem.solve(common + "patience = 1000\n" + c.limit + " = 300");
  CHECK(full.emitted.at("validation_mse") <= solved.emitted.at("validation_mse"));
  CHECK(full.emitted.at("validation_mse") < solved.emitted.at("validation_mse") * 1.001);
}

TEST_CASE("predictions of held-out samples take their rows of the kernel once, and no other") {
  Problem<double> problem(300, 2, 2.0);
  set_noisy_targets(problem, 0.5);
  const std::string validation = "validation = 0.3\npatience = 1000\nridge = 0.01\n";
  const auto values = [&](const std::string& table, int iterations) {
    return problem.solve(table + validation + fmt::format("max_iterations = {}", iterations))
        .kernel_values;
  };
  // 210 samples are trained on, in one tile, and 90 are held out
  const std::string cg = "use = \"cg\"\npreconditioner = \"none\"\ntolerance = 1e-9\n";
  CHECK(values(cg, 2) == 300 * 210);
  CHECK(values(cg, 20) == 300 * 210);
  const std::string nystrom = "use = \"nystrom\"\ncenters = 40\ntolerance = 1e-12\n";
  CHECK(values(nystrom, 2) == 40 * 40 + 300 * 40);
  CHECK(values(nystrom, 4) == 40 * 40 + 300 * 40);
}

TEST_CASE("the error estimate of coefficients from before the end is theirs") {
  const std::string table =
      GENERATE(as<std::string>(), "use = \"cg\"\npreconditioner = \"none\"\nmax_iterations = 60",
               "use = \"eigenpro\"\nsubsample = 60\nepochs = 400");
  CAPTURE(table);
  const double ridge = 0.1;
  Problem<double> problem(240, 2, 2.0);
  set_noisy_targets(problem, 0.5);
  const Solved solved =
      problem.solve(table + "\ntolerance = 1e-6\nridge = 0.1\nvalidation = 0.2\npatience = 1000");
  const arma::uvec trained = parts(solved.alpha).trained;
  const arma::mat system =
      problem.k(trained, trained) + ridge * arma::eye(trained.n_elem, trained.n_elem);
  const arma::mat exact = arma::solve(system, problem.targets.rows(trained)),
                  e = solved.alpha.rows(trained) - exact;
  double error = 0;
  const arma::mat norm =
      solved.emitted.count("epochs") ? arma::mat(arma::size(system), arma::fill::eye) : system;
  for (arma::uword j = 0; j < e.n_cols; ++j)
    error = std::max(error, std::sqrt(arma::dot(e.col(j), norm * e.col(j)) /
                                      arma::dot(exact.col(j), norm * exact.col(j))));
  CHECK(error > 1e-3);  // at the end it is 1e-6
  CHECK(solved.emitted.at("error_estimate") < 3 * error);
  CHECK(solved.emitted.at("error_estimate") > error / 3);
}

TEST_CASE("a validation share of one sample is refused at the parameter") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  Problem<double> problem(1);
  CHECK_THROWS_WITH(problem.solve("use = \"" + use + "\"\nvalidation = 0.1"),
                    ContainsSubstring("validation"));
}

TEST_CASE("the seed chooses the held-out samples") {
  Problem<double> problem(100, 2, 2.0);
  set_noisy_targets(problem, 0.5);
  const std::string table = "use = \"cg\"\nridge = 0.1\nvalidation = 0.2";
  const arma::uvec first = parts(problem.solve(table, 1).alpha).held_out;
  CHECK(arma::all(first == parts(problem.solve(table, 1).alpha).held_out));
  CHECK_FALSE(arma::all(first == parts(problem.solve(table, 2).alpha).held_out));
}
