// SPDX-License-Identifier: MIT
#include "conformance/learning_stand_in.hpp"

#include <fmt/format.h>

#include <cstring>
#include <numeric>

namespace onager::host::conformance {

LearningStandIn::LearningStandIn(const Trial& trial, const Table& inputs, const Table& targets)
    : inputs_("inputs", Role::input, ONAGER_FLOAT64, inputs.rows, inputs.cols),
      targets_("targets", Role::input, ONAGER_FLOAT64, targets.rows, targets.cols),
      predictions_("predictions", Role::input, ONAGER_FLOAT64, targets.rows, targets.cols),
      table_{sizeof table_, ONAGER_FLOAT64,     this,      0,     inputs.rows, inputs.cols,
             targets.cols,  mean_outer_product, gradients, array, agop_of} {
  inputs_.fill_and_seal(inputs);
  targets_.fill_and_seal(targets);
  predictions_.fill_and_seal(trial.normal(targets.rows, targets.cols, "predictions"));
  for (std::int64_t l = 0; l < targets.cols; ++l) {
    gradients_.push_back(trial.normal(inputs.rows, inputs.cols, fmt::format("gradients/{}", l)));
    for (std::int64_t i = 0; i < inputs.rows; ++i)
      for (std::int64_t f = 0; f < inputs.cols; ++f)
        gradients_.back()(i, f) /= static_cast<double>(1 + f);
  }
}

const LearningStandIn& LearningStandIn::of(const onager_learning* raw) {
  return *static_cast<const LearningStandIn*>(raw->context);
}

onager_status LearningStandIn::mean_outer_product(const onager_learning* raw, std::uint32_t flags,
                                                  onager_array* out) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(raw->samples));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return agop_of(raw, flags, raw->samples, all.data(), out);
}

onager_status LearningStandIn::agop_of(const onager_learning* raw, std::uint32_t flags,
                                       std::int64_t count, const std::int64_t* samples,
                                       onager_array* out) {
  const bool diagonal = (flags & ONAGER_AGOP_DIAGONAL) != 0;
  const std::int64_t d = raw->dimension;
  if (out->rows != d || out->cols != (diagonal ? 1 : d) || count < 1) return ONAGER_INVALID;
  Table sum(d, d);
  for (const Table& all : of(raw).gradients_) {
    std::vector<double> mean(static_cast<std::size_t>(d));
    const auto n = static_cast<double>(count);
    if (flags & ONAGER_AGOP_CENTERED)
      for (std::int64_t s = 0; s < count; ++s)
        for (std::int64_t f = 0; f < d; ++f)
          mean[static_cast<std::size_t>(f)] += all(samples[s], f) / n;
    for (std::int64_t s = 0; s < count; ++s)
      for (std::int64_t f = 0; f < d; ++f)
        for (std::int64_t g = 0; g < d; ++g)
          sum(f, g) += (all(samples[s], f) - mean[static_cast<std::size_t>(f)]) *
                       (all(samples[s], g) - mean[static_cast<std::size_t>(g)]) / n;
  }
  for (std::int64_t f = 0; f < d; ++f)
    for (std::int64_t g = 0; g < out->cols; ++g) set_element(*out, f, g, sum(f, diagonal ? f : g));
  return ONAGER_OK;
}

onager_status LearningStandIn::gradients(const onager_learning* raw, std::int64_t output,
                                         std::int64_t first, onager_array* out) {
  if (output < 0 || output >= raw->outputs || first < 0 || first + out->rows > raw->samples ||
      out->cols != raw->dimension)
    return ONAGER_INVALID;
  const Table& all = of(raw).gradients_[static_cast<std::size_t>(output)];
  for (std::int64_t i = 0; i < out->rows; ++i)
    for (std::int64_t f = 0; f < out->cols; ++f) set_element(*out, i, f, all(first + i, f));
  return ONAGER_OK;
}

onager_status LearningStandIn::array(const onager_learning* raw, const char* name,
                                     onager_array* out) {
  const auto& self = of(raw);
  if (std::strcmp(name, "inputs") == 0) *out = self.inputs_.view();
  else if (std::strcmp(name, "targets") == 0) *out = self.targets_.view();
  else if (std::strcmp(name, "predictions") == 0) *out = self.predictions_.view();
  else return ONAGER_NOT_FOUND;
  return ONAGER_OK;
}

}  // namespace onager::host::conformance
