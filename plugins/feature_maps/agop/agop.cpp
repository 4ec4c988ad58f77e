// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/chosen_samples.hpp"
#include "../../common/metric.hpp"
#include "../../common/symmetric_power.hpp"

#include <algorithm>
#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::MatrixForm;

enum class Normalize { none, trace, max };

/// The feature map of recursive feature machines:
///
///   G    = (1/n) sum_i sum_l grad f_l(x_i) grad f_l(x_i)'   average gradient outer product, d x d
///   M   <- G^power, normalised, plus floor on its diagonal
///   phi(x) = x M^{1/2}, so that |phi(x) - phi(z)|² = (x - z)' M (x - z)
///
/// M = I until the first round has been learned from, unless another one is given to start with.
/// With a rank r, M keeps its r largest eigenvalues and phi(x) = x V_r W_r^{1/2} has r features, so
/// that the kernel and the next product cost r in place of d; directions that are dropped do not
/// come back. With samples, G averages over that many training samples, drawn anew each round. Two
/// symmetric eigenproblems a round, none when diagonal. The root of M is always found from M as it
/// is stored: a resumed run has the same one.
class Agop {
 public:
  Agop(const onager::Config& c, const onager::Host& host)
      : host_(host),
        power_(c.real("power")),
        floor_(c.real("floor")),
        rank_(c.integer("rank")),
        samples_(c.integer("samples")),
        center_(c.flag("center")),
        form_(c.flag("diagonal") ? MatrixForm::diagonal : MatrixForm::full) {
    const std::string normalize = c.choice("normalize");
    normalize_ = normalize == "trace" ? Normalize::trace
                 : normalize == "max" ? Normalize::max
                                      : Normalize::none;
    if (rank_ > 0 && diagonal())
      throw Error(ONAGER_INVALID, "rank = " + std::to_string(rank_) +
                                      " keeps eigenvectors of the feature matrix, diagonal = true "
                                      "keeps none; leave one of them out");
    if (rank_ > 0 && floor_ > 0)
      throw Error(ONAGER_INVALID,
                  "a floor above 0 gives the feature matrix full rank; leave it or "
                  "rank = " +
                      std::to_string(rank_) + " out");
  }

