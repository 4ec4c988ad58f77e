// SPDX-License-Identifier: MIT
//
// What holds for any feature map, fitted, and where it learns after it has learned once.
//
// Bounds: with J the derivative of the map, an input known to eps moves output j of sample i by
// eps sum_k |J_jk| |x_k|, and one evaluated in that precision sums d such terms; 32 times that,
// plus 32 eps of the largest output, is allowed.
#include "../catch.hpp"
#include "examples.hpp"

#include <cstring>
#include <limits>

using namespace onager;
using test::Example;

namespace {

constexpr arma::uword d = 5, n = 40, outputs = 2;

/// A predictor whose gradients at the training samples are random numbers.
class Learning {
 public:
  Learning(const arma::mat& x, const arma::mat& y) : x_(x), y_(y) {
    table_ = {sizeof table_, ONAGER_FLOAT64, this,      0,         n,      d,
              outputs,       agop,           gradients, get_array, agop_of};
    for (arma::uword l = 0; l < outputs; ++l)
      gradients_.push_back(test::normal_numbers(d, n, 60 + static_cast<unsigned>(l)));
  }
  Learning(const Learning&) = delete;
  Learning& operator=(const Learning&) = delete;
  const onager_learning& abi() const { return table_; }

 private:
  static const Learning& of(const onager_learning* raw) {
    return *static_cast<const Learning*>(raw->context);
  }
  static onager_status agop(const onager_learning* raw, std::uint32_t flags, onager_array* out) {
    return average(raw, flags, arma::regspace<arma::uvec>(0, n - 1), out);
  }
  static onager_status agop_of(const onager_learning* raw, std::uint32_t flags, std::int64_t count,
                               const std::int64_t* samples, onager_array* out) {
    arma::uvec chosen(static_cast<arma::uword>(count));
    for (arma::uword i = 0; i < chosen.n_elem; ++i)
      chosen(i) = static_cast<arma::uword>(samples[i]);
    REQUIRE(chosen.max() < n);
    return average(raw, flags, chosen, out);
  }
  static onager_status average(const onager_learning* raw, std::uint32_t flags,
                               const arma::uvec& samples, onager_array* out) {
    arma::mat g(d, d, arma::fill::zeros);
    for (const arma::mat& all : of(raw).gradients_) {
      arma::mat one = all.cols(samples);
      if (flags & ONAGER_AGOP_CENTERED) one.each_col() -= arma::vec(arma::mean(one, 1));
      g += one * one.t() / static_cast<double>(samples.n_elem);
    }
    host::copy_into(flags & ONAGER_AGOP_DIAGONAL ? arma::mat(g.diag().t()) : g, *out);
    return ONAGER_OK;
  }
  static onager_status gradients(const onager_learning* raw, std::int64_t output,
                                 std::int64_t first, onager_array* out) {
    const auto from = static_cast<arma::uword>(first);
    host::copy_into(arma::mat(of(raw).gradients_[static_cast<std::size_t>(output)].cols(
                        from, from + static_cast<arma::uword>(out->rows) - 1)),
                    *out);
    return ONAGER_OK;
  }
  static onager_status get_array(const onager_learning* raw, const char* name, onager_array* out) {
    if (std::strcmp(name, "inputs") == 0) *out = host::as_array(of(raw).x_);
    else if (std::strcmp(name, "targets") == 0) *out = host::as_array(of(raw).y_);
    else if (std::strcmp(name, "predictions") == 0) *out = host::as_array(of(raw).y_);
    else return ONAGER_NOT_FOUND;
    return ONAGER_OK;
  }

