// SPDX-License-Identifier: MIT
//
// Kernels against their definitions where these are short, and against each other.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/kernel_matrix.hpp"
#include "linalg/outer_product.hpp"

#include <cmath>

using namespace onager;

namespace {

const double pi = std::acos(-1.0);

struct Evaluated {
  explicit Evaluated(const std::string& table)
      : kernel(test::kernel_of(table)), threads(2), matrix(*kernel.expression, threads) {}

  /// Element (i, j) is k(x_i, z_j).
  arma::mat operator()(const arma::mat& x, const arma::mat& z) const {
    const auto xs = host::kernel_samples<double>(x, {}), zs = host::kernel_samples<double>(z, {});
    arma::mat k(z.n_cols, x.n_cols);
    matrix.fill(xs, zs, k.memptr(), zs.count());
    return k.t();
  }
  arma::mat gradients(const arma::mat& x, const arma::mat& z, const arma::mat& alpha) const {
    const auto xs = host::kernel_samples<double>(x, {}), zs = host::kernel_samples<double>(z, {});
    const host::PredictorGradient<double> predictor(matrix, xs, zs, alpha);
    return predictor.gradients(0, predictor.outputs());
  }

  test::Kernel kernel;
  host::ThreadPool threads;
  host::KernelMatrix matrix;
};

double difference(const arma::mat& a, const arma::mat& b) {
  return arma::abs(a - b).max() / arma::abs(b).max();
}
std::string arc_cosine(int degree, int depth) {
  return "use = 'arc_cosine'\ndegree = " + std::to_string(degree) +
         "\ndepth = " + std::to_string(depth);
}

}  // namespace

TEST_CASE(
    "arc-cosine kernels of parallel, orthogonal and opposite samples are as Cho and Saul say") {
  const arma::vec x{2, 0}, parallel{3, 0}, orthogonal{0, 3}, opposite{-3, 0};
  const auto value = [&](int degree, const arma::mat& z) {
    return Evaluated(arc_cosine(degree, 1))(x, z)(0, 0);
  };
  CHECK(value(0, parallel) == 1.0);
  CHECK(value(0, orthogonal) == Approx(0.5));
  CHECK(std::abs(value(0, opposite)) <= 1e-15);
  CHECK(value(1, parallel) == Approx(6));
  CHECK(value(1, orthogonal) == Approx(6 / pi));
  CHECK(std::abs(value(1, opposite)) <= 1e-15);
  CHECK(value(2, parallel) == Approx(3 * 36));
  CHECK(value(2, orthogonal) == Approx(36.0 / 2));
  CHECK(std::abs(value(2, opposite)) <= 1e-13);
}

TEST_CASE("an arc-cosine kernel is the mean over random neurons of the products of their outputs") {
  // k_n(x, z) = 2 E[(w'x)_+^n (w'z)_+^n] for normal w; 4e5 draws leave a relative error near 1 %
  const arma::vec x{1.0, 0.3}, z{0.2, 1.1};
  const arma::mat w = test::normal_numbers(2, 400000, 71);
  const arma::mat wx = x.t() * w, wz = z.t() * w;
  for (const int degree : {0, 1, 2}) {
    CAPTURE(degree);
    double sum = 0;
    for (arma::uword i = 0; i < w.n_cols; ++i)
      if (wx(i) > 0 && wz(i) > 0) sum += std::pow(wx(i), degree) * std::pow(wz(i), degree);
    const double mean = 2 * sum / static_cast<double>(w.n_cols);
    CHECK(Evaluated(arc_cosine(degree, 1))(x, z)(0, 0) == Approx(mean).epsilon(0.02));
  }
}

TEST_CASE("a deeper arc-cosine kernel is the formula on the inner products of the layer before") {
  const arma::mat x = test::normal_numbers(4, 12, 72), z = test::normal_numbers(4, 9, 73);
  for (const int degree : {0, 1, 2})
    for (const int depth : {2, 3}) {
      CAPTURE(degree, depth);
      const Evaluated before(arc_cosine(degree, depth - 1));
      const arma::mat s = before(x, z);
      const arma::vec a = before(x, x).eval().diag(), b = before(z, z).eval().diag();
      arma::mat expected(s.n_rows, s.n_cols);
      for (arma::uword i = 0; i < s.n_rows; ++i)
        for (arma::uword j = 0; j < s.n_cols; ++j) {
          const double y = std::acos(s(i, j) / std::sqrt(a(i) * b(j)));
          const double c = std::cos(y),
                       value = degree == 0   ? pi - y
                               : degree == 1 ? std::sin(y) + (pi - y) * c
                                             : 3 * std::sin(y) * c + (pi - y) * (1 + 2 * c * c);
          expected(i, j) = std::pow(a(i) * b(j), 0.5 * degree) * value / pi;
        }
      CHECK(difference(Evaluated(arc_cosine(degree, depth))(x, z), expected) <= 1e-12);
    }
}

