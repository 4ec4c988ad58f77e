// SPDX-License-Identifier: MIT
#include "conformance/dataset_checks.hpp"

#include "base/threads.hpp"
#include "conformance/named_arrays.hpp"
#include "conformance/plain_array.hpp"
#include "linalg/blas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <set>

namespace onager::host::conformance {

namespace {

constexpr std::uint32_t splits[] = {ONAGER_TRAIN, ONAGER_TEST};
constexpr std::int64_t most_samples = 500;  // of a split that are looked at

const char* split_name(std::uint32_t split) { return split == ONAGER_TRAIN ? "train" : "test"; }

struct Samples {
  Table x, y;
};

/// A dataset that was described.
class Source {
 public:
  explicit Source(const Specimen& specimen) : specimen_(specimen) {
    table = specimen.interface<onager_dataset>(ONAGER_DATASET);
    if (table == nullptr) end("dataset.form", fmt::format("it does not offer {}", ONAGER_DATASET));
    info.struct_size = sizeof info;
    trial().must("describe", [&] { return table->describe(specimen.get(), &info); });
    if (info.task != ONAGER_REGRESSION && info.task != ONAGER_CLASSIFICATION)
      end("dataset.sizes", fmt::format("its task is {}", info.task));
    if (info.train_samples < 1 || info.test_samples < 0 || info.features < 1 || info.outputs < 1)
      end("dataset.sizes",
          fmt::format("it has {} training and {} test samples, {} features and {} outputs",
                      info.train_samples, info.test_samples, info.features, info.outputs));
  }

  Trial& trial() const { return specimen_.trial(); }
  std::int64_t size(std::uint32_t split) const {
    return std::min(most_samples, split == ONAGER_TRAIN ? info.train_samples : info.test_samples);
  }

  /// Samples first .. first + count - 1, filled between guarded pages.
  Samples fill(std::uint32_t split, std::int64_t first, std::int64_t count,
               onager_dtype dtype = ONAGER_FLOAT64, std::int64_t gap = 0) const {
    GuardedArray x("x", Role::output, dtype, count, info.features, gap);
    GuardedArray y("y", Role::output, dtype, count, info.outputs, gap);
    x.mark();
    y.mark();
    auto xs = x.view(), ys = y.view();
    trial().must("fill", [&] { return table->fill(specimen_.get(), split, first, &xs, &ys); });
    for (const auto* array : {&x, &y}) {
      if (array->spilled())
        trial().report(
            "memory.outputs",
            fmt::format("fill wrote in front of {} or between its rows", array->described()));
      if (const auto unset = array->unset(); !unset.empty()) {
        trial().report("memory.complete", fmt::format("fill returned ONAGER_OK and {}", unset));
        throw CheckEnds{};
      }
    }
    return {x.table(), y.table()};
  }
  Samples all(std::uint32_t split, onager_dtype dtype = ONAGER_FLOAT64) const {
    return fill(split, 0, size(split), dtype);
  }

  const onager_dataset* table;
  onager_dataset_info info{};

