// SPDX-License-Identifier: MIT
//
// Modular arithmetic with features that are given: random circulants, and the matrices with which a
// quadratic kernel is the multiplication of Fourier transforms.
#include "../catch.hpp"
#include "../support.hpp"

#include "linalg/kernel_matrix.hpp"
#include "pipeline/run.hpp"
#include "results/metrics.hpp"

#include <fmt/format.h>

#include <complex>

using namespace onager;
using test::relative_error;
using test::Scratch;

namespace {

host::RunOutcome run(const std::string& operation, int modulus, const std::string& map,
                     const test::fs::path& folder) {
  const host::Plan plan =
      test::plan_of(fmt::format(R"([dataset]
use = "modular_arithmetic"
modulus = {}
operation = "{}"
{}
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
{}
)",
                                modulus, operation, map, map.empty() ? "" : R"([[diagnostic]]
use = "circulant_deviation")"));
  host::RunRequest request;
  request.folder = folder;
  request.threads = 2;
  auto outcome = host::run_pipeline(plan, request);
  REQUIRE(outcome.status == host::RunStatus::finished);
  return outcome;
}

std::string circulant(const std::string& operation, const std::string& more = "") {
  return fmt::format("[[feature_map]]\nuse = \"block_circulant\"\noperation = \"{}\"\n{}",
                     operation, more);
}

arma::mat feature_matrix(const test::fs::path& folder) {
  return host::copy_as<double>(host::read_npy(folder / "arrays/feature_matrix.npy").view());
}

}  // namespace

TEST_CASE("with random circulant features a plain kernel generalises, and not with shuffled ones") {
  const std::string operation = GENERATE("add", "subtract", "multiply", "divide");
  CAPTURE(operation);
  const Scratch scratch;
  const auto plain = run(operation, 61, "", scratch.path() / "plain");
  const auto features = run(operation, 61, circulant(operation), scratch.path() / "features");
  const auto shuffled =
      run(operation, 61, circulant(operation, "shuffled = true"), scratch.path() / "shuffled");
  CHECK(plain.metrics.at(0, "test_accuracy") < 0.1);
  CHECK(features.metrics.at(0, "test_accuracy") > 0.98);
  CHECK(shuffled.metrics.at(0, "test_accuracy") < 0.1);
  CHECK(features.metrics.at(0, "circulant_deviation") < 1e-20);
  CHECK(shuffled.metrics.at(0, "circulant_deviation") > 0.5);
}

TEST_CASE(
    "the metric of circulant features is the root of a block-circulant matrix's positive part") {
  constexpr arma::uword p = 13;
  const Scratch scratch;
  run("add", p, circulant("add"), scratch.path() / "run");
  const arma::mat n = feature_matrix(scratch.path() / "run");
  REQUIRE(n.n_rows == 2 * p);
  REQUIRE(n.is_symmetric());
  // A Fourier transform of each block's first column takes M apart into 2 x 2 matrices with the
  // eigenvalues 1 + |c| and 1 - |c|, and 0 for the constant vector.
  const arma::mat m = n * n;
  const arma::cx_vec a = arma::fft(arma::vec(m.submat(0, 0, p - 1, 0))),
                     c = arma::fft(arma::vec(m.submat(p, 0, 2 * p - 1, 0)));
  CHECK(std::abs(a(0)) < 1e-12);
  CHECK(std::abs(c(0)) < 1e-12);
  int cut = 0;
  for (arma::uword k = 1; k < p; ++k) {
    CAPTURE(k);
    CHECK(std::abs(a(k).imag()) < 1e-12);
    const double diagonal = a(k).real(), other = std::abs(c(k));
    if (diagonal > 1 + 1e-9) {  // 1 - |c| < 0 was left out: (1 + |c|) / 2 twice
      ++cut;
      CHECK(diagonal == Approx(other).epsilon(1e-10));
    } else {
      CHECK(diagonal == Approx(1).epsilon(1e-10));
      CHECK(other <= 1 + 1e-9);
    }
  }
  CHECK(cut > 0);
  for (arma::uword i = 0; i < p; ++i)
    for (arma::uword j = 0; j < p; ++j) {
      CHECK(std::abs(m(i, j) - m((i + p - j) % p, 0)) < 1e-12);
      CHECK(std::abs(m(p + i, j) - m(p + (i + p - j) % p, 0)) < 1e-12);
      CHECK(std::abs(m(p + i, p + j) - m(i, j)) < 1e-12);
    }
}

