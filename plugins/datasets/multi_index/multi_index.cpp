// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/leap.hpp"
#include "../../common/polynomial.hpp"
#include "orthonormal.hpp"

#include <algorithm>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Distribution;

// Random streams: inputs of either split, noise, directions.
enum : std::uint64_t { train_inputs = 0, test_inputs = 1, training_noise = 2, directions = 3 };

/// y = p(U x) for a polynomial p of k variables z = U x, U k x d with orthonormal rows, and x
/// standard normal in R^d. Training targets carry normal noise, test targets none.
///
/// z is standard normal too, so the expected gradient outer product of y is exactly
/// U' E[grad p(z) grad p(z)'] U.
class MultiIndex {
 public:
  MultiIndex(const onager::Config& c, const onager::Host& host)
      : host_(host),
        dimension_(c.integer("dimension")),
        train_(c.integer("train_samples")),
        test_(c.integer("test_samples")),
        noise_(c.real("noise")),
        aligned_(c.choice("basis") == "aligned") {
    const auto terms = c.texts("terms");
    const std::int64_t wanted = c.integer("subspace_dimension");
    if (wanted > dimension_)
      throw Error(ONAGER_INVALID, "subspace_dimension = " + std::to_string(wanted) +
                                      " is larger than dimension = " + std::to_string(dimension_));
    p_ = onager::plugins::read_polynomial(terms, wanted > 0 ? wanted : dimension_, 'z');
    const auto used = onager::plugins::support_of(p_);
    if (used.empty())
      throw Error(ONAGER_INVALID, terms.empty()
                                      ? "terms is empty; give at least one, such as \"z1\""
                                      : "the terms leave a constant: nothing is left to learn");
    k_ = wanted > 0 ? wanted : used.back() + 1;
    if (!aligned_) return;
    support_ = Table(static_cast<std::int64_t>(used.size()), 1);
    for (std::size_t i = 0; i < used.size(); ++i) support_.values[i] = static_cast<double>(used[i]);
    leap_ = Table(
        1, 1,
        static_cast<double>(onager::plugins::leap_of(onager::plugins::hermite_expansion(p_))));
  }

  onager::Sizes describe() {
    subspace_ = Table(k_, dimension_);
    if (aligned_) {
      for (std::int64_t i = 0; i < k_; ++i) subspace_(i, i) = 1;
    } else {
      subspace_.values = host_.normal(directions, 0, k_ * dimension_);
      onager::plugins::make_rows_orthonormal(subspace_);
    }
    egop_ = onager::plugins::carried_back(
        onager::plugins::expected_gradient_outer_product(p_, k_, Distribution::gaussian),
        subspace_);
    return {onager::Task::regression, train_, test_, dimension_, 1};
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const bool training = split == onager::Split::train;
    constexpr std::int64_t block = 256;
    std::vector<double> z(static_cast<std::size_t>(k_));
    for (std::int64_t start = 0; start < x.rows; start += block) {
      const std::int64_t rows = std::min(block, x.rows - start);
      const auto inputs =
          host_.normal(training ? train_inputs : test_inputs,
                       static_cast<std::uint64_t>((first + start) * dimension_), rows * dimension_);
      const auto noise = host_.normal(training_noise, static_cast<std::uint64_t>(first + start),
                                      training && noise_ > 0 ? rows : 0);
      for (std::int64_t i = 0; i < rows; ++i) {
        const double* row = inputs.data() + i * dimension_;
        for (std::int64_t j = 0; j < dimension_; ++j) x(start + i, j) = static_cast<T>(row[j]);
        for (std::int64_t l = 0; l < k_; ++l) {
          double& sum = z[static_cast<std::size_t>(l)];
          sum = 0;
          for (std::int64_t j = 0; j < dimension_; ++j) sum += subspace_(l, j) * row[j];
        }
        double target = onager::plugins::value_at(p_, z.data());
        if (!noise.empty()) target += noise_ * noise[static_cast<std::size_t>(i)];
        y(start + i, 0) = static_cast<T>(target);
      }
    }
  }

  std::vector<onager::NamedTable> facts() {
    return {
        {"subspace", "U, k x d: its orthonormal rows span what the targets depend on", &subspace_},
        {"egop", "expected gradient outer product of the function", &egop_},
        {"support", "the coordinates that the function depends on, counted from 0; aligned",
         &support_, ONAGER_INT64},
        {"leap", "leap complexity of the polynomial; aligned", &leap_, ONAGER_INT64}};
  }

 private:
  onager::Host host_;
  std::int64_t dimension_, train_, test_, k_ = 0;
  double noise_;
  bool aligned_;
  onager::plugins::Polynomial p_;
  Table subspace_, egop_, support_, leap_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.multi_index", "1.0.0", "MIT",
    onager::dataset<MultiIndex>(
        "multi_index", "A polynomial of a few hidden directions of Gaussian inputs",
        {onager::texts("terms",
                       "Terms to add, such as \"z1\", \"0.5 z1 z3\", \"-2 z2^2\"; z1 is the first "
                       "hidden coordinate")
             .required(),
         onager::integer("dimension", 0, "Number of coordinates d of the inputs")
             .at_least(1)
             .required(),
         onager::integer("subspace_dimension", 0,
                         "Number of hidden coordinates k; 0: the largest that occurs in terms")
             .at_least(0),
         onager::choice("basis", {"random", "aligned"}, "random",
                        "Hidden directions: random orthonormal ones, or the first k coordinates"),
         onager::integer("train_samples", 1000, "Number of training samples").at_least(1),
         onager::integer("test_samples", 1000, "Number of test samples").at_least(0),
         onager::real(
             "noise", 0.0,
             "Standard deviation of normal noise on training targets; test targets have none")
             .at_least(0)
             .below(std::numeric_limits<double>::infinity())}))
