// SPDX-License-Identifier: MIT
//
// What holds for the gradients of a predictor f_l(x) = sum_j alpha_lj k(x, z_j) of any kernel with
// derivative, and for their average outer product.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/outer_product.hpp"

#include <cstring>

using namespace onager;
using host::KernelMatrix;
using host::KernelSamples;
using test::Example;

namespace {

template <class T>
KernelSamples<T> samples(const arma::mat& columns) {
  return host::kernel_samples<T>(arma::conv_to<arma::Mat<T>>::from(columns), {});
}

/// Column i: the gradients of all outputs at sample i, one after the other.
template <class T = double>
arma::mat gradients(const KernelMatrix& matrix, const arma::mat& x, const arma::mat& z,
                    const arma::mat& alpha) {
  const auto xs = samples<T>(x), zs = samples<T>(z);
  const arma::Mat<T> a = arma::conv_to<arma::Mat<T>>::from(alpha);
  const host::PredictorGradient<T> predictor(matrix, xs, zs, a);
  return arma::conv_to<arma::mat>::from(predictor.gradients(0, predictor.outputs()));
}

/// The same by central differences of the predictor's values.
arma::mat finite_differences(const KernelMatrix& matrix, const arma::mat& x, const arma::mat& z,
                             const arma::mat& alpha, double step) {
  const arma::uword d = x.n_rows, c = alpha.n_rows;
  const auto zs = samples<double>(z);
  arma::mat out(d * c, x.n_cols);
  for (arma::uword f = 0; f < d; ++f) {
    arma::mat up = x, down = x;
    up.row(f) += step;
    down.row(f) -= step;
    const arma::mat difference = (matrix.product(samples<double>(up), zs, alpha) -
                                  matrix.product(samples<double>(down), zs, alpha)) /
                                 (2 * step);
    for (arma::uword l = 0; l < c; ++l) out.row(l * d + f) = difference.row(l);
  }
  return out;
}

/// Multiples of 1/1024, so that samples half a step aside share no coordinate: no difference is
/// taken across the kink of a kernel of |x_f - z_f|.
arma::mat on_grid(const arma::mat& columns) { return arma::floor(1024 * columns) / 1024; }

double largest(const arma::mat& m) { return arma::abs(m).max(); }

std::vector<Example> differentiable_kernels() {
  std::vector<Example> out;
  for (auto& example : test::examples("kernel"))
    if (test::kernel_of(example).expression->differentiable()) out.push_back(std::move(example));
  return out;
}

/// (1/n) sum_i sum_l g_il g_il' from the columns of gradients.
arma::mat outer_product(arma::mat g, arma::uword d, host::Centering centering) {
  if (centering == host::Centering::mean) g.each_col() -= arma::vec(arma::mean(g, 1));
  const arma::uword n = g.n_cols;
  const arma::mat rows = arma::reshape(g, d, g.n_elem / d);
  return rows * rows.t() / static_cast<double>(n);
}

}  // namespace

TEST_CASE("gradients of a predictor are its finite differences") {
  host::ThreadPool threads(2);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    // more rows than a tile has, more columns than a tile has
    const arma::mat x = on_grid(test::normal_numbers(5, 140, 21)),
                    z = on_grid(test::normal_numbers(5, 530, 22)) + 1.0 / 2048,
                    alpha = test::normal_numbers(3, 530, 23);
    const arma::mat g = gradients(matrix, x, z, alpha);
    CHECK(largest(g - finite_differences(matrix, x, z, alpha, 1e-5)) <= 1e-6 * largest(g));
  }
}

TEST_CASE("a sample that is a centre too has a finite gradient, without a share of that pair") {
  host::ThreadPool threads(2);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const arma::mat z = test::normal_numbers(5, 30, 24), alpha = test::normal_numbers(2, 30, 25);
    const arma::mat x = z.head_cols(10);
    const arma::mat g = gradients(matrix, x, z, alpha);
    REQUIRE(g.is_finite());
    // Differences to both sides cancel what has a kink at the centre. Times a factor that has a
    // slope there, a step's size of it is left. A function of the angle to the centre knows it to
    // eps / step only, which the difference divides by the step.
    CHECK(largest(g - finite_differences(matrix, x, z, alpha, 1e-5)) <= 1e-4 * largest(g));
    if (!kernel.expression->translation_invariant()) continue;
    for (arma::uword i = 0; i < x.n_cols; ++i) {
      arma::mat others = z, coefficients = alpha;
      others.shed_col(i);
      coefficients.shed_col(i);
      const arma::mat without = gradients(matrix, x.col(i), others, coefficients);
      CHECK(largest(g.col(i) - without) <= 1e-12 * largest(g));
    }
  }
}

TEMPLATE_TEST_CASE("gradients stay finite when all samples are one point", "", double, float) {
  host::ThreadPool threads(1);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const arma::mat alpha = test::normal_numbers(2, 6, 26);
    for (const double where : {0.0, 7.0}) {
      const arma::mat same(5, 6, arma::fill::value(where));
      const arma::mat g = gradients<TestType>(matrix, same, same, alpha);
      CHECK(g.is_finite());
      if (kernel.expression->translation_invariant()) CHECK(largest(g) == 0);
    }
  }
}

TEST_CASE("gradients in float32 are those in float64") {
  host::ThreadPool threads(2);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const auto exact = [](const arma::mat& m) {
      return arma::mat(arma::conv_to<arma::mat>::from(arma::conv_to<arma::fmat>::from(m)));
    };
    const arma::mat z = exact(test::normal_numbers(5, 150, 27)), x = exact(z.head_cols(60) + 0.25),
                    alpha = exact(test::normal_numbers(2, 150, 28));
    const arma::mat wide = gradients(matrix, x, z, alpha);
    CHECK(largest(gradients<float>(matrix, x, z, alpha) - wide) <= 1e-4 * largest(wide));
  }
}

