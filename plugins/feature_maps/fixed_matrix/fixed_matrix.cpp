// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/linear_apply.hpp"
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
    const auto& m = matrix_;
    if (form_ == MatrixForm::full && m.rows != m.cols)
      throw Error(ONAGER_INVALID, path_ + ": a metric is d x d, this array is " +
                                      std::to_string(m.rows) + " x " + std::to_string(m.cols) +
                                      "; for a map from " + std::to_string(m.rows) + " to " +
                                      std::to_string(m.cols) + " features set as = \"map\"");
    double largest = 0;
    for (const double v : m.values) largest = std::max(largest, std::abs(v));
    for (std::int64_t i = 0; form_ == MatrixForm::full && i < m.rows; ++i)
      for (std::int64_t j = 0; j < i; ++j)
        // float32 files are symmetric to their own precision
        if (std::abs(m(i, j) - m(j, i)) > 1e-5 * largest)
          throw Error(ONAGER_INVALID, path_ + ": a metric is symmetric, but elements [" +
                                          std::to_string(i) + ", " + std::to_string(j) + "] and [" +
                                          std::to_string(j) + ", " + std::to_string(i) +
                                          "] differ");
    for (std::int64_t i = 0; i < m.rows; ++i)
      if (m(i, form_ == MatrixForm::full ? i : 0) < 0)
        throw Error(ONAGER_INVALID, path_ +
                                        ": a metric has no negative number on its diagonal, "
                                        "but row " +
                                        std::to_string(i) + " has");
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