  void fit(const onager_array& x, const onager_array&) {
    if (metric_.rows == 0) {
      metric_ = identity(x.cols);
      restored();
    }
    if (metric_.rows != x.cols)
      throw Error(ONAGER_INVALID, "the feature matrix is of " + std::to_string(metric_.rows) +
                                      " features, the inputs have " + std::to_string(x.cols));
  }
  std::int64_t output_dimension(std::int64_t d) const {
    return is_identity_ || rank_ == 0 ? d : std::min(d, rank_);
  }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    if (!is_identity_) {
      root_.apply(host_, x, out);
      return;
    }
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j) out(i, j) = x(i, j);
  }
  const Table& matrix() const { return root_.table(); }
  bool diagonal() const { return form_ == MatrixForm::diagonal; }

  void learn(const onager::Learning& predictor) {
    std::uint32_t flags = 0;
    if (center_) flags |= ONAGER_AGOP_CENTERED;
    if (diagonal()) flags |= ONAGER_AGOP_DIAGONAL;
    const Table g = onager::plugins::agop_of_some(predictor, flags, samples_);
    if (!std::all_of(g.values.begin(), g.values.end(), [](double v) { return std::isfinite(v); }))
      throw Error(ONAGER_NUMERICAL,
                  "the average gradient outer product of round " +
                      std::to_string(predictor.round()) +
                      " is not finite: the predictor or its gradients overflowed; raise the "
                      "optimizer's ridge, or set normalize = \"trace\" here");
    metric_ = diagonal() ? power_of_diagonal(g) : power_of(onager::plugins::spectrum_of(host_, g));
    normalize();
    for (std::int64_t i = 0; i < metric_.rows; ++i) metric_(i, diagonal() ? 0 : i) += floor_;
    if (std::all_of(metric_.values.begin(), metric_.values.end(), [](double v) { return v == 0; }))
      throw Error(
          ONAGER_NUMERICAL,
          "the predictor of round " + std::to_string(predictor.round()) +
              " has no gradient at the training samples, so no feature is left; use another "
              "bandwidth, or set floor above 0");
    restored();
  }

  std::vector<onager::NamedTable> state() {
    return {{"feature_matrix", "M in |phi(x) - phi(z)|² = (x - z)' M (x - z), or its diagonal",
             &metric_}};
  }
  void restored() {
    if (metric_.cols == 1 && metric_.rows > 1 && !diagonal()) metric_ = diagonal_matrix(metric_);
    if (metric_.cols != (diagonal() ? 1 : metric_.rows))
      throw Error(ONAGER_INVALID,
                  "a feature matrix of " + std::to_string(metric_.rows) + " x " +
                      std::to_string(metric_.cols) +
                      " does not go with diagonal = " + (diagonal() ? "true" : "false"));
    onager::plugins::require_metric(metric_, form_, "the feature matrix");
    is_identity_ = metric_.values == identity(metric_.rows).values;
    if (is_identity_) root_.set(metric_, form_);
    else if (diagonal()) root_.set(square_root_of_diagonal(), form_);
    else root_.set(root_of(onager::plugins::spectrum_of(host_, metric_)), form_);
  }

 private:
  /// M from the spectrum of G.
  Table power_of(const onager::plugins::Spectrum& g) const {
    const std::int64_t d = g.values.rows;
    if (rank_ == 0 || rank_ >= d) return onager::plugins::power_of(host_, g, power_);
    const Table half = onager::plugins::leading_power(g, rank_, power_ / 2);
    Table m(d, d);
    host_.gemm<double>(1.0, half.view(), false, half.view(), true, 0.0, m.view());
    for (std::int64_t i = 0; i < d; ++i)
      for (std::int64_t j = 0; j < i; ++j) m(j, i) = m(i, j);
    return m;
  }
  /// A with A A' = M from the spectrum of M.
  Table root_of(const onager::plugins::Spectrum& m) const {
    if (rank_ == 0 || rank_ >= m.values.rows) return onager::plugins::power_of(host_, m, 0.5);
    return onager::plugins::leading_power(m, rank_, 0.5);
  }
  Table identity(std::int64_t d) const {
    Table one(d, diagonal() ? 1 : d, diagonal() ? 1.0 : 0.0);
    for (std::int64_t i = 0; !diagonal() && i < d; ++i) one(i, i) = 1;
    return one;
  }
  static Table diagonal_matrix(const Table& diagonal) {
    Table m(diagonal.rows, diagonal.rows);
    for (std::int64_t i = 0; i < m.rows; ++i) m(i, i) = diagonal(i, 0);
    return m;
  }
  Table power_of_diagonal(Table g) const {
    for (double& v : g.values) v = v > 0 ? std::pow(v, power_) : 0.0;
    return g;
  }
  Table square_root_of_diagonal() const {
    Table root = metric_;
    for (double& v : root.values) v = v > 0 ? std::sqrt(v) : 0.0;
    return root;
  }
  void normalize() {
    double size = 0;
    for (std::int64_t i = 0; i < metric_.rows; ++i) {
      const double entry = metric_(i, diagonal() ? 0 : i);
      // the largest entry of a positive semi-definite matrix is on its diagonal
      size = normalize_ == Normalize::trace ? size + entry : std::max(size, entry);
    }
    if (normalize_ == Normalize::none || !(size > 0)) return;
    const double factor =
        (normalize_ == Normalize::trace ? static_cast<double>(metric_.rows) : 1.0) / size;
    for (double& v : metric_.values) v *= factor;
  }

  onager::Host host_;
  double power_, floor_;
  std::int64_t rank_, samples_;
  bool center_;
  MatrixForm form_;
  Normalize normalize_;
  Table metric_;
  onager::plugins::RightFactor root_;
  bool is_identity_ = false;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.agop", "1.0.0", "MIT",
    onager::feature_map<Agop>(
        "agop", "Learned feature matrix of recursive feature machines: a power of the AGOP",
        {onager::real("power", 0.5, "s in M = G^s").above(0),
         onager::flag("center", true, "Subtract each output's mean gradient before the product"),
         onager::flag("diagonal", false, "Keep only the diagonal: one weight a feature"),
         onager::choice("normalize", {"none", "trace", "max"}, "none",
                        "Scale M so that its trace is d, or its largest entry 1"),
         onager::real("floor", 0.0, "Added to the diagonal of M after normalisation").at_least(0),
         onager::integer("rank", 0,
                         "Eigenvectors of M that are kept, the features of the map; 0: all")
             .at_least(0),
         onager::integer("samples", 0,
                         "Training samples that the product averages over, drawn anew each round; "
                         "0: all")
             .at_least(0)})
        .cite("Radhakrishnan, Beaglehole, Pandit, Belkin, Mechanism for feature learning in neural "
              "networks and backpropagation-free machine learning models, Science 383, 2024"))
