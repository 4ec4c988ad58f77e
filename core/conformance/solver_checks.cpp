// SPDX-License-Identifier: MIT
#include "conformance/solver_checks.hpp"

#include "conformance/operator_stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host::conformance {

namespace {

struct Problem {
  std::string name;
  Table matrix;
  Table targets;
  /// Whether the targets of some samples tell those of others. Where they do not, a solver that
  /// holds out samples finds that 0 is best, which is the solution for an infinite ridge.
  bool telling = false;
};

Table identity(std::int64_t n) {
  Table out(n, n);
  for (std::int64_t i = 0; i < n; ++i) out(i, i) = 1;
  return out;
}

/// exp(-|i - j| / length), whose condition number is about (2 length)².
Table decaying(std::int64_t n, double length = 1) {
  Table out(n, n);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      out(i, j) = std::exp(-std::abs(static_cast<double>(i - j)) / length);
  return out;
}

/// sin(i / 8 + column)
Table waves(std::int64_t n, std::int64_t columns) {
  Table out(n, columns);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t c = 0; c < columns; ++c)
      out(i, c) = std::sin(static_cast<double>(i) / 8 + static_cast<double>(c));
  return out;
}

std::vector<Problem> easy_problems(const Trial& trial) {
  const auto random = [&](std::int64_t n) { return trial.normal(n, 3, "targets"); };
  Table diagonal(30, 30);
  for (std::int64_t i = 0; i < 30; ++i) diagonal(i, i) = 1 + 0.1 * static_cast<double>(i);
  return {{"the identity", identity(20), random(20)},
          {"a diagonal matrix from 1 to 3.9", diagonal, random(30)},
          {"exp(-|i - j|)", decaying(60), random(60)},
          {"exp(-|i - j| / 4)", decaying(60, 4), waves(60, 3), true},
          {"a matrix of one number, 1", identity(1), random(1)}};
}

const onager_linear_solver* solver_of(const Specimen& specimen) {
  return specimen.interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR);
}

/// What a solve ended in.
struct Solved {
  onager_status status;
  Table solution;
};

Solved solve(const Specimen& specimen, const OperatorStandIn& kernel, const Table& targets) {
  Trial& trial = specimen.trial();
  const auto* table = solver_of(specimen);
  const onager_dtype dtype = kernel.abi().dtype;
  GuardedArray y("targets", Role::input, dtype, targets.rows, targets.cols);
  GuardedArray a("solution", Role::output, dtype, targets.rows, targets.cols);
  y.fill_and_seal(targets);
  a.mark();
  const auto from = y.view();
  auto to = a.view();
  const auto status =
      trial.ask("solve", [&] { return table->solve(specimen.get(), &kernel.abi(), &from, &to); });
  if (a.spilled())
    trial.report("memory.outputs", fmt::format("solve wrote in front of {}", a.described()), {&y});
  if (const auto unset = a.unset(); status == ONAGER_OK && !unset.empty())
    trial.report("memory.complete", fmt::format("solve returned ONAGER_OK and {}", unset), {&y});
  return {status, a.table()};
}

double norm(const Table& table, std::int64_t column) {
  double sum = 0;
  for (std::int64_t i = 0; i < table.rows; ++i) sum += table(i, column) * table(i, column);
  return std::sqrt(sum);
}

/// How far (K + ridge I) a is from y for the ridge that fits best, relative to y; and that ridge.
struct Residual {
  double relative, ridge;
};
Residual residual(const Table& k, const Table& a, const Table& y, std::int64_t column) {
  Table left(y.rows, 1);
  double along = 0;
  for (std::int64_t i = 0; i < y.rows; ++i) {
    left(i, 0) = y(i, column);
    for (std::int64_t j = 0; j < y.rows; ++j) left(i, 0) -= k(i, j) * a(j, column);
    along += left(i, 0) * a(i, column);
  }
  const double size = norm(a, column);
  const double ridge = size > 0 ? std::max(0.0, along / (size * size)) : 0;
  for (std::int64_t i = 0; i < y.rows; ++i) left(i, 0) -= ridge * a(i, column);
  return {norm(left, 0) / norm(y, column), ridge};
}

