// SPDX-License-Identifier: MIT
#include <onager/diagnostic.hpp>

#include "accuracy.hpp"

namespace {

using onager::Error;

/// Accuracy of each task where one of the dataset's feature groups tells the task of a sample: a
/// single feature 0 for task 1 and 1 for task 2, or one-hot.
class TaskAccuracy {
 public:
  TaskAccuracy(const onager::Config& c, const onager::Host& host)
      : host_(host), group_(c.text("group")) {}

  void observe(const onager::View& view) {
    const auto group = told_by(view);
    for (const std::string split : {"train", "test"}) {
      const auto inputs = view.find((split + ".inputs").c_str());
      const auto targets = view.find((split + ".targets").c_str());
      const auto predictions = view.find((split + ".predictions").c_str());
      if (!inputs || !targets || !predictions) continue;
      const auto scores =
          onager::plugins::task_scores(*inputs, *targets, *predictions, group.first, group.count);
      for (std::size_t task = 0; task < scores.size(); ++task)
        if (scores[task].samples > 0)
          host_.emit(
              (split + "_accuracy.task_" + std::to_string(task + 1)).c_str(),
              static_cast<double>(scores[task].right) / static_cast<double>(scores[task].samples));
    }
  }

 private:
  onager_feature_group told_by(const onager::View& view) const {
    std::string names;
    for (const auto& group : view.groups()) {
      if (group.name == group_) return group;
      names += (names.empty() ? "" : ", ") + std::string(group.name);
    }
    throw Error(ONAGER_INVALID, "the dataset has no feature group \"" + group_ +
                                    "\" that tells tasks apart; " +
                                    (names.empty() ? "it names none" : "its groups are " + names) +
                                    " (modular_arithmetic has one with a second_operation)");
  }

  onager::Host host_;
  std::string group_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.task_accuracy", "1.0.0", "MIT",
              onager::diagnostic<TaskAccuracy>(
                  "task_accuracy", "Accuracy apart by the task that a feature group tells",
                  {onager::text("group", "task",
                                "The feature group: one feature, 0 or 1, or one-hot")}))
