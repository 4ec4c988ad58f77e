// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include <limits>

namespace {

using onager::Matrix;
using onager::Split;

/// Two normal clouds, N(-center e_1, deviation² I) with target -1 and N(center e_1, deviation² I)
/// with target 1. Samples alternate between the two, so that any even number of them holds as many
/// of each.
class GaussianClusters {
 public:
  GaussianClusters(const onager::Config& c, const onager::Host& host)
      : host_(host),
        dimension_(c.integer("dimension")),
        train_(c.integer("train_samples")),
        test_(c.integer("test_samples")),
        center_(c.real("center")),
        deviation_(c.real("deviation")) {}

  onager::Sizes describe() const {
    return {onager::Task::classification, train_, test_, dimension_, 1};
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const auto stream = static_cast<std::uint64_t>(split);
    const auto noise =
        host_.normal(stream, static_cast<std::uint64_t>(first * dimension_), x.rows * dimension_);
    const double* draw = noise.data();
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const double side = (first + i) % 2 == 0 ? -1 : 1;
      for (std::int64_t j = 0; j < dimension_; ++j)
        x(i, j) = static_cast<T>((j == 0 ? side * center_ : 0) + deviation_ * *draw++);
      y(i, 0) = static_cast<T>(side);
    }
  }

 private:
  onager::Host host_;
  std::int64_t dimension_, train_, test_;
  double center_, deviation_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.gaussian_clusters", "1.0.0", "MIT",
    onager::dataset<GaussianClusters>(
        "gaussian_clusters", "Two normal clouds of samples, with targets -1 and 1",
        {onager::integer("dimension", 1, "Number of coordinates").at_least(1),
         onager::integer("train_samples", 128, "Number of training samples").at_least(1),
         onager::integer("test_samples", 128, "Number of test samples").at_least(0),
         onager::real("center", 2.0, "First coordinate of the positive cloud's center"),
         onager::real("deviation", 1.0, "Standard deviation of each coordinate")
             .at_least(0)
             .below(std::numeric_limits<double>::infinity())})
        .cite("Zhu, Liu, Radhakrishnan, Belkin, Quadratic models for understanding catapult "
              "dynamics, ICLR 2024"))
