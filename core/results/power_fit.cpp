// SPDX-License-Identifier: MIT
#include "results/power_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

double PowerLaw::at(double x) const { return factor * std::pow(x, exponent); }

std::optional<PowerLaw> fit_power(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> u, v;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(x[i] > 0) || !(y[i] > 0) || !std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    u.push_back(std::log(x[i]));
    v.push_back(std::log(y[i]));
  }
  if (u.empty() || *std::min_element(u.begin(), u.end()) == *std::max_element(u.begin(), u.end()))
    return std::nullopt;
  const double u_mean = mean_of(u), v_mean = mean_of(v);
  double sxx = 0, sxy = 0, ssr = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    sxx += (u[i] - u_mean) * (u[i] - u_mean);
    sxy += (u[i] - u_mean) * (v[i] - v_mean);
  }
  PowerLaw out;
  out.points = u.size();
  out.exponent = sxy / sxx;
  out.factor = std::exp(v_mean - out.exponent * u_mean);
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double residual = v[i] - v_mean - out.exponent * (u[i] - u_mean);
    ssr += residual * residual;
  }
  out.standard_error = u.size() > 2 ? std::sqrt(ssr / static_cast<double>(u.size() - 2) / sxx)
                                    : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace onager::host
