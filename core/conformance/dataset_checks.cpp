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
#include <optional>
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
    drawing = specimen.interface<onager_drawing_dataset>(ONAGER_DATASET_DRAW);
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
    return filled("fill", count, dtype, gap, [&](onager_array* x, onager_array* y) {
      return table->fill(specimen_.get(), split, first, x, y);
    });
  }
  /// The same of a draw of training samples, where they can be drawn anew.
  Samples draw(std::uint64_t number, std::int64_t first, std::int64_t count) const {
    return filled("draw", count, ONAGER_FLOAT64, 0, [&](onager_array* x, onager_array* y) {
      return drawing->draw(specimen_.get(), number, first, x, y);
    });
  }
  Samples all(std::uint32_t split, onager_dtype dtype = ONAGER_FLOAT64) const {
    return fill(split, 0, size(split), dtype);
  }

  const onager_dataset* table;
  const onager_drawing_dataset* drawing;  // or nullptr
  onager_dataset_info info{};

 private:
  template <class Call>
  Samples filled(const char* name, std::int64_t count, onager_dtype dtype, std::int64_t gap,
                 Call&& call) const {
    GuardedArray x("x", Role::output, dtype, count, info.features, gap);
    GuardedArray y("y", Role::output, dtype, count, info.outputs, gap);
    x.mark();
    y.mark();
    auto xs = x.view(), ys = y.view();
    trial().must(name, [&] { return call(&xs, &ys); });
    for (const auto* array : {&x, &y}) {
      if (array->spilled())
        trial().report("memory.outputs", fmt::format("{} wrote in front of {} or between its rows",
                                                     name, array->described()));
      if (const auto unset = array->unset(); !unset.empty()) {
        trial().report("memory.complete", fmt::format("{} returned ONAGER_OK and {}", name, unset));
        throw CheckEnds{};
      }
    }
    return {x.table(), y.table()};
  }
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

/// x and y of each sample.
std::vector<std::vector<double>> whole_rows(const Samples& samples) {
  std::vector<std::vector<double>> out;
  for (std::int64_t i = 0; i < samples.x.rows; ++i) {
    out.push_back(row_of(samples.x, i));
    const auto y = row_of(samples.y, i);
    out.back().insert(out.back().end(), y.begin(), y.end());
  }
  return out;
}

/// A shift k with b[i] = a[i + k] wherever both are, of those that `may` be: in half of the shorter
/// list at least, and in enough different elements for it to be no accident.
template <class Element, class May>
std::optional<std::int64_t> shared_part(const std::vector<Element>& a,
                                        const std::vector<Element>& b, May&& may) {
  constexpr std::int64_t enough = 8;
  const auto n = static_cast<std::int64_t>(a.size()), m = static_cast<std::int64_t>(b.size());
  const std::int64_t least = std::max(enough, std::min(n, m) / 2);
  for (std::int64_t shift = least - m; shift <= n - least; ++shift) {
    if (!may(shift)) continue;
    const auto begin = b.begin() + std::max(std::int64_t{0}, -shift);
    const auto end = b.begin() + std::min(m, n - shift);
    if (!std::equal(begin, end, a.begin() + std::max(std::int64_t{0}, shift))) continue;
    if (static_cast<std::int64_t>(std::set<Element>(begin, end).size()) >= enough) return shift;
  }
  return std::nullopt;
}

std::optional<std::int64_t> shared_samples(const Samples& a, const Samples& b) {
  return shared_part(whole_rows(a), whole_rows(b), [](std::int64_t) { return true; });
}