  const arma::mat &x_, &y_;
  std::vector<arma::mat> gradients_;
  onager_learning table_;
};

/// A live map with its training samples.
struct Map {
  explicit Map(const Example& example) : plan(test::plan_of(example)) {
    // features on different scales, one of them constant
    x = test::normal_numbers(d, n, 51);
    x.row(1) = x.row(1) * 3 + 2;
    x.row(4).fill(0.5);
    y = test::normal_numbers(outputs, n, 52);
    environment.seed = 9;
    environment.emit.scalar = [](const std::string&, double) {};
    instance = std::make_unique<host::Instance>(plan, environment);
    map = instance->interface<onager_feature_map>(ONAGER_FEATURE_MAP);
    linear = instance->interface<onager_linear_map>(ONAGER_FEATURE_MAP_LINEAR);
    learns = instance->interface<onager_learning_map>(ONAGER_FEATURE_MAP_LEARN);
    state = instance->interface<onager_named_arrays>(ONAGER_STATE);
  }
  void fit() {
    const auto inputs = host::as_array(x), targets = host::as_array(y);
    if (map->fit)
      instance->call("fit", [&] { return map->fit(instance->get(), &inputs, &targets); });
  }
  /// Fits, learns where the map learns, and fits for the round after.
  void prepare() {
    fit();
    if (!learns) return;
    const Learning learning(x, y);
    instance->call("learn", [&] { return learns->learn(instance->get(), &learning.abi()); });
    fit();
  }
  arma::uword width() const {
    const auto e = map->output_dimension(instance->get(), static_cast<std::int64_t>(d));
    REQUIRE(e > 0);
    return static_cast<arma::uword>(e);
  }
  template <class T>
  arma::Mat<T> apply(const arma::Mat<T>& columns) const {
    arma::Mat<T> out(width(), columns.n_cols);
    out.fill(std::numeric_limits<T>::quiet_NaN());
    const auto from = host::as_array(columns);
    auto to = host::as_array(out);
    instance->call("apply", [&] { return map->apply(instance->get(), &from, &to); });
    return out;
  }
  template <class T>
  arma::Mat<T> pullback(const arma::Mat<T>& columns, const arma::Mat<T>& g) const {
    arma::Mat<T> out(d, columns.n_cols);
    out.fill(std::numeric_limits<T>::quiet_NaN());
    const auto at = host::as_array(columns), from = host::as_array(g);
    auto to = host::as_array(out);
    instance->call("pullback", [&] { return map->pullback(instance->get(), &at, &from, &to); });
    return out;
  }
  /// A as d x e, whole also where the map gives its diagonal.
  arma::mat matrix() const {
    const bool diagonal = linear->diagonal(instance->get()) != 0;
    arma::mat columns(diagonal ? 1 : width(), d);
    auto to = host::as_array(columns);
    instance->call("matrix", [&] { return linear->matrix(instance->get(), &to); });
    return diagonal ? arma::mat(arma::diagmat(columns.row(0))) : arma::mat(columns.t());
  }

  host::ComponentPlan plan;
  host::Environment environment;
  arma::mat x, y;
  std::unique_ptr<host::Instance> instance;
  const onager_feature_map* map;
  const onager_linear_map* linear;
  const onager_learning_map* learns;
  const onager_named_arrays* state;
};

/// d phi / d x_k at each sample: e x n for each k.
std::vector<arma::mat> derivatives(const Map& map, const arma::mat& x) {
  constexpr double step = 1e-5;
  std::vector<arma::mat> out;
  for (arma::uword k = 0; k < d; ++k) {
    arma::mat up = x, down = x;
    up.row(k) += step;
    down.row(k) -= step;
    out.push_back((map.apply(up) - map.apply(down)) / (2 * step));
  }
  return out;
}

/// What rounding in a precision may change of phi(x); see the top.
arma::mat rounding(const Map& map, const arma::mat& x, double eps) {
  arma::mat sum(map.width(), x.n_cols, arma::fill::zeros);
  const auto slopes = derivatives(map, x);
  for (arma::uword k = 0; k < d; ++k)
    sum += arma::abs(slopes[k]) % arma::repmat(arma::abs(x.row(k)), map.width(), 1);
  return 32 * eps * (sum + arma::abs(map.apply(x)).max());
}

double largest(const arma::mat& m) { return arma::abs(m).max(); }
bool same_bytes(const arma::mat& a, const arma::mat& b) {
  return a.n_elem == b.n_elem && std::memcmp(a.memptr(), b.memptr(), a.n_elem * 8) == 0;
}
arma::mat unseen() { return test::normal_numbers(d, 23, 53); }

struct NamedArray {
  std::string name;
  host::NpyArray value;
};

std::vector<NamedArray> read_all(const Map& map) {
  std::vector<NamedArray> out;
  for (std::int64_t index = 0;; ++index) {
    onager_array_info info{};
    info.struct_size = sizeof info;
    const auto status = map.state->describe(map.instance->get(), index, &info);
    if (status == ONAGER_NOT_FOUND) return out;
    map.instance->check("describe", status);
    REQUIRE(info.dtype == ONAGER_FLOAT64);
    arma::mat columns(static_cast<arma::uword>(info.cols), static_cast<arma::uword>(info.rows));
    auto to = host::as_array(columns);
    map.instance->call("read", [&] { return map.state->read(map.instance->get(), index, &to); });
    out.push_back({info.name, host::NpyArray::copy_of(host::as_array(columns))});
  }
}

}  // namespace

TEST_CASE("a feature map fills all of its output with finite numbers") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    CHECK(map.apply(map.x).is_finite());
    CHECK(map.apply(unseen()).is_finite());
    CHECK(map.apply(arma::fmat(arma::conv_to<arma::fmat>::from(map.x))).is_finite());
    CHECK(map.apply(arma::mat(d, 0)).n_cols == 0);
  }
}