bool finite(const Table& table) {
  return std::all_of(table.values.begin(), table.values.end(),
                     [](double v) { return std::isfinite(v); });
}

}  // namespace

Operations solver_operations(const Specimen& specimen) {
  const auto* table = solver_of(specimen);
  if (table == nullptr) return {};
  const auto wide = std::make_shared<OperatorStandIn>(decaying(25), ONAGER_FLOAT64);
  const auto narrow = std::make_shared<OperatorStandIn>(decaying(25), ONAGER_FLOAT32);
  Operation out;
  out.call = "solve";
  out.takes_rows = false;
  out.arguments = {{"targets", specimen.trial().normal(25, 2, "targets"), false}};
  out.results = {{"solution", 25, 2, {}}};
  out.run = [table, wide, narrow, instance = specimen.get()](const onager_array* given,
                                                             onager_array* filled) {
    const auto& kernel = given[0].dtype == ONAGER_FLOAT32 ? narrow : wide;
    return table->solve(instance, &kernel->abi(), &given[0], &filled[0]);
  };
  return {out};
}

void check_solver_solutions(Trial& trial) {
  // Of the targets: iterative methods stop somewhere. Parameters may be meant to stop them after
  // one step; what they leave then is not more than no solution does.
  const auto& values = trial.plan().values;
  const double allowed = std::all_of(values.begin(), values.end(),
                                     [](const ParameterValue& v) { return v.is_default; })
                             ? 0.05
                             : 1.0;
  const Specimen specimen(trial);
  if (solver_of(specimen) == nullptr) return;
  for (const auto& problem : easy_problems(trial))
    for (const onager_dtype dtype : {ONAGER_FLOAT64, ONAGER_FLOAT32}) {
      const OperatorStandIn kernel(problem.matrix, dtype);
      const Table& y = problem.targets;
      const auto solved = solve(specimen, kernel, y);
      // of one sample there may be too little
      if (solved.status == ONAGER_INVALID && y.rows == 1) continue;
      if (solved.status != ONAGER_OK) {
        trial.report("solver.solves",
                     fmt::format("solve fails for {}: {}", problem.name, trial.reason()),
                     {{"matrix", problem.matrix}, {"targets", y}});
        return;
      }
      for (std::int64_t c = 0; c < y.cols; ++c) {
        const auto left = residual(problem.matrix, solved.solution, y, c);
        if (left.relative <= allowed) continue;
        if (!problem.telling && norm(solved.solution, c) == 0) continue;
        trial.report("solver.solves",
                     fmt::format("for {} the solution of target {} leaves |y - (K + ridge I) a| = "
                                 "{:.3g} |y| with the ridge {:.3g} that fits best; {} is allowed",
                                 problem.name, c, left.relative, left.ridge, allowed),
                     {{"matrix", problem.matrix}, {"targets", y}, {"solution", solved.solution}});
        return;
      }
    }
  const OperatorStandIn kernel(decaying(20), ONAGER_FLOAT64);
  const Table nothing(20, 2);
  const auto solved = solve(specimen, kernel, nothing);
  if (solved.status != ONAGER_OK || !finite(solved.solution) || norm(solved.solution, 0) > 1e-6)
    trial.report("solver.solves",
                 fmt::format("targets that are all 0 have the solution 0; solve answered {}, with "
                             "numbers as large as {:.3g}",
                             solved.status, norm(solved.solution, 0)),
                 {{"matrix", kernel.matrix()}, {"targets", nothing}});
}