/// Whether the inputs of b are those of a, some numbers further on, but not whole samples.
bool shares_a_stream(const Table& a, const Table& b) {
  constexpr std::int64_t most_features = 32;
  constexpr std::size_t most = 2000;  // numbers
  if (a.cols > most_features) return false;
  std::vector<double> from = a.values, to = b.values;
  from.resize(std::min(from.size(), most));
  to.resize(std::min(to.size(), most));
  return shared_part(from, to, [&](std::int64_t shift) { return shift % a.cols != 0; }).has_value();
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
  for (const std::uint64_t draw : {1U, 0U})
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
  if (shares_a_stream(train, test)) {
    trial.report("dataset.splits",
                 "the test samples are made of the numbers of training samples, some further on",
                 {{"train", train}, {"test", test}});
    return;
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

void check_dataset_draws(Trial& trial) {
  const Specimen specimen(trial);
  const Source source(specimen);
  if (source.drawing == nullptr) return;
  const std::int64_t n = source.size(ONAGER_TRAIN);
  const auto report = [&](const std::string& what, const Samples& a, const Samples& b) {
    trial.report("dataset.draws", what, {{"x", a.x}, {"x_of_the_other", b.x}});
  };
  const Samples train = source.all(ONAGER_TRAIN), test = source.all(ONAGER_TEST);
  std::vector<std::pair<std::string, Samples>> others = {{"the training samples", train},
                                                         {"the test samples", test}};
  if (const Samples zero = source.draw(0, 0, n); !same(zero, train))
    report("draw 0 gives other samples than fill does", zero, train);
  for (const std::uint64_t number : {1U, 2U}) {
    const Samples drawn = source.draw(number, 0, n);
    check_finite(source, ONAGER_TRAIN, drawn);
    const std::int64_t half = n / 2;
    const Samples rest = source.draw(number, half, n - half), begin = source.draw(number, 0, half);
    auto in_pieces = whole_rows(begin);
    for (auto& row : whole_rows(rest)) in_pieces.push_back(std::move(row));
    if (in_pieces != whole_rows(drawn))
      report(fmt::format("draw {} gives other samples when they are asked for in halves", number),
             drawn, rest);
    for (const auto& [name, samples] : others)
      if (const auto shift = shared_samples(samples, drawn))
        report(fmt::format("sample i of draw {} is number i + {} of {}, for all i", number, *shift,
                           name),
               drawn, samples);
      else if (shares_a_stream(samples.x, drawn.x))
        report(fmt::format("draw {} is made of the numbers of {}, some further on", number, name),
               drawn, samples);
    others.emplace_back(fmt::format("draw {}", number), drawn);
  }
}

void check_dataset_repeats(Trial& trial) {
  constexpr std::int64_t enough = 8;
  const Specimen specimen(trial);
  const Source source(specimen);
  const Samples train = source.all(ONAGER_TRAIN);
  const auto rows = whole_rows(train);
  const auto n = static_cast<std::int64_t>(rows.size());
  if (n < enough) return;
  std::map<std::vector<double>, std::int64_t> known;
  for (const auto& row : rows) ++known[row];
  if (known.size() == 1) {
    trial.report("dataset.repeats", fmt::format("all {} training samples are the same", n),
                 {{"x", train.x}, {"y", train.y}});
    return;
  }
  for (std::int64_t step = 1; step < train.x.cols; ++step) {
    std::set<double> shared;
    bool slides = true;
    for (std::int64_t i = 0; i + 1 < n && slides; ++i)
      for (std::int64_t j = step; j < train.x.cols && slides; ++j) {
        slides = train.x(i, j) == train.x(i + 1, j - step);
        shared.insert(train.x(i, j));
      }
    if (slides && static_cast<std::int64_t>(shared.size()) >= enough)
      trial.note(
          fmt::format("each training sample begins with the numbers of the one before from "
                      "feature {} on: right for windows over a series; else draw sample i "
                      "from offset {} i of a stream",
                      step, train.x.cols));
  }
  std::int64_t again = 0, elsewhere = 0;
  for (const auto& [row, count] : known) again += count > 1 ? count : 0;
  const Specimen other(trial, Conditions{trial.seed() + 1});
  for (const auto& row : whole_rows(Source(other).all(ONAGER_TRAIN)))
    elsewhere += static_cast<std::int64_t>(known.count(row));
  if (again * 10 >= n && elsewhere == 0)
    trial.note(
        fmt::format("{} of {} training samples occur more than once, and none of them with "
                    "another seed: right where samples are measured again; else look where "
                    "in a stream each sample begins",
                    again, n));
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
