// SPDX-License-Identifier: MIT
//
// What holds for any dataset.
#include "../catch.hpp"
#include "examples.hpp"

#include <cstring>
#include <limits>
#include <map>
#include <set>

using namespace onager;
using test::Example;

namespace {

struct Samples {
  arma::mat x, y;  // samples as columns
};

/// A dataset that was described.
struct Source {
  Source(const Example& example, std::uint64_t seed) {
    environment.seed = seed;
    instance = std::make_unique<host::Instance>(test::plan_of(example), environment);
    table = instance->interface<onager_dataset>(ONAGER_DATASET);
    facts = instance->interface<onager_named_arrays>(ONAGER_FACTS);
    drawing = instance->interface<onager_drawing_dataset>(ONAGER_DATASET_DRAW);
    info.struct_size = sizeof info;
    instance->call("describe", [&] { return table->describe(instance->get(), &info); });
  }
  std::int64_t size(std::uint32_t split) const {
    return split == ONAGER_TRAIN ? info.train_samples : info.test_samples;
  }
  /// All of a split, `step` samples at a time.
  template <class T = double>
  Samples samples(std::uint32_t split, std::int64_t step = 1 << 30) const {
    return read<T>(size(split), step, [&](std::int64_t first, auto* x, auto* y) {
      return table->fill(instance->get(), split, first, x, y);
    });
  }
  /// The training samples of a draw.
  template <class T = double>
  Samples drawn(std::uint64_t draw, std::int64_t step = 1 << 30) const {
    return read<T>(size(ONAGER_TRAIN), step, [&](std::int64_t first, auto* x, auto* y) {
      return drawing->draw(instance->get(), draw, first, x, y);
    });
  }

  host::Environment environment;
  std::unique_ptr<host::Instance> instance;
  const onager_dataset* table;
  const onager_named_arrays* facts;
  const onager_drawing_dataset* drawing;
  onager_dataset_info info{};

 private:
  template <class T, class Fill>
  Samples read(std::int64_t size, std::int64_t step, Fill&& fill) const {
    const auto un = static_cast<arma::uword>(size);
    arma::Mat<T> x(static_cast<arma::uword>(info.features), un),
        y(static_cast<arma::uword>(info.outputs), un);
    x.fill(std::numeric_limits<T>::quiet_NaN());
    y.fill(std::numeric_limits<T>::quiet_NaN());
    for (std::int64_t first = 0; first < size; first += step) {
      const std::int64_t count = std::min(step, size - first);
      auto xs = host::as_array(x, first, count), ys = host::as_array(y, first, count);
      instance->call("fill", [&] { return fill(first, &xs, &ys); });
    }
    return {arma::conv_to<arma::mat>::from(x), arma::conv_to<arma::mat>::from(y)};
  }
};

const std::uint32_t splits[] = {ONAGER_TRAIN, ONAGER_TEST};

bool same_bytes(const arma::mat& a, const arma::mat& b) {
  return a.n_rows == b.n_rows && a.n_cols == b.n_cols &&
         std::memcmp(a.memptr(), b.memptr(), a.n_elem * sizeof(double)) == 0;
}
bool same(const Samples& a, const Samples& b) {
  return same_bytes(a.x, b.x) && same_bytes(a.y, b.y);
}

/// Whether the dataset parts one set of distinct samples in two: all of them here but those that
/// draw each sample anew or read two files.
bool parts_distinct_samples(const Example& example) {
  return example.entry->id() == "modular_arithmetic" || example.lines.find("path = ") == 0;
}
bool uses_random_numbers(const Example& example) {
  return parts_distinct_samples(example) || example.entry->id() == "sparse_polynomial" ||
         example.entry->id() == "multi_index" || example.entry->id() == "teacher_network";
}
/// A float64 matrix as float32 has it.
arma::mat rounded(const arma::mat& m) {
  return arma::conv_to<arma::mat>::from(arma::conv_to<arma::fmat>::from(m));
}
bool reads_parted_files(const Example& example) {
  for (const char* key : {"train = ", "train_images = ", "folder = "})
    if (example.lines.find(key) == 0) return true;
  return false;
}

std::multiset<std::vector<double>> rows_of(const arma::mat& columns) {
  std::multiset<std::vector<double>> out;
  for (arma::uword i = 0; i < columns.n_cols; ++i)
    out.insert(arma::conv_to<std::vector<double>>::from(arma::vec(columns.col(i))));
  return out;
}

}  // namespace

TEST_CASE("a dataset has training samples, features and outputs, all numbers finite") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    CHECK((source.info.task == ONAGER_REGRESSION || source.info.task == ONAGER_CLASSIFICATION));
    CHECK(source.info.train_samples > 0);
    CHECK(source.info.test_samples >= 0);
    CHECK(source.info.features > 0);
    CHECK(source.info.outputs > 0);
    for (const auto split : splits) {
      const auto all = source.samples(split);
      CHECK(all.x.is_finite());
      CHECK(all.y.is_finite());
    }
  }
}

