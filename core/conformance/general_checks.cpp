// SPDX-License-Identifier: MIT
#include "conformance/general_checks.hpp"

#include "conformance/threads_at_once.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

namespace onager::host::conformance {

namespace {

constexpr double single_eps = std::numeric_limits<float>::epsilon();
constexpr double double_eps = std::numeric_limits<double>::epsilon();

std::vector<std::pair<std::string, Table>> inputs_of(const Operation& operation) {
  std::vector<std::pair<std::string, Table>> out;
  for (const auto& argument : operation.arguments)
    out.emplace_back(argument.name, argument.numbers);
  return out;
}

const char* type_name(onager_dtype dtype) {
  return dtype == ONAGER_FLOAT32 ? "float32" : "float64";
}

void report_not_finite(Trial& trial, const Operation& operation, const Values& values,
                       onager_dtype dtype) {
  for (std::size_t r = 0; r < values.size(); ++r)
    for (std::int64_t i = 0; i < values[r].rows; ++i)
      for (std::int64_t j = 0; j < values[r].cols; ++j)
        if (!std::isfinite(values[r](i, j)) && !operation.results[r].is_free(i)) {
          trial.report(
              "values.finite",
              fmt::format("{} gave {}[{}, {}] = {} in {}", operation.call,
                          operation.results[r].name, i, j, values[r](i, j), type_name(dtype)),
              inputs_of(operation));
          return;
        }
}

/// The numbers of a result that must agree, one after the other.
std::vector<double> compared(const Operation& operation, const Values& values) {
  std::vector<double> out;
  for (std::size_t r = 0; r < values.size(); ++r)
    for (std::int64_t i = 0; i < values[r].rows; ++i)
      for (std::int64_t j = 0; j < values[r].cols && !operation.results[r].is_free(i); ++j)
        out.push_back(values[r](i, j));
  return out;
}

bool same_bytes(const Operation& operation, const Values& a, const Values& b) {
  const auto left = compared(operation, a), right = compared(operation, b);
  return left.size() == right.size() &&
         (left.empty() ||
          std::memcmp(left.data(), right.data(), left.size() * sizeof(double)) == 0);
}

std::int64_t rows_of(const Operation& operation) {
  return operation.results.empty() ? 0 : operation.results.front().rows;
}

/// Some rows of values.
Values rows(const Values& values, std::int64_t first, std::int64_t count) {
  Values out;
  for (const auto& table : values) {
    out.emplace_back(count, table.cols);
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t j = 0; j < table.cols; ++j) out.back()(i, j) = table(first + i, j);
  }
  return out;
}

/// The same operation on rows in the opposite order.
Operation reversed(const Operation& operation) {
  Operation out = operation;
  for (auto& argument : out.arguments) {
    const Table was = argument.numbers;
    for (std::int64_t i = 0; argument.by_row && i < was.rows; ++i)
      for (std::int64_t j = 0; j < was.cols; ++j) argument.numbers(i, j) = was(was.rows - 1 - i, j);
  }
  for (auto& result : out.results) std::reverse(result.free_rows.begin(), result.free_rows.end());
  return out;
}

/// The same operation on numbers that float32 holds exactly.
Operation rounded_to_single(const Operation& operation) {
  std::vector<Table> numbers;
  for (const auto& argument : operation.arguments) {
    numbers.push_back(argument.numbers);
    for (double& v : numbers.back().values) v = static_cast<float>(v);
  }
  return with_arguments(operation, numbers);
}

/// Each thread makes its calls again and again, at the same time as the others.
void compare_threads(Trial& trial, const std::vector<Operations>& by_thread) {
  constexpr std::int64_t duration = 30'000'000;  // of CPU each, in nanoseconds
  trial.threads_expected = true;
  for (std::size_t k = 0; k < by_thread.front().size(); ++k) {
    std::vector<Values> expected;
    for (const auto& operations : by_thread) expected.push_back(run_plain(trial, operations[k]));
    const Operation& first = by_thread.front()[k];
    std::atomic<int> wrong{0};
    run_at_once(trial, first.call, by_thread.size(), [&](std::size_t t) {
      const Operation& work = by_thread[t][k];
      std::vector<Table> memory;
      std::vector<onager_array> given, filled;
      for (const auto& argument : work.arguments) given.push_back(argument.numbers.view().array());
      for (const auto& result : work.results) memory.emplace_back(result.rows, result.cols);
      for (auto& table : memory) filled.push_back(table.view().array());
      do {
        if (work.run(given.data(), filled.data()) != ONAGER_OK ||
            !same_bytes(work, memory, expected[t]))
          ++wrong;
      } while (wrong == 0 && thread_cpu_time() < duration);
    });
    if (wrong != 0)
      trial.report("values.reentrant",
                   fmt::format("{} gave other numbers when {} threads called it at once than when "
                               "one did",
                               first.call, by_thread.size()),
                   inputs_of(first));
  }
}

}  // namespace

