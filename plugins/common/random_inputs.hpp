// SPDX-License-Identifier: MIT
//
// Inputs of a known law.
#pragma once

#include "polynomial.hpp"

#include <onager/plugin.hpp>

#include <cmath>

namespace onager::plugins {

/// Inputs in R^d of one law, the same for a seed in whatever pieces they are asked for.
class RandomInputs {
 public:
  RandomInputs(const Config& c, const Host& host)
      : host_(host), dimension_(c.integer("dimension")), law_(law_of(c.choice("distribution"))) {}

  /// The parameter "distribution" with a default; "dimension" is read too.
  static Parameter distribution(const char* value) {
    return choice("distribution", {"hypercube", "gaussian", "sphere"}, value,
                  "Inputs uniform on {-1, 1}^d, standard normal, or uniform on the sphere of "
                  "radius sqrt d");
  }

  Distribution law() const { return law_; }

  /// Inputs first .. first + rows - 1 of a random stream, row by row.
  std::vector<double> of(std::uint64_t stream, std::int64_t first, std::int64_t rows) const {
    const auto offset = static_cast<std::uint64_t>(first * dimension_);
    if (law_ == Distribution::hypercube) {
      auto values = host_.uniform(stream, offset, rows * dimension_);
      for (double& v : values) v = v < 0.5 ? -1.0 : 1.0;
      return values;
    }
    auto values = host_.normal(stream, offset, rows * dimension_);
    for (std::int64_t i = 0; law_ == Distribution::sphere && i < rows; ++i)
      put_on_sphere(values.data() + i * dimension_);
    return values;
  }

 private:
  static Distribution law_of(const std::string& name) {
    return name == "gaussian" ? Distribution::gaussian
           : name == "sphere" ? Distribution::sphere
                              : Distribution::hypercube;
  }

  void put_on_sphere(double* row) const {
    double squares = 0;
    for (std::int64_t j = 0; j < dimension_; ++j) squares += row[j] * row[j];
    const double factor = std::sqrt(static_cast<double>(dimension_) / squares);
    for (std::int64_t j = 0; j < dimension_; ++j) row[j] *= factor;
  }

  Host host_;
  std::int64_t dimension_;
  Distribution law_;
};

}  // namespace onager::plugins
