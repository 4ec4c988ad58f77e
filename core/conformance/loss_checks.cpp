// SPDX-License-Identifier: MIT
#include "conformance/loss_checks.hpp"

#include "conformance/difference_quotient.hpp"

#include <fmt/format.h>

#include <cmath>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t samples = 11, outputs = 3, all_samples = 40;

const onager_loss& table_of(const Specimen& specimen) {
  const auto* table = specimen.interface<onager_loss>(ONAGER_LOSS);
  if (table == nullptr) {
    specimen.trial().report("loss.form", fmt::format("it does not offer {}", ONAGER_LOSS));
    throw CheckEnds{};
  }
  return *table;
}

/// Each sample in one class.
Table targets() {
  Table out(samples, outputs);
  for (std::int64_t i = 0; i < samples; ++i) out(i, i % outputs) = 1;
  return out;
}

Table predictions(const Trial& trial) { return trial.normal(samples, outputs, "f"); }

double value_of(const Specimen& specimen, const Table& f, const Table& y, Table* gradient) {
  const auto& table = table_of(specimen);
  const auto fs = f.view().array(), ys = y.view().array();
  onager_array out{};
  if (gradient) out = gradient->view().array();
  double value = std::nan("");
  specimen.trial().must("evaluate", [&] {
    return table.evaluate(specimen.get(), all_samples, &fs, &ys, &value, gradient ? &out : nullptr);
  });
  return value;
}

Table row(const Table& table, std::int64_t i) {
  Table out(1, table.cols);
  for (std::int64_t j = 0; j < table.cols; ++j) out(0, j) = table(i, j);
  return out;
}

}  // namespace

Operations loss_operations(const Specimen& specimen) {
  const auto& table = table_of(specimen);
  const Table f = predictions(specimen.trial()), y = targets();
  Operation gradient;
  gradient.call = "evaluate";
  gradient.takes_gaps = false;
  gradient.arguments = {{"f", f}, {"y", y, true, true}};
  gradient.results = {{"gradient", samples, outputs, {}}};
  gradient.run = [&table, instance = specimen.get()](const onager_array* given,
                                                     onager_array* filled) {
    double value = 0;
    return table.evaluate(instance, all_samples, &given[0], &given[1], &value, &filled[0]);
  };
  Operation curvature = gradient;
  curvature.call = "curvature";
  curvature.arguments.push_back({"t", specimen.trial().normal(samples, outputs, "t")});
  curvature.results = {{"out", samples, outputs, {}}};
  curvature.run = [&table, instance = specimen.get()](const onager_array* given,
                                                      onager_array* filled) {
    return table.curvature(instance, all_samples, &given[0], &given[1], &given[2], &filled[0]);
  };
  return {gradient, curvature};
}

std::vector<Call> loss_life(Specimen& specimen) {
  const auto& table = table_of(specimen);
  std::vector<Call> out = calls_of(loss_operations(specimen));
  out.push_back({"evaluate", [&table, f = predictions(specimen.trial()), y = targets(),
                              instance = specimen.get()](Digest& digest) {
                   const auto fs = f.view().array(), ys = y.view().array();
                   double value = 0;
                   const auto status =
                       table.evaluate(instance, all_samples, &fs, &ys, &value, nullptr);
                   digest.add(value);
                   return status;
                 }});
  return out;
}

void check_loss_value(Trial& trial) {
  const Specimen specimen(trial);
  const Table f = predictions(trial), y = targets();
  const std::vector<std::pair<std::string, Table>> inputs = {{"f", f}, {"y", y}};
  Table gradient(samples, outputs);
  const double value = value_of(specimen, f, y, nullptr);
  if (!std::isfinite(value)) {
    trial.report("values.finite", fmt::format("evaluate gave the value {}", value), inputs);
    return;
  }
  const double with_gradient = value_of(specimen, f, y, &gradient);
  if (!(std::abs(value - with_gradient) <= 1e-13 * std::abs(value)))
    trial.report("loss.value",
                 fmt::format("the value is {:.17g}, and {:.17g} when a gradient is asked for too",
                             value, with_gradient),
                 inputs);
  double sum = 0;
  for (std::int64_t i = 0; i < samples; ++i)
    sum += value_of(specimen, row(f, i), row(y, i), nullptr);
  if (!(std::abs(sum - value) <= 1e-12 * std::abs(value)))
    trial.report("loss.value",
                 fmt::format("of all rows the value is {:.17g}, and those of single rows have the "
                             "sum {:.17g}",
                             value, sum),
                 inputs);
}

void check_loss_derivatives(Trial& trial) {
  const Specimen specimen(trial);
  const auto operations = loss_operations(specimen);
  const Table f = predictions(trial), y = targets(), t = trial.normal(samples, outputs, "t");
  const Table gradient = run_plain(trial, operations[0]).front();
  const Table curvature = run_plain(trial, operations[1]).front();
  for (std::int64_t i = 0; i < samples; ++i)
    for (std::int64_t l = 0; l < outputs; ++l) {
      Table moved = row(f, i);
      const auto slope = difference_quotient(
          [&](double value) {
            moved(0, l) = value;
            return value_of(specimen, moved, row(y, i), nullptr);
          },
          f(i, l), 0.05);
      if (!slope.agrees(gradient(i, l))) {
        trial.report("loss.derivatives",
                     fmt::format("gradient[{}, {}] is {:.10g}, and the difference quotient of the "
                                 "value is {:.10g} (known to {:.2g})",
                                 i, l, gradient(i, l), slope.value, slope.error),
                     {{"f", f}, {"y", y}});
        return;
      }
      const auto bend = difference_quotient(
          [&](double step) {
            Table along = row(f, i), out(1, outputs);
            for (std::int64_t k = 0; k < outputs; ++k) along(0, k) += step * t(i, k);
            value_of(specimen, along, row(y, i), &out);
            return out(0, l);
          },
          0, 0.05);
      if (!bend.agrees(curvature(i, l))) {
        trial.report("loss.derivatives",
                     fmt::format("curvature[{}, {}] is {:.10g}, and the difference quotient of the "
                                 "gradient along t is {:.10g} (known to {:.2g})",
                                 i, l, curvature(i, l), bend.value, bend.error),
                     {{"f", f}, {"y", y}, {"t", t}});
        return;
      }
    }
}

}  // namespace onager::host::conformance
