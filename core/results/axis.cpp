// SPDX-License-Identifier: MIT
#include "results/axis.hpp"

#include "results/readable.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

constexpr double largest = 1e300;

double nice_step(double range, int most) {
  const double raw = range / std::max(most, 1);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

void add_ticks(Axis& axis, double step) {
  const auto first = static_cast<long long>(std::ceil(axis.low / step - 1e-6));
  const auto last = static_cast<long long>(std::floor(axis.high / step + 1e-6));
  for (long long i = first; i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    axis.ticks.push_back({value, tick_label(value, step)});
  }
}

}  // namespace

double Axis::place(double value) const {
  if (logarithmic) return std::log10(value / low) / std::log10(high / low);
  return (value - low) / (high - low);
}

Axis linear_axis(double low, double high, int most, Ends ends) {
  // A range within rounding of its values is a constant.
  const double size = std::max(std::fabs(low), std::fabs(high));
  if (high - low <= 1e-12 * size || high == low) {
    const double margin = size > 0 ? 0.1 * size : 1;
    low -= margin;
    high += margin;
  }
  const double step = nice_step(high - low, most);
  Axis out;
  out.low = ends == Ends::at_ticks ? std::floor(low / step + 1e-9) * step : low;
  out.high = ends == Ends::at_ticks ? std::ceil(high / step - 1e-9) * step : high;
  add_ticks(out, step);
  return out;
}

Axis index_axis(double low, double high, int most) {
  Axis out;
  out.low = low;
  out.high = high > low ? high : low + 1;
  add_ticks(out, std::max(1.0, nice_step(out.high - out.low, most)));
  return out;
}

Axis logarithmic_axis(double low, double high, int most) {
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = std::max(static_cast<int>(std::ceil(std::log10(high) - 1e-9)), first + 1);
  Axis out;
  out.logarithmic = true;
  out.low = std::pow(10.0, first);
  out.high = std::pow(10.0, last);
  const int step = (last - first + most - 1) / std::max(most, 1);
  for (int power = first; power <= last; power += step)
    out.ticks.push_back({std::pow(10.0, power), power_of_ten(power)});
  return out;
}

Axis axis_for(const std::vector<double>& values, int most) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return linear_axis(0, 1, most, Ends::at_ticks);
  // A run that diverged must not make a range that overflows.
  low = std::clamp(low, -largest, largest);
  high = std::clamp(high, -largest, largest);
  // Subnormal numbers would make decades that pow() cannot give back.
  if (low > std::numeric_limits<double>::min() && high / low > 100)
    return logarithmic_axis(low, high, most);
  return linear_axis(low, high, most, Ends::at_ticks);
}

}  // namespace onager::host
