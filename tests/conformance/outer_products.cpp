// SPDX-License-Identifier: MIT
//
// The forms in which an average gradient outer product is computed give one result, in pieces too,
// and the form that is taken is the one with fewer flops.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/outer_product.hpp"

using namespace onager;
using host::Centering;
using host::KernelMatrix;
using host::OuterProduct;
using host::OuterProductForm;

namespace {

template <class T>
struct Problem {
  host::KernelSamples<T> x, z;
  arma::Mat<T> alpha;

  Problem(const host::KernelExpression& kernel, arma::uword n, arma::uword m, arma::uword d,
          arma::uword c)
      : alpha(arma::conv_to<arma::Mat<T>>::from(test::normal_numbers(c, m, 43))) {
    const auto centres = arma::conv_to<arma::Mat<T>>::from(test::normal_numbers(d, m, 41));
    const auto points = arma::conv_to<arma::Mat<T>>::from(test::normal_numbers(d, n, 42));
    const auto shift = host::kernel_shift(kernel, centres);
    x = host::kernel_samples(points, shift);
    z = host::kernel_samples(centres, shift);
  }
  host::PredictorGradient<T> gradient(const KernelMatrix& matrix) const {
    return {matrix, x, z, alpha};
  }
};

template <class T>
arma::mat wide(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

std::vector<test::Example> profile_kernels() {
  std::vector<test::Example> out;
  for (auto& example : test::examples("kernel")) {
    const auto kernel = test::kernel_of(example);
    if (kernel.expression->differentiable() && kernel.expression->block_kernels() == 0)
      out.push_back(std::move(example));
  }
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("sums over outputs first give the outer product of the gradients", "", double,
                   float) {
  host::ThreadPool threads(2);
  const double tolerance = sizeof(TestType) == sizeof(float) ? 2e-5 : 1e-12;
  for (const auto& example : profile_kernels()) {
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const Problem<TestType> problem(*kernel.expression, 150, 90, 7, 12);
    const auto gradient = problem.gradient(matrix);
    for (const auto part : {OuterProduct::full, OuterProduct::diagonal})
      for (const auto centering : {Centering::none, Centering::mean}) {
        CAPTURE(example.label(), part == OuterProduct::full, centering == Centering::mean);
        const arma::mat expected = wide(outer_product_by_output(gradient, part, centering));
        const arma::mat whole = wide(outer_product_by_output(gradient, part, Centering::none));
        const auto sums = outer_product_sums_first(gradient, part, centering);
        REQUIRE(sums);
        REQUIRE(sums->n_cols == (part == OuterProduct::full ? 7 : 1));
        // a linear predictor has nothing but rounding left when its mean is subtracted
        const double size = std::max(expected.max(), 1e-9 * whole.max());
        CHECK(arma::abs(wide(*sums) - expected).max() <= tolerance * size);
      }
  }
}

TEST_CASE("sums over outputs first are refused where rounding would be left of them") {
  host::ThreadPool threads(2);
  const auto kernel = test::kernel_of("use = 'gaussian'\nbandwidth = 300\n");
  const KernelMatrix matrix(*kernel.expression, threads);
  Problem<double> problem(*kernel.expression, 300, 300, 5, 8);
  // coefficients of a smooth function in a nearly singular system: large, with changing signs
  arma::mat k(300, 300);
  matrix.fill_symmetric(problem.z, KernelMatrix::Part::full, k.memptr(), 300);
  k.diag() += 1e-12;
  problem.alpha =
      arma::solve(k, arma::mat(problem.z.columns.rows(arma::uvec{0, 1, 2, 3, 4, 0, 1, 2}).t())).t();
  REQUIRE(arma::abs(problem.alpha).max() > 1e3);
  const auto gradient = problem.gradient(matrix);
  CHECK_FALSE(outer_product_sums_first(gradient, OuterProduct::full, Centering::mean));
  const arma::mat taken =
      average_gradient_outer_product(gradient, OuterProduct::full, Centering::mean);
  const arma::mat exact = outer_product_by_output(gradient, OuterProduct::full, Centering::mean);
  CHECK(arma::approx_equal(taken, exact, "absdiff", 0));
}

TEST_CASE("an outer product that is summed in blocks of samples is that of all at once") {
  host::ThreadPool threads(2);
  const auto kernel = test::kernel_of("use = 'gaussian'\nbandwidth = 2.0\n");
  const KernelMatrix matrix(*kernel.expression, threads);
  const arma::uword n = 1300, m = 66000;  // weights of 264 MB for 512 samples
  const Problem<double> problem(*kernel.expression, n, m, 3, 2);
  const auto plan = host::plan_outer_product({1300, 66000, 3, 2, 8}, OuterProductForm::by_output);
  REQUIRE(plan.rows < 1300);
  const auto gradient = problem.gradient(matrix);
  const arma::mat all = gradient.gradients(0, 2);
  for (const auto centering : {Centering::none, Centering::mean}) {
    arma::mat g = all;
    if (centering == Centering::mean) g.each_col() -= arma::vec(arma::mean(g, 1));
    const arma::mat rows(g.memptr(), 3, 2 * n);
    const arma::mat expected = rows * rows.t() / static_cast<double>(n);
    const arma::mat full = average_gradient_outer_product(gradient, OuterProduct::full, centering);
    CHECK(arma::abs(full - expected).max() <= 1e-12 * expected.max());
    const arma::mat diagonal =
        average_gradient_outer_product(gradient, OuterProduct::diagonal, centering);
    CHECK(arma::abs(diagonal - expected.diag()).max() <= 1e-12 * expected.max());
  }
}

TEST_CASE("gradients are carried back block by block, with the samples they belong to") {
  host::ThreadPool threads(2);
  const auto kernel = test::kernel_of("use = 'laplace'\nbandwidth = 2.0\n");
  const KernelMatrix matrix(*kernel.expression, threads);
  const arma::uword n = 1100;
  const Problem<double> problem(*kernel.expression, n, 66000, 2, 1);
  const auto gradient = problem.gradient(matrix);
  arma::mat weighted = gradient.gradients(0, 1);
  for (arma::uword i = 0; i < n; ++i) weighted.col(i) *= static_cast<double>(i);
  const arma::mat expected = weighted * weighted.t() / static_cast<double>(n);
  const arma::mat carried = host::average_gradient_outer_product<double>(
      gradient, OuterProduct::full, Centering::none,
      [](arma::mat chunk, std::int64_t first, std::int64_t) {
        for (arma::uword i = 0; i < chunk.n_cols; ++i)
          chunk.col(i) *= static_cast<double>(static_cast<arma::uword>(first) + i);
        return chunk;
      });
  CHECK(arma::abs(carried - expected).max() <= 1e-12 * expected.max());
}

TEST_CASE("the form of an outer product follows from its shape") {
  using host::plan_outer_product;
  const auto form = [](std::int64_t n, std::int64_t d, std::int64_t c, std::int64_t bytes) {
    return plan_outer_product({n, n, d, c, bytes}).form;
  };
  CHECK(form(8192, 256, 1, 8) == OuterProductForm::by_output);
  CHECK(form(8192, 256, 10, 8) == OuterProductForm::by_output);
  CHECK(form(1860, 122, 61, 8) == OuterProductForm::sums_first);
  CHECK(form(1860, 122, 61, 4) == OuterProductForm::sums_first);
  CHECK(form(10000, 784, 10, 8) == OuterProductForm::sums_first);
  CHECK(form(20000, 784, 100, 4) == OuterProductForm::by_output);  // 20,000² numbers are too many

  auto with_data = host::OuterProductShape{1860, 1860, 122, 61, 8, false, 2};
  CHECK(plan_outer_product(with_data).form == OuterProductForm::by_output);
}

TEST_CASE("an outer product over 100,000 samples is planned within 1 GB") {
  for (const std::int64_t outputs : {1, 10, 100}) {
    const auto plan = host::plan_outer_product({100000, 100000, 128, outputs, 4});
    CAPTURE(outputs, plan.rows, plan.outputs);
    CHECK(plan.bytes <= 1e9);
  }
}