TEST_CASE("the tangent kernel of a ReLU layer is the sum over its weights of both layers") {
  const arma::mat x = test::normal_numbers(4, 12, 74), z = test::normal_numbers(4, 9, 75),
                  alpha = test::normal_numbers(2, 9, 76);
  const Evaluated tangent("use = 'relu_ntk'\ndepth = 1"),
      layers(
          "use = 'sum'\nterms = [{ use = 'arc_cosine', degree = 1 }, { use = 'product', terms = "
          "[{ use = 'inner_product', coefficients = [0, 1] }, { use = 'arc_cosine', degree = 0 }] "
          "}]");
  CHECK(difference(tangent(x, z), layers(x, z)) <= 1e-14);
  CHECK(difference(tangent.gradients(x, z, alpha), layers.gradients(x, z, alpha)) <= 1e-12);
}

TEST_CASE("a tangent kernel of depth L is L + 1 times the squared norm at coincident samples") {
  const arma::mat x = test::normal_numbers(40, 30, 77);
  for (const int depth : {1, 2, 5}) {
    CAPTURE(depth);
    const arma::mat k = Evaluated("use = 'relu_ntk'\ndepth = " + std::to_string(depth))(x, x);
    for (arma::uword i = 0; i < x.n_cols; ++i)
      CHECK(k(i, i) == Approx((depth + 1) * arma::dot(x.col(i), x.col(i))).epsilon(1e-7));
  }
}

TEST_CASE("a power series with binomial coefficients is the polynomial kernel") {
  const arma::mat x = test::normal_numbers(4, 12, 78), z = test::normal_numbers(4, 9, 79),
                  alpha = test::normal_numbers(2, 9, 80);
  const Evaluated series("use = 'inner_product'\ncoefficients = [8, 24, 24, 8]\nscale = 2.0"),
      polynomial("use = 'polynomial'\ndegree = 3\noffset = 2.0");
  CHECK(difference(series(x, z), polynomial(x, z)) <= 1e-14);
  CHECK(difference(series.gradients(x, z, alpha), polynomial.gradients(x, z, alpha)) <= 1e-13);
}

TEST_CASE("the product of Laplace kernels of the coordinates is the product kernel") {
  const arma::mat x = test::normal_numbers(3, 40, 81), z = test::normal_numbers(3, 70, 82);
  const Evaluated product("use = 'product_laplace'\nbandwidth = 1.7"),
      laplace("use = 'laplace'\nbandwidth = 1.7");
  arma::mat expected(40, 70, arma::fill::ones);
  for (arma::uword f = 0; f < 3; ++f) expected %= laplace(x.row(f), z.row(f));
  CHECK(difference(product(x, z), expected) <= 1e-13);
}

TEST_CASE("a coordinate in which two samples agree adds nothing to the gradient of their kernel") {
  const arma::vec x{1.0, 2.0, 3.0}, z{1.0, 2.5, 2.0}, alpha{1.0};
  const arma::mat g = Evaluated("use = 'product_laplace'\nbandwidth = 2.0").gradients(x, z, alpha);
  const double k = std::exp(-1.5 / 2);
  CHECK(g(0) == 0.0);
  CHECK(g(1) == Approx(k / 2));
  CHECK(g(2) == Approx(-k / 2));
}

TEST_CASE("kernels refuse parameters that do not go together") {
  CHECK_THROWS_WITH(Evaluated("use = 'arc_cosine'\ndegree = 2\ndepth = 7"),
                    ContainsSubstring("depth goes up to 6"));
  CHECK_THROWS_WITH(Evaluated("use = 'inner_product'\ncoefficients = []"),
                    ContainsSubstring("coefficients is empty"));
}
