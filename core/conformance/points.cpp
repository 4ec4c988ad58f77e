// SPDX-License-Identifier: MIT
#include "conformance/points.hpp"

#include <cmath>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t samples = 24;

void scale_row(Table& points, std::int64_t row, double factor) {
  for (std::int64_t f = 0; f < points.cols; ++f) points(row, f) *= factor;
}

void copy_row(Table& points, std::int64_t from, std::int64_t to) {
  for (std::int64_t f = 0; f < points.cols; ++f) points(to, f) = points(from, f);
}

Table scaled(Table points, double factor) {
  for (double& v : points.values) v *= factor;
  return points;
}

}  // namespace

std::vector<PointSet> awkward_points(const Trial& trial, std::int64_t dimension) {
  const Table normal = trial.normal(samples, dimension, "points");
  std::vector<PointSet> out = {{"normal samples", normal}};

  Table twice = normal;
  for (std::int64_t i = 0; i + 1 < samples; i += 3) copy_row(twice, i, i + 1);
  out.push_back({"samples that occur twice", twice});

  Table zeros = normal;
  for (std::int64_t i = 0; i < samples; i += 4) scale_row(zeros, i, 0);
  out.push_back({"samples with zeros among them", zeros});

  Table near = normal;
  for (std::int64_t i = 1; i < samples; i += 2) {
    copy_row(near, i - 1, i);
    scale_row(near, i, 1 + 1e-7);
  }
  out.push_back({"samples that nearly coincide", near});

  Table lengths = normal;
  for (std::int64_t i = 0; i < samples; ++i)
    scale_row(lengths, i, std::pow(10.0, static_cast<double>(i % 9 - 4)));
  out.push_back({"samples of lengths from 1e-4 to 1e4", lengths});

  Table line = normal;
  for (std::int64_t i = 0; i < samples; ++i)
    for (std::int64_t f = 0; f < dimension; ++f)
      line(i, f) = f == 0 ? 0.25 * static_cast<double>(i) - 3 : 0.0;
  out.push_back({"samples on a line", line});

  out.push_back({"short samples, of length 1e-6", scaled(normal, 1e-6)});
  out.push_back({"long samples, of length 1e4", scaled(normal, 1e4)});
  return out;
}

}  // namespace onager::host::conformance
