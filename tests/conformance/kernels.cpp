// SPDX-License-Identifier: MIT
//
// What holds for the matrix of any kernel. The bounds follow from two errors: a squared distance
// that does not cancel has the relative error 4 eps (|x|² + |z|²) / r², some 100 eps for the
// samples here, and a value then has a few hundred eps; float64 is held to 1e-12, float32 to 1e-4
// of the largest entry.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/kernel_matrix.hpp"

#include <cstring>
#include <limits>

using namespace onager;
using host::KernelMatrix;
using host::KernelSamples;
using test::Example;

namespace {

constexpr double close64 = 1e-12, close32 = 1e-4;

template <class T>
arma::Mat<T> as(const arma::mat& m) {
  return arma::conv_to<arma::Mat<T>>::from(m);
}
template <class T>
KernelSamples<T> samples(const arma::mat& columns) {
  return host::kernel_samples<T>(as<T>(columns), {});
}

/// Element (i, j) of the result is k(x_i, z_j).
template <class T>
arma::mat filled(const KernelMatrix& matrix, const KernelSamples<T>& x, const KernelSamples<T>& z) {
  arma::Mat<T> k(static_cast<arma::uword>(z.count()), static_cast<arma::uword>(x.count()));
  k.fill(std::numeric_limits<T>::quiet_NaN());
  matrix.fill(x, z, k.memptr(), z.count());
  return arma::conv_to<arma::mat>::from(k).t();
}

double largest(const arma::mat& m) { return arma::abs(m).max(); }

template <class T>
bool same_bytes(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return a.n_rows == b.n_rows && a.n_cols == b.n_cols &&
         std::memcmp(a.memptr(), b.memptr(), a.n_elem * sizeof(T)) == 0;
}

/// Normal samples, some of them twice, some zero.
arma::mat awkward_samples(arma::uword d, arma::uword n, unsigned seed) {
  arma::mat x = test::normal_numbers(d, n, seed);
  for (arma::uword i = 0; i + 1 < n; i += 7) x.col(i + 1) = x.col(i);
  for (arma::uword i = 3; i < n; i += 11) x.col(i).zeros();
  return x;
}

}  // namespace

TEST_CASE("a kernel is symmetric in its arguments") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const auto x = samples<double>(awkward_samples(5, 60, 1));
    const auto z = samples<double>(test::normal_numbers(5, 45, 2));
    const arma::mat xz = filled(matrix, x, z), zx = filled(matrix, z, x);
    CHECK(largest(xz - zx.t()) <= close64 * largest(xz));
  }
}

TEST_CASE("a kernel matrix is positive semi-definite, also with samples that occur twice") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const auto x = samples<double>(awkward_samples(5, 60, 3));
    arma::mat k(60, 60);
    matrix.fill_symmetric(x, KernelMatrix::Part::full, k.memptr(), 60);
    REQUIRE(k.is_finite());
    const arma::vec values = arma::eig_sym(k);
    CHECK(values.front() >= -60 * std::numeric_limits<double>::epsilon() * values.back());
    CHECK(values.back() > 0);
  }
}

TEST_CASE(
    "a function of the distance is at its value at 0, to the last bit, where a sample occurs "
    "twice") {
  host::ThreadPool threads(1);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    // far from the origin, where the expansion of the distance cancels
    arma::mat columns = test::normal_numbers(5, 20, 4) + 50.0;
    columns.col(13) = columns.col(2);
    const auto x = samples<double>(columns);
    if (!kernel.expression->translation_invariant()) continue;
    const arma::mat k = filled(matrix, x, x);
    CHECK(k(2, 13) == k(2, 2));
    CHECK(k(13, 2) == k(2, 2));
  }
}

TEST_CASE("a kernel in float32 is the kernel in float64") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    // numbers that float32 holds exactly: what differs is the kernel
    const arma::mat x = arma::conv_to<arma::mat>::from(as<float>(awkward_samples(5, 70, 5))),
                    z = arma::conv_to<arma::mat>::from(as<float>(test::normal_numbers(5, 40, 6)));
    const arma::mat wide = filled(matrix, samples<double>(x), samples<double>(z));
    const arma::mat narrow = filled(matrix, samples<float>(x), samples<float>(z));
    CHECK(largest(narrow - wide) <= close32 * largest(wide));
  }
}

TEST_CASE("a kernel matrix of any size is its blocks of any shape") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const arma::mat x = test::normal_numbers(4, 700, 7), z = awkward_samples(4, 700, 8);
    for (const arma::uword n : {1u, 2u, 127u, 513u, 700u}) {
      const arma::uword m = n == 127 ? 513 : n == 513 ? 127 : n;
      CAPTURE(example.label(), n, m);
      const arma::mat whole =
          filled(matrix, samples<double>(x.head_cols(n)), samples<double>(z.head_cols(m)));
      REQUIRE(whole.is_finite());
      const double bound = close64 * largest(whole);
      struct Shape {
        arma::uword rows, columns;
      };
      for (const Shape shape : {Shape{1, 300}, Shape{128, 512}, Shape{61, 37}, Shape{300, 1}}) {
        if (n > 127 && shape.columns == 1) continue;  // slow, and shown by the smaller sizes
        double worst = 0;
        for (arma::uword i = 0; i < n; i += shape.rows)
          for (arma::uword j = 0; j < m; j += shape.columns) {
            const arma::uword i1 = std::min(i + shape.rows, n) - 1;
            const arma::uword j1 = std::min(j + shape.columns, m) - 1;
            const arma::mat block =
                filled(matrix, samples<double>(x.cols(i, i1)), samples<double>(z.cols(j, j1)));
            worst = std::max(worst, largest(block - whole.submat(i, j, i1, j1)));
          }
        CAPTURE(shape.rows, shape.columns);
        CHECK(worst <= bound);
      }
    }
  }
}

