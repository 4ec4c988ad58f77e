// SPDX-License-Identifier: MIT
//
// Leave-one-out errors against predictors that were fitted without the sample.
#include "../catch.hpp"
#include "solver.hpp"

using namespace onager;
using test::Solver;
using test::System;

namespace {

constexpr arma::uword n = 30;

/// Entries y_ij minus the prediction at sample i of the predictor fitted to the others.
arma::mat left_out(const arma::mat& k, const arma::mat& y, double ridge) {
  arma::mat out(y.n_rows, y.n_cols);
  for (arma::uword i = 0; i < k.n_rows; ++i) {
    arma::mat rest = k, targets = y;
    rest.shed_row(i);
    arma::mat row = k.row(i);
    row.shed_col(i);
    rest.shed_col(i);
    targets.shed_col(i);
    const arma::mat alpha =
        arma::solve(rest + ridge * arma::eye(arma::size(rest)), arma::mat(targets.t()));
    out.col(i) = y.col(i) - (row * alpha).t();
  }
  return out;
}

int eigendecompositions = 0;
const void* (*host_service)(const onager_host*, const char*) = nullptr;
const onager_linalg* host_linalg = nullptr;

const void* counting_service(const onager_host* host, const char* id) {
  const void* table = host_service(host, id);
  if (std::string(id) != ONAGER_LINALG) return table;
  host_linalg = static_cast<const onager_linalg*>(table);
  static onager_linalg counting;
  counting = *host_linalg;
  counting.symmetric_eigen = [](const onager_host* h, onager_array* a, onager_array* values) {
    ++eigendecompositions;
    return host_linalg->symmetric_eigen(h, a, values);
  };
  return &counting;
}

}  // namespace

TEMPLATE_TEST_CASE("leave-one-out errors are those of predictors fitted without the sample", "",
                   double, float) {
  const auto outputs = GENERATE(as<arma::uword>(), 1, 3, 600);
  const System<TestType> system("use = 'laplace'\nbandwidth = 2.0", test::normal_numbers(4, n, 61));
  const arma::mat y = arma::conv_to<arma::mat>::from(
      arma::conv_to<arma::Mat<TestType>>::from(test::normal_numbers(outputs, n, 62)));
  const arma::mat k = system.k();
  const Solver solver("ridge_path", "ridges = [0.0, 0.01, 0.3, 2.0, 50.0]");
  system.solve(solver, y);
  const arma::mat path = solver.arrays.at("ridge_path");
  REQUIRE(path.n_rows == 5);
  REQUIRE(path.n_cols == 3);
  CHECK(path.col(0).max() == Approx(50.0));
  const double eps = static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (arma::uword r = 0; r < path.n_rows; ++r) {
    CAPTURE(r);
    const arma::mat g = k + path(r, 0) * arma::eye(n, n);
    const double tolerance = 8 * n * eps * arma::cond(g);
    const double expected = arma::mean(arma::mean(arma::square(left_out(k, y, path(r, 0)))));
    CHECK(path(r, 1) == Approx(expected).epsilon(tolerance));
    const arma::mat residual = y - y * arma::solve(g, k);
    const double free = arma::trace(arma::eye(n, n) - arma::solve(g, k)) / n;
    // at ridge 0 this form of it is 0 / 0
    if (path(r, 0) > 0)
      CHECK(path(r, 2) == Approx(arma::mean(arma::mean(arma::square(residual))) / (free * free))
                              .epsilon(tolerance + 1e-10 / path(r, 0)));
  }
}

TEMPLATE_TEST_CASE("the ridge of least error is chosen and solved with", "", double, float) {
  const auto criterion = GENERATE(as<std::string>(), "loo", "gcv");
  CAPTURE(criterion);
  const arma::mat x = test::normal_numbers(4, 200, 63);
  const System<TestType> system("use = 'gaussian'\nbandwidth = 3.0", x);
  const arma::mat y = arma::sin(x.row(0)) + 0.3 * test::normal_numbers(1, 200, 64);
  const Solver solver("ridge_path", "criterion = '" + criterion + "'");
  const arma::mat alpha = system.solve(solver, y);
  CHECK(solver.warnings.empty());
  const arma::mat path = solver.arrays.at("ridge_path");
  REQUIRE(path.n_rows == 25);
  const arma::uword best = path.col(criterion == "gcv" ? 2 : 1).index_min();
  CHECK(best > 0);
  CHECK(best < 24);
  CHECK(solver.emitted.at("ridge") == path(best, 0));
  CHECK(solver.emitted.at("loo_mse") == path(best, 1));
  CHECK(solver.emitted.at("gcv") == path(best, 2));
  CHECK(solver.emitted.count("loo_accuracy") == 0);

  std::ostringstream ridge;
  ridge.precision(17);
  ridge << "ridge = " << path(best, 0);
  const Solver exact("cholesky", ridge.str());
  const arma::mat expected = system.solve(exact, y);
  const double eps = static_cast<double>(std::numeric_limits<TestType>::epsilon());
  const arma::mat g = system.k() + path(best, 0) * arma::eye(200, 200);
  CHECK(arma::norm(alpha - expected) <= 200 * eps * arma::cond(g) * arma::norm(expected));
  CHECK(solver.emitted.at("residual") <=
        200 * eps * arma::norm(g, 2) * arma::norm(alpha) / arma::norm(y));
}

