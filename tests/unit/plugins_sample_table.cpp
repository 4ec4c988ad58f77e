// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/sample_table.hpp"

using onager::Matrix;
using onager::Split;
using onager::Table;
using onager::Task;
using namespace onager::plugins;

namespace {

SampleTable with_targets(const std::vector<double>& targets) {
  SampleTable samples;
  const auto n = static_cast<std::int64_t>(targets.size());
  samples.x = Table(n, 1);
  for (std::int64_t i = 0; i < n; ++i) samples.x(i, 0) = 10.0 * static_cast<double>(i);
  samples.y = Table(n, 1);
  samples.y.values = targets;
  return samples;
}

}  // namespace

TEST_CASE("classes are numbered by value and become one-hot columns") {
  auto samples = with_targets({10, 2, 10, -1});
  make_classes(samples);
  samples.split_after(3);
  CHECK(samples.output_names() == std::vector<std::string>{"-1", "2", "10"});
  CHECK(samples.sizes().train == 3);
  CHECK(samples.sizes().test == 1);
  CHECK(samples.sizes().outputs == 3);

  Table x(2, 1), y(2, 3);
  samples.fill(Split::train, 1, x.view(), y.view());
  CHECK(x.values == std::vector<double>{10, 20});
  CHECK(y.values == std::vector<double>{0, 1, 0, 0, 0, 1});
}

TEST_CASE("classes that only test samples have are named") {
  auto samples = with_targets({1, 2, 3});
  make_classes(samples);
  samples.split_after(2);
  CHECK(samples.untrained_classes() == std::vector<std::string>{"3"});
}

TEST_CASE("targets look like classes when whole with at most twenty values") {
  std::vector<double> targets;
  for (int i = 0; i < 20; ++i) targets.insert(targets.end(), 3, i);
  CHECK(look_like_classes(targets));
  targets.push_back(20);
  CHECK_FALSE(look_like_classes(targets));
  CHECK_FALSE(look_like_classes({1, 2, 2.5}));
}

TEST_CASE("rows with a single one are told from other rows") {
  Table y(2, 2);
  y.values = {1, 0, 0, 1};
  CHECK(one_hot_rows(y));
  y.values = {1, 1, 0, 1};
  CHECK_FALSE(one_hot_rows(y));
  y.values = {0, 0, 0, 1};
  CHECK_FALSE(one_hot_rows(y));
  y.values = {0.5, 0.5, 0, 1};
  CHECK_FALSE(one_hot_rows(y));
}

TEST_CASE("a random split parts the samples without loss") {
  auto samples = with_targets({0, 1, 0, 1, 0});
  samples.split_randomly({4, 0, 3, 1, 2}, 0.4);
  CHECK(samples.test_rows == std::vector<std::int64_t>{0, 4});
  CHECK(samples.train_rows == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("class names are the shortest text of the number") {
  CHECK(number_text(3) == "3");
  CHECK(number_text(-0.1) == "-0.1");
  CHECK(number_text(1e20) == "1e+20");
}
