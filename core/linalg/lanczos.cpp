// SPDX-License-Identifier: MIT
#include "linalg/lanczos.hpp"

#include <Spectra/SymEigsSolver.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace onager::host {

namespace {

/// The operator as Spectra wants it.
struct Operator {
  using Scalar = double;
  std::int64_t size;
  const SymmetricProduct& product;

  Eigen::Index rows() const { return size; }
  Eigen::Index cols() const { return size; }
  void perform_op(const double* v, double* out) const { product(v, out); }
};

Spectra::SortRule rule_of(SpectrumEnd end) {
  switch (end) {
    case SpectrumEnd::largest: return Spectra::SortRule::LargestAlge;
    case SpectrumEnd::smallest: return Spectra::SortRule::SmallestAlge;
    default: return Spectra::SortRule::LargestMagn;
  }
}

/// By all products with unit vectors.
Eigenpairs of_dense(std::int64_t size, const SymmetricProduct& product,
                    const SpectrumRequest& request) {
  const auto n = static_cast<arma::uword>(size), count = static_cast<arma::uword>(request.count);
  arma::mat a(n, n);
  arma::vec unit(n, arma::fill::zeros);
  for (arma::uword j = 0; j < n; ++j) {
    unit(j) = 1;
    product(unit.memptr(), a.colptr(j));
    unit(j) = 0;
  }
  Eigenpairs out;
  out.products = size;
  arma::vec values;
  arma::mat vectors;
  if (!a.is_finite() || !arma::eig_sym(values, vectors, 0.5 * (a + a.t()))) return out;
  std::vector<arma::uword> order(n);
  std::iota(order.begin(), order.end(), arma::uword{0});
  std::stable_sort(order.begin(), order.end(), [&](arma::uword i, arma::uword j) {
    switch (request.end) {
      case SpectrumEnd::largest: return values(i) > values(j);
      case SpectrumEnd::smallest: return values(i) < values(j);
      default: return std::fabs(values(i)) > std::fabs(values(j));
    }
  });
  const arma::uvec first(order.data(), count);
  out.values = values.elem(first);
  if (request.vectors) out.vectors = vectors.cols(first);
  out.converged = true;
  return out;
}

/// |A v| of a fixed unit vector v without symmetry; NaN when it is not finite.
double size_of(std::int64_t size, const SymmetricProduct& product) {
  const auto n = static_cast<arma::uword>(size);
  arma::vec v(n), out(n);
  for (arma::uword i = 0; i < n; ++i) v(i) = std::sin(1 + 0.7 * static_cast<double>(i));
  v /= arma::norm(v);
  product(v.memptr(), out.memptr());
  return out.is_finite() ? arma::norm(out) : std::numeric_limits<double>::quiet_NaN();
}

Eigenpairs of_zero(std::int64_t size, const SpectrumRequest& request, bool zero) {
  const auto n = static_cast<arma::uword>(size), count = static_cast<arma::uword>(request.count);
  Eigenpairs out;
  out.products = 1;
  out.converged = zero;
  out.values.zeros(count);
  if (request.vectors) out.vectors.eye(n, count);
  return out;
}

}  // namespace

Eigenpairs extreme_eigenpairs(std::int64_t size, const SymmetricProduct& product,
                              const SpectrumRequest& request) {
  const std::int64_t kept =
      request.kept > 0 ? request.kept : std::max<std::int64_t>(20, 2 * request.count + 1);
  if (size <= 2 * kept) return of_dense(size, product, request);

  // In units of the operator's own size, so that it may be as small as numbers are. A zero operator
  // has no Krylov space.
  const double unit = size_of(size, product);
  if (!(unit > 0)) return of_zero(size, request, unit == 0);
  const SymmetricProduct scaled = [&](const double* v, double* out) {
    product(v, out);
    for (std::int64_t i = 0; i < size; ++i) out[i] /= unit;
  };
  Operator op{size, scaled};
  Spectra::SymEigsSolver<Operator> solver(op, request.count, kept);
  solver.init();
  const std::int64_t restarts =
      std::max<std::int64_t>(1, (request.most_products - kept) / (kept - request.count) + 1);
  const auto rule = rule_of(request.end);
  solver.compute(rule, restarts, request.tolerance, rule);
  Eigenpairs out;
  out.products = solver.num_operations() + 1;
  out.converged = solver.info() == Spectra::CompInfo::Successful;
  const Eigen::VectorXd values = solver.eigenvalues();
  out.values = unit * arma::vec(values.data(), static_cast<arma::uword>(values.size()));
  if (request.vectors) {
    const Eigen::MatrixXd vectors = solver.eigenvectors();
    out.vectors = arma::mat(vectors.data(), static_cast<arma::uword>(vectors.rows()),
                            static_cast<arma::uword>(vectors.cols()));
  }
  return out;
}

}  // namespace onager::host