TEST_CASE("a path of any length takes one eigendecomposition") {
  const auto lines = GENERATE(as<std::string>(), "ridges = [0.1]", "count = 100");
  const System<double> system("use = 'laplace'", test::normal_numbers(4, n, 65));
  const Solver solver("ridge_path", lines);
  host_service = solver.host_table->service;
  solver.host_table->service = counting_service;
  eigendecompositions = 0;
  system.solve(solver, test::normal_numbers(2, n, 66));
  CHECK(eigendecompositions == 1);
}

TEMPLATE_TEST_CASE("ridges that rounding does not resolve are raised, with a warning", "", double,
                   float) {
  // of the rank 10: twenty eigenvalues are rounding, some of them below 0
  const System<TestType> system("use = 'quadratic'", test::normal_numbers(4, n, 67));
  const arma::mat y = system.k().row(3) + system.k().row(5);
  const Solver solver("ridge_path", "ridges = [0.0]");
  const arma::mat alpha = system.solve(solver, y);
  CHECK(alpha.is_finite());
  REQUIRE(solver.warnings.size() == 1);
  CHECK_THAT(solver.warnings[0], ContainsSubstring("was raised to"));
  CHECK(solver.emitted.at("jitter") == solver.emitted.at("ridge"));
  const double eps = static_cast<double>(std::numeric_limits<TestType>::epsilon());
  CHECK(solver.emitted.at("ridge") <= 30 * eps * arma::trace(system.k()));
  CHECK(arma::norm(alpha * system.k() - y) < 1e3 * eps * arma::norm(y));

  const Solver refusing("ridge_path", "ridges = [0.0]\njitter = false");
  CHECK_THROWS_WITH(system.solve(refusing, y), ContainsSubstring("not positive definite"));
  const Solver leaving_out("ridge_path", "ridges = [0.0, 1.0]\njitter = false");
  system.solve(leaving_out, y);
  CHECK(leaving_out.emitted.at("ridge") == 1.0);
  CHECK(leaving_out.arrays.at("ridge_path").n_rows == 1);
}

TEST_CASE("targets that name classes have a leave-one-out accuracy") {
  const System<double> system("use = 'laplace'\nbandwidth = 2.0", test::normal_numbers(4, n, 68));
  const arma::mat k = system.k();
  const auto one_column = GENERATE(true, false);
  arma::mat y = arma::mat(one_column ? 1 : 3, n, arma::fill::zeros);
  for (arma::uword i = 0; i < n; ++i)
    if (one_column) y(0, i) = i % 3 == 0 ? 1 : -1;
    else y(i * i % 3, i) = 1;
  const Solver solver("ridge_path", "ridges = [0.5]");
  system.solve(solver, y);
  const arma::mat prediction = y - left_out(k, y, 0.5);
  double right = 0;
  for (arma::uword i = 0; i < n; ++i)
    right += one_column ? prediction(0, i) * y(0, i) > 0
                        : prediction.col(i).index_max() == y.col(i).index_max();
  CHECK(solver.emitted.at("loo_accuracy") == Approx(right / n));
  CHECK(solver.arrays.at("ridge_path").n_cols == 4);
}

TEST_CASE("targets that are not finite are refused, and a count beside a list") {
  const System<double> system("use = 'laplace'", test::normal_numbers(4, n, 69));
  arma::mat y = test::normal_numbers(1, n, 70);
  y(0, 7) = arma::datum::nan;
  const Solver solver("ridge_path", "");
  CHECK_THROWS_WITH(system.solve(solver, y), ContainsSubstring("targets"));
  CHECK_THROWS_WITH(Solver("ridge_path", "ridges = [1.0]\ncount = 3"),
                    ContainsSubstring("count has no meaning"));
}
