// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/function_samples.hpp"
#include "../../common/leap.hpp"
#include "../../common/random_inputs.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Distribution;

/// y = f(x) for a polynomial f of few of the d coordinates of x: uniform on {-1, 1}^d, standard
/// normal, or uniform on the sphere of radius sqrt d. Training targets carry normal noise, test
/// targets none: the test error is that against f. On {-1, 1}^d the polynomial is the multilinear
/// one of the same values.
class SparsePolynomial {
 public:
  SparsePolynomial(const onager::Config& c, const onager::Host& host)
      : samples_(c, host), inputs_(c, host) {
    const Distribution law = inputs_.law();
    const auto terms = c.texts("terms");
    f_ = onager::plugins::read_polynomial(terms, samples_.dimension());
    if (f_.empty())
      throw Error(ONAGER_INVALID, terms.empty()
                                      ? "terms is empty; give at least one, such as \"x1\""
                                      : "the terms cancel: nothing is left to learn");
    if (law == Distribution::hypercube) f_ = onager::plugins::fourier_walsh(f_);
    if (law != Distribution::sphere)
      leap_ =
          Table(1, 1,
                static_cast<double>(onager::plugins::leap_of(
                    law == Distribution::gaussian ? onager::plugins::hermite_expansion(f_) : f_)));
    support_ = onager::plugins::index_table(onager::plugins::support_of(f_));
  }

  onager::Sizes describe() {
    egop_ =
        onager::plugins::expected_gradient_outer_product(f_, samples_.dimension(), inputs_.law());
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(
        split, first, x, y,
        [&](std::uint64_t stream, std::int64_t from, std::int64_t rows) {
          return inputs_.of(stream, from, rows);
        },
        [&](const double* row, double* target) { *target = onager::plugins::value_at(f_, row); });
  }

  template <class T>
  void draw(std::uint64_t number, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    fill(onager::Split::train, samples_.start_of(number) + first, x, y);
  }

  std::vector<onager::NamedTable> facts() {
    return {
        {"support", "the coordinates that occur in the polynomial, counted from 0", &support_,
         ONAGER_INT64},
        {"leap", "leap complexity of the polynomial under the inputs' law", &leap_, ONAGER_INT64},
        {"egop", "expected gradient outer product of the polynomial", &egop_}};
  }

 private:
  onager::plugins::FunctionSamples samples_;
  onager::plugins::RandomInputs inputs_;
  onager::plugins::Polynomial f_;
  Table support_, leap_, egop_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.sparse_polynomial", "1.1.0", "MIT",
    onager::dataset<SparsePolynomial>(
        "sparse_polynomial", "A polynomial of few coordinates of random inputs",
        onager::plugins::FunctionSamples::parameters(
            {onager::texts(
                 "terms",
                 "Terms to add, such as \"x1\", \"0.5 x1 x3\", \"-2 x2^2\"; x1 is the first "
                 "coordinate")
                 .required(),
             onager::plugins::RandomInputs::distribution("hypercube")}))
        .cite("Zhu, Davis, Drusvyatskiy, Fazel, Iteratively reweighted kernel machines efficiently "
              "learn sparse functions, 2025"))