TEST_CASE("a seed gives the same samples every time, and another seed others") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source one(example, 5), again(example, 5), other(example, 6);
    for (const auto split : splits) {
      CAPTURE(split);
      CHECK(same(one.samples(split), again.samples(split)));
      if (uses_random_numbers(example)) CHECK_FALSE(same(one.samples(split), other.samples(split)));
      if (reads_parted_files(example)) CHECK(same(one.samples(split), other.samples(split)));
    }
  }
}

TEST_CASE("samples asked for in pieces and in any order are those asked for at once") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    const auto test_first = source.samples(ONAGER_TEST);
    for (const auto split : splits) {
      const auto whole = source.samples(split);
      for (const std::int64_t step : {1, 3, 257}) CHECK(same(source.samples(split, step), whole));
    }
    CHECK(same(source.samples(ONAGER_TEST), test_first));
  }
}

TEST_CASE("samples in float32 are those in float64, rounded") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    for (const auto split : splits) {
      const auto wide = source.samples(split), narrow = source.samples<float>(split);
      CHECK(same_bytes(narrow.x, rounded(wide.x)));
      CHECK(same_bytes(narrow.y, rounded(wide.y)));
    }
  }
}

TEST_CASE("draw 0 is the training samples, other draws are others, each the same every time") {
  std::size_t checked = 0;
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1), again(example, 1), other(example, 2);
    if (!source.drawing) continue;
    ++checked;
    CHECK(same(source.drawn(0), source.samples(ONAGER_TRAIN)));
    for (const std::uint64_t draw : {1, 2, 7}) {
      CAPTURE(draw);
      const auto whole = source.drawn(draw);
      CHECK(whole.x.is_finite());
      CHECK(whole.y.is_finite());
      CHECK_FALSE(same_bytes(whole.x, source.drawn(0).x));
      CHECK_FALSE(same_bytes(whole.x, source.drawn(draw + 1).x));
      CHECK(same(again.drawn(draw), whole));
      CHECK_FALSE(same_bytes(other.drawn(draw).x, whole.x));
      for (const std::int64_t step : {1, 3, 257}) CHECK(same(source.drawn(draw, step), whole));
      CHECK(same_bytes(source.drawn<float>(draw).x, rounded(whole.x)));
    }
    CHECK(same(source.drawn(0), source.samples(ONAGER_TRAIN)));
  }
  CHECK(checked >= 2);
}

TEST_CASE("a dataset writes where the strides say and nowhere else") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    const auto whole = source.samples(ONAGER_TRAIN);
    const std::int64_t n = source.info.train_samples, d = source.info.features,
                       c = source.info.outputs;
    arma::mat x(static_cast<arma::uword>(d) + 3, whole.x.n_cols),
        y(static_cast<arma::uword>(c) + 2, whole.x.n_cols);
    x.fill(-77.25);
    y.fill(-77.25);
    onager_array xs = host::as_array(x), ys = host::as_array(y);
    xs.cols = d;
    ys.cols = c;
    source.instance->call("fill", [&] {
      return source.table->fill(source.instance->get(), ONAGER_TRAIN, 0, &xs, &ys);
    });
    CHECK(n == static_cast<std::int64_t>(whole.x.n_cols));
    CHECK(same_bytes(x.head_rows(static_cast<arma::uword>(d)), whole.x));
    CHECK(same_bytes(y.head_rows(static_cast<arma::uword>(c)), whole.y));
    CHECK(arma::all(arma::vectorise(x.tail_rows(3)) == -77.25));
    CHECK(arma::all(arma::vectorise(y.tail_rows(2)) == -77.25));
  }
}

TEST_CASE("no sample of a set that is parted trains and tests, and every seed parts the same set") {
  for (const auto& example : test::examples("dataset")) {
    if (!parts_distinct_samples(example)) continue;
    CAPTURE(example.label());
    std::multiset<std::vector<double>> before;
    for (const std::uint64_t seed : {1, 2}) {
      const Source source(example, seed);
      const auto train = rows_of(source.samples(ONAGER_TRAIN).x),
                 tested = rows_of(source.samples(ONAGER_TEST).x);
      CHECK_FALSE(tested.empty());
      for (const auto& row : tested) CHECK(train.count(row) == 0);
      auto all = train;
      all.insert(tested.begin(), tested.end());
      if (!before.empty()) CHECK(all == before);
      before = all;
    }
  }
}

TEST_CASE("split by pairs, a pair trains for both tasks or tests both") {
  int looked_at = 0;
  for (const auto& example : test::examples("dataset")) {
    if (example.lines.find("split_by = 'pairs'") == std::string::npos) continue;
    CAPTURE(example.label());
    const Source source(example, 3);
    const auto pairs_of = [&](std::uint32_t split) {
      arma::mat x = source.samples(split).x;
      x.shed_row(x.n_rows - 1);  // the task
      return rows_of(x);
    };
    const auto train = pairs_of(ONAGER_TRAIN), test = pairs_of(ONAGER_TEST);
    for (const auto& pair : train) {
      CHECK(train.count(pair) == 2);
      CHECK(test.count(pair) == 0);
    }
    for (const auto& pair : test) CHECK(test.count(pair) == 2);
    CHECK(train.size() + test.size() == 2 * 5 * 4);  // divide leaves out b = 0, for both
    ++looked_at;
  }
  CHECK(looked_at == 1);
}