 private:
  [[noreturn]] void end(const char* rule, const std::string& what) const {
    trial().report(rule, what);
    throw CheckEnds{};
  }
  const Specimen& specimen_;
};

bool same(const Samples& a, const Samples& b) {
  return a.x.values == b.x.values && a.y.values == b.y.values;
}

void check_finite(const Source& source, std::uint32_t split, const Samples& samples) {
  for (const auto* table : {&samples.x, &samples.y})
    for (std::int64_t i = 0; i < table->rows; ++i)
      for (std::int64_t j = 0; j < table->cols; ++j)
        if (!std::isfinite((*table)(i, j))) {
          source.trial().report("values.finite",
                                fmt::format("{} sample {} has {}[{}] = {}", split_name(split), i,
                                            table == &samples.x ? "x" : "y", j, (*table)(i, j)));
          return;
        }
}

void check_classes(const Source& source, std::uint32_t split, const Table& y) {
  if (source.info.task != ONAGER_CLASSIFICATION) return;
  for (std::int64_t i = 0; i < y.rows; ++i) {
    double largest = y(i, 0);
    int times = 0;
    for (std::int64_t j = 0; j < y.cols; ++j) largest = std::max(largest, y(i, j));
    for (std::int64_t j = 0; j < y.cols; ++j) times += y(i, j) == largest;
    const bool clear = y.cols == 1 ? y(i, 0) != 0 : times == 1;
    if (clear) continue;
    source.trial().report(
        "dataset.classes",
        fmt::format("{} sample {} belongs to no one class: {}", split_name(split), i,
                    y.cols == 1 ? "its only column is 0" : "two columns have the largest number"),
        {{"y", y}});
    return;
  }
}

using Rows = std::map<std::vector<double>, std::int64_t>;

std::vector<double> row_of(const Table& x, std::int64_t i) {
  const auto begin = x.values.begin() + i * x.cols;
  return {begin, begin + x.cols};
}

}  // namespace

void check_dataset_samples(Trial& trial) {
  const Specimen specimen(trial);
  const Source source(specimen);
  for (const auto split : splits) {
    const Samples samples = source.all(split);
    check_finite(source, split, samples);
    check_classes(source, split, samples.y);
    source.all(split, ONAGER_FLOAT32);
    source.fill(split, 0, source.size(split), ONAGER_FLOAT64, 3);
    source.fill(split, 0, 0);
  }
}

void check_dataset_pieces(Trial& trial) {
  const Specimen specimen(trial);
  const Source source(specimen);
  // the test samples first: no order of calls is promised
  const Samples test_first = source.all(ONAGER_TEST);
  for (const auto split : splits) {
    const Samples whole = source.all(split);
    const std::int64_t n = source.size(split);
    for (const std::int64_t step : {1, 7})
      for (std::int64_t last = n; last > 0; last -= step) {
        const std::int64_t first = std::max(std::int64_t{0}, last - step);
        const Samples part = source.fill(split, first, last - first);
        for (std::int64_t i = first; i < last; ++i)
          if (row_of(part.x, i - first) != row_of(whole.x, i) ||
              row_of(part.y, i - first) != row_of(whole.y, i)) {
            trial.report("dataset.pieces",
                         fmt::format("{} sample {} is another one when samples {} to {} are asked "
                                     "for than among all",
                                     split_name(split), i, first, last - 1),
                         {{"x", whole.x}, {"x_of_the_piece", part.x}});
            return;
          }
        if (step == 1 && n - last > 40) break;
      }
    Samples rounded = whole;
    for (auto* table : {&rounded.x, &rounded.y})
      for (double& v : table->values) v = static_cast<float>(v);
    if (!same(source.all(split, ONAGER_FLOAT32), rounded))
      trial.report("values.precision",
                   fmt::format("the {} samples in float32 are not those in float64, rounded",
                               split_name(split)),
                   {{"x", whole.x}});
  }
  if (!same(source.all(ONAGER_TEST), test_first))
    trial.report("dataset.pieces",
                 "the test samples are others once the training samples were "
                 "asked for");
}

void check_dataset_seed(Trial& trial) {
  const Specimen first(trial);
  const Source one(first);
  const Samples train = one.all(ONAGER_TRAIN), test = one.all(ONAGER_TEST);
  const auto compare = [&](const Conditions& conditions, const char* words) {
    const Specimen specimen(trial, conditions);
    const Source again(specimen);
    if (again.info.train_samples == one.info.train_samples &&
        again.info.test_samples == one.info.test_samples &&
        again.info.features == one.info.features && again.info.outputs == one.info.outputs &&
        same(again.all(ONAGER_TRAIN), train) && same(again.all(ONAGER_TEST), test))
      return;
    trial.report("values.deterministic", fmt::format("the same seed gives other samples {}", words),
                 {{"x", train.x}});
  };
  compare({}, "in a new instance");
  trial.threads_expected = true;
  ThreadPool threads(3, BlasThreads::untouched);
  Conditions parallel;
  parallel.threads = &threads;
  compare(parallel, "on 3 threads");
  trial.threads_expected = false;
}

namespace {

/// A call that fills x and y for samples first .. first + count - 1, as far as there are so many.
template <class Fill>
Call filling(const char* name, const std::shared_ptr<onager_dataset_info>& info,
             std::uint32_t split, std::int64_t first, std::int64_t count, Fill&& fill) {
  return {
      name, [=](Digest& digest) {
        const std::int64_t all = split == ONAGER_TRAIN ? info->train_samples : info->test_samples;
        const std::int64_t n = std::max(std::int64_t{0}, std::min(all - first, count));
        if (n == 0) return static_cast<onager_status>(ONAGER_OK);
        const PlainArray x(ONAGER_FLOAT64, n, info->features), y(ONAGER_FLOAT64, n, info->outputs);
        auto xs = x.view(), ys = y.view();
        const auto status = fill(split, first, &xs, &ys);
        digest.add(x.table());
        digest.add(y.table());
        return status;
      }};
}

}  // namespace

std::vector<Call> dataset_life(Specimen& specimen) {
  constexpr std::int64_t piece = 20;
  const auto* table = specimen.interface<onager_dataset>(ONAGER_DATASET);
  const auto* drawing = specimen.interface<onager_drawing_dataset>(ONAGER_DATASET_DRAW);
  const auto* facts = specimen.interface<onager_named_arrays>(ONAGER_FACTS);
  const auto info = std::make_shared<onager_dataset_info>();
  info->struct_size = sizeof *info;
  const auto fill = [table, instance = specimen.get()](std::uint32_t split, std::int64_t first,
                                                       onager_array* x, onager_array* y) {
    return table->fill(instance, split, first, x, y);
  };
  std::vector<Call> out;
  out.push_back({"describe", [table, info, instance = specimen.get()](Digest& digest) {
                   const auto status = table->describe(instance, info.get());
                   for (const auto size : {std::int64_t{info->task}, info->train_samples,
                                           info->test_samples, info->features, info->outputs})
                     digest.add(size);
                   return status;
                 }});
  for (const std::int64_t first : {piece, std::int64_t{0}})
    for (const auto split : splits) out.push_back(filling("fill", info, split, first, piece, fill));
  for (const std::uint64_t draw : {1, 0})
    if (drawing)
      out.push_back(
          filling("draw", info, ONAGER_TRAIN, 0, piece,
                  [drawing, draw, instance = specimen.get()](std::uint32_t, std::int64_t first,
                                                             onager_array* x, onager_array* y) {
                    return drawing->draw(instance, draw, first, x, y);
                  }));
  if (facts) out.push_back(reading(specimen, *facts));
  return out;
}

void check_dataset_splits(Trial& trial) {
  const Specimen specimen(trial);
  const Source source(specimen);
  const Table train = source.all(ONAGER_TRAIN).x, test = source.all(ONAGER_TEST).x;
  if (test.rows == 0) return;
  Rows known;
  for (std::int64_t i = 0; i < train.rows; ++i) ++known[row_of(train, i)];
  // Drawn from one distribution, a test sample is among the training samples as often as a
  // training sample is among the others.
  std::int64_t again = 0, within = 0, example = -1;
  for (const auto& [row, count] : known)
    if (count > 1) within += count;
  for (std::int64_t i = 0; i < test.rows; ++i)
    if (known.count(row_of(test, i)) != 0) {
      ++again;
      example = i;
    }
  const double share = static_cast<double>(within) / static_cast<double>(train.rows);
  const auto n = static_cast<double>(test.rows);
  const double expected = n * share, spread = std::sqrt(n * std::max(share, 1 / n));
  if (static_cast<double>(again) <= expected + 5 * spread) return;
  trial.report("dataset.splits",
               fmt::format("{} of {} test samples are training samples too, such as number {}, and "
                           "{} of {} training samples occur more than once",
                           again, test.rows, example, within, train.rows),
               {{"train", train}, {"test", test}});
}

namespace {

void check_names(Trial& trial, const Specimen& specimen, const Source& source) {
  if (!source.table->output_name) return;
  std::int64_t names = 0;
  const auto name_of = [&](std::int64_t index) {
    return trial.measured("output_name",
                          [&] { return source.table->output_name(specimen.get(), index); });
  };
  while (names <= source.info.outputs && name_of(names) != nullptr) ++names;
  if (names != 0 && names != source.info.outputs)
    trial.report("dataset.annotations",
                 fmt::format("it names {} of its {} outputs", names, source.info.outputs));
}

void check_groups(Trial& trial, const Specimen& specimen, const Source& source) {
  if (!source.table->feature_group) return;
  std::set<std::string> names;
  for (std::int64_t index = 0;; ++index) {
    onager_feature_group group{};
    group.struct_size = sizeof group;
    const auto status = trial.ask("feature_group", [&] {
      return source.table->feature_group(specimen.get(), index, &group);
    });
    if (status == ONAGER_NOT_FOUND) return;
    const bool inside = status == ONAGER_OK && group.first >= 0 && group.count > 0 &&
                        group.first + group.count <= source.info.features;
    if (inside && group.name && names.insert(group.name).second && index < source.info.features)
      continue;
    trial.report("dataset.annotations",
                 fmt::format("feature group {} ('{}', features {} to {} of {}, status {}) lies "
                             "outside, has another's name or is one too many",
                             index, group.name ? group.name : "NULL", group.first,
                             group.first + group.count - 1, source.info.features, status));
    return;
  }
}

/// "" or why a fact is not what its name promises.
std::string fault_of_fact(const NamedArray& fact, const onager_dataset_info& info) {
  const Table& v = fact.value;
  const std::set<double> different(v.values.begin(), v.values.end());
  const auto all_in = [&](double least, double most) {
    return std::all_of(v.values.begin(), v.values.end(),
                       [&](double x) { return x >= least && x <= most; });
  };
  if (v.values.empty()) return "";  // not known for these parameters
  if (fact.name == "egop") {
    if (v.rows != info.features || v.cols != info.features)
      return fmt::format("is {} x {} where features x features was expected", v.rows, v.cols);
    for (std::int64_t i = 0; i < v.rows; ++i)
      for (std::int64_t j = 0; j < i; ++j)
        if (std::abs(v(i, j) - v(j, i)) > 1e-12 * (std::abs(v(i, i)) + std::abs(v(j, j))))
          return "is not symmetric";
    std::vector<double> values(static_cast<std::size_t>(v.rows));
    Table copy = v;
    blas::eigen_symmetric<double>(v.rows, copy.values.data(), v.rows, values.data());
    if (values.front() < -1e-10 * values.back()) return "is not positive semi-definite";
  }
  if (fact.name == "support" || fact.name == "circulant_order") {
    if (fact.dtype != ONAGER_INT64 || v.cols != 1) return "is not one column of integers";
    if (!all_in(0, static_cast<double>(info.features - 1)) || different.size() != v.values.size())
      return "is not a list of different features";
  }
  if (fact.name == "circulant_direction" &&
      (v.values.size() != 1 || std::abs(v.values.front()) != 1))
    return "is not one number, 1 or -1";
  return "";
}

void check_facts(Trial& trial, const Specimen& specimen, const Source& source) {
  const auto* table = specimen.interface<onager_named_arrays>(ONAGER_FACTS);
  if (table == nullptr) return;
  for (const auto& fact : read_named_arrays(specimen, *table, "dataset.annotations"))
    if (const auto fault = fault_of_fact(fact, source.info); !fault.empty())
      trial.report("dataset.annotations", fmt::format("the fact '{}' {}", fact.name, fault),
                   {{fact.name, fact.value}});
}

}  // namespace

void check_dataset_annotations(Trial& trial) {
  const Specimen specimen(trial);
  const Source source(specimen);
  check_names(trial, specimen, source);
  check_groups(trial, specimen, source);
  check_facts(trial, specimen, source);
}

}  // namespace onager::host::conformance
