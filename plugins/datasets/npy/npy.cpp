// SPDX-License-Identifier: MIT
#include "../../common/npy.hpp"
#include "../../common/sample_table.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::NpyFile;
using onager::plugins::SampleTable;
using onager::plugins::TaskChoice;

NpyFile read_samples(const std::string& file) {
  auto array = onager::plugins::read_npy(file);
  if (array.shape.empty() || array.values.empty())
    throw Error(ONAGER_IO,
                file + ": the array is " + array.shape_text() + "; samples as rows were expected");
  onager::plugins::require_finite(array, file);
  return array;
}

void append_rows(Table& to, const Table& rows, const std::string& file) {
  if (to.cols != rows.cols)
    throw Error(ONAGER_IO, file + ": has " + std::to_string(rows.cols) +
                               " columns, the training file " + std::to_string(to.cols));
  to.values.insert(to.values.end(), rows.values.begin(), rows.values.end());
  to.rows += rows.rows;
}

/// Samples from NumPy arrays, rows first; further indices of the inputs are taken as one.
class Npy {
 public:
  Npy(const onager::Config& c, const onager::Host& host)
      : host_(host),
        path_(c.path("path")),
        train_(c.path("train")),
        test_(c.path("test")),
        train_targets_(c.path("train_targets")),
        test_targets_(c.path("test_targets")),
        fraction_(c.real("test_fraction")),
        target_(c.integer("target")),
        task_(onager::plugins::task_choice(c.choice("task"))) {
    if (path_.empty() == train_.empty())
      throw Error(ONAGER_INVALID, "give either path, whose rows are split, or train (and test)");
    if (!path_.empty() && !(test_.empty() && train_targets_.empty() && test_targets_.empty()))
      throw Error(ONAGER_INVALID,
                  "test, train_targets and test_targets go with train; of path, test_fraction is "
                  "split off");
    if (!test_.empty() && train_targets_.empty() != test_targets_.empty())
      throw Error(ONAGER_INVALID, "give both train_targets and test_targets, or neither");
    if (test_.empty() && !test_targets_.empty())
      throw Error(ONAGER_INVALID, "test_targets goes with test");
    if (!train_targets_.empty() && !c.is_default("target"))
      throw Error(ONAGER_INVALID,
                  "target names a column of train; with train_targets there is none");
  }

  onager::Sizes describe() {
    samples_ = {};
    const std::string& first = path_.empty() ? train_ : path_;
    load(first, train_targets_, samples_.x, samples_.y);
    const std::int64_t train = samples_.x.rows;
    if (!test_.empty()) {
      Table x, y;
      load(test_, test_targets_, x, y);
      append_rows(samples_.x, x, test_);
      append_rows(samples_.y, y, test_targets_.empty() ? test_ : test_targets_);
    }
    choose_task();
    if (path_.empty()) samples_.split_after(train);
    else samples_.split_randomly(host_.permutation(0, samples_.x.rows), fraction_);
    onager::plugins::check_samples(samples_, first, host_);
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(split, first, x, y);
  }
  const std::vector<std::string>& output_names() const { return samples_.output_names(); }

 private:
  void load(const std::string& file, const std::string& target_file, Table& x, Table& y) const {
    NpyFile array = read_samples(file);
    if (target_file.empty()) {
      if (array.shape.size() != 2)
        throw Error(ONAGER_IO, file + ": the array is " + array.shape_text() +
                                   "; a column of targets needs a matrix, otherwise name "
                                   "train_targets");
      part_columns(file, std::move(array).table(), x, y);
      return;
    }
    NpyFile targets = read_samples(target_file);
    if (targets.shape.size() > 2)
      throw Error(ONAGER_IO, target_file + ": the array is " + targets.shape_text() +
                                 "; targets are a vector or a matrix");
    if (targets.rows() != array.rows())
      throw Error(ONAGER_IO, target_file + ": has " + std::to_string(targets.rows()) +
                                 " targets for the " + std::to_string(array.rows()) +
                                 " samples of " + file);
    x = std::move(array).table();
    y = std::move(targets).table();
  }

  void part_columns(const std::string& file, const Table& all, Table& x, Table& y) const {
    const std::int64_t column = target_ < 0 ? all.cols + target_ : target_;
    if (column < 0 || column >= all.cols)
      throw Error(ONAGER_IO, file + ": target = " + std::to_string(target_) +
                                 " is not one of its columns 0 to " + std::to_string(all.cols - 1));
    if (all.cols < 2)
      throw Error(ONAGER_IO, file + ": has one column; features and a target were expected");
    x = Table(all.rows, all.cols - 1);
    y = Table(all.rows, 1);
    for (std::int64_t i = 0; i < all.rows; ++i) {
      y(i, 0) = all(i, column);
      for (std::int64_t j = 0; j < x.cols; ++j) x(i, j) = all(i, j + (j >= column));
    }
  }

  void choose_task() {
    Table& y = samples_.y;
    for (std::int64_t j = 0; j < y.cols; ++j) samples_.target_names.push_back(std::to_string(j));
    if (task_ == TaskChoice::regression) return;
    if (y.cols == 1) {
      if (task_ == TaskChoice::classification || onager::plugins::look_like_classes(y.values))
        onager::plugins::make_classes(samples_);
    } else if (onager::plugins::one_hot_rows(y)) {
      samples_.task = onager::Task::classification;
    } else if (task_ == TaskChoice::classification) {
      throw Error(ONAGER_IO, (train_targets_.empty() ? path_ + train_ : train_targets_) +
                                 ": task = \"classification\" needs one column of targets, or rows "
                                 "with a single 1 and otherwise zeros");
    }
  }

  onager::Host host_;
  std::string path_, train_, test_, train_targets_, test_targets_;
  double fraction_;
  std::int64_t target_;
  TaskChoice task_;
  SampleTable samples_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.npy", "1.0.0", "MIT",
    onager::dataset<Npy>(
        "npy", "Samples and targets from NumPy .npy files",
        {onager::path("train", "The training samples: rows"),
         onager::path("test", "The test samples"),
         onager::path("path", "All samples, in place of train and test; split at random"),
         onager::real("test_fraction", 0.2, "Part of path that tests").at_least(0).below(1),
         onager::integer(
             "target", -1,
             "Column of the target, counted from 0, or from -1 backwards from the last"),
         onager::path("train_targets", "Targets of train in a file of their own: n, or n x c"),
         onager::path("test_targets", "Targets of test"),
         onager::choice(
             "task", {"auto", "regression", "classification"}, "auto",
             "auto: classes where targets are whole with at most 20 values, or one-hot")})
        .cite("Harris et al., Array programming with NumPy, Nature 585, 2020"))
