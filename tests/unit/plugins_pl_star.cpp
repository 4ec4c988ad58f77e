// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/diagnostics/feature_matrix/correlation.hpp"
#include "../../plugins/diagnostics/pl_star/bounds.hpp"

#include <armadillo>
#include <cmath>

using onager::Table;
using namespace onager::plugins;

namespace {

/// The point of a linear model f = J w with residual r: everything about it is known.
PlPoint point_of(const arma::mat& j, const arma::vec& r, double c) {
  const arma::vec eigenvalues = arma::eig_sym(j * j.t());
  return {c, c / 2 * arma::dot(r, r), std::pow(arma::norm(c * j.t() * r), 2), eigenvalues.front(),
          eigenvalues.back()};
}

}  // namespace

TEST_CASE(
    "the PL ratio is the Rayleigh quotient of the tangent kernel, whatever the loss's constant") {
  arma::arma_rng::set_seed(4);
  const arma::mat j = arma::randn(5, 9);
  for (int draw = 0; draw < 20; ++draw) {
    const arma::vec r = arma::randn(5);
    const double expected = arma::as_scalar(r.t() * j * j.t() * r) / arma::dot(r, r);
    for (const double c : {1.0, 2.0 / 5, 2e-3}) {
      const PlPoint p = point_of(j, r, c);
      CHECK(pl_ratio(p) == Approx(expected));
      CHECK(pl_excess(p) == 0);
    }
  }
}

TEST_CASE("the bounds of the PL ratio are met at eigenvectors, to rounding") {
  arma::arma_rng::set_seed(5);
  const arma::mat j = arma::randn(6, 20);
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, arma::mat(j * j.t()));
  for (const arma::uword k : {0u, 5u}) {
    const PlPoint p = point_of(j, 1e-3 * vectors.col(k), 0.7);
    CHECK(pl_ratio(p) == Approx(values(k)));
    CHECK(pl_excess(p) <= 1e-14);
  }
}

TEST_CASE("a gradient that does not belong to the loss is outside of the bounds") {
  PlPoint p = point_of(arma::eye(3, 3), arma::vec{1, 2, 3}, 1);
  p.gradient_square *= 4;
  CHECK(pl_excess(p) == Approx(3));
  p.loss = 0;
  CHECK(std::isnan(pl_ratio(p)));
}

TEST_CASE("the radius holds the solution of a linear model") {
  arma::arma_rng::set_seed(6);
  const arma::mat j = arma::randn(4, 12);
  const arma::vec r = arma::randn(4), eigenvalues = arma::eig_sym(j * j.t());
  const double distance = arma::norm(arma::pinv(j) * r);
  const double radius = pl_radius(eigenvalues.back(), arma::norm(r), eigenvalues.front());
  CHECK(radius == Approx(2 * std::sqrt(eigenvalues.back()) * arma::norm(r) / eigenvalues.front()));
  CHECK(distance < radius);
  CHECK(std::isinf(pl_radius(1, 1, 0)));
}

TEST_CASE("the correlation of matrices is that of their entries") {
  Table a(2, 2), b(2, 2);
  a.values = {1, 2, 2, 4};
  b.values = {10, 8, 8, 4};
  CHECK(*correlation(a, b) == Approx(-1));
  CHECK(*correlation(a, a) == Approx(1));
  b.values = {3, 3, 3, 3};
  CHECK_FALSE(correlation(a, b).has_value());
}
