#include <onager/dataset.hpp>

#include <cmath>

// y = sin(x_1) + .. + sin(x_d) + noise for standard normal x. A sample's numbers are those at its
// own place of the host's random stream, so that they do not depend on which samples are asked for.
class TemplateName {
 public:
  TemplateName(const onager::Config& config, const onager::Host& host)
      : host_(host),
        dimension_(config.integer("dimension")),
        train_(config.integer("train_samples")),
        test_(config.integer("test_samples")),
        noise_(config.real("noise")) {}

  onager::Sizes describe() const {
    return {onager::Task::regression, train_, test_, dimension_, 1};
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, onager::Matrix<T> x,
            onager::Matrix<T> y) const {
    const auto stream = static_cast<std::uint64_t>(split);
    const std::int64_t numbers = dimension_ + 1;  // of a sample: x and the noise
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const auto drawn =
          host_.normal(stream, static_cast<std::uint64_t>((first + i) * numbers), numbers);
      double sum = noise_ * drawn.back();
      for (std::int64_t j = 0; j < dimension_; ++j) {
        const double number = drawn[static_cast<std::size_t>(j)];
        x(i, j) = static_cast<T>(number);
        sum += std::sin(number);
      }
      y(i, 0) = static_cast<T>(sum);
    }
  }

 private:
  onager::Host host_;
  std::int64_t dimension_, train_, test_;
  double noise_;
};

ONAGER_PLUGIN("org.example.template_name", "0.1.0", "MIT",
              onager::dataset<TemplateName>(
                  "template_name", "A sum of sines of normal features, with noise",
                  {onager::integer("dimension", 4, "Features of a sample").at_least(1),
                   onager::integer("train_samples", 200, "Training samples").at_least(1),
                   onager::integer("test_samples", 100, "Test samples").at_least(0),
                   onager::real("noise", 0.1, "Standard deviation of the noise").at_least(0)}))
