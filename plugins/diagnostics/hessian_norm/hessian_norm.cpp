// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"
#include "../../common/operator_spectrum.hpp"

namespace {

using onager::Matrix;
using namespace onager::plugins;

/// Spectral norm of a Hessian in the parameters, by Lanczos iterations on its products with
/// vectors: d²f_l(x_i)/dw² of outputs, one at a time, or d²L/dw² of the loss on some samples,
/// without an AGOP penalty.
///
/// With draws > 0 also the largest of the norms at the present parameters and at as many points
/// w + radius u, u uniform on the unit sphere and the same at every step: a lower bound of the
/// supremum over the ball, which bounds |f - f_lin| by supremum radius²/2.
///
/// A product is one forward and one backward pass with tangents. Source: Liu, Zhu, Belkin 2020.
class HessianNorm {
 public:
  HessianNorm(const onager::Config& c, const onager::Host& host)
      : host_(host),
        of_outputs_(c.choice("of") == "output"),
        name_("hessian_norm." + c.choice("of")),
        first_(c.integer("first")),
        samples_(c.integer("samples")),
        radius_(c.real("radius")),
        draws_(c.integer("draws")),
        limits_(c) {
    if ((draws_ > 0) != (radius_ > 0))
      throw onager::Error(ONAGER_INVALID,
                          "a ball needs both its radius and a number of draws in it");
  }

  void observe(const onager::View& view) {
    const auto network = network_of(view, "hessian_norm");
    if (first_ >= network.samples())
      throw onager::Error(ONAGER_INVALID, "hessian_norm: first is sample " +
                                              std::to_string(first_) + ", counted from 0, of " +
                                              std::to_string(network.samples()));
    in_precision_of(network, [&](auto zero) { emit_norms<decltype(zero)>(view, network); });
  }

 private:
  /// Norms at one point.
  struct Norms {
    double largest = 0, mean = 0;
    std::int64_t count = 0;
  };

  template <class T>
  void emit_norms(const onager::View& view, const onager::Network& network) {
    products_ = 0;
    const Matrix<const T> w(array_of(view, "parameters"));
    const Norms here = norms_at(view, network, w);
    host_.emit(name_.c_str(), here.largest);
    if (here.count > 1) host_.emit((name_ + ".mean").c_str(), here.mean);
    if (draws_ > 0) {
      double largest = here.largest;
      for (std::int64_t k = 0; k < draws_; ++k) {
        const std::vector<T> point = drawn(w, k);
        const Matrix<const T> at(point.data(), w.rows, 1);
        largest = std::max(largest, norms_at(view, network, at).largest);
      }
      host_.emit((name_ + ".ball").c_str(), largest);
    }
    host_.emit((name_ + ".products").c_str(), static_cast<double>(products_));
  }

  /// The k-th point on the sphere around w.
  template <class T>
  std::vector<T> drawn(Matrix<const T> w, std::int64_t k) const {
    const auto direction = host_.normal(static_cast<std::uint64_t>(k), 0, w.rows);
    double square = 0;
    for (const double v : direction) square += v * v;
    std::vector<T> out(direction.size());
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = w(static_cast<std::int64_t>(i), 0) +
               static_cast<T>(radius_ / std::sqrt(square) * direction[i]);
    return out;
  }

  template <class T>
  Norms norms_at(const onager::View& view, const onager::Network& network, Matrix<const T> w) {
    return of_outputs_ ? of_outputs(view, network, w) : of_loss(network, w);
  }

  template <class T>
  Norms of_outputs(const onager::View& view, const onager::Network& network, Matrix<const T> w) {
    const std::int64_t c = network.outputs();
    const std::int64_t last =
        std::min(first_ + std::max<std::int64_t>(samples_, 1), network.samples());
    Norms norms;
    for (std::int64_t i = first_; i < last; ++i) {
      const Matrix<const T> x(rows_of(array_of(view, "network.inputs"), i, 1));
      for (std::int64_t l = 0; l < c; ++l) {
        std::vector<T> v(static_cast<std::size_t>(c));
        v[static_cast<std::size_t>(l)] = 1;
        const double norm = norm_of<T>(network, [&](Matrix<const T> u, Matrix<T> out) {
          network.hvp<T>(&w, x, Matrix<const T>(v.data(), 1, c), &u, nullptr, &out, nullptr);
        });
        norms.largest = std::max(norms.largest, norm);
        norms.mean += norm;
        ++norms.count;
      }
    }
    norms.mean /= static_cast<double>(norms.count);
    return norms;
  }

  template <class T>
  Norms of_loss(const onager::Network& network, Matrix<const T> w) {
    std::vector<std::int64_t> list =
        first_samples(samples_ == 0 ? network.samples() : first_ + samples_);
    if (list.back() >= network.samples()) list.resize(static_cast<std::size_t>(network.samples()));
    list.erase(list.begin(), list.begin() + first_);
    const double norm = norm_of<T>(network, [&](Matrix<const T> u, Matrix<T> out) {
      network.objective().hessian_product<T>(w, &list, u, out);
    });
    return {norm, norm, 1};
  }

  template <class T, class Product>
  double norm_of(const onager::Network& network, Product&& product) {
    const auto found =
        outer_spectrum<T>(host_, network.parameters(), product, ONAGER_MAGNITUDE, 1, limits_);
    products_ += found.products;
    return std::fabs(found.values[0]);
  }

  onager::Host host_;
  bool of_outputs_;
  std::string name_;
  std::int64_t first_, samples_;
  double radius_;
  std::int64_t draws_;
  SpectrumLimits limits_;
  std::int64_t products_ = 0;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.hessian_norm", "1.0.0", "MIT",
    onager::diagnostic<HessianNorm>(
        "hessian_norm",
        "Spectral norm of the Hessian of outputs or of the loss, by Lanczos iterations",
        SpectrumLimits::parameters(
            {onager::choice("of", {"output", "loss"}, "output",
                            "Hessians of the outputs at some samples, or that of the loss on them"),
             onager::integer("first", 0, "The first of these samples, counted from 0").at_least(0),
             samples_parameter(
                 0, "How many samples; 0: one for outputs, all that follow for the loss"),
             onager::real("radius", 0.0,
                          "Radius of a ball around the parameters to look for the largest "
                          "norm in")
                 .at_least(0),
             onager::integer("draws", 0, "Points drawn on the sphere of that radius").at_least(0)}))
        .cite("Liu, Zhu, Belkin, On the linearity of large non-linear models: when and "
              "why the tangent kernel is constant, NeurIPS 2020"))