void check_solver_singular(Trial& trial) {
  const Specimen specimen(trial);
  if (solver_of(specimen) == nullptr) return;
  const Table y = trial.normal(16, 1, "targets");
  const OperatorStandIn ones(Table(16, 16, 1.0), ONAGER_FLOAT64);
  const auto solved = solve(specimen, ones, y);
  if (solved.status == ONAGER_OK && !finite(solved.solution))
    trial.report("solver.singular",
                 "solve answered ONAGER_OK with numbers that are not finite, for a matrix of ones",
                 {{"matrix", ones.matrix()}, {"targets", y}});
  if (solved.status != ONAGER_OK && solved.status != ONAGER_NUMERICAL)
    trial.report("solver.singular",
                 fmt::format("solve answered {} for a matrix of ones, where ONAGER_OK or "
                             "ONAGER_NUMERICAL was expected: {}",
                             solved.status, trial.reason()),
                 {{"matrix", ones.matrix()}, {"targets", y}});
  Table spoiled = decaying(16);
  // all of a sample, for a solver that looks at some columns only
  for (std::int64_t i = 0; i < spoiled.rows; ++i)
    spoiled(3, i) = spoiled(i, 3) = std::numeric_limits<double>::quiet_NaN();
  const OperatorStandIn not_finite(spoiled, ONAGER_FLOAT64);
  const auto hidden = solve(specimen, not_finite, y);
  if (hidden.status == ONAGER_OK && finite(hidden.solution))
    trial.report("solver.not_finite",
                 "solve answered ONAGER_OK with finite numbers for a matrix that has a NaN",
                 {{"matrix", spoiled}, {"targets", y}});
}

void check_solver_obedience(Trial& trial) {
  const Specimen specimen(trial);
  if (solver_of(specimen) == nullptr) return;
  const Table y = trial.normal(40, 1, "targets");
  for (const std::int64_t at_call : {1, 2, 5}) {
    const OperatorStandIn stopped(decaying(40), ONAGER_FLOAT64, Mishap::stopped, at_call);
    const auto end = solve(specimen, stopped, y);
    if (stopped.mishap_happened() && end.status != ONAGER_CANCELLED)
      trial.report("solver.cancelled",
                   fmt::format("the user asked to stop in call {} of the operator, which answered "
                               "ONAGER_CANCELLED; solve answered {}",
                               at_call, end.status));
    const OperatorStandIn failing(decaying(40), ONAGER_FLOAT64, Mishap::fails, at_call);
    const auto failed = solve(specimen, failing, y);
    if (failing.mishap_happened() && failed.status == ONAGER_OK)
      trial.report("solver.failure",
                   fmt::format("call {} of the operator answered ONAGER_NUMERICAL, and solve "
                               "answered ONAGER_OK",
                               at_call));
  }
}

namespace {

void check_memory_said(Trial& trial) {
  const Specimen specimen(trial);
  const auto* table = solver_of(specimen);
  if (table == nullptr || table->memory == nullptr) return;
  constexpr std::int64_t n = 200, outputs = 3;
  const OperatorStandIn kernel(decaying(n), ONAGER_FLOAT64);
  if (solve(specimen, kernel, trial.normal(n, outputs, "targets")).status != ONAGER_OK) return;
  const std::uint64_t said = trial.measured("memory", [&] {
    return table->memory(specimen.get(), ONAGER_FLOAT64, n, outputs, kernel.abi().memory);
  });
  // small change: a few vectors that a count by matrices leaves out
  const double allowed = static_cast<double>(said) * 1.05 + 64 * 1024;
  if (static_cast<double>(specimen.most_bytes_held()) > allowed)
    trial.report(
        "solver.memory",
        fmt::format("memory says {} bytes for {} samples and {} targets, and solve took {} "
                    "of the host",
                    said, n, outputs, specimen.most_bytes_held()));
}

void check_without_memory(Trial& trial) {
  Conditions conditions;
  conditions.memory_runs_out = true;
  const Specimen starved(trial, conditions);
  if (solver_of(starved) == nullptr) return;
  const OperatorStandIn kernel(decaying(40), ONAGER_FLOAT64);
  const auto status = solve(starved, kernel, trial.normal(40, 1, "targets")).status;
  if (status != ONAGER_OK && status != ONAGER_NO_MEMORY)
    trial.report("calls.no_memory",
                 fmt::format("solve answered {} where host->allocate gave NULL: {}", status,
                             trial.reason()));
}

}  // namespace

void check_solver_memory(Trial& trial) {
  check_memory_said(trial);
  try {
    check_without_memory(trial);
  } catch (const Refused&) {
    // create itself answers that there is none: looked at by another check
  }
}

}  // namespace onager::host::conformance
