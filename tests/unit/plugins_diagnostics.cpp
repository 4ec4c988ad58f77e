// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/diagnostics/circulant_deviation/circulant.hpp"
#include "../../plugins/diagnostics/effective_rank/rank.hpp"
#include "../../plugins/diagnostics/fourier_spectrum/fourier.hpp"
#include "../../plugins/diagnostics/support_recovery/recovery.hpp"
#include "../../plugins/diagnostics/task_accuracy/accuracy.hpp"

#include <complex>
#include <random>

using onager::Table;
using namespace onager::plugins;

namespace {

Table random_table(std::int64_t rows, std::int64_t cols, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Table t(rows, cols);
  for (double& v : t.values) v = normal(random);
  return t;
}

/// Constant along wrapped lines.
Table wrapped(std::int64_t q, WrappedLines lines, std::uint64_t seed) {
  const Table line = random_table(q, 1, seed);
  Table out(q, q);
  for (std::int64_t i = 0; i < q; ++i)
    for (std::int64_t j = 0; j < q; ++j)
      out(i, j) = line((lines == WrappedLines::diagonals ? j - i + q : i + j) % q, 0);
  return out;
}

}  // namespace

TEST_CASE("the transform in two passes is the double sum of its definition") {
  for (const std::int64_t q : {1, 2, 5, 12}) {
    const Table block = random_table(q, q, static_cast<std::uint64_t>(q));
    const Table fast = fourier_magnitudes(block);
    for (std::int64_t u = 0; u < q; ++u)
      for (std::int64_t v = 0; v < q; ++v) {
        std::complex<double> sum = 0;
        for (std::int64_t i = 0; i < q; ++i)
          for (std::int64_t j = 0; j < q; ++j)
            sum += block(i, j) *
                   std::polar(1.0, -2 * std::acos(-1.0) * static_cast<double>(u * i + v * j) /
                                       static_cast<double>(q));
        CHECK(fast(u, v) == Approx(std::abs(sum) / static_cast<double>(q)).margin(1e-12));
      }
  }
}

TEST_CASE("a circulant has its whole spectrum on the line of its direction") {
  for (const auto lines : {WrappedLines::diagonals, WrappedLines::anti_diagonals}) {
    const auto other =
        lines == WrappedLines::diagonals ? WrappedLines::anti_diagonals : WrappedLines::diagonals;
    const Table spectrum = fourier_magnitudes(wrapped(31, lines, 4));
    CHECK(*line_share(spectrum, lines) == Approx(1));
    CHECK(*line_share(spectrum, other) < 1e-12);
  }
}

TEST_CASE("the share on the line is one less the circulant deviation without the mean") {
  for (const std::int64_t q : {7, 30}) {
    const Table block = less_mean(random_table(q, q, 5));
    for (const auto lines : {WrappedLines::diagonals, WrappedLines::anti_diagonals})
      CHECK(*line_share(fourier_magnitudes(block), lines) ==
            Approx(1 - *circulant_deviation(block, lines)));
  }
}

TEST_CASE("a block without its mean has no share where nothing is left") {
  CHECK_FALSE(line_share(Table(4, 4), WrappedLines::diagonals).has_value());
  const Table centered = less_mean(random_table(6, 6, 1));
  double sum = 0;
  for (const double v : centered.values) sum += v;
  CHECK(sum == Approx(0).margin(1e-12));
}

TEST_CASE("support is recovered as far as its weights are above all others") {
  const auto mixed = recovery_of({4, 0.5, 3, 1, 2}, {0, 2, 3});
  CHECK(mixed.ratio == Approx(0.5));  // 1 inside against 2 outside
  CHECK(mixed.in_top == 2);
  const auto clear = recovery_of({8, 0.5, 3, 1}, {0, 2});
  CHECK(clear.ratio == Approx(3));
  CHECK(clear.in_top == 2);
}

TEST_CASE("equal weights recover nothing, zeros outside everything") {
  CHECK(recovery_of({1, 1, 1, 1}, {1, 2}).ratio == Approx(1));
  CHECK(recovery_of({1, 1, 1, 1}, {1, 2}).in_top == 0);
  CHECK(recovery_of({0, 2, 1, 0}, {1, 2}).ratio == std::numeric_limits<double>::infinity());
  CHECK_FALSE(recovery_of({0, 0}, {1}).ratio.has_value());
  CHECK_FALSE(recovery_of({1, 2}, {0, 1}).ratio.has_value());
  CHECK(recovery_of({1, 2}, {0, 1}).in_top == 2);
}

TEST_CASE("both ranks of r equal values are r, and lie between 1 and the size otherwise") {
  const auto equal = *ranks_of({0, 2, 2, 0, 2});
  CHECK(equal.effective == Approx(3));
  CHECK(equal.participation == Approx(3));
  // p = 3/4, 1/4: exp(0.75 ln(4/3) + 0.25 ln 4) = 4 / 3^(3/4), and 1 / (9/16 + 1/16)
  const auto two = *ranks_of({3, -1});
  CHECK(two.effective == Approx(4 / std::pow(3, 0.75)));
  CHECK(two.participation == Approx(1.6));
  CHECK_FALSE(ranks_of({0, 0}).has_value());
}

TEST_CASE("accuracy is counted apart for each task") {
  Table inputs(5, 3), targets(5, 2), predictions(5, 2);
  inputs.values = {9, 9, 0, 9, 9, 1, 9, 9, 1, 9, 9, 1, 9, 9, 0};
  targets.values = {1, 0, 1, 0, 0, 1, 0, 1, 0, 1};
  predictions.values = {0.6, 0.5, 0.1, 0.2, 0.3, 0.4, -1, -2, 0.5, 0.4};
  const auto bit =
      task_scores(inputs.view().array(), targets.view().array(), predictions.view().array(), 2, 1);
  REQUIRE(bit.size() == 2);
  CHECK(bit[0].samples == 2);
  CHECK(bit[0].right == 1);
  CHECK(bit[1].samples == 3);
  CHECK(bit[1].right == 1);
  Table one_hot(5, 3);
  one_hot.values = {1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
  const auto three =
      task_scores(one_hot.view().array(), targets.view().array(), predictions.view().array(), 0, 3);
  REQUIRE(three.size() == 3);
  CHECK(three[0].right == 1);
  CHECK(three[1].samples == 2);
  CHECK(three[1].right == 1);
  CHECK(three[2].right == 0);
}

TEST_CASE("one output is right by its sign") {
  Table inputs(2, 1), targets(2, 1), predictions(2, 1);
  targets.values = {1, -1};
  predictions.values = {0.1, 0.1};
  const auto scores =
      task_scores(inputs.view().array(), targets.view().array(), predictions.view().array(), 0, 1);
  CHECK(scores[0].samples == 2);
  CHECK(scores[0].right == 1);
}
