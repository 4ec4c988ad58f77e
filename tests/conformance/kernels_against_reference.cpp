// SPDX-License-Identifier: MIT
//
// Kernel values, ridge regression, predictor gradients and gradient outer products against an
// independent implementation (see tests/data/README.md), in both precisions.
#include "../catch.hpp"
#include "../support.hpp"

#include "linalg/blas.hpp"
#include "linalg/kernel_matrix.hpp"
#include "linalg/outer_product.hpp"

#include <limits>

using namespace onager;
using test::reference;
using test::relative_error;

namespace {

struct Case {
  const char* table;     // the [kernel] table
  const char* name;      // in the reference
  double own_error = 0;  // of the reference, where samples coincide
};

// The angle's slope is infinite at coincident samples: a rounding error of their cosine moves a
// kernel by its square root. The reference keeps cosines 1e-15 below 1, which settles the first
// layer; in the layers after it two roundings occur, and its diagonal takes two values 1e-9 apart.
const Case cases[] = {
    {"use = 'gaussian'\nbandwidth = 2.5", "gaussian"},
    {"use = 'laplace'\nbandwidth = 2.5", "laplace"},
    {"use = 'generalized_laplace'\nbandwidth = 2.5\nexponent = 1.4", "generalized_laplace_1.4"},
    {"use = 'matern'\nbandwidth = 2.5\nsmoothness = 1.5", "matern_1.5"},
    {"use = 'matern'\nbandwidth = 2.5\nsmoothness = 2.5", "matern_2.5"},
    {"use = 'quadratic'", "quadratic"},
    {"use = 'polynomial'\ndegree = 3\noffset = 1", "polynomial_3_offset_1"},
    {"use = 'relu_ntk'\ndepth = 1", "relu_ntk_depth_1"},
    {"use = 'relu_ntk'\ndepth = 3", "relu_ntk_depth_3", 2e-9},
};

// float64: 1e-10 as promised. float32: 1e-4.
template <class T>
constexpr double tolerance = sizeof(T) == sizeof(double) ? 1e-10 : 1e-4;

template <class T>
arma::mat wide(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

// M^{1/2}, with which k_M(x, z) = k(M^{1/2} x, M^{1/2} z)
arma::mat metric_root() { return arma::sqrtmat_sympd(reference("kernel_M")); }

}  // namespace

TEMPLATE_TEST_CASE("kernels agree with the reference", "", double, float) {
  using T = TestType;
  const Case c = GENERATE(from_range(std::begin(cases), std::end(cases)));
  const std::string prefix = std::string("kernel_") + c.name;
  CAPTURE(prefix);
  const double reached = std::max(tolerance<T>, c.own_error);
  const arma::mat root = metric_root();
  const arma::mat all_z = reference("kernel_Z");
  const auto convert = [](const arma::mat& m) { return arma::conv_to<arma::Mat<T>>::from(m); };
  const arma::Mat<T> x = convert(root * reference("kernel_X")), z = convert(root * all_z);

  const auto kernel = test::kernel_of(c.table);
  host::ThreadPool threads(2);
  const host::KernelMatrix matrix(*kernel.expression, threads);
  const auto shift = host::kernel_shift(*kernel.expression, x);
  const auto xs = host::kernel_samples(x, shift), zs = host::kernel_samples(z, shift);
  const std::int64_t n = xs.count(), m = zs.count();

  arma::Mat<T> k(static_cast<arma::uword>(n), static_cast<arma::uword>(n));
  matrix.fill_symmetric(xs, host::KernelMatrix::Part::full, k.memptr(), n);
  CHECK(relative_error(wide(k), reference(prefix + "_XX")) < reached);

  arma::Mat<T> kzx(static_cast<arma::uword>(n), static_cast<arma::uword>(m));
  matrix.fill(zs, xs, kzx.memptr(), n);
  CHECK(relative_error(wide(kzx), reference(prefix + "_ZX")) < reached);

  // ridge regression in the test's own precision, gradients with the reference's coefficients
  if (sizeof(T) == sizeof(double)) {
    arma::mat alpha = reference("kernel_Y"), factor = wide(k);
    factor.diag() += 1e-2;
    REQUIRE(host::blas::potrf_lower(n, factor.memptr(), n) == 0);
    host::blas::potrs_lower(n, std::int64_t{3}, factor.memptr(), n, alpha.memptr(),
                            std::int64_t{3});
    CHECK(relative_error(alpha, reference(prefix + "_alpha")) < reached);
  }
  const arma::Mat<T> alpha = convert(reference(prefix + "_alpha"));
  const auto kept = host::kernel_samples(arma::Mat<T>(z.cols(4, z.n_cols - 1)), shift);
  const arma::Mat<T> prediction = matrix.product(kept, xs, alpha);
  const arma::mat expected = reference(prefix + "_predict");
  // Rounding the kernel and the coefficients moves a prediction by eps times sum_j |k_ij alpha_j|:
  // for the quadratic kernel, of rank 28 on 64 samples, that sum is 10^4 times the prediction, so
  // float32 cannot hold 1e-4 there whatever the algorithm.
  const arma::mat magnitude = arma::abs(reference("kernel_" + std::string(c.name) + "_alpha")) *
                              arma::abs(reference(prefix + "_ZX").tail_cols(expected.n_cols));
  const double rounding =
      2 * std::numeric_limits<T>::epsilon() * magnitude.max() / arma::abs(expected).max();
  const double bound = std::max(tolerance<T>, rounding);
  if (std::string(c.name) != "quadratic") REQUIRE(bound == tolerance<T>);
  CHECK(relative_error(wide(prediction), expected) < bound);

  const host::PredictorGradient<T> gradient(matrix, kept, xs, alpha);
  const arma::Mat<T> narrow_root = convert(root);
  const auto pull_back = [&](arma::Mat<T> chunk, std::int64_t, std::int64_t count) {
    const arma::uword d = narrow_root.n_rows, samples = chunk.n_cols;
    arma::Mat<T> rows =
        narrow_root * arma::reshape(chunk, d, samples * static_cast<arma::uword>(count));
    return arma::Mat<T>(arma::reshape(rows, d * static_cast<arma::uword>(count), samples));
  };
  const arma::mat gradients = wide(pull_back(gradient.gradients(0, 3), 0, 3));
  CHECK(relative_error(gradients, reference(prefix + "_gradients")) < bound);

  for (const auto centering : {host::Centering::none, host::Centering::mean}) {
    const arma::mat full = wide(host::average_gradient_outer_product<T>(
        gradient, host::OuterProduct::full, centering, pull_back));
    const arma::mat known =
        reference(prefix + (centering == host::Centering::mean ? "_agop_centered" : "_agop"));
    CHECK(relative_error(full, known) < bound);
    const arma::mat diagonal = wide(host::average_gradient_outer_product<T>(
        gradient, host::OuterProduct::diagonal, centering, pull_back));
    CHECK(relative_error(diagonal, arma::mat(known.diag())) < bound);
  }
}
