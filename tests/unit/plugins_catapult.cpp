// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/diagnostics/catapult/loss_split.hpp"
#include "../../plugins/diagnostics/catapult/spikes.hpp"
#include "../../plugins/diagnostics/catapult/step_ratios.hpp"

#include <functional>
#include <random>

using onager::Table;
using namespace onager::plugins;
using Now = SpikeDetector::Now;

namespace {

std::vector<Spike> spikes_of(const std::vector<double>& losses, const SpikeRule& rule = {},
                             double noise = 0) {
  SpikeDetector detector(rule);
  std::vector<Spike> out;
  for (std::size_t t = 0; t < losses.size(); ++t)
    if (detector.observe(static_cast<std::int64_t>(t), losses[t], noise) == Now::ends)
      out.push_back(detector.last());
  return out;
}

std::vector<double> series(int count, const std::function<double(int)>& loss) {
  std::vector<double> out;
  for (int t = 0; t < count; ++t) out.push_back(loss(t));
  return out;
}

/// Multiplies losses by a triangle of that height in decades: a spike like those of catapults.
void add_spike(std::vector<double>& losses, int begin, int half, double decades) {
  for (int k = 0; k <= 2 * half; ++k)
    losses.at(static_cast<std::size_t>(begin + k)) *=
        std::pow(10, decades * (1 - std::abs(k - half) / static_cast<double>(half)));
}

}  // namespace

TEST_CASE("the median is the middle, or the mean of the two in the middle") {
  CHECK(median({3}) == 3);
  CHECK(median({5, 1, 4}) == 4);
  CHECK(median({5, 1, 4, 2}) == 3);
}

TEST_CASE("a loss that only decreases has no spike, however fast") {
  for (const double rate : {0.999, 0.9, 0.5, 0.1})
    CHECK(spikes_of(series(300, [&](int t) { return std::pow(rate, t) + 1e-9; })).empty());
}

TEST_CASE("each rise over the threshold that falls back is one spike, with its place and height") {
  std::vector<double> losses = series(200, [](int t) { return std::exp(-0.02 * t); });
  add_spike(losses, 30, 6, 2);
  add_spike(losses, 90, 4, 1.2);
  add_spike(losses, 150, 5, 3);
  const auto spikes = spikes_of(losses);
  REQUIRE(spikes.size() == 3);
  const std::vector<std::int64_t> peaks{36, 94, 155};
  for (std::size_t k = 0; k < 3; ++k) {
    const Spike& s = spikes[k];
    CHECK(s.peak == peaks[k]);
    CHECK(s.highest == losses[static_cast<std::size_t>(s.peak)]);
    CHECK(s.begin > peaks[k] - 7);
    CHECK(s.begin <= s.peak);
    CHECK(s.end > s.peak);
    CHECK(s.end <= peaks[k] + 7);
    CHECK(losses[static_cast<std::size_t>(s.begin)] > 3 * s.baseline);
    CHECK(losses[static_cast<std::size_t>(s.end)] <= std::sqrt(3) * s.baseline);
  }
}

TEST_CASE("a spike from the first step on is found, also when it rises slowly") {
  // gradient descent above the critical step multiplies the top loss by (1 - eta lambda)² a step
  for (const double eta_lambda : {2.1, 2.5, 3.5}) {
    const double growth = std::pow(1 - eta_lambda, 2);
    std::vector<double> losses;
    double loss = 1;
    for (; loss < 1000; loss *= growth) losses.push_back(loss);
    for (; loss > 0.1; loss /= 2) losses.push_back(loss);
    const auto spikes = spikes_of(losses);
    CAPTURE(eta_lambda);
    REQUIRE(spikes.size() == 1);
    CHECK(spikes[0].highest > 400);
  }
}

TEST_CASE("the noise of small batches is no spike, and a spike above it is, also an early one") {
  std::mt19937_64 random(11);
  std::chi_squared_distribution<double> batch(5);  // a batch of five squares
  const double noise = noise_of_squares(5);
  SpikeRule naive;
  naive.deviations = 0;
  int found = 0, found_by_factor = 0, missed = 0;
  for (int run = 0; run < 200; ++run) {
    std::vector<double> losses =
        series(500, [&](int t) { return std::exp(-0.01 * t) * batch(random) / 5; });
    found += static_cast<int>(spikes_of(losses, {}, noise).size());
    found_by_factor += static_cast<int>(spikes_of(losses, naive).size());
    for (const int begin : {4, 250}) {
      add_spike(losses, begin, 8, 3.5);
      const auto spikes = spikes_of(losses, {}, noise);
      missed += std::none_of(spikes.begin(), spikes.end(), [&](const Spike& s) {
        return s.begin <= begin + 8 && s.end > begin + 8;
      });
    }
  }
  // in 100,000 losses, 2 % of which are above three times their median: 1 and 2,231
  CHECK(found < 10);
  CHECK(found_by_factor > 1500);
  // of 400 spikes by factors up to 3,000: 6
  CHECK(missed < 16);
}

