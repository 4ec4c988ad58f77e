#include <onager/loss.hpp>

#include <algorithm>
#include <cmath>

// Huber's loss of a difference r = f - y: r²/2 within the threshold, and a line of that slope
// beyond, divided by the number of samples.
// Source: Huber, Robust estimation of a location parameter, 1964.
struct TemplateName {
  double threshold;
  explicit TemplateName(const onager::Config& config) : threshold(config.real("threshold")) {}

  template <class T>
  double evaluate(std::int64_t samples, onager::Matrix<const T> f, onager::Matrix<const T> y,
                  onager::Matrix<T>* gradient) const {
    const double share = 1 / static_cast<double>(samples);
    double sum = 0;
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t j = 0; j < f.cols; ++j) {
        const double r = double(f(i, j)) - double(y(i, j));
        const double slope = std::clamp(r, -threshold, threshold);
        sum += share * slope * (r - slope / 2);
        if (gradient) (*gradient)(i, j) = static_cast<T>(share * slope);
      }
    return sum;
  }

  template <class T>
  void curvature(std::int64_t samples, onager::Matrix<const T> f, onager::Matrix<const T> y,
                 onager::Matrix<const T> t, onager::Matrix<T> out) const {
    const double share = 1 / static_cast<double>(samples);
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t j = 0; j < f.cols; ++j) {
        const bool within = std::abs(double(f(i, j)) - double(y(i, j))) <= threshold;
        out(i, j) = within ? static_cast<T>(share) * t(i, j) : T(0);
      }
  }
};

ONAGER_PLUGIN(
    "org.example.template_name", "0.1.0", "MIT",
    onager::loss<TemplateName>(
        "template_name", "Huber's loss, the mean over the samples",
        {onager::real("threshold", 1.0, "Where the loss turns from r²/2 into a line").above(0)}))
