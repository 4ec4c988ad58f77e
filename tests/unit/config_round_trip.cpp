// SPDX-License-Identifier: MIT
#include "config_support.hpp"

#include "../catch.hpp"

#include <cstring>
#include <random>

#include "base/text.hpp"

using namespace config_test;

namespace {

void check_same(const ComponentPlan& a, const ComponentPlan& b) {
  CHECK(a.component == b.component);
  CHECK(a.plugin == b.plugin);
  CHECK(a.path == b.path);
  REQUIRE(a.values.size() == b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const auto &x = a.values[i], &y = b.values[i];
    CHECK(x.parameter == y.parameter);
    CHECK(x.is_default == y.is_default);
    CHECK(x.integer == y.integer);
    CHECK(std::memcmp(&x.real, &y.real, sizeof x.real) == 0);
    CHECK(x.text == y.text);
    CHECK(x.integers == y.integers);
    CHECK(x.reals == y.reals);
    CHECK(x.texts == y.texts);
    REQUIRE(x.children.size() == y.children.size());
    for (std::size_t j = 0; j < x.children.size(); ++j) check_same(x.children[j], y.children[j]);
  }
}

void check_same(const std::vector<ComponentPlan>& a, const std::vector<ComponentPlan>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) check_same(a[i], b[i]);
}

void check_repeats(const Plan& plan) {
  const std::string text = to_toml(plan);
  INFO(text);
  const Plan again = plan_of(text);  // in another folder
  CHECK(again.seed == plan.seed);
  CHECK(again.precision == plan.precision);
  CHECK(again.kernel_loop.rounds == plan.kernel_loop.rounds);
  CHECK(again.kernel_loop.validation == plan.kernel_loop.validation);
  CHECK(again.kernel_loop.patience == plan.kernel_loop.patience);
  CHECK(again.kernel_loop.fresh_samples == plan.kernel_loop.fresh_samples);
  CHECK(again.kernel_loop.start == plan.kernel_loop.start);
  check_same(again.dataset, plan.dataset);
  check_same(again.feature_maps, plan.feature_maps);
  check_same(again.kernel, plan.kernel);
  check_same(again.optimizer, plan.optimizer);
  check_same(again.diagnostics, plan.diagnostics);
  CHECK(to_toml(again) == text);
}

/// Random pipelines: every kind of value, nesting, and doubles of every size.
class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string pipeline() {
    std::string out = "seed = " + std::to_string(random_() % 1000000) + "\n";
    if (coin()) out += "precision = 'float32'\n";
    if (coin()) out += loop();
    for (auto i = below(3); i > 0; --i)
      out += "[[feature_map]]\nuse = 'stretch'\n" +
             std::string(coin() ? "limit = inf\n" : "limit = " + positive() + "\n");
    out += "[dataset]\nuse = 'numbers'\nmodulus = " + std::to_string(2 + below(900)) + "\n";
    if (coin()) out += "operation = 'multiply'\n";
    if (coin()) out += "title = " + text() + "\n";
    if (coin()) out += "shuffle = false\n";
    if (coin()) out += "train = " + text() + "\n";
    if (coin()) out += "labels = [" + text() + ", " + text() + "]\n";
    if (coin()) out += "sizes = [9223372036854775807, 1]\n";
    out += "optimizer = { use = 'direct', ridge = " + positive() + " }\n";
    for (auto i = below(3); i > 0; --i) out += "[[diagnostic]]\nuse = 'watch'\n";
    return "kernel = " + kernel(3) + "\n" + top(out);
  }

 private:
  std::string loop() {
    std::string out = "[loop]\nrounds = " + std::to_string(1 + below(50)) + "\n";
    if (coin()) out += "validation = 0." + std::to_string(1 + below(99)) + "\npatience = 4\n";
    if (coin()) out += "fresh_samples = true\n";
    if (coin()) out += "start = " + text() + "\n";
    return out;
  }
  bool coin() { return random_() % 2 == 0; }
  std::size_t below(std::size_t n) { return random_() % n; }

  /// `optimizer = {...}` must stand above the first table.
  static std::string top(const std::string& out) {
    const auto first = out.find("optimizer = "), end = out.find('\n', first) + 1;
    return out.substr(first, end - first) + out.substr(0, first) + out.substr(end);
  }

  std::string positive() {
    for (;;) {
      std::uint64_t bits = random_();
      double v;
      std::memcpy(&v, &bits, sizeof v);
      if (v > 0 && v <= std::numeric_limits<double>::max()) return onager::host::toml_float(v);
    }
  }

  std::string text() {
    static const char* const pieces[] = {"a",    "é", "\"", "\\", "\n", "\t", "\x01",
                                         "\x7f", "'", "#",  "/",  "𝄞",  "=",  " "};
    std::string out;
    for (auto i = below(8); i > 0; --i) out += pieces[below(14)];
    return onager::host::toml_string(out);
  }

  std::string kernel(int depth) {
    const auto which = depth == 0 ? 0 : below(3);
    if (which == 0) return "{ use = 'flat', bandwidth = " + positive() + " }";
    if (which == 1)
      return "{ use = 'scaled', factor = -" + positive() + ", inner = " + kernel(depth - 1) + " }";
    return "{ use = 'total', weights = [" + positive() + "], terms = [" + kernel(depth - 1) + ", " +
           kernel(depth - 1) + "] }";
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("a plan is written in the order of the pipeline, with defaults and qualified ids") {
  CHECK(to_toml(plan_of(
            "[[diagnostic]]\nuse = 'watch'\n[[feature_map]]\nuse = 'stretch'\npower = 0.5\n" +
            pipeline("use = 'total'\nterms = [{ use = 'flat' }, { use = 'scaled', inner = { use = "
                     "'flat', bandwidth = 2 } }]\n"))) ==
        R"(seed = 0
precision = "float64"

[dataset]
use = "org.test.one/numbers"
modulus = 7
operation = "add"
fraction = 0.5
title = "none"
shuffle = true
labels = []
sizes = []

[[feature_map]]
use = "org.test.one/stretch"
power = 0.5
limit = inf

[kernel]
use = "org.test.one/total"
terms = [{ use = "org.test.one/flat", bandwidth = 1.0 }, { use = "org.test.one/scaled", inner = { use = "org.test.one/flat", bandwidth = 2.0 }, factor = 1.0 }]
weights = []

[optimizer]
use = "org.test.one/direct"
ridge = 0.0

[loop]
rounds = 1
validation = 0.0
patience = 0
fresh_samples = false

[[diagnostic]]
use = "org.test.one/watch"
span = 1
)");
}

TEST_CASE("a plan that is written and read again is the same, bit for bit") {
  const unsigned seed = 20240501;
  for (unsigned i = 0; i < 200; ++i) {
    INFO("random seed " << seed + i);
    check_repeats(plan_of(Writer(seed + i).pipeline()));
  }
}

TEST_CASE("extreme numbers are written so that they read back") {
  for (const char* v : {"-0.0", "5e-324", "1.7976931348623157e308", "1e16", "123456789.0"}) {
    INFO(v);
    check_repeats(plan_of(
        pipeline("use = 'scaled'\ninner = { use = 'flat' }\nfactor = " + std::string(v) + "\n")));
  }
}
