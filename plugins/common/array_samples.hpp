// SPDX-License-Identifier: MIT
//
// Samples and targets from arrays that a file holds: the first index counts samples, further
// indices of the inputs are taken as one.
#pragma once

#include "number_array.hpp"
#include "sample_table.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onager::plugins {

/// Inputs with their targets, each with what messages call it.
struct SourceArrays {
  std::string inputs_name, targets_name;
  NumberArray inputs;
  std::optional<NumberArray> targets;  // none: a column of the inputs
};

struct SampleChoices {
  bool split_at_random = false;  // test_fraction of the samples tests; else the arrays of `test`
  double test_fraction = 0;
  std::int64_t target = -1;  // column of the inputs where there are no targets; from -1 backwards
  TaskChoice task = TaskChoice::automatic;
};

namespace array_samples_detail {

inline void part_columns(const std::string& name, std::int64_t target, const Table& all, Table& x,
                         Table& y) {
  const std::int64_t column = target < 0 ? all.cols + target : target;
  if (column < 0 || column >= all.cols)
    throw Error(ONAGER_IO, name + ": target = " + std::to_string(target) +
                               " is not one of its columns 0 to " + std::to_string(all.cols - 1));
  if (all.cols < 2)
    throw Error(ONAGER_IO, name + ": has one column; features and a target were expected");
  x = Table(all.rows, all.cols - 1);
  y = Table(all.rows, 1);
  for (std::int64_t i = 0; i < all.rows; ++i) {
    y(i, 0) = all(i, column);
    for (std::int64_t j = 0; j < x.cols; ++j) x(i, j) = all(i, j + (j >= column));
  }
}

inline void require_samples(const NumberArray& array, const std::string& name) {
  if (array.shape.empty() || array.values.empty())
    throw Error(ONAGER_IO,
                name + ": the array is " + array.shape_text() + "; samples as rows were expected");
  require_finite(array, name);
}

inline void take(SourceArrays from, std::int64_t target, Table& x, Table& y) {
  require_samples(from.inputs, from.inputs_name);
  if (!from.targets) {
    if (from.inputs.shape.size() != 2)
      throw Error(ONAGER_IO, from.inputs_name + ": the array is " + from.inputs.shape_text() +
                                 "; a column of targets needs a matrix, otherwise name the "
                                 "targets");
    part_columns(from.inputs_name, target, std::move(from.inputs).table(), x, y);
    return;
  }
  require_samples(*from.targets, from.targets_name);
  if (from.targets->shape.size() > 2)
    throw Error(ONAGER_IO, from.targets_name + ": the array is " + from.targets->shape_text() +
                               "; targets are a vector or a matrix");
  if (from.targets->rows() != from.inputs.rows())
    throw Error(ONAGER_IO, from.targets_name + ": has " + std::to_string(from.targets->rows()) +
                               " targets for the " + std::to_string(from.inputs.rows()) +
                               " samples of " + from.inputs_name);
  x = std::move(from.inputs).table();
  y = std::move(*from.targets).table();
}

inline void append_rows(Table& to, const Table& rows, const std::string& name) {
  if (to.cols != rows.cols)
    throw Error(ONAGER_IO, name + ": has " + std::to_string(rows.cols) +
                               " columns, the training file " + std::to_string(to.cols));
  to.values.insert(to.values.end(), rows.values.begin(), rows.values.end());
  to.rows += rows.rows;
}

inline void choose_task(SampleTable& samples, TaskChoice task, const std::string& targets_name) {
  Table& y = samples.y;
  for (std::int64_t j = 0; j < y.cols; ++j) samples.target_names.push_back(std::to_string(j));
  if (task == TaskChoice::regression) return;
  if (y.cols == 1) {
    if (task == TaskChoice::classification || look_like_classes(y.values)) make_classes(samples);
  } else if (one_hot_rows(y)) {
    samples.task = Task::classification;
  } else if (task == TaskChoice::classification) {
    throw Error(ONAGER_IO, targets_name +
                               ": task = \"classification\" needs one column of targets, or rows "
                               "with a single 1 and otherwise zeros");
  }
}

}  // namespace array_samples_detail

/// Throws Error(ONAGER_IO) that names the array at fault.
inline SampleTable samples_of(SourceArrays train, std::optional<SourceArrays> test,
                              const SampleChoices& choices, const Host& host) {
  using namespace array_samples_detail;
  SampleTable out;
  const std::string name = train.inputs_name;
  const std::string targets_name = train.targets ? train.targets_name : name;
  take(std::move(train), choices.target, out.x, out.y);
  const std::int64_t train_samples = out.x.rows;
  if (test) {
    const std::string test_name = test->inputs_name;
    const std::string test_targets_name = test->targets ? test->targets_name : test_name;
    Table x, y;
    take(std::move(*test), choices.target, x, y);
    append_rows(out.x, x, test_name);
    append_rows(out.y, y, test_targets_name);
  }
  choose_task(out, choices.task, targets_name);
  if (choices.split_at_random)
    out.split_randomly(host.permutation(0, out.x.rows), choices.test_fraction);
  else out.split_after(train_samples);
  check_samples(out, name, host);
  return out;
}

}  // namespace onager::plugins
