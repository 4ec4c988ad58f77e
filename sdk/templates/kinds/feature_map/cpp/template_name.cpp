#include <onager/feature_map.hpp>

#include <cmath>

// phi_j(x) = tanh(x_j / scale): features that no outlier carries away.
struct TemplateName {
  double scale;
  explicit TemplateName(const onager::Config& config) : scale(config.real("scale")) {}

  std::int64_t output_dimension(std::int64_t d) const { return d; }

  // x and out: one sample a row
  template <class T>
  void apply(onager::Matrix<const T> x, onager::Matrix<T> out) const {
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j) out(i, j) = std::tanh(x(i, j) / T(scale));
  }

  // row i of out: the gradient g_i by phi(x_i), carried back to x_i
  template <class T>
  void pullback(onager::Matrix<const T> x, onager::Matrix<const T> g, onager::Matrix<T> out) const {
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j) {
        const T phi = std::tanh(x(i, j) / T(scale));
        out(i, j) = g(i, j) * (1 - phi * phi) / T(scale);
      }
  }
};

ONAGER_PLUGIN("org.example.template_name", "0.1.0", "MIT",
              onager::feature_map<TemplateName>(
                  "template_name", "Each feature by itself: tanh(x / scale)",
                  {onager::real("scale", 1.0, "Where a feature begins to saturate").above(0)}))
