// SPDX-License-Identifier: MIT
//
// Accuracy of a classifier apart by task.
#pragma once

#include <onager/array.hpp>

#include <vector>

namespace onager::plugins {

struct TaskScore {
  std::int64_t samples = 0, right = 0;
};

/// The task of a sample from columns first .. first + count - 1 of its inputs: of one column 0 or
/// 1, above one half; of several, such as one-hot numbers, the largest.
inline std::size_t task_of(const onager_array& inputs, std::int64_t sample, std::int64_t first,
                           std::int64_t count) {
  if (count == 1) return element(inputs, sample, first) > 0.5;
  std::int64_t largest = 0;
  for (std::int64_t j = 1; j < count; ++j)
    if (element(inputs, sample, first + j) > element(inputs, sample, first + largest)) largest = j;
  return static_cast<std::size_t>(largest);
}

/// Whether the largest output is the right class; with one output, the right sign.
inline bool is_right(const onager_array& predictions, const onager_array& targets,
                     std::int64_t sample) {
  if (targets.cols == 1)
    return (element(predictions, sample, 0) > 0) == (element(targets, sample, 0) > 0);
  std::int64_t answer = 0, wanted = 0;
  for (std::int64_t j = 1; j < targets.cols; ++j) {
    if (element(predictions, sample, j) > element(predictions, sample, answer)) answer = j;
    if (element(targets, sample, j) > element(targets, sample, wanted)) wanted = j;
  }
  return answer == wanted;
}

/// Scores by task; the columns of the inputs that tell the task are first .. first + count - 1.
inline std::vector<TaskScore> task_scores(const onager_array& inputs, const onager_array& targets,
                                          const onager_array& predictions, std::int64_t first,
                                          std::int64_t count) {
  std::vector<TaskScore> out(count == 1 ? 2 : static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < inputs.rows; ++i) {
    auto& score = out[task_of(inputs, i, first, count)];
    ++score.samples;
    score.right += is_right(predictions, targets, i);
  }
  return out;
}

}  // namespace onager::plugins
