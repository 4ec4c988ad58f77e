// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include <cmath>

namespace {

using onager::Matrix;
using onager::Table;

/// phi(x)_j = (x_j - mean_j) / scale_j with mean and standard deviation (divided by n) of the
/// training inputs. A feature with one value keeps the scale 1.
class Standardize {
 public:
  explicit Standardize(const onager::Config& c)
      : center_(c.flag("center")), scale_(c.flag("scale")) {}

  void fit(const onager_array& x, const onager_array&) {
    const auto n = static_cast<double>(x.rows);
    mean_ = Table(x.cols, 1, 0.0);
    deviation_ = Table(x.cols, 1, 1.0);
    for (std::int64_t j = 0; j < x.cols; ++j) {
      double sum = 0;
      bool constant = true;
      for (std::int64_t i = 0; i < x.rows; ++i) {
        sum += onager::element(x, i, j);
        constant = constant && onager::element(x, i, j) == onager::element(x, 0, j);
      }
      // the sum of equal numbers may be off by rounding; their mean is not
      const double mean = constant && x.rows > 0 ? onager::element(x, 0, j) : sum / n;
      double squares = 0;
      for (std::int64_t i = 0; i < x.rows; ++i)
        squares += (onager::element(x, i, j) - mean) * (onager::element(x, i, j) - mean);
      if (!std::isfinite(squares))
        throw onager::Error(ONAGER_NUMERICAL, "feature " + std::to_string(j) +
                                                  " (counted from 0) has training values that are "
                                                  "not finite, or too large to square");
      if (center_) mean_(j, 0) = mean;
      if (scale_ && squares > 0) deviation_(j, 0) = std::sqrt(squares / n);
    }
    restored();
  }
  std::int64_t output_dimension(std::int64_t d) const { return d; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j)
        out(i, j) = static_cast<T>((static_cast<double>(x(i, j)) - mean_(j, 0)) * factor_(j, 0));
  }

  const Table& matrix() const { return factor_; }
  bool diagonal() const { return true; }

  std::vector<onager::NamedTable> state() {
    return {{"mean", "what is subtracted from each feature", &mean_},
            {"scale", "what each feature is then divided by", &deviation_}};
  }
  void restored() {
    factor_ = deviation_;
    for (double& v : factor_.values) v = 1 / v;
  }

 private:
  bool center_, scale_;
  Table mean_, deviation_, factor_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.standardize", "1.0.0", "MIT",
              onager::feature_map<Standardize>(
                  "standardize", "Subtracts each feature's training mean, divides by its deviation",
                  {onager::flag("center", true, "Subtract the mean of the training inputs"),
                   onager::flag("scale", true,
                                "Divide by their standard deviation; a constant feature keeps 1")}))
