// SPDX-License-Identifier: MIT
#include "../../common/npy.hpp"
#include "../../common/array_samples.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::plugins::SampleTable;
using onager::plugins::SourceArrays;

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
        choices_{!path_.empty(), c.real("test_fraction"), c.integer("target"),
                 onager::plugins::task_choice(c.choice("task"))} {
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
    samples_ = onager::plugins::samples_of(
        load(path_.empty() ? train_ : path_, train_targets_),
        test_.empty() ? std::optional<SourceArrays>() : load(test_, test_targets_), choices_,
        host_);
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(split, first, x, y);
  }
  const std::vector<std::string>& output_names() const { return samples_.output_names(); }

 private:
  static SourceArrays load(const std::string& file, const std::string& target_file) {
    SourceArrays out{file, target_file, onager::plugins::read_npy(file), {}};
    if (!target_file.empty()) out.targets = onager::plugins::read_npy(target_file);
    return out;
  }

  onager::Host host_;
  std::string path_, train_, test_, train_targets_, test_targets_;
  onager::plugins::SampleChoices choices_;
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
