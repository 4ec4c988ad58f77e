// SPDX-License-Identifier: MIT
#include "conformance/objective_stand_in.hpp"

#include "base/interrupt.hpp"
#include "linalg/blas.hpp"
#include "plugin/instance.hpp"

#include <fmt/format.h>

#include <cmath>

namespace onager::host::conformance {

namespace {

double largest_eigenvalue(Table matrix) {
  std::vector<double> values(static_cast<std::size_t>(matrix.rows));
  blas::eigen_symmetric<double>(matrix.rows, matrix.values.data(), matrix.rows, values.data());
  return values.back();
}

std::int64_t sample_at(const std::int64_t* list, std::int64_t k) { return list ? list[k] : k; }

}  // namespace

ObjectiveStandIn::ObjectiveStandIn(const Trial& trial, double lambda, onager_dtype dtype)
    : a_(trial.normal(samples, parameters, "objective")),
      b_(trial.normal(samples, 1, "objective targets")),
      table_{sizeof table_,           dtype, this, parameters, samples, evaluate, hessian_product,
             ObjectiveStandIn::lambda} {
  const double scale = std::sqrt(lambda / largest_eigenvalue(hessian(samples, nullptr)));
  for (double& v : a_.values) v *= scale;
  solve_normal_equations();
}

ObjectiveStandIn& ObjectiveStandIn::of(const onager_objective* raw) {
  return *static_cast<ObjectiveStandIn*>(raw->context);
}

void ObjectiveStandIn::solve_normal_equations() {
  Table h = hessian(samples, nullptr);
  solution_ = Table(parameters, 1);
  for (std::int64_t i = 0; i < samples; ++i)
    for (std::int64_t k = 0; k < parameters; ++k)
      solution_(k, 0) += a_(i, k) * b_(i, 0) / static_cast<double>(samples);
  blas::potrf_lower<double>(parameters, h.values.data(), parameters);
  blas::potrs_lower<double>(parameters, 1, h.values.data(), parameters, solution_.values.data(), 1);
}

Table ObjectiveStandIn::hessian(std::int64_t count, const std::int64_t* list) const {
  Table out(parameters, parameters);
  for (std::int64_t k = 0; k < count; ++k)
    for (std::int64_t f = 0; f < parameters; ++f)
      for (std::int64_t g = 0; g < parameters; ++g)
        out(f, g) +=
            a_(sample_at(list, k), f) * a_(sample_at(list, k), g) / static_cast<double>(count);
  return out;
}

double ObjectiveStandIn::residual(const Table& w, std::int64_t sample) const {
  double sum = -b_(sample, 0);
  for (std::int64_t k = 0; k < parameters; ++k) sum += a_(sample, k) * w(k, 0);
  return sum;
}

double ObjectiveStandIn::loss(const Table& w, std::int64_t count, const std::int64_t* list) const {
  double sum = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    const double r = residual(w, sample_at(list, k));
    sum += r * r / 2;
  }
  return sum / static_cast<double>(count);
}

double ObjectiveStandIn::loss(const Table& w) const { return loss(w, samples, nullptr); }

Table ObjectiveStandIn::start(const Trial& trial) const {
  return trial.normal(parameters, 1, "start");
}

bool ObjectiveStandIn::usable(const onager_array* a, std::int64_t count,
                              const std::int64_t* list) const {
  bool good = a != nullptr && a->rows == parameters && a->cols == 1 && a->dtype == table_.dtype &&
              count >= 1 && count <= (list ? std::int64_t{1} << 30 : samples);
  for (std::int64_t k = 0; good && list && k < count; ++k) good = list[k] >= 0 && list[k] < samples;
  if (!good)
    keep_error_reason(
        fmt::format("the objective has {} parameters and {} samples, and was given "
                    "other numbers of them, a sample that is not there, or another "
                    "number type",
                    parameters, samples));
  return good;
}

onager_status ObjectiveStandIn::evaluate(const onager_objective* raw, const onager_array* w,
                                         std::int64_t count, const std::int64_t* list, double* loss,
                                         onager_array* gradient) {
  auto& self = of(raw);
  if (!self.usable(w, count, list) || (gradient && !self.usable(gradient, 1, nullptr)))
    return ONAGER_INVALID;
  if (stop_requested()) {
    keep_error_reason("stopped on request");
    return ONAGER_CANCELLED;
  }
  if (self.fails_from_ != 0 && ++self.calls_ >= self.fails_from_) {
    self.failed_ = true;
    keep_error_reason("the objective could not be computed");
    return ONAGER_NUMERICAL;
  }
  const Table at = Table::copy_of(*w);
  *loss = self.loss(at, count, list);
  for (std::int64_t f = 0; gradient && f < parameters; ++f) {
    double sum = 0;
    for (std::int64_t k = 0; k < count; ++k)
      sum += self.residual(at, sample_at(list, k)) * self.a_(sample_at(list, k), f);
    set_element(*gradient, f, 0, sum / static_cast<double>(count));
  }
  return ONAGER_OK;
}

onager_status ObjectiveStandIn::hessian_product(const onager_objective* raw, const onager_array* w,
                                                std::int64_t count, const std::int64_t* list,
                                                const onager_array* u, onager_array* out) {
  auto& self = of(raw);
  if (!self.usable(w, count, list) || !self.usable(u, 1, nullptr) || !self.usable(out, 1, nullptr))
    return ONAGER_INVALID;
  const Table h = self.hessian(count, list), along = Table::copy_of(*u);
  for (std::int64_t f = 0; f < parameters; ++f) {
    double sum = 0;
    for (std::int64_t g = 0; g < parameters; ++g) sum += h(f, g) * along(g, 0);
    set_element(*out, f, 0, sum);
  }
  return ONAGER_OK;
}

onager_status ObjectiveStandIn::lambda(const onager_objective* raw, const onager_array* w,
                                       std::int64_t count, const std::int64_t* list, double,
                                       double* out) {
  auto& self = of(raw);
  if (!self.usable(w, count, list)) return ONAGER_INVALID;
  *out = largest_eigenvalue(self.hessian(count, list));
  return ONAGER_OK;
}

}  // namespace onager::host::conformance
