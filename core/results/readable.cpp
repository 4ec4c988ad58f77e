// SPDX-License-Identifier: MIT
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

const std::string no_break = "\u00a0";  // a space at which lines do not break

/// ASCII digits with a true minus sign.
std::string with_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "−");
  return text;
}

std::string without_end_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Of whole hundredths but for rounding.
bool has_two_decimals(double value) {
  return std::fabs(value * 100 - std::round(value * 100)) < 1e-9;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Whether a column is a key of the pipeline file rather than a metric.
bool is_key(const std::string& column) {
  const std::string table = column.substr(0, column.find_first_of(".["));
  const auto& tables = {"dataset", "feature_map", "kernel",     "model",
                        "loss",    "optimizer",   "diagnostic", "loop"};
  return std::find(tables.begin(), tables.end(), table) != tables.end();
}

}  // namespace

std::string power_of_ten(int power) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = power < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(power))) out += digits[digit - '0'];
  return out;
}

std::string readable(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  if (value == 0) return "0";
  int power = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  if (power >= -3 && power < 5)
    return with_minus(without_end_zeros(fmt::format("{:.{}f}", value, std::max(0, 3 - power))));
  const std::string text = fmt::format("{:.2e}", value);
  const auto e = text.find('e');
  power = std::stoi(text.substr(e + 1));
  return with_minus(without_end_zeros(text.substr(0, e))) + no_break + "×" + no_break +
         power_of_ten(power);
}

std::string readable_metric(const std::string& column, double value) {
  if (ends_with(column, "accuracy") && std::isfinite(value))
    return with_minus(fmt::format("{:.{}f}", value, has_two_decimals(value) ? 2 : 4));
  return readable(value);
}

std::string percent(double share) {
  const double value = 100 * share;
  // Rounding to whole numbers must not turn nearly all into all.
  if (value > 99 && value < 100 - 1e-6)
    return fmt::format("{:.1f}{}%", std::min(value, 99.9), no_break);
  return fmt::format("{:.{}f}{}%", value, std::fabs(value) < 1 && value != 0 ? 1 : 0, no_break);
}

std::string tick_label(double value, double step) {
  if (std::fabs(value) < step * 1e-6) return "0";
  const double size = std::fabs(value);
  if (size >= 1e5 || step < 1e-4) {
    const int power = static_cast<int>(std::floor(std::log10(size) + 1e-9));
    const double factor = value / std::pow(10.0, power);
    const int decimals = std::clamp(power - static_cast<int>(std::floor(std::log10(step))), 0, 6);
    const std::string digits = without_end_zeros(fmt::format("{:.{}f}", factor, decimals));
    if (digits == "1") return power_of_ten(power);
    return with_minus(digits) + "·" + power_of_ten(power);
  }
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  return with_minus(fmt::format("{:.{}f}", value, decimals));
}

std::string metric_words(const std::string& column) {
  if (column == "mse") return "mean squared error";
  if (ends_with(column, "_mse"))
    return metric_words(column.substr(0, column.size() - 4)) + " mean squared error";
  std::string out;
  for (const char c : column) out += c == '_' ? " " : c == '.' ? ", " : std::string(1, c);
  return out;
}

std::string column_words(const std::string& column) {
  if (column == "peak_memory_bytes") return "peak memory, bytes";
  const auto dot = column.rfind('.');
  if (dot == std::string::npos || !is_key(column)) return metric_words(column);
  // "optimizer.use" is which optimizer
  if (column.substr(dot) == ".use") return column_words(column.substr(0, dot));
  return metric_words(column.substr(dot + 1));
}

std::string quantity_of(const std::string& column) {
  for (const std::string split : {"train_", "test_", "validation_"})
    if (column.compare(0, split.size(), split) == 0) return column.substr(split.size());
  return column;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

}  // namespace onager::host
