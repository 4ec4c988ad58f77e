// SPDX-License-Identifier: MIT
#include "../../common/sample_table.hpp"
#include "csv_table.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::CsvHeader;
using onager::plugins::CsvTable;
using onager::plugins::SampleTable;
using onager::plugins::TaskChoice;

/// Samples from comma separated text: numbers, and one column of targets.
class Csv {
 public:
  Csv(const onager::Config& c, const onager::Host& host)
      : host_(host),
        path_(c.path("path")),
        train_(c.path("train")),
        test_(c.path("test")),
        fraction_(c.real("test_fraction")),
        task_(onager::plugins::task_choice(c.choice("task"))) {
    if (path_.empty() == train_.empty())
      throw Error(ONAGER_INVALID, "give either path, whose records are split, or train (and test)");
    if (!path_.empty() && !test_.empty())
      throw Error(ONAGER_INVALID, "test goes with train; of path, test_fraction is split off");
    const std::string separator = c.text("separator");
    if (separator.size() != 1 || separator == "\"" || separator == "\n" || separator == "\r")
      throw Error(ONAGER_INVALID, "separator is one character, such as \",\", \";\" or \"\\t\"");
    format_.separator = separator[0];
    format_.target = c.text("target");
    const std::string header = c.choice("header");
    format_.header = header == "yes"  ? CsvHeader::present
                     : header == "no" ? CsvHeader::absent
                                      : CsvHeader::automatic;
  }

  onager::Sizes describe() {
    CsvTable table;
    read(path_.empty() ? train_ : path_, table);
    const auto train = static_cast<std::int64_t>(table.targets.size());
    if (!test_.empty()) read(test_, table);

    samples_ = {};
    samples_.x.rows = static_cast<std::int64_t>(table.targets.size());
    samples_.x.cols = static_cast<std::int64_t>(table.columns - 1);
    samples_.x.values = std::move(table.features);
    samples_.target_names = {table.names.empty() ? "target" : table.names[table.target]};
    name_features(table);
    encode(table.targets);
    if (path_.empty()) samples_.split_after(train);
    else samples_.split_randomly(host_.permutation(0, samples_.x.rows), fraction_);
    onager::plugins::check_samples(samples_, path_.empty() ? train_ : path_, host_);
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(split, first, x, y);
  }
  const std::vector<std::string>& output_names() const { return samples_.output_names(); }
  const std::vector<onager::Group>& groups() const { return features_; }

 private:
  void read(const std::string& file, CsvTable& table) const {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ONAGER_IO, file + ": cannot be opened: " + std::strerror(errno));
    onager::plugins::append_csv(in, file, format_, table);
  }

  /// A group for each feature, where the file names its columns.
  void name_features(const CsvTable& table) {
    features_.clear();
    for (std::size_t k = 0; k < table.names.size(); ++k)
      if (k != table.target)
        features_.push_back(
            {table.names[k].empty() ? "column " + std::to_string(k + 1) : table.names[k],
             static_cast<std::int64_t>(features_.size()), 1});
  }

  void encode(const std::vector<std::string>& targets) {
    Table numbers(static_cast<std::int64_t>(targets.size()), 1);
    std::size_t numeric = 0;
    for (; numeric < targets.size(); ++numeric) {
      const auto value = onager::plugins::cell_number(targets[numeric]);
      if (!value) break;
      numbers.values[numeric] = *value;
    }
    if (numeric == targets.size()) {
      samples_.y = std::move(numbers);
      const bool classes =
          task_ == TaskChoice::classification ||
          (task_ == TaskChoice::automatic && onager::plugins::look_like_classes(samples_.y.values));
      if (classes) onager::plugins::make_classes(samples_);
      return;
    }
    if (task_ == TaskChoice::regression)
      throw Error(ONAGER_IO, (path_.empty() ? train_ : path_) + ": the target '" +
                                 targets[numeric] + "' of sample " + std::to_string(numeric + 1) +
                                 " is not a number, as task = \"regression\" needs");
    samples_.class_names = onager::plugins::number_classes(targets, samples_.y);
    samples_.task = onager::Task::classification;
  }

  onager::Host host_;
  std::string path_, train_, test_;
  double fraction_;
  TaskChoice task_;
  onager::plugins::CsvFormat format_;
  SampleTable samples_;
  std::vector<onager::Group> features_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.csv", "1.0.0", "MIT",
    onager::dataset<Csv>(
        "csv", "Numbers and one column of targets from comma separated text",
        {onager::path("train", "The training samples"), onager::path("test", "The test samples"),
         onager::path("path", "All samples, in place of train and test; split at random"),
         onager::real("test_fraction", 0.2, "Part of path that tests").at_least(0).below(1),
         onager::text("target", "",
                      "Column of the target: its name, its number from 1, or -1 backwards from the "
                      "last; the last when left out"),
         onager::choice("task", {"auto", "regression", "classification"}, "auto",
                        "auto: classes where targets are text, or whole with at most 20 values"),
         onager::choice(
             "header", {"auto", "yes", "no"}, "auto",
             "Whether the first line names the columns; auto: when it holds text outside "
             "the target"),
         onager::text("separator", ",", "The character between cells")})
        .cite("Shafranovich, RFC 4180: Common format and MIME type for comma-separated values, "
              "2005"))
