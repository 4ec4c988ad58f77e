// SPDX-License-Identifier: MIT
//
// Passes over matrices of one shape, number by number, over the run's threads.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>

namespace onager::plugins::network {

constexpr std::int64_t run_length = 1024;  // numbers at a time: they and their operands stay in L1
constexpr std::int64_t task_length = 32768;  // numbers below which a task costs more than it saves

/// work(count, pointers..) over runs of at most run_length numbers that lie one after the other in
/// each of the matrices; the pointer of a matrix without data is NULL.
template <class Work, class... Ts>
void elementwise(const Host& host, std::int64_t rows, std::int64_t cols, const Work& work,
                 const Matrix<Ts>&... m) {
  if (rows == 0 || cols == 0) return;
  const bool dense = ((m.data == nullptr || m.row_stride == cols) && ...);
  const std::int64_t lines = dense ? 1 : rows, length = dense ? rows * cols : cols;
  const std::int64_t runs_a_line = (length + run_length - 1) / run_length;
  const auto one = [&](std::int64_t run) {
    const std::int64_t line = run / runs_a_line, first = run % runs_a_line * run_length;
    work(std::min(run_length, length - first),
         (m.data == nullptr ? nullptr : m.data + line * m.row_stride + first)...);
  };
  const std::int64_t runs = lines * runs_a_line;
  const std::int64_t runs_a_task =
      std::max<std::int64_t>(1, task_length / std::min(length, run_length));
  const std::int64_t tasks = (runs + runs_a_task - 1) / runs_a_task;
  const auto several = [&](std::int64_t task, std::int32_t) {
    const std::int64_t end = std::min(runs, (task + 1) * runs_a_task);
    for (std::int64_t run = task * runs_a_task; run < end; ++run) one(run);
  };
  if (tasks == 1) several(0, 0);
  else host.parallel(tasks, several);
}

/// work(i, j) for i < rows, j < cols, in squares that stay in the cache of a matrix and of its
/// transpose.
template <class Work>
void in_squares(std::int64_t rows, std::int64_t cols, const Work& work) {
  constexpr std::int64_t side = 32;
  for (std::int64_t i0 = 0; i0 < rows; i0 += side)
    for (std::int64_t j0 = 0; j0 < cols; j0 += side)
      for (std::int64_t i = i0; i < std::min(rows, i0 + side); ++i)
        for (std::int64_t j = j0; j < std::min(cols, j0 + side); ++j) work(i, j);
}

template <class T>
void fill(const Matrix<T>& m, T value) {
  for (std::int64_t i = 0; i < m.rows; ++i) std::fill_n(m.row(i), m.cols, value);
}

}  // namespace onager::plugins::network
