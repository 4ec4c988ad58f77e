// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/linear_apply.hpp"
#include "../../common/modular.hpp"
#include "../../common/symmetric_power.hpp"

#include <cmath>
#include <numeric>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Operation;

/// Random circulant features for pairs (a, b) as one-hot(a), one-hot(b) in R^{2p}:
///
///   M = [A C'; C A],   A = I - 11'/p,   C circulant with a random first column, minus its mean
///   phi(x) = x (M_+)^{1/4}, so that |phi(x) - phi(z)|² = (x - z)' (M_+)^{1/2} (x - z)
///
/// M has negative eigenvalues; M_+ leaves them out, which is the real part of the root of M. C is
/// constant along wrapped diagonals for add and multiply, along anti-diagonals for subtract and
/// divide; for multiply and divide in the order of discrete logarithms, with row and column 0 left
/// at zero. With shuffled, the entries of C are in random order: a matrix with the same numbers and
/// no structure. A feature beyond the 2p, such as a bit that tells two tasks apart, stays as it is.
/// Two symmetric eigenproblems of the order of the features, once. Source: Mallinar et al. 2025,
/// random circulant features; the root and the blocks as in the authors' code.
class BlockCirculant {
 public:
  BlockCirculant(const onager::Config& c, const onager::Host& host)
      : host_(host),
        name_(c.choice("operation")),
        shuffled_(c.flag("shuffled")),
        operation_(onager::plugins::operation_of(name_)) {}

  void fit(const onager_array& x, const onager_array&) {
    if (metric_.rows == 0) {
      if (x.cols < 4)
        throw Error(ONAGER_INVALID, "the inputs have " + std::to_string(x.cols) +
                                        " features; one-hot(a), one-hot(b) of a modulus p > 1 has "
                                        "2 p, at least 4");
      const auto spectrum = onager::plugins::spectrum_of(host_, block_matrix(x.cols));
      metric_ = onager::plugins::power_of(host_, spectrum, 0.5);
      restored();
    }
    if (metric_.rows != x.cols)
      throw Error(ONAGER_INVALID, "the feature matrix is of " + std::to_string(metric_.rows) +
                                      " features, the inputs have " + std::to_string(x.cols));
  }
  std::int64_t output_dimension(std::int64_t d) const { return d; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    root_.apply(host_, x, out);
  }
  const Table& matrix() const { return root_.table(); }
  bool diagonal() const { return false; }

  std::vector<onager::NamedTable> state() {
    return {{"feature_matrix", "(M_+)^(1/2) in |phi(x) - phi(z)|² = (x - z)' (M_+)^(1/2) (x - z)",
             &metric_}};
  }
  void restored() {
    if (metric_.cols != metric_.rows)
      throw Error(ONAGER_INVALID, "a feature matrix is square, this one is " +
                                      std::to_string(metric_.rows) + " x " +
                                      std::to_string(metric_.cols));
    root_.set(onager::plugins::power_of(host_, onager::plugins::spectrum_of(host_, metric_), 0.5),
              onager::plugins::MatrixForm::full);
  }

 private:
  Table block_matrix(std::int64_t d) const {
    const std::int64_t p = d / 2;
    const Table c = off_diagonal_block(p);
    Table m(d, d);
    if (d % 2 == 1) m(d - 1, d - 1) = 1;
    for (std::int64_t i = 0; i < p; ++i)
      for (std::int64_t j = 0; j < p; ++j) {
        m(i, j) = m(p + i, p + j) = (i == j ? 1.0 : 0.0) - 1.0 / static_cast<double>(p);
        m(p + i, j) = m(j, p + i) = c(i, j);
      }
    return m;
  }

  Table off_diagonal_block(std::int64_t p) const {
    const auto order = onager::plugins::circulant_order(operation_, p);
    if (order.empty())
      throw Error(ONAGER_INVALID, "operation = \"" + name_ +
                                      "\" has discrete logarithms modulo a prime only, and " +
                                      std::to_string(2 * p) +
                                      " features are those of p = " + std::to_string(p));
    const auto q = static_cast<std::int64_t>(order.size());
    std::vector<double> column = host_.uniform(0, 0, q);
    const double mean = std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(q);
    for (double& v : column) v -= mean;

    const auto places = shuffled_ ? host_.permutation(1, q * q) : std::vector<std::int64_t>();
    const bool diagonals = onager::plugins::circulant_direction(operation_) == 1;
    Table c(p, p);
    for (std::int64_t i = 0; i < q; ++i)
      for (std::int64_t j = 0; j < q; ++j) {
        const std::int64_t line = diagonals ? (i - j + q) % q : (i + j) % q;
        const std::int64_t place =
            shuffled_ ? places[static_cast<std::size_t>(i * q + j)] : i * q + j;
        c(order[static_cast<std::size_t>(place / q)], order[static_cast<std::size_t>(place % q)]) =
            column[static_cast<std::size_t>(line)];
      }
    return c;
  }

  onager::Host host_;
  std::string name_;
  bool shuffled_;
  Operation operation_;
  Table metric_;
  onager::plugins::RightFactor root_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.block_circulant", "1.0.0", "MIT",
    onager::feature_map<BlockCirculant>(
        "block_circulant", "Random circulant features for pairs of one-hot residues",
        {onager::choice("operation", {"add", "subtract", "multiply", "divide"}, "add",
                        "The operation on the residues, which decides the blocks' direction and "
                        "order"),
         onager::flag("shuffled", false,
                      "Put the entries of the off-diagonal blocks in random order, to compare "
                      "with")})
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
