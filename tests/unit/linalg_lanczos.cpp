// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "linalg/lanczos.hpp"

#include <cmath>

using namespace onager::host;

namespace {

/// A symmetric matrix with the eigenvalues given, in a random basis.
arma::mat with_spectrum(const arma::vec& values) {
  arma::arma_rng::set_seed(3);
  arma::mat q, r;
  arma::qr(q, r, arma::randn(values.n_elem, values.n_elem));
  return q * arma::diagmat(values) * q.t();
}

SymmetricProduct product_with(const arma::mat& a) {
  return [&a](const double* v, double* out) {
    arma::vec result(out, a.n_rows, false, true);
    result = a * arma::vec(const_cast<double*>(v), a.n_rows, false, true);
  };
}

}  // namespace

TEST_CASE("outermost eigenpairs of a product are those of the matrix") {
  const auto n = GENERATE(as<arma::uword>(), 1, 5, 41, 300);
  arma::vec values(n);
  for (arma::uword i = 0; i < n; ++i) values(i) = std::pow(-0.93, static_cast<double>(i));
  const arma::mat a = with_spectrum(values);
  const arma::vec sorted = arma::sort(values, "descend");
  const auto count = std::min<arma::uword>(n, 3);
  const auto pairs_at = [&](SpectrumEnd end) {
    return extreme_eigenpairs(static_cast<std::int64_t>(n), product_with(a),
                              {end, static_cast<std::int64_t>(count), 1e-12, 10000, true});
  };
  for (arma::uword k = 0; k < count; ++k) {
    CHECK(pairs_at(SpectrumEnd::largest).values(k) == Approx(sorted(k)).epsilon(1e-10));
    CHECK(pairs_at(SpectrumEnd::smallest).values(k) == Approx(sorted(n - 1 - k)).epsilon(1e-10));
    CHECK(pairs_at(SpectrumEnd::magnitude).values(k) == Approx(values(k)).epsilon(1e-10));
  }
  const auto found = pairs_at(SpectrumEnd::magnitude);
  CHECK(found.converged);
  CHECK(arma::norm(a * found.vectors - found.vectors * arma::diagmat(found.values)) < 1e-9);
}

TEST_CASE("operators of any size have their eigenvalues found, zero among them") {
  const arma::mat a = with_spectrum(arma::linspace(1, 2, 100));
  for (const double scale : {1e-300, 1e-30, 1.0, 1e200}) {
    const arma::mat scaled = scale * a;
    const auto found = extreme_eigenpairs(100, product_with(scaled), {});
    CHECK(found.converged);
    CHECK(found.values(0) == Approx(2 * scale).epsilon(1e-9));
  }
  const arma::mat zero(100, 100, arma::fill::zeros);
  const auto nothing = extreme_eigenpairs(100, product_with(zero), {});
  CHECK(nothing.converged);
  CHECK(nothing.values(0) == 0);
}

TEST_CASE("few vectors find an eigenvalue that stands apart with few products, and say when not") {
  arma::vec values = arma::linspace(0, 0.3, 400);
  values.tail(1) = 1;
  const arma::mat apart = with_spectrum(values), close = with_spectrum(arma::linspace(0, 1, 400));
  SpectrumRequest few;
  few.tolerance = 1e-6;
  few.kept = 4;
  few.most_products = 16;
  const auto found = extreme_eigenpairs(400, product_with(apart), few);
  CHECK(found.converged);
  CHECK(found.products <= 16);
  CHECK(found.values(0) == Approx(1).epsilon(1e-10));
  CHECK_FALSE(extreme_eigenpairs(400, product_with(close), few).converged);
}

TEST_CASE("what does not converge, or is not finite, is said") {
  arma::vec close = arma::linspace(1, 1 + 1e-9, 400);
  const arma::mat a = with_spectrum(close);
  SpectrumRequest request;
  request.tolerance = 1e-16;
  request.most_products = 30;
  CHECK_FALSE(extreme_eigenpairs(400, product_with(a), request).converged);
  arma::mat broken = a;
  broken(3, 5) = std::nan("");
  CHECK_FALSE(extreme_eigenpairs(400, product_with(broken), {}).converged);
}