TEST_CASE("a rise that does not fall back is open, and past its limit a new level") {
  const auto step_up = [](int t) { return t < 50 ? 1.0 : 10.0; };
  CHECK(spikes_of(series(100, step_up)).empty());
  SpikeRule rule;
  rule.longest = 30;
  std::vector<double> losses = series(200, step_up);
  add_spike(losses, 120, 4, 1);
  const auto spikes = spikes_of(losses, rule);
  REQUIRE(spikes.size() == 1);
  CHECK(spikes[0].baseline == 10);
  CHECK(spikes[0].peak == 124);
}

TEST_CASE("losses below the floor are all alike, and those that are not finite are spikes") {
  const auto rounding = [](int t) { return t == 50 ? 1e-20 : 1e-30; };
  SpikeRule rule;
  CHECK_FALSE(spikes_of(series(100, rounding), rule).empty());
  rule.floor = 1e-12;
  CHECK(spikes_of(series(100, rounding), rule).empty());
  std::vector<double> losses(60, 1.0);
  losses[30] = std::nan("");
  const auto spikes = spikes_of(losses);
  REQUIRE(spikes.size() == 1);
  CHECK(spikes[0].begin == 30);
  CHECK(std::isinf(spikes[0].highest));
}

TEST_CASE("a detector goes on from its tables as if it had not stopped") {
  std::vector<double> losses = series(120, [](int t) { return std::exp(-0.02 * t); });
  add_spike(losses, 40, 10, 2);
  add_spike(losses, 90, 5, 1);
  for (const int stop : {1, 45, 60, 93}) {
    SpikeDetector first{SpikeRule{}}, second{SpikeRule{}}, whole{SpikeRule{}};
    for (int t = 0; t < 120; ++t) {
      if (t == stop) {
        second.quiet() = first.quiet();
        second.rise() = first.rise();
      }
      const double loss = losses[static_cast<std::size_t>(t)];
      const Now expected = whole.observe(t, loss);
      const Now got = (t < stop ? first : second).observe(t, loss);
      CHECK(got == expected);
      if (got == Now::ends) CHECK((t < stop ? first : second).last().peak == whole.last().peak);
    }
  }
}

TEST_CASE("a loss is split by projection, and a small rest keeps its digits") {
  // two orthonormal directions of four
  Table v(4, 2);
  v(0, 0) = 0.6;
  v(1, 0) = 0.8;
  v(2, 1) = 1;
  const std::vector<double> r{3e8 + 0.8e-3, 4e8 - 0.6e-3, 2, 5e-4};
  const LossSplit split = split_loss(v, r, 0.5);
  CHECK(split.top == Approx(0.25 * (2.5e17 + 4)));
  // of (0.8, -0.6) 1e-3 rounding of numbers near 4e8 leaves 6e-8
  CHECK(split.rest == Approx(0.25 * (1e-6 + 2.5e-7)).epsilon(1e-3));
  double norm = 0;
  for (const double x : r) norm += x * x;
  CHECK(split.whole() == Approx(0.25 * norm));
}

TEST_CASE("shares of a rise tell the top space from the rest") {
  const Rise rise{{1, 2}, {100, 2.5}, 3};
  const RiseShares shares = shares_of(rise);
  CHECK(shares.top == Approx(99 / 99.5));
  CHECK(shares.rest == Approx(1 / 99.5));
  CHECK(std::isnan(shares_of({{1, 2}, {1, 1}, 2}).top));
  CHECK(std::isnan(shares_of({{std::nan(""), 2}, {1, 1}, 2}).top));
}

TEST_CASE("step ratios remember the last few steps and count all") {
  StepRatios ratios(3);
  CHECK_FALSE(ratios.largest().has_value());
  CHECK(ratios.share_above_1() == 0);
  for (const double r : {1.5, 0.5, 0.7, 0.9}) ratios.observe(r);
  CHECK(*ratios.largest() == 0.9);
  CHECK(ratios.share_above_1() == 0.25);
}