TEMPLATE_TEST_CASE("a symmetric fill is the fill, and writes nothing past its rows", "", double,
                   float) {
  using T = TestType;
  host::ThreadPool threads(2);
  const double close = sizeof(T) == sizeof(double) ? close64 : close32;
  for (const auto& example : test::examples("kernel")) {
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    for (const arma::uword n : {1u, 2u, 127u, 513u, 700u}) {
      CAPTURE(example.label(), n);
      const auto x = samples<T>(awkward_samples(4, n, 9));
      const arma::mat whole = filled(matrix, x, x);
      const double bound = close * largest(whole);
      const arma::uword ld = n + 5;
      const T untouched = T(-123.5);
      for (const auto part : {KernelMatrix::Part::full, KernelMatrix::Part::lower}) {
        arma::Mat<T> k(ld, n);
        k.fill(untouched);
        matrix.fill_symmetric(x, part, k.memptr(), static_cast<std::int64_t>(ld));
        const arma::Mat<T> past = k.tail_rows(5);
        CHECK(arma::all(arma::vectorise(past) == untouched));
        const arma::mat got = arma::conv_to<arma::mat>::from(k.head_rows(n)).t();
        if (part == KernelMatrix::Part::full) {
          CHECK(largest(got - whole) <= bound);
          CHECK(same_bytes<double>(got, got.t()));
        } else {
          CHECK(largest(arma::trimatl(got) - arma::trimatl(whole)) <= bound);
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("a product with a kernel matrix is that with its entries", "", double, float) {
  using T = TestType;
  host::ThreadPool threads(2);
  const double close = sizeof(T) == sizeof(double) ? close64 : close32;
  for (const auto& example : test::examples("kernel")) {
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    for (const arma::uword n : {1u, 130u, 700u})
      for (const arma::uword right_sides : {1u, 3u}) {
        CAPTURE(example.label(), n, right_sides);
        const auto x = samples<T>(test::normal_numbers(4, n, 10));
        const auto z = samples<T>(awkward_samples(4, 523, 11));
        const arma::Mat<T> v = as<T>(test::normal_numbers(right_sides, 523, 12));
        const arma::mat k = filled(matrix, x, z), wide = arma::conv_to<arma::mat>::from(v);
        const arma::mat product = arma::conv_to<arma::mat>::from(matrix.product(x, z, v));
        // what rounding is relative to: the sum of the sizes of the terms
        const arma::mat size = arma::abs(wide) * arma::abs(k.t());
        CHECK(arma::all(arma::vectorise(arma::abs(product - wide * k.t()) <= close * size)));
      }
  }
}

TEST_CASE("no right sides and no samples give empty results") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const auto x = samples<double>(test::normal_numbers(4, 9, 13));
    const auto none = samples<double>(arma::mat(4, 0));
    const arma::mat no_right_side = matrix.product(x, x, arma::mat(0, 9));
    CHECK(no_right_side.n_rows == 0);
    CHECK(no_right_side.n_cols == 9);
    CHECK(matrix.product(none, x, arma::mat(2, 9, arma::fill::ones)).n_cols == 0);
    const arma::mat no_centres = matrix.product(x, none, arma::mat(2, 0));
    CHECK(same_bytes<double>(no_centres, arma::mat(2, 9, arma::fill::zeros)));
  }
}

TEMPLATE_TEST_CASE("one thread and three give the same bytes", "", double, float) {
  using T = TestType;
  host::ThreadPool one(1), three(3);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix single(*kernel.expression, one), several(*kernel.expression, three);
    const auto x = samples<T>(awkward_samples(5, 700, 14));
    const auto z = samples<T>(test::normal_numbers(5, 513, 15));
    const arma::Mat<T> v = as<T>(test::normal_numbers(3, 513, 16));
    CHECK(same_bytes(filled(single, x, z), filled(several, x, z)));
    CHECK(same_bytes(single.product(x, z, v), several.product(x, z, v)));
    arma::Mat<T> a(700, 700), b(700, 700);
    single.fill_symmetric(x, KernelMatrix::Part::full, a.memptr(), 700);
    several.fill_symmetric(x, KernelMatrix::Part::full, b.memptr(), 700);
    CHECK(same_bytes(a, b));
  }
}

TEST_CASE("shifting the samples to their mean changes only the last digits") {
  host::ThreadPool threads(2);
  for (const auto& example : test::examples("kernel")) {
    CAPTURE(example.label());
    const auto kernel = test::kernel_of(example);
    const KernelMatrix matrix(*kernel.expression, threads);
    const arma::mat near = test::normal_numbers(5, 80, 17), far = near + 10.0;
    const auto shift = host::kernel_shift(*kernel.expression, far);
    CHECK(shift.is_empty() == !kernel.expression->translation_invariant());
    if (shift.is_empty()) continue;
    const auto shifted = host::kernel_samples(far, shift), direct = samples<double>(far);
    const arma::mat k = filled(matrix, direct, direct);
    // |x|² + |z|² is 1000 where r² is 10: the distance has 1000 eps
    CHECK(largest(filled(matrix, shifted, shifted) - k) <= 1e-11 * largest(k));
    const auto original = samples<double>(near);
    CHECK(largest(filled(matrix, original, original) - k) <= 1e-11 * largest(k));
  }
}