TEST_CASE("gradients of some outputs are those of all") {
  host::ThreadPool threads(2);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const auto x = samples<double>(test::normal_numbers(5, 20, 29)),
               z = samples<double>(test::normal_numbers(5, 30, 30));
    const arma::mat alpha = test::normal_numbers(4, 30, 31);
    const host::PredictorGradient<double> predictor(matrix, x, z, alpha);
    const arma::mat all = predictor.gradients(0, 4), middle = predictor.gradients(1, 2);
    CHECK(largest(middle - all.rows(5, 14)) <= 1e-12 * largest(all));
  }
}

// The sum over pairs is one product of the BLAS, whose order of terms depends on its threads.
TEST_CASE("gradients are the same bytes every time, and close for another number of threads") {
  host::ThreadPool one(1), three(3);
  for (const auto& example : differentiable_kernels()) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix single(*kernel.expression, one), several(*kernel.expression, three);
    const arma::mat x = test::normal_numbers(5, 300, 32), alpha = test::normal_numbers(2, 300, 33);
    const arma::mat a = gradients(several, x, x, alpha), b = gradients(several, x, x, alpha);
    CHECK(std::memcmp(a.memptr(), b.memptr(), a.n_elem * sizeof(double)) == 0);
    CHECK(largest(gradients(single, x, x, alpha) - a) <= 1e-12 * largest(a));
  }
}

TEST_CASE("the average outer product is that of the gradients, and of finite differences") {
  host::ThreadPool threads(2);
  for (const auto& example : differentiable_kernels()) {
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    // one output, and so many that a computation over pairs would be cheaper
    for (const arma::uword outputs : {1u, 3u, 40u})
      for (const auto centering : {host::Centering::none, host::Centering::mean}) {
        const bool centered = centering == host::Centering::mean;
        CAPTURE(example.label(), outputs, centered);
        const arma::mat z = test::normal_numbers(5, 50, 34),
                        alpha = test::normal_numbers(outputs, 50, 35);
        const arma::mat x = arma::join_rows(z.head_cols(20), test::normal_numbers(5, 30, 36));
        const auto xs = samples<double>(x), zs = samples<double>(z);
        const host::PredictorGradient<double> predictor(matrix, xs, zs, alpha);
        const auto average = [&](host::OuterProduct form) {
          return host::average_gradient_outer_product<double>(predictor, form, centering, {});
        };
        const arma::mat full = average(host::OuterProduct::full);
        const arma::mat g = predictor.gradients(0, predictor.outputs());
        const arma::mat expected = outer_product(g, 5, centering);
        // a linear predictor has nothing left when its mean is subtracted
        const double size = largest(outer_product(g, 5, host::Centering::none));
        REQUIRE(full.n_rows == 5);
        REQUIRE(full.n_cols == 5);
        CHECK(full.is_symmetric());
        CHECK(largest(full - expected) <= 1e-11 * size);
        CHECK(largest(average(host::OuterProduct::diagonal) - arma::mat(expected.diag())) <=
              1e-11 * size);
        const arma::mat differences =
            outer_product(finite_differences(matrix, x, z, alpha, 1e-5), 5, centering);
        CHECK(largest(full - differences) <= 2e-4 * size);
      }
  }
}

TEST_CASE("a kernel without derivative is named, however deep it lies") {
  const auto expression = [](const std::string& lines) {
    return test::kernel_of(Example{test::everything().find("kernel", "sum"), lines});
  };
  const auto deep = expression(
      "terms = [{ use = 'gaussian' }, { use = 'foreign_square', kernel = { use = 'scale', kernel = "
      "{ use = 'foreign_blunt' } } }]");
  CHECK_FALSE(deep.expression->differentiable());
  CHECK(deep.expression->first_without_derivative() == "foreign_blunt");
  CHECK(expression("terms = [{ use = 'gaussian' }, { use = 'foreign_rational' }]")
            .expression->differentiable());
}

TEST_CASE("a sum with a kernel that needs the data has the sum of the values and gradients") {
  host::ThreadPool threads(2);
  const auto kernel = [](const std::string& id, const std::string& lines) {
    return test::kernel_of(Example{test::everything().find("kernel", id), lines});
  };
  const auto block = kernel("foreign_additive", ""), radial = kernel("foreign_rational", ""),
             both = kernel("sum",
                           "weights = [0.5, 2.0]\nterms = [{ use = 'foreign_additive' }, "
                           "{ use = 'foreign_rational' }]"),
             product = kernel(
                 "product", "terms = [{ use = 'foreign_additive' }, { use = 'foreign_rational' }]");
  const KernelMatrix a(*block.expression, threads), b(*radial.expression, threads),
      sum(*both.expression, threads), times(*product.expression, threads);
  const arma::mat x = test::normal_numbers(5, 150, 37), z = test::normal_numbers(5, 40, 38),
                  alpha = test::normal_numbers(2, 40, 39);
  const auto xs = samples<double>(x), zs = samples<double>(z);
  const auto filled = [&](const KernelMatrix& matrix) {
    arma::mat k(40, 150);
    matrix.fill(xs, zs, k.memptr(), 40);
    return k;
  };
  CHECK(largest(filled(sum) - (0.5 * filled(a) + 2 * filled(b))) <= 1e-13);
  CHECK(largest(filled(times) - filled(a) % filled(b)) <= 1e-13);
  const arma::mat expected = 0.5 * gradients(a, x, z, alpha) + 2 * gradients(b, x, z, alpha);
  CHECK(largest(gradients(sum, x, z, alpha) - expected) <= 1e-12 * largest(expected));
}