// Mallinar et al. 2025, theorem on the Fourier multiplication algorithm
//   y_l(x) = sqrt(p) <F x_1 o F x_2, F e_l>,  F the unitary Fourier transform,
// and kernel regression with (x' M_l z)², M_l = [0 H_l; H_l 0], (H_l)_ij = [i + j = l], trained on
// all pairs: its coefficients are [a + b = l] / 2 - 1 / (2p + 2).
TEST_CASE("a quadratic kernel with circulant blocks is the Fourier multiplication algorithm") {
  const arma::uword p = GENERATE(5u, 7u, 12u);
  CAPTURE(p);
  arma::mat pairs(2 * p, p * p, arma::fill::zeros);
  for (arma::uword a = 0; a < p; ++a)
    for (arma::uword b = 0; b < p; ++b) pairs(a, a * p + b) = pairs(p + b, a * p + b) = 1;
  arma::arma_rng::set_seed(5);
  const arma::mat any = arma::randn(2 * p, 30);
  const auto quadratic = test::kernel_of("use = 'quadratic'");
  host::ThreadPool threads(2);
  const host::KernelMatrix matrix(*quadratic.expression, threads);
  const auto samples = host::kernel_samples<double>(pairs, {});

  const auto fourier = [&](const arma::mat& x, arma::uword l) {
    const double root = std::sqrt(static_cast<double>(p));
    const arma::cx_mat f1 = arma::fft(arma::mat(x.head_rows(p))) / root,
                       f2 = arma::fft(arma::mat(x.tail_rows(p))) / root;
    arma::vec unit(p, arma::fill::zeros);
    unit(l) = 1;
    const arma::cx_vec fl = arma::fft(unit) / root;
    return arma::mat(arma::real(root * (fl.t() * (f1 % f2))));
  };
  for (arma::uword l = 0; l < p; ++l) {
    CAPTURE(l);
    arma::mat m(2 * p, 2 * p, arma::fill::zeros);
    for (arma::uword i = 0; i < p; ++i) {
      const arma::uword j = (l + p - i) % p;
      m(i, p + j) = m(p + j, i) = 1;
    }
    // (x' M z)² is the quadratic kernel of M x and z; M_l is no metric, it has negative eigenvalues
    const auto values = [&](const arma::mat& x) {
      const auto rows = host::kernel_samples<double>(arma::mat(m * x), {});
      arma::mat k(p * p, x.n_cols);
      matrix.fill(rows, samples, k.memptr(), samples.count());
      return k;
    };
    const arma::mat labels = fourier(pairs, l);
    for (arma::uword i = 0; i < p * p; ++i)
      REQUIRE(labels(i) == Approx((i / p + i % p) % p == l ? 1.0 : 0.0).margin(1e-12));
    const arma::vec alpha = arma::solve(values(pairs), labels.t());
    const double q = static_cast<double>(p);
    CHECK(arma::abs(alpha - (0.5 * labels.t() - 1 / (2 * q + 2))).max() < 1e-12);
    CHECK(arma::abs(alpha.t() * values(pairs) - labels).max() < 1e-12);
    // Off the pairs the two differ by what is 0 for one-hot vectors, and nothing else.
    const arma::rowvec x1 = arma::sum(any.head_rows(p), 0), x2 = arma::sum(any.tail_rows(p), 0),
                       squares = arma::sum(arma::square(any), 0);
    const arma::mat rest = (0.5 * squares - x1 % x2) / (q + 1);
    CHECK(relative_error(alpha.t() * values(any), fourier(any, l) + rest) < 1e-12);
  }
}
