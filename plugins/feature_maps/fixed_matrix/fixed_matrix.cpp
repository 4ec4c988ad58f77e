// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/metric.hpp"
#include "../../common/npy.hpp"
#include "../../common/symmetric_power.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::MatrixForm;

/// phi(x) = x A with A from a file, or x M^{power/2} where the file holds a metric M, such as the
/// feature matrix that another run learned.
class FixedMatrix {
 public:
  FixedMatrix(const onager::Config& c, const onager::Host& host)
      : host_(host),
        path_(c.path("path")),
        power_(c.real("power")),
        metric_(c.choice("as") == "metric") {
    auto file = onager::plugins::read_npy(path_);
    if (file.shape.empty() || file.shape.size() > 2 || file.values.empty())
      throw Error(ONAGER_INVALID, path_ + ": the array is " + file.shape_text() +
                                      "; a matrix, or a vector for a diagonal, was expected");
    onager::plugins::require_finite(file, path_);
    form_ = file.shape.size() == 1 ? MatrixForm::diagonal : MatrixForm::full;
    matrix_ = std::move(file).table();
    if (metric_) check_metric();
    else if (power_ != 1)
      throw Error(ONAGER_INVALID, "power goes with as = \"metric\"; a map is used as it is");
  }

  void fit(const onager_array&, const onager_array&) {
    if (ready_) return;
    factor_.set(metric_ ? root() : matrix_, form_);
    ready_ = true;
  }
  std::int64_t output_dimension(std::int64_t d) const {
    if (d != matrix_.rows)
      throw Error(ONAGER_INVALID, path_ + ": the matrix has " + std::to_string(matrix_.rows) +
                                      " rows, the inputs " + std::to_string(d) +
                                      " features; they must agree");
    return form_ == MatrixForm::diagonal ? d : matrix_.cols;
  }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    factor_.apply(host_, x, out);
  }
  const Table& matrix() const { return factor_.table(); }
  bool diagonal() const { return form_ == MatrixForm::diagonal; }

 private:
  void check_metric() const {
    const auto rows = std::to_string(matrix_.rows), cols = std::to_string(matrix_.cols);
    if (form_ == MatrixForm::full && matrix_.rows != matrix_.cols)
      throw Error(ONAGER_INVALID, path_ + ": a metric is d x d, this array is " + rows + " x " +
                                      cols + "; for a map from " + rows + " to " + cols +
                                      " features set as = \"map\"");
    onager::plugins::require_metric(matrix_, form_, path_);
  }

  Table root() const {
    Table out = matrix_;
    if (form_ == MatrixForm::diagonal) {
      for (double& v : out.values) v = std::pow(v, power_ / 2);
      return out;
    }
    for (std::int64_t i = 0; i < out.rows; ++i)
      for (std::int64_t j = 0; j < i; ++j)
        out(i, j) = out(j, i) = 0.5 * (matrix_(i, j) + matrix_(j, i));
    const auto spectrum = onager::plugins::spectrum_of(host_, out);
    const double least = spectrum.values(0, 0);
    const double largest = spectrum.values(spectrum.values.rows - 1, 0);
    if (least < -1e-5 * largest)
      throw Error(ONAGER_NUMERICAL, path_ + ": a metric has no negative eigenvalue, this one has " +
                                        std::to_string(least));
    return onager::plugins::power_of(host_, spectrum, power_ / 2);
  }

  onager::Host host_;
  std::string path_;
  double power_;
  bool metric_;
  MatrixForm form_ = MatrixForm::full;
  Table matrix_;
  onager::plugins::RightFactor factor_;
  bool ready_ = false;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.fixed_matrix", "1.0.0", "MIT",
    onager::feature_map<FixedMatrix>(
        "fixed_matrix", "A linear map, or a metric learned elsewhere, from a .npy file",
        {onager::path("path", "A matrix, or a vector for a diagonal, as .npy").required(),
         onager::choice("as", {"metric", "map"}, "metric",
                        "metric: phi(x) = x M^(power/2); map: phi(x) = x A"),
         onager::real("power", 1.0, "Power of the metric before its root is taken").above(0)}))
