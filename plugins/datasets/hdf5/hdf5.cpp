// SPDX-License-Identifier: MIT
#include "../../common/array_samples.hpp"
#include "hdf5_reader.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::plugins::Hdf5File;
using onager::plugins::SampleTable;
using onager::plugins::SourceArrays;

/// Samples from arrays of HDF5 files: those of one file split at random, of two files, or of one
/// file that holds training and test arrays apart.
class Hdf5 {
 public:
  Hdf5(const onager::Config& c, const onager::Host& host)
      : host_(host),
        path_(c.path("path")),
        train_(c.path("train")),
        test_(c.path("test")),
        inputs_(c.text("inputs")),
        targets_(c.text("targets")),
        test_inputs_(c.text("test_inputs")),
        test_targets_(c.text("test_targets")),
        choices_{!path_.empty() && test_inputs_.empty(), c.real("test_fraction"),
                 c.integer("target"), onager::plugins::task_choice(c.choice("task"))} {
    if (path_.empty() == train_.empty())
      throw Error(ONAGER_INVALID, "give either path, or train (and test)");
    if (!test_.empty() && !path_.empty())
      throw Error(ONAGER_INVALID, "test goes with train; of path, test_fraction is split off");
    if (!test_.empty() && !test_inputs_.empty())
      throw Error(ONAGER_INVALID,
                  "test_inputs is of the same file as inputs, and test is another file");
    if (inputs_.empty()) throw Error(ONAGER_INVALID, "inputs names no array of the file");
    if (!test_inputs_.empty() && test_targets_.empty() != targets_.empty())
      throw Error(ONAGER_INVALID, "give both targets and test_targets, or neither");
    if (test_inputs_.empty() && !test_targets_.empty())
      throw Error(ONAGER_INVALID, "test_targets goes with test_inputs");
    if (!targets_.empty() && !c.is_default("target"))
      throw Error(ONAGER_INVALID,
                  "target names a column of inputs; set targets = \"\" to take it from there");
  }

  onager::Sizes describe() {
    const Hdf5File first(path_.empty() ? train_ : path_);
    std::optional<SourceArrays> test;
    if (!test_inputs_.empty()) test = load(first, test_inputs_, test_targets_);
    else if (!test_.empty()) test = load(Hdf5File(test_), inputs_, targets_);
    samples_ = onager::plugins::samples_of(load(first, inputs_, targets_), std::move(test),
                                           choices_, host_);
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(split, first, x, y);
  }
  const std::vector<std::string>& output_names() const { return samples_.output_names(); }

 private:
  static SourceArrays load(const Hdf5File& file, const std::string& inputs,
                           const std::string& targets) {
    SourceArrays out{file.name_of(inputs), file.name_of(targets), file.read(inputs), {}};
    if (!targets.empty()) out.targets = file.read(targets);
    return out;
  }

  onager::Host host_;
  std::string path_, train_, test_, inputs_, targets_, test_inputs_, test_targets_;
  onager::plugins::SampleChoices choices_;
  SampleTable samples_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.hdf5", "1.0.0", "MIT",
    onager::dataset<Hdf5>(
        "hdf5", "Samples and targets from arrays of HDF5 files",
        {onager::path("train", "File with the training samples"),
         onager::path("test", "File with the test samples, under the same names"),
         onager::path("path",
                      "File in place of train and test; split at random, or by test_inputs"),
         onager::text("inputs", "x", "Array of the samples: rows, such as \"train/x\""),
         onager::text("targets", "y",
                      "Array of the targets: n, or n x c; \"\": a column of inputs"),
         onager::text("test_inputs", "", "Array of the test samples in the same file"),
         onager::text("test_targets", "", "Array of their targets"),
         onager::real("test_fraction", 0.2, "Part of path that tests").at_least(0).below(1),
         onager::integer(
             "target", -1,
             "With targets = \"\": column of the target, from 0, or from -1 backwards from the "
             "last"),
         onager::choice(
             "task", {"auto", "regression", "classification"}, "auto",
             "auto: classes where targets are whole with at most 20 values, or one-hot")})
        .cite("The HDF Group, Hierarchical Data Format, version 5"))
