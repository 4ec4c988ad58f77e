// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/leap.hpp"
#include "../../common/polynomial.hpp"

#include <algorithm>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Distribution;

// Random streams: inputs of either split, noise.
enum : std::uint64_t { train_inputs = 0, test_inputs = 1, training_noise = 2 };

/// y = f(x) for a polynomial f of few of the d coordinates of x: uniform on {-1, 1}^d, standard
/// normal, or uniform on the sphere of radius sqrt d. Training targets carry normal noise, test
/// targets none: the test error is that against f. On {-1, 1}^d the polynomial is the multilinear
/// one of the same values.
class SparsePolynomial {
 public:
  SparsePolynomial(const onager::Config& c, const onager::Host& host)
      : host_(host),
        dimension_(c.integer("dimension")),
        train_(c.integer("train_samples")),
        test_(c.integer("test_samples")),
        noise_(c.real("noise")),
        law_(law_of(c.choice("distribution"))) {
    const auto terms = c.texts("terms");
    f_ = onager::plugins::read_polynomial(terms, dimension_);
    if (f_.empty())
      throw Error(ONAGER_INVALID, terms.empty()
                                      ? "terms is empty; give at least one, such as \"x1\""
                                      : "the terms cancel: nothing is left to learn");
    if (law_ == Distribution::hypercube) f_ = onager::plugins::fourier_walsh(f_);
    if (law_ != Distribution::sphere)
      leap_ =
          Table(1, 1,
                static_cast<double>(onager::plugins::leap_of(
                    law_ == Distribution::gaussian ? onager::plugins::hermite_expansion(f_) : f_)));
    const auto support = onager::plugins::support_of(f_);
    support_ = Table(static_cast<std::int64_t>(support.size()), 1);
    for (std::size_t i = 0; i < support.size(); ++i)
      support_.values[i] = static_cast<double>(support[i]);
  }

  onager::Sizes describe() {
    egop_ = onager::plugins::expected_gradient_outer_product(f_, dimension_, law_);
    return {onager::Task::regression, train_, test_, dimension_, 1};
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const bool training = split == onager::Split::train;
    constexpr std::int64_t block = 256;
    for (std::int64_t start = 0; start < x.rows; start += block) {
      const std::int64_t rows = std::min(block, x.rows - start);
      const auto inputs = draw(training ? train_inputs : test_inputs, first + start, rows);
      const auto noise = host_.normal(training_noise, static_cast<std::uint64_t>(first + start),
                                      training && noise_ > 0 ? rows : 0);
      for (std::int64_t i = 0; i < rows; ++i) {
        const double* row = inputs.data() + i * dimension_;
        for (std::int64_t j = 0; j < dimension_; ++j) x(start + i, j) = static_cast<T>(row[j]);
        double target = onager::plugins::value_at(f_, row);
        if (!noise.empty()) target += noise_ * noise[static_cast<std::size_t>(i)];
        y(start + i, 0) = static_cast<T>(target);
      }
    }
  }

  std::vector<onager::NamedTable> facts() {
    return {
        {"support", "the coordinates that occur in the polynomial, counted from 0", &support_,
         ONAGER_INT64},
        {"leap", "leap complexity of the polynomial under the inputs' law", &leap_, ONAGER_INT64},
        {"egop", "expected gradient outer product of the polynomial", &egop_}};
  }

 private:
  static Distribution law_of(const std::string& name) {
    return name == "gaussian" ? Distribution::gaussian
           : name == "sphere" ? Distribution::sphere
                              : Distribution::hypercube;
  }

  std::vector<double> draw(std::uint64_t stream, std::int64_t first, std::int64_t rows) const {
    const auto offset = static_cast<std::uint64_t>(first * dimension_);
    if (law_ != Distribution::hypercube) {
      auto values = host_.normal(stream, offset, rows * dimension_);
      for (std::int64_t i = 0; law_ == Distribution::sphere && i < rows; ++i)
        put_on_sphere(values.data() + i * dimension_);
      return values;
    }
    auto values = host_.uniform(stream, offset, rows * dimension_);
    for (double& v : values) v = v < 0.5 ? -1.0 : 1.0;
    return values;
  }

  void put_on_sphere(double* row) const {
    double squares = 0;
    for (std::int64_t j = 0; j < dimension_; ++j) squares += row[j] * row[j];
    const double factor = std::sqrt(static_cast<double>(dimension_) / squares);
    for (std::int64_t j = 0; j < dimension_; ++j) row[j] *= factor;
  }

  onager::Host host_;
  std::int64_t dimension_, train_, test_;
  double noise_;
  Distribution law_;
  onager::plugins::Polynomial f_;
  Table support_, leap_, egop_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.sparse_polynomial", "1.1.0", "MIT",
    onager::dataset<SparsePolynomial>(
        "sparse_polynomial", "A polynomial of few coordinates of random inputs",
        {onager::texts("terms",
                       "Terms to add, such as \"x1\", \"0.5 x1 x3\", \"-2 x2^2\"; x1 is the first "
                       "coordinate")
             .required(),
         onager::integer("dimension", 0, "Number of coordinates d").at_least(1).required(),
         onager::choice("distribution", {"hypercube", "gaussian", "sphere"}, "hypercube",
                        "Inputs uniform on {-1, 1}^d, standard normal, or uniform on the sphere of "
                        "radius sqrt d"),
         onager::integer("train_samples", 1000, "Number of training samples").at_least(1),
         onager::integer("test_samples", 1000, "Number of test samples").at_least(0),
         onager::real(
             "noise", 0.0,
             "Standard deviation of normal noise on training targets; test targets have none")
             .at_least(0)
             .below(std::numeric_limits<double>::infinity())})
        .cite("Zhu, Davis, Drusvyatskiy, Fazel, Iteratively reweighted kernel machines efficiently "
              "learn sparse functions, 2025"))
