// SPDX-License-Identifier: MIT
#include "conformance/operation.hpp"

#include "conformance/plain_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

namespace onager::host::conformance {

namespace {

using Arrays = std::deque<GuardedArray>;

std::vector<onager_array> views(const Arrays& arrays) {
  std::vector<onager_array> out;
  for (const auto& array : arrays) out.push_back(array.view());
  return out;
}

std::vector<const GuardedArray*> pointers(const Arrays& arrays) {
  std::vector<const GuardedArray*> out;
  for (const auto& array : arrays) out.push_back(&array);
  return out;
}

/// What a call must not have done to its results.
void inspect(Trial& trial, const Operation& operation, const Arrays& arguments,
             const Arrays& results) {
  for (const auto& array : results) {
    if (array.spilled())
      trial.report("memory.outputs",
                   fmt::format("{} wrote in front of {} or between its rows", operation.call,
                               array.described()),
                   pointers(arguments));
    if (const auto unset = array.unset(); !unset.empty())
      trial.report("memory.complete",
                   fmt::format("{} returned ONAGER_OK and {}", operation.call, unset),
                   pointers(arguments));
  }
}

/// Inputs, each element off by eps of itself, up or down at random.
std::vector<Table> perturbed(Trial& trial, const Operation& operation, double eps, int variant) {
  std::vector<Table> out;
  for (const auto& argument : operation.arguments) {
    Table numbers = argument.numbers;
    if (argument.exact) {
      out.push_back(std::move(numbers));
      continue;
    }
    const Table draw = trial.uniform(numbers.rows, numbers.cols,
                                     fmt::format("perturbed/{}/{}", argument.name, variant));
    for (std::size_t i = 0; i < numbers.values.size(); ++i)
      numbers.values[i] *= 1 + (draw.values[i] < 0.5 ? -eps : eps);
    out.push_back(std::move(numbers));
  }
  return out;
}

double largest(const Table& table) {
  double most = 0;
  for (const double v : table.values)
    if (std::isfinite(v)) most = std::max(most, std::abs(v));
  return most;
}

}  // namespace

Values run_guarded(Trial& trial, const Operation& operation, onager_dtype dtype, std::int64_t gap) {
  Arrays arguments, results;
  for (const auto& argument : operation.arguments) {
    arguments.emplace_back(argument.name, Role::input, dtype, argument.numbers.rows,
                           argument.numbers.cols, gap);
    arguments.back().fill_and_seal(argument.numbers);
  }
  for (const auto& result : operation.results) {
    results.emplace_back(result.name, Role::output, dtype, result.rows, result.cols, gap);
    results.back().mark();
  }
  const auto given = views(arguments);
  auto filled = views(results);
  trial.must(operation.call.c_str(), [&] { return operation.run(given.data(), filled.data()); });
  inspect(trial, operation, arguments, results);
  Values out;
  for (const auto& array : results) out.push_back(array.table());
  return out;
}

std::vector<onager_dtype> precisions(const Operation& operation) {
  if (!operation.has_single) return {ONAGER_FLOAT64};
  return {ONAGER_FLOAT64, ONAGER_FLOAT32};
}

onager_status run_bare(const Operation& operation, onager_dtype dtype, Values& out) {
  std::deque<PlainArray> arguments, results;
  std::vector<onager_array> given, filled;
  for (const auto& argument : operation.arguments) {
    const auto& numbers = argument.numbers;
    given.push_back(arguments.emplace_back(dtype, numbers.rows, numbers.cols).view());
    numbers.copy_to(given.back());
  }
  for (const auto& result : operation.results)
    filled.push_back(results.emplace_back(dtype, result.rows, result.cols).view());
  const auto status = operation.run(given.data(), filled.data());
  for (const auto& array : filled) out.push_back(Table::copy_of(array));
  return status;
}

Values run_plain(Trial& trial, const Operation& operation, onager_dtype dtype) {
  Values out;
  trial.must(operation.call.c_str(), [&] { return run_bare(operation, dtype, out); });
  return out;
}

Operation with_arguments(const Operation& operation, const std::vector<Table>& numbers) {
  Operation out = operation;
  for (std::size_t i = 0; i < numbers.size(); ++i) out.arguments[i].numbers = numbers[i];
  return out;
}

Operation with_rows(const Operation& operation, std::int64_t first, std::int64_t count) {
  Operation out = operation;
  for (auto& argument : out.arguments) {
    if (!argument.by_row) continue;
    const Table whole = std::move(argument.numbers);
    argument.numbers = Table(count, whole.cols);
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t j = 0; j < whole.cols; ++j) argument.numbers(i, j) = whole(first + i, j);
  }
  for (auto& result : out.results) {
    result.rows = count;
    if (!result.free_rows.empty())
      result.free_rows = {result.free_rows.begin() + first,
                          result.free_rows.begin() + first + count};
  }
  return out;
}

Values rounding(Trial& trial, const Operation& operation, double eps) {
  constexpr int variants = 3;
  const Values base = run_plain(trial, operation);
  Values out;
  for (const auto& values : base) out.emplace_back(values.rows, values.cols, 0.0);
  for (int variant = 0; variant < variants; ++variant) {
    const Values moved =
        run_plain(trial, with_arguments(operation, perturbed(trial, operation, eps, variant)));
    for (std::size_t r = 0; r < out.size(); ++r)
      for (std::size_t i = 0; i < out[r].values.size(); ++i)
        out[r].values[i] =
            std::max(out[r].values[i], std::abs(moved[r].values[i] - base[r].values[i]));
  }
  for (std::size_t r = 0; r < out.size(); ++r) {
    const double floor = eps * largest(base[r]);
    for (double& v : out[r].values) v = 32 * (v + floor);
  }
  return out;
}

std::string difference(const Operation& operation, const Values& got, const Values& expected,
                       const Values& allowed, const std::string& words) {
  for (std::size_t r = 0; r < got.size(); ++r)
    for (std::int64_t i = 0; i < got[r].rows; ++i) {
      if (operation.results[r].is_free(i)) continue;
      for (std::int64_t j = 0; j < got[r].cols; ++j) {
        const double a = got[r](i, j), b = expected[r](i, j);
        if (std::abs(a - b) <= allowed[r](i, j) || a == b || (std::isnan(a) && std::isnan(b)))
          continue;
        return fmt::format(
            "{}: {}[{}, {}] is {:.17g}{}{:.17g} (off by {:.2g}, rounding explains "
            "{:.2g})",
            operation.call, operation.results[r].name, i, j, a, words, b, std::abs(a - b),
            allowed[r](i, j));
      }
    }
  return "";
}

}  // namespace onager::host::conformance
