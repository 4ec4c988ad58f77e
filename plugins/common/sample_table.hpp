// SPDX-License-Identifier: MIT
//
// Samples read from files: one table of inputs, one of targets, and the rows of either split.
#pragma once

#include <onager/dataset.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>

namespace onager::plugins {

/// Whole numbers with at most this many values are taken for classes where the user does not say.
constexpr std::size_t most_automatic_classes = 20;

struct SampleTable {
  Table x;                               // every sample of both splits
  Table y;                               // n x c, or n x 1 numbers of classes
  std::vector<std::string> class_names;  // of the numbers in y; empty when y is used as it is
  std::vector<std::string> target_names;
  Task task = Task::regression;
  std::vector<std::int64_t> train_rows, test_rows;

  Sizes sizes() const {
    return {task, static_cast<std::int64_t>(train_rows.size()),
            static_cast<std::int64_t>(test_rows.size()), x.cols,
            static_cast<std::int64_t>(output_names().size())};
  }
  const std::vector<std::string>& output_names() const {
    return class_names.empty() ? target_names : class_names;
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> to_x, Matrix<T> to_y) const {
    const auto& rows = split == Split::train ? train_rows : test_rows;
    for (std::int64_t i = 0; i < to_x.rows; ++i) {
      const std::int64_t row = rows.at(static_cast<std::size_t>(first + i));
      for (std::int64_t j = 0; j < to_x.cols; ++j) to_x(i, j) = static_cast<T>(x(row, j));
      for (std::int64_t j = 0; j < to_y.cols; ++j)
        to_y(i, j) = class_names.empty() ? static_cast<T>(y(row, j))
                                         : T(static_cast<std::int64_t>(y(row, 0)) == j);
    }
  }

  /// The first `train` rows train, the others test.
  void split_after(std::int64_t train) {
    train_rows.resize(static_cast<std::size_t>(train));
    std::iota(train_rows.begin(), train_rows.end(), std::int64_t{0});
    test_rows.resize(static_cast<std::size_t>(x.rows - train));
    std::iota(test_rows.begin(), test_rows.end(), train);
  }

  /// A random part of the rows tests: floor(fraction * n) of them. `order` is a permutation.
  void split_randomly(std::vector<std::int64_t> order, double test_fraction) {
    // the small term keeps a product such as 0.29 * 100 = 28.999... at 29
    const auto test = static_cast<std::ptrdiff_t>(
        std::floor(test_fraction * static_cast<double>(order.size()) + 1e-9));
    test_rows.assign(order.begin(), order.begin() + test);
    train_rows.assign(order.begin() + test, order.end());
    std::sort(test_rows.begin(), test_rows.end());
    std::sort(train_rows.begin(), train_rows.end());
  }

  /// Names of classes that only test samples have.
  std::vector<std::string> untrained_classes() const {
    std::vector<bool> seen(class_names.size(), false);
    for (const auto row : train_rows)
      if (!seen.empty()) seen[static_cast<std::size_t>(y(row, 0))] = true;
    std::vector<std::string> names;
    for (std::size_t k = 0; k < seen.size(); ++k)
      if (!seen[k]) names.push_back(class_names[k]);
    return names;
  }
};

enum class TaskChoice { automatic, regression, classification };

inline TaskChoice task_choice(const std::string& text) {
  if (text == "regression") return TaskChoice::regression;
  return text == "classification" ? TaskChoice::classification : TaskChoice::automatic;
}

/// The shortest text that reads back as the same number; whole numbers without a point.
inline std::string number_text(double value) {
  char text[32];
  const auto end = std::abs(value) < 1e15 && value == std::floor(value)
                       ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value))
                       : std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

/// Whether numbers look like classes: whole, with few values.
inline bool look_like_classes(const std::vector<double>& numbers) {
  std::set<double> values;
  for (const double v : numbers) {
    if (v != std::floor(v)) return false;
    values.insert(v);
    if (values.size() > most_automatic_classes) return false;
  }
  return true;
}

/// Whether every row holds a single 1 and otherwise zeros.
inline bool one_hot_rows(const Table& y) {
  for (std::int64_t i = 0; i < y.rows; ++i) {
    std::int64_t ones = 0;
    for (std::int64_t j = 0; j < y.cols; ++j) {
      if (y(i, j) != 0 && y(i, j) != 1) return false;
      ones += y(i, j) == 1;
    }
    if (ones != 1) return false;
  }
  return true;
}

/// Replaces labels by their places in the sorted list of distinct labels, which is returned.
template <class Label>
std::vector<Label> number_classes(const std::vector<Label>& labels, Table& y) {
  std::vector<Label> distinct = labels;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  y = Table(static_cast<std::int64_t>(labels.size()), 1);
  for (std::size_t i = 0; i < labels.size(); ++i)
    y.values[i] = static_cast<double>(
        std::lower_bound(distinct.begin(), distinct.end(), labels[i]) - distinct.begin());
  return distinct;
}

/// Turns the single column of y into classes ordered by value.
inline void make_classes(SampleTable& samples) {
  const std::vector<double> labels = samples.y.values;
  for (const double value : number_classes(labels, samples.y))
    samples.class_names.push_back(number_text(value));
  samples.task = Task::classification;
}

/// Refuses a table in which nothing can be learned, and notes classes without training samples.
inline void check_samples(const SampleTable& samples, const std::string& file, const Host& host) {
  if (samples.train_rows.empty())
    throw Error(ONAGER_IO, file + ": no sample is left to train on; lower test_fraction");
  if (samples.task == Task::classification && samples.output_names().size() == 1)
    throw Error(ONAGER_IO,
                file + ": all targets are of one class, '" + samples.output_names().front() + "'");
  std::string names;
  for (const auto& name : samples.untrained_classes()) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty())
    host.warn(file + ": no training sample has the class " + names +
              "; the test samples of it cannot be predicted");
}

}  // namespace onager::plugins
