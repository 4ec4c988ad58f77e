// SPDX-License-Identifier: MIT
#include "results/axis.hpp"

#include "results/readable.hpp"

#include <fmt/format.h>

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

/// A product of a power of ten and a number below ten.
struct Decimal {
  int power;
  int digit;
  double value() const { return digit * std::pow(10.0, power); }
};

std::string label_of(const Decimal& tick, bool plain) {
  if (plain) return fmt::format("{:.{}f}", tick.value(), std::max(0, -tick.power));
  const std::string power = power_of_ten(tick.power);
  return tick.digit == 1 ? power : fmt::format("{}·{}", tick.digit, power);
}

Axis decimal_axis(double low, double high, int most) {
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = static_cast<int>(std::ceil(std::log10(high) - 1e-9));
  std::vector<Decimal> all;  // ticks and marks, from the axis's end below to its end above
  for (int power = first; power <= last; ++power)
    for (int digit = 1; digit <= 9; ++digit) all.push_back({power, digit});
  const auto is_end = [](const Decimal& d) { return d.digit == 1 || d.digit == 2 || d.digit == 5; };
  std::size_t begin = 0, end = all.size();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_end(all[i]) && all[i].value() <= low * (1 + 1e-9)) begin = i;
  for (std::size_t i = all.size(); i-- > begin + 1;)
    if (is_end(all[i]) && all[i].value() >= high * (1 - 1e-9)) end = i + 1;

  Axis out;
  out.logarithmic = true;
  out.low = all[begin].value();
  out.high = all[end - 1].value();
  const double decades = std::log10(out.high / out.low);
  const int step = std::max(1, static_cast<int>(std::ceil(decades / std::max(most, 1))));
  const bool plain = out.low >= 1e-4 && out.high <= 1e5;
  for (std::size_t i = begin; i < end; ++i) {
    const bool labelled = decades <= 2 + 1e-9
                              ? is_end(all[i])
                              : all[i].digit == 1 && (all[i].power - first) % step == 0;
    if (labelled) out.ticks.push_back({all[i].value(), label_of(all[i], plain)});
    else if (decades < 8) out.between.push_back(all[i].value());
  }
  return out;
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

Axis scaled_axis(const std::vector<double>& values, Scale scale, int most) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const bool logarithmic = scale == Scale::logarithmic;
  for (const double value : values) {
    if (!std::isfinite(value) || (logarithmic && value < std::numeric_limits<double>::min()))
      continue;
    low = std::min(low, std::clamp(value, -largest, largest));
    high = std::max(high, std::clamp(value, -largest, largest));
  }
  if (low > high)
    return logarithmic ? decimal_axis(1, 10, most) : linear_axis(0, 1, most, Ends::at_ticks);
  if (!logarithmic) return linear_axis(low, high, most, Ends::at_ticks);
  return low == high ? decimal_axis(low / 2, high * 2, most) : decimal_axis(low, high, most);
}

}  // namespace onager::host
