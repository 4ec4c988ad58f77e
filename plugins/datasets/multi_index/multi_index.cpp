// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/function_samples.hpp"
#include "../../common/leap.hpp"
#include "../../common/orthonormal.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Distribution;

constexpr std::uint64_t directions = 3;  // random stream, after those of the samples

/// y = p(U x) for a polynomial p of k variables z = U x, U k x d with orthonormal rows, and x
/// standard normal in R^d. Training targets carry normal noise, test targets none.
///
/// z is standard normal too, so the expected gradient outer product of y is exactly
/// U' E[grad p(z) grad p(z)'] U.
class MultiIndex {
 public:
  MultiIndex(const onager::Config& c, const onager::Host& host)
      : host_(host),
        samples_(c, host),
        dimension_(samples_.dimension()),
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
    support_ = onager::plugins::index_table(used);
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
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    std::vector<double> z(static_cast<std::size_t>(k_));
    samples_.fill(
        split, first, x, y,
        [&](std::uint64_t stream, std::int64_t from, std::int64_t rows) {
          return host_.normal(stream, static_cast<std::uint64_t>(from * dimension_),
                              rows * dimension_);
        },
        [&](const double* row, double* target) {
          for (std::int64_t l = 0; l < k_; ++l) {
            double& sum = z[static_cast<std::size_t>(l)];
            sum = 0;
            for (std::int64_t j = 0; j < dimension_; ++j) sum += subspace_(l, j) * row[j];
          }
          *target = onager::plugins::value_at(p_, z.data());
        });
  }

  template <class T>
  void draw(std::uint64_t number, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    fill(onager::Split::train, samples_.start_of(number) + first, x, y);
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
  onager::plugins::FunctionSamples samples_;
  std::int64_t dimension_, k_ = 0;
  bool aligned_;
  onager::plugins::Polynomial p_;
  Table subspace_, egop_, support_, leap_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.multi_index", "1.0.0", "MIT",
    onager::dataset<MultiIndex>(
        "multi_index", "A polynomial of a few hidden directions of Gaussian inputs",
        onager::plugins::FunctionSamples::parameters(
            {onager::texts(
                 "terms",
                 "Terms to add, such as \"z1\", \"0.5 z1 z3\", \"-2 z2^2\"; z1 is the first "
                 "hidden coordinate")
                 .required(),
             onager::integer("subspace_dimension", 0,
                             "Number of hidden coordinates k; 0: the largest that occurs in terms")
                 .at_least(0),
             onager::choice(
                 "basis", {"random", "aligned"}, "random",
                 "Hidden directions: random orthonormal ones, or the first k coordinates")})))
