// SPDX-License-Identifier: MIT
//
// Feature maps whose inner products are a kernel, or estimate one.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/kernel_matrix.hpp"

using namespace onager;
using test::Example;

namespace {

constexpr arma::uword d = 4;

/// <phi(x_i), phi(z_j)> of a map that is fitted to `fitted`, and where wanted the pullback.
class Features {
 public:
  Features(const char* id, const std::string& lines, const arma::mat& fitted)
      : instance_(test::plan_of(Example{test::everything().find("feature_map", id), lines}),
                  environment_),
        map_(instance_.interface<onager_feature_map>(ONAGER_FEATURE_MAP)) {
    const arma::mat targets(1, fitted.n_cols, arma::fill::zeros);
    const auto x = host::as_array(fitted), y = host::as_array(targets);
    instance_.call("fit", [&] { return map_->fit(instance_.get(), &x, &y); });
  }
  arma::mat of(const arma::mat& x) const {
    const auto e = map_->output_dimension(instance_.get(), static_cast<std::int64_t>(d));
    arma::mat out(static_cast<arma::uword>(e), x.n_cols);
    const auto from = host::as_array(x);
    auto to = host::as_array(out);
    instance_.call("apply", [&] { return map_->apply(instance_.get(), &from, &to); });
    return out;
  }
  arma::mat pullback(const arma::mat& x, const arma::mat& g) const {
    arma::mat out(d, x.n_cols);
    const auto at = host::as_array(x), from = host::as_array(g);
    auto to = host::as_array(out);
    instance_.call("pullback", [&] { return map_->pullback(instance_.get(), &at, &from, &to); });
    return out;
  }

 private:
  host::Environment environment_;
  host::Instance instance_;
  const onager_feature_map* map_;
};

arma::mat kernel_values(const std::string& table, const arma::mat& x, const arma::mat& z) {
  const auto kernel = test::kernel_of(table);
  host::ThreadPool threads(1);
  const host::KernelMatrix matrix(*kernel.expression, threads);
  const auto xs = host::kernel_samples<double>(x, {}), zs = host::kernel_samples<double>(z, {});
  arma::mat k(z.n_cols, x.n_cols);
  matrix.fill(xs, zs, k.memptr(), zs.count());
  return k.t();
}

double largest(const arma::mat& m) { return arma::abs(m).max(); }

}  // namespace

// The estimate's standard deviation is below 1 / sqrt(features) a pair: 0.007; six of them are
// allowed over 150 pairs.
TEST_CASE("random Fourier features estimate the kernel they are drawn for") {
  const arma::mat x = test::normal_numbers(d, 15, 91), z = test::normal_numbers(d, 10, 92);
  for (const std::string kernel : {"gaussian", "laplace"})
    for (const std::string basis : {"shifted", "paired"}) {
      CAPTURE(kernel, basis);
      const Features features(
          "random_fourier",
          "features = 20000\nbandwidth = 2.0\nkernel = '" + kernel + "'\nbasis = '" + basis + "'",
          x);
      const arma::mat exact = kernel_values("use = '" + kernel + "'\nbandwidth = 2.0", x, z);
      CHECK(largest(features.of(x).t() * features.of(z) - exact) < 0.045);
    }
}

TEST_CASE("Nyström features of all samples have the kernel as their inner products there") {
  const arma::mat x = test::normal_numbers(d, 30, 93), z = test::normal_numbers(d, 8, 94);
  for (const std::string kernel :
       {"use = 'gaussian', bandwidth = 1.5", "use = 'laplace', bandwidth = 2.0",
        "use = 'relu_ntk', depth = 2", "use = 'product_laplace', bandwidth = 3.0",
        "use = 'sum', weights = [0.5, 2.0], terms = [{ use = 'matern' }, { use = 'product', terms "
        "= [{ use = 'arc_cosine' }, { use = 'product_laplace', bandwidth = 4.0 }] }]"}) {
    CAPTURE(kernel);
    const Features features("nystrom_features", "landmarks = 30\nkernel = { " + kernel + " }", x);
    const arma::mat all = kernel_values("use = 'scale'\nkernel = { " + kernel + " }", x, x),
                    across = kernel_values("use = 'scale'\nkernel = { " + kernel + " }", x, z);
    CHECK(largest(features.of(x).t() * features.of(x) - all) <= 1e-11 * largest(all));
    CHECK(largest(features.of(x).t() * features.of(z) - across) <= 1e-10 * largest(across));
  }
}

TEST_CASE("Nyström features of a kernel without derivative map, and name it when gradients pass") {
  const arma::mat x = test::normal_numbers(d, 12, 95);
  const Features features("nystrom_features", "landmarks = 5\nkernel = { use = 'foreign_blunt' }",
                          x);
  const arma::mat phi = features.of(x);
  REQUIRE(phi.n_rows == 5);
  CHECK(phi.is_finite());
  CHECK_THROWS_WITH(features.pullback(x, phi),
                    ContainsSubstring("kernel foreign_blunt has no derivative"));
}
