// SPDX-License-Identifier: MIT
//
// How weights enter a layer and where they start.
#pragma once

#include <onager/plugin.hpp>

#include <cmath>

namespace onager::plugins::network {

enum class Law { normal, uniform, signs };  // N(0, 1); uniform on (-1, 1); -1 or 1

/// A parameter starts at scale times a number of the law.
struct Initial {
  Law law = Law::normal;
  double scale = 1;
};

/// Parameters enter with a factor.
struct Scaling {
  double factor = 1;
  Initial initial;
};

/// The parametrisation of a network's weights W and biases b. A layer of fan-in m computes
///
///   tangent    (1/sqrt m) W a + bias_scale b     W = initial_scale D, b = D at the start
///   standard   W a + b                           W = initial_scale D / sqrt m, b = bias_scale D
///
/// with D standard normal. With D uniform on (-1, 1) the bias terms are divided by sqrt m too:
/// standard and both scales 1 is then PyTorch's default. Both parametrisations start as the same
/// function. initial_scale = sqrt 2 is He's initialisation, 1 LeCun's.
///
/// Source: Jacot, Gabriel, Hongler 2018 (tangent); He, Zhang, Ren, Sun 2015 (standard).
class Parametrisation {
 public:
  explicit Parametrisation(const Config& c)
      : tangent_(c.choice("parametrisation") == "tangent"),
        law_(c.choice("initial_law") == "uniform" ? Law::uniform : Law::normal),
        initial_scale_(c.real("initial_scale")),
        bias_(c.flag("bias")),
        bias_scale_(c.real("bias_scale")) {
    if (bias_ && tangent_ && bias_scale_ == 0)
      throw Error(ONAGER_INVALID,
                  "bias_scale = 0 leaves no biases in the tangent parametrisation; write bias = "
                  "false");
  }

  bool bias() const { return bias_; }
  Law law() const { return law_; }

  Scaling weights(std::int64_t fan_in) const { return weights(fan_in, law_); }
  Scaling weights(std::int64_t fan_in, Law law) const {
    return split(1 / std::sqrt(static_cast<double>(fan_in)), law, initial_scale_);
  }
  Scaling biases(std::int64_t fan_in) const {
    return law_ == Law::uniform ? split(bias_scale_ / std::sqrt(static_cast<double>(fan_in)), law_)
                                : split(bias_scale_, law_);
  }

  static std::vector<Parameter> parameters() {
    return {choice("parametrisation", {"tangent", "standard"}, "tangent",
                   "tangent: weights of order 1 with a factor 1/sqrt(fan-in); standard: the factor "
                   "is in the initial weights"),
            choice("initial_law", {"normal", "uniform"}, "normal",
                   "Law of the initial weights; uniform and standard is PyTorch's default"),
            real("initial_scale", 1.0,
                 "Factor of all initial weights; in units of 1/sqrt(fan-in) as they act")
                .above(0),
            flag("bias", false, "Whether layers have biases"),
            real("bias_scale", 1.0, "Size of the initial biases as they act").at_least(0)};
  }

 private:
  /// `size` goes into the factor or into the start; extra into the start.
  Scaling split(double size, Law law, double extra = 1) const {
    return tangent_ ? Scaling{size, {law, extra}} : Scaling{1, {law, size * extra}};
  }

  bool tangent_;
  Law law_;
  double initial_scale_;
  bool bias_;
  double bias_scale_;
};

}  // namespace onager::plugins::network