TEST_CASE("gradients are carried back by the derivative of the map") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    const arma::mat x = unseen(), g = test::normal_numbers(map.width(), x.n_cols, 54);
    const auto slopes = derivatives(map, x);
    arma::mat expected(d, x.n_cols);
    for (arma::uword k = 0; k < d; ++k) expected.row(k) = arma::sum(slopes[k] % g, 0);
    REQUIRE((map.map->pullback || map.linear));
    if (map.map->pullback) {
      const arma::mat back = map.pullback(x, g);
      CHECK(largest(back - expected) <= 1e-6 * largest(expected));
      const arma::fmat narrow = map.pullback(arma::fmat(arma::conv_to<arma::fmat>::from(x)),
                                             arma::fmat(arma::conv_to<arma::fmat>::from(g)));
      CHECK(largest(arma::conv_to<arma::mat>::from(narrow) - back) <= 1e-4 * largest(back));
    }
    if (map.linear) CHECK(largest(map.matrix() * g - expected) <= 1e-6 * largest(expected));
  }
}

TEST_CASE("a linear map is its matrix and a constant") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    if (!map.linear) continue;
    const arma::mat x = unseen(), a = map.matrix();
    REQUIRE(a.n_rows == d);
    REQUIRE(a.n_cols == map.width());
    const arma::mat constant = map.apply(arma::mat(d, 1, arma::fill::zeros));
    arma::mat expected = a.t() * x;
    expected.each_col() += arma::vec(constant.col(0));
    const arma::mat got = map.apply(x);
    CHECK(largest(got - expected) <= 1e-13 * (largest(got) + largest(constant)));
  }
}

TEST_CASE("a feature map in float32 is the map in float64") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    const arma::fmat narrow = arma::conv_to<arma::fmat>::from(unseen());
    const arma::mat wide = arma::conv_to<arma::mat>::from(narrow);
    const arma::mat difference =
        arma::abs(arma::conv_to<arma::mat>::from(map.apply(narrow)) - map.apply(wide));
    const arma::mat allowed = rounding(map, wide, std::numeric_limits<float>::epsilon());
    CHECK(arma::all(arma::vectorise(difference <= allowed)));
  }
}

TEST_CASE("a feature map maps each sample by itself") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    const arma::mat x = unseen(), whole = map.apply(x);
    const arma::mat allowed = rounding(map, x, std::numeric_limits<double>::epsilon());
    for (const arma::uword rows : {1u, 7u})
      for (arma::uword i = 0; i < x.n_cols; i += rows) {
        const arma::uword last = std::min(i + rows, arma::uword{x.n_cols}) - 1;
        const arma::mat block = map.apply(arma::mat(x.cols(i, last)));
        CHECK(arma::all(
            arma::vectorise(arma::abs(block - whole.cols(i, last)) <= allowed.cols(i, last))));
      }
  }
}

TEST_CASE("a feature map that is fitted again to the same samples stays the same") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    map.prepare();
    const arma::mat before = map.apply(unseen());
    map.fit();
    CHECK(same_bytes(map.apply(unseen()), before));
    Map other(example);
    other.prepare();
    CHECK(same_bytes(other.apply(unseen()), before));
  }
}

TEST_CASE("a map that learned is another map than before") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map fitted(example), learned(example);
    if (!fitted.learns) continue;
    fitted.fit();
    learned.prepare();
    CHECK(fitted.state != nullptr);
    CHECK_FALSE(same_bytes(fitted.apply(unseen()), learned.apply(unseen())));
  }
}

TEST_CASE("a new instance with the state of another answers the same, bit for bit") {
  for (const auto& example : test::examples("feature_map")) {
    CAPTURE(example.label());
    Map map(example);
    if (!map.state) continue;
    map.prepare();
    const auto state = read_all(map);
    REQUIRE_FALSE(state.empty());
    const arma::mat before = map.apply(unseen());

    Map restored(example);
    for (const auto& [name, value] : state) {
      CAPTURE(name);
      const auto view = value.view();
      restored.instance->call("write", [&, key = name.c_str()] {
        return restored.state->write(restored.instance->get(), key, &view);
      });
    }
    CHECK(same_bytes(restored.apply(unseen()), before));
    const auto again = read_all(restored);
    REQUIRE(again.size() == state.size());
    for (std::size_t i = 0; i < state.size(); ++i) {
      CHECK(again[i].name == state[i].name);
      CHECK(again[i].value.shape == state[i].value.shape);
      CHECK(again[i].value.data == state[i].value.data);
    }
    restored.fit();
    CHECK(same_bytes(restored.apply(unseen()), before));
    const auto view = state[0].value.view();
    CHECK(restored.state->write(restored.instance->get(), "unheard_of", &view) != ONAGER_OK);
  }
}