TEST_CASE("a class is one column with a 1, or one column of two signs") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    if (source.info.task != ONAGER_CLASSIFICATION) continue;
    for (const auto split : splits) {
      const arma::mat y = source.samples(split).y;
      if (source.info.outputs == 1) {
        CHECK(arma::all(arma::vectorise(y) != 0));
        continue;
      }
      CHECK(arma::all(arma::vectorise((y == 0) + (y == 1)) == 1));
      CHECK(arma::all(arma::vectorise(arma::sum(y, 0)) == 1));
    }
  }
}

TEST_CASE("names of outputs and groups of features end, inside the bounds") {
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    if (source.table->output_name) {
      std::int64_t names = 0;
      while (const char* name = source.table->output_name(source.instance->get(), names)) {
        CHECK(std::string(name) != "");
        REQUIRE(++names <= source.info.outputs);
      }
      CHECK((names == 0 || names == source.info.outputs));
      CHECK(source.table->output_name(source.instance->get(), -1) == nullptr);
    }
    if (!source.table->feature_group) continue;
    std::set<std::string> names;
    for (std::int64_t i = 0;; ++i) {
      onager_feature_group group{};
      group.struct_size = sizeof group;
      const auto status = source.table->feature_group(source.instance->get(), i, &group);
      if (status == ONAGER_NOT_FOUND) break;
      REQUIRE(status == ONAGER_OK);
      CHECK(names.insert(group.name).second);
      CHECK(group.first >= 0);
      CHECK(group.count > 0);
      CHECK(group.first + group.count <= source.info.features);
      REQUIRE(i < source.info.features);
    }
  }
}

TEST_CASE("facts can be read, and those with a known meaning have its form") {
  std::map<std::string, std::size_t> known;
  for (const auto& example : test::examples("dataset")) {
    CAPTURE(example.label());
    const Source source(example, 1);
    if (!source.facts) continue;
    CHECK(source.facts->write == nullptr);
    std::set<std::string> names;
    for (std::int64_t index = 0;; ++index) {
      onager_array_info fact{};
      fact.struct_size = sizeof fact;
      const auto status = source.facts->describe(source.instance->get(), index, &fact);
      if (status == ONAGER_NOT_FOUND) break;
      REQUIRE(status == ONAGER_OK);
      const std::string name = fact.name;
      CAPTURE(name);
      CHECK(names.insert(name).second);
      CHECK(std::string(fact.doc).size() > 3);
      if (fact.rows == 0 || fact.cols == 0) continue;  // not known for these parameters
      const auto cells = static_cast<std::size_t>(fact.rows * fact.cols);
      std::vector<std::int64_t> integers(cells, -99);
      arma::mat numbers(static_cast<arma::uword>(fact.cols), static_cast<arma::uword>(fact.rows));
      onager_array out = host::as_array(numbers);
      if (fact.dtype == ONAGER_INT64) {
        out.dtype = ONAGER_INT64;
        out.data = integers.data();
      }
      source.instance->call(
          "read", [&] { return source.facts->read(source.instance->get(), index, &out); });
      if (name == "support" || name == "circulant_order") {
        REQUIRE(fact.dtype == ONAGER_INT64);
        CHECK(fact.cols == 1);
        for (const auto i : integers) CHECK((i >= 0 && i < source.info.features));
        CHECK(std::set<std::int64_t>(integers.begin(), integers.end()).size() == cells);
      }
      if (name == "circulant_direction") {
        REQUIRE(cells == 1);
        CHECK((integers[0] == 1 || integers[0] == -1));
      }
      if (name == "leap") {
        REQUIRE(cells == 1);
        CHECK(integers[0] > 0);
      }
      if (name == "subspace") {
        REQUIRE(fact.cols == source.info.features);
        const arma::mat gram = numbers.t() * numbers;
        CHECK(arma::approx_equal(gram, arma::eye(arma::size(gram)), "absdiff", 1e-14));
      }
      if (name == "egop") {
        REQUIRE(fact.dtype == ONAGER_FLOAT64);
        REQUIRE(fact.rows == source.info.features);
        REQUIRE(fact.cols == source.info.features);
        CHECK(same_bytes(numbers, numbers.t()));
        const arma::vec values = arma::eig_sym(numbers);
        CHECK(values.front() >= -1e-14 * values.back());
        CHECK(values.back() > 0);
      }
    }
    known[example.entry->qualified_id()] += names.size();
  }
  // with some parameters nothing is known, but never with all
  for (const auto& [id, count] : known) {
    CAPTURE(id);
    CHECK(count > 0);
  }
}
