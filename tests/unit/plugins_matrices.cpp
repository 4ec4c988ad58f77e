// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/alignment.hpp"
#include "../../plugins/diagnostics/circulant_deviation/circulant.hpp"

#include <numeric>
#include <random>

using onager::Table;
using namespace onager::plugins;

namespace {

constexpr std::int64_t q = 31;

std::vector<std::int64_t> natural() {
  std::vector<std::int64_t> order(q);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

Table random_block(std::int64_t rows, std::int64_t cols, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Table t(rows, cols);
  for (double& v : t.values) v = normal(random);
  return t;
}

Table symmetric(std::int64_t d, std::uint64_t seed) {
  Table t = random_block(d, d, seed);
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < i; ++j) t(i, j) = t(j, i);
  return t;
}

double align(Table a, Table b) { return alignment(a.view().array(), b.view().array()).value(); }

}  // namespace

TEST_CASE("a circulant deviates by nothing along its lines") {
  const auto line = random_block(q, 1, 1);
  Table diagonals(q, q), anti(q, q);
  for (std::int64_t i = 0; i < q; ++i)
    for (std::int64_t j = 0; j < q; ++j) {
      diagonals(i, j) = line((j - i + q) % q, 0);
      anti(i, j) = line((i + j) % q, 0);
    }
  CHECK(*circulant_deviation(diagonals, WrappedLines::diagonals) < 1e-28);
  CHECK(*circulant_deviation(anti, WrappedLines::anti_diagonals) < 1e-28);
  // along the wrong lines only the mean is constant
  CHECK(*circulant_deviation(diagonals, WrappedLines::anti_diagonals) > 0.5);
  CHECK(*circulant_deviation(anti, WrappedLines::diagonals) > 0.5);
}

TEST_CASE("a random block deviates by nearly one") {
  // on average 1 - 1/q of the norm is off the line means
  const auto block = random_block(q, q, 2);
  for (const auto lines : {WrappedLines::diagonals, WrappedLines::anti_diagonals})
    CHECK(*circulant_deviation(block, lines) == Approx(1 - 1.0 / q).margin(0.03));
}

TEST_CASE("circulant deviation reads rows and columns in the order given") {
  std::vector<std::int64_t> order = natural();
  std::shuffle(order.begin(), order.end(), std::mt19937_64(3));
  order.pop_back();  // one feature left out
  const auto count = static_cast<std::int64_t>(order.size());
  Table block = random_block(q, q, 4);
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t j = 0; j < count; ++j)
      block(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]) =
          static_cast<double>((j - i + count) % count);
  CHECK(*circulant_deviation(reordered(block, order), WrappedLines::diagonals) < 1e-28);
  CHECK(*circulant_deviation(block, WrappedLines::diagonals) > 0.1);
}

TEST_CASE("circulant deviation does not change with scale and has no value for zeros") {
  Table block = random_block(q, q, 5);
  const double before = *circulant_deviation(block, WrappedLines::diagonals);
  for (double& v : block.values) v *= -7;
  CHECK(*circulant_deviation(block, WrappedLines::diagonals) == Approx(before));
  CHECK_FALSE(circulant_deviation(Table(q, q), WrappedLines::diagonals).has_value());
}

TEST_CASE("circulant deviation of a two by two block by hand") {
  Table block(2, 2);
  block.values = {1, 2, 4, 3};  // diagonals (1, 3) and (2, 4), both of variance sum 2; norm² 30
  CHECK(*circulant_deviation(block, WrappedLines::diagonals) == Approx(4.0 / 30));
}

TEST_CASE("alignment is the cosine of all entries") {
  const Table a = symmetric(4, 6), b = symmetric(4, 7);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    ab += a.values[i] * b.values[i];
    aa += a.values[i] * a.values[i];
    bb += b.values[i] * b.values[i];
  }
  CHECK(align(a, b) == Approx(ab / std::sqrt(aa * bb)));
  CHECK(align(a, a) == Approx(1));
}

TEST_CASE("a diagonal is compared with the diagonal of a matrix") {
  const Table a = symmetric(4, 8);
  Table d(4, 1);
  for (std::int64_t i = 0; i < 4; ++i) d(i, 0) = a(i, i);
  CHECK(align(d, a) == Approx(1));
  CHECK(align(a, d) == Approx(1));
  CHECK(align(d, d) == Approx(1));
}

TEST_CASE("alignment with zeros has no value and other sizes are refused") {
  Table zero(4, 4), a = symmetric(4, 9), b = symmetric(3, 9);
  CHECK_FALSE(alignment(zero.view().array(), a.view().array()).has_value());
  CHECK_THROWS_WITH(alignment(a.view().array(), b.view().array()),
                    ContainsSubstring("4 features") && ContainsSubstring("reference of 3"));
}
