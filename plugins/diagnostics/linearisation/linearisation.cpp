// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"

namespace {

using onager::Matrix;
using namespace onager::plugins;

constexpr std::int64_t block = 512;  // samples whose outputs are computed at a time

/// How far the network is from its linearisation at the start, on the first s training samples:
///
///   f_lin(w) = f(w_0) + J(w_0) (w - w_0)
///   linearisation           root mean square of f(w) - f_lin(w) over samples and outputs
///   linearisation.relative  |f(w) - f_lin(w)| / |f(w) - f(w_0)|; none where f has not changed
///
/// Two forward passes and one jvp. Source: Liu, Zhu, Belkin 2020, section 2.
class Linearisation {
 public:
  Linearisation(const onager::Config& c, const onager::Host& host)
      : host_(host), samples_(c.integer("samples")) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "linearisation");
    in_precision_of(network, [&](auto zero) { emit_distance<decltype(zero)>(view, network); });
  }

 private:
  template <class T>
  void emit_distance(const onager::View& view, const onager::Network& network) const {
    const Matrix<const T> w(array_of(view, "parameters")),
        start(array_of(view, "initial_parameters"));
    std::vector<T> moved(static_cast<std::size_t>(w.rows));
    for (std::int64_t i = 0; i < w.rows; ++i)
      moved[static_cast<std::size_t>(i)] = w(i, 0) - start(i, 0);
    const Matrix<const T> u(moved.data(), w.rows, 1);

    const std::int64_t count = sample_count(network, samples_), c = network.outputs();
    double beyond = 0, change = 0;
    for (std::int64_t first = 0; first < count; first += block) {
      const std::int64_t rows = std::min(block, count - first);
      const Matrix<const T> x(rows_of(array_of(view, "network.inputs"), first, rows));
      const auto size = static_cast<std::size_t>(rows * c);
      std::vector<T> now(size), before(size), slope(size);
      network.forward<T>(&w, x, Matrix<T>(now.data(), rows, c));
      network.forward<T>(&start, x, Matrix<T>(before.data(), rows, c));
      network.jvp<T>(&start, x, &u, nullptr, Matrix<T>(slope.data(), rows, c));
      for (std::size_t i = 0; i < size; ++i) {
        const double step = static_cast<double>(now[i]) - static_cast<double>(before[i]);
        const double rest = step - static_cast<double>(slope[i]);
        beyond += rest * rest;
        change += step * step;
      }
    }
    host_.emit("linearisation", std::sqrt(beyond / static_cast<double>(count * c)));
    if (change > 0) host_.emit("linearisation.relative", std::sqrt(beyond / change));
  }

  onager::Host host_;
  std::int64_t samples_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.linearisation", "1.0.0", "MIT",
              onager::diagnostic<Linearisation>(
                  "linearisation",
                  "Distance of the network's outputs from those of its linearisation at the start",
                  {samples_parameter(0, "The first s training samples; 0: all of them")})
                  .cite("Liu, Zhu, Belkin, On the linearity of large non-linear models: when and "
                        "why the tangent kernel is constant, NeurIPS 2020"))
