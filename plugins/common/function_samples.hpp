// SPDX-License-Identifier: MIT
//
// Samples of a known function of random inputs.
#pragma once

#include "polynomial.hpp"

#include <onager/dataset.hpp>

#include <algorithm>
#include <limits>

namespace onager::plugins {

/// y = f(x) + noise, of one output or several: training targets carry normal noise, test targets
/// none, so that the test error is that against f. Streams 0 to 2 of the component are taken:
/// inputs of either split, noise. Training samples are an endless sequence of which draw k takes
/// the n from k n on.
class FunctionSamples {
 public:
  FunctionSamples(const Config& c, const Host& host, std::int64_t outputs = 1)
      : host_(host),
        dimension_(c.integer("dimension")),
        train_(c.integer("train_samples")),
        test_(c.integer("test_samples")),
        outputs_(outputs),
        noise_(c.real("noise")) {}

  /// "dimension", a dataset's own parameters, and those of its samples.
  static std::vector<Parameter> parameters(std::vector<Parameter> own) {
    own.insert(
        own.begin(),
        integer("dimension", 0, "Number of coordinates d of the inputs").at_least(1).required());
    own.push_back(integer("train_samples", 1000, "Number of training samples").at_least(1));
    own.push_back(integer("test_samples", 1000, "Number of test samples").at_least(0));
    own.push_back(
        real("noise", 0.0,
             "Standard deviation of normal noise on training targets; test targets have none")
            .at_least(0)
            .below(std::numeric_limits<double>::infinity()));
    return own;
  }

  std::int64_t dimension() const { return dimension_; }
  Sizes sizes() const { return {Task::regression, train_, test_, dimension_, outputs_}; }

  /// Where the training samples of a draw begin in the sequence.
  std::int64_t start_of(std::uint64_t draw) const {
    return static_cast<std::int64_t>(draw) * train_;
  }

  /// inputs_of(stream, first, rows): that many inputs, row by row; evaluate(x, y): y <- f at one of
  /// them.
  template <class T, class Inputs, class Function>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y, Inputs&& inputs_of,
            Function&& evaluate) const {
    const bool training = split == Split::train;
    constexpr std::int64_t block = 256;
    std::vector<double> targets(static_cast<std::size_t>(outputs_));
    for (std::int64_t start = 0; start < x.rows; start += block) {
      const std::int64_t rows = std::min(block, x.rows - start);
      const std::vector<double> inputs =
          inputs_of(training ? train_inputs : test_inputs, first + start, rows);
      const auto noise =
          host_.normal(training_noise, static_cast<std::uint64_t>((first + start) * outputs_),
                       training && noise_ > 0 ? rows * outputs_ : 0);
      for (std::int64_t i = 0; i < rows; ++i) {
        const double* row = inputs.data() + i * dimension_;
        for (std::int64_t j = 0; j < dimension_; ++j) x(start + i, j) = static_cast<T>(row[j]);
        evaluate(row, targets.data());
        for (std::int64_t l = 0; l < outputs_; ++l) {
          double target = targets[static_cast<std::size_t>(l)];
          if (!noise.empty()) target += noise_ * noise[static_cast<std::size_t>(i * outputs_ + l)];
          y(start + i, l) = static_cast<T>(target);
        }
      }
    }
  }

 private:
  enum : std::uint64_t { train_inputs = 0, test_inputs = 1, training_noise = 2 };

  Host host_;
  std::int64_t dimension_, train_, test_, outputs_;
  double noise_;
};

/// Indices as a fact: n x 1.
inline Table index_table(const std::vector<std::int64_t>& indices) {
  Table out(static_cast<std::int64_t>(indices.size()), 1);
  std::transform(indices.begin(), indices.end(), out.values.begin(),
                 [](std::int64_t i) { return static_cast<double>(i); });
  return out;
}

}  // namespace onager::plugins