void check_memory(Trial& trial, const Operations& operations) {
  for (const auto& operation : operations)
    for (const auto dtype : precisions(operation)) {
      const Values values = run_guarded(trial, operation, dtype);
      // what was not written is marked by NaN
      if (!trial.reported("memory.complete")) report_not_finite(trial, operation, values, dtype);
      if (operation.takes_gaps) run_guarded(trial, operation, dtype, 3);
      if (operation.takes_rows) run_guarded(trial, with_rows(operation, 0, 0), dtype);
    }
}

void check_repetition(Trial& trial, const Operations& operations) {
  for (const auto& operation : operations)
    for (const auto dtype : precisions(operation)) {
      const Values first = run_plain(trial, operation, dtype);
      const Values second = run_plain(trial, operation, dtype);
      if (same_bytes(operation, first, second)) continue;
      Values none;
      for (const auto& table : first) none.emplace_back(table.rows, table.cols, 0.0);
      trial.report("values.deterministic",
                   difference(operation, second, first, none, " the second time, the first time "),
                   inputs_of(operation));
    }
}

void check_rows(Trial& trial, const Operations& operations) {
  for (const auto& operation : operations) {
    const Values whole = run_plain(trial, operation);
    const Values allowed = rounding(trial, operation, double_eps);
    if (operation.takes_gaps) {
      const auto text = difference(operation, run_guarded(trial, operation, ONAGER_FLOAT64, 5),
                                   whole, allowed, " with gaps between rows, without ");
      if (!text.empty()) trial.report("values.strides", text, inputs_of(operation));
    }
    const std::int64_t n = operation.takes_rows ? rows_of(operation) : 0;
    for (const std::int64_t step : {1, 3})
      for (std::int64_t first = 0; first + step <= n; first += step) {
        const Operation part = with_rows(operation, first, step);
        const auto text = difference(
            part, run_plain(trial, part), rows(whole, first, step), rows(allowed, first, step),
            fmt::format(" in a call with rows {} to {} alone, among all rows ", first,
                        first + step - 1));
        if (text.empty()) continue;
        trial.report("values.rows", text, inputs_of(operation));
        return;
      }
  }
}

void check_precision(Trial& trial, const Operations& operations) {
  for (const auto& operation : operations) {
    if (!operation.has_single) continue;
    const Operation exact = rounded_to_single(operation);
    const auto text =
        difference(exact, run_plain(trial, exact, ONAGER_FLOAT32), run_plain(trial, exact),
                   rounding(trial, exact, single_eps), " in float32, in float64 ");
    if (!text.empty()) trial.report("values.precision", text, inputs_of(exact));
  }
}

void check_not_finite(Trial& trial, const Operations& operations) {
  for (const auto& operation : operations) {
    const std::int64_t n = operation.takes_rows ? rows_of(operation) : 0, spoiled = n / 2;
    if (n < 2) continue;
    const Values whole = run_plain(trial, operation);
    const Values allowed = rounding(trial, operation, double_eps);
    for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
      Operation bad = operation;
      for (auto& argument : bad.arguments)
        for (std::int64_t j = 0; argument.by_row && !argument.exact && j < argument.numbers.cols;
             ++j)
          argument.numbers(spoiled, j) = value;
      for (auto& result : bad.results) {
        result.free_rows.resize(static_cast<std::size_t>(result.rows));
        result.free_rows[static_cast<std::size_t>(spoiled)] = true;
      }
      const auto text =
          difference(bad, run_plain(trial, bad), whole, allowed,
                     fmt::format(" where row {} of the input is {}, else ", spoiled, value));
      if (!text.empty()) trial.report("values.not_finite", text, inputs_of(bad));
    }
  }
}

void check_threads(Trial& trial, const Operations& operations) {
  // on two inputs, so that what threads share without need gives wrong numbers
  Operations others;
  for (const auto& operation : operations) others.push_back(reversed(operation));
  compare_threads(trial, {operations, others, operations, others});
}

}  // namespace onager::host::conformance
