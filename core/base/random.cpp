// SPDX-License-Identifier: MIT
#include "base/random.hpp"

#include "base/fnv.hpp"

#include <cmath>
#include <numeric>
#include <utility>

namespace onager::host {

PhiloxBlock philox(PhiloxBlock c, std::uint32_t k0, std::uint32_t k1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * c.words[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * c.words[2];
    c = {{static_cast<std::uint32_t>(b >> 32) ^ c.words[1] ^ k0, static_cast<std::uint32_t>(b),
          static_cast<std::uint32_t>(a >> 32) ^ c.words[3] ^ k1, static_cast<std::uint32_t>(a)}};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

namespace {

// Two 64-bit numbers of one block; the counter is (index, stream).
std::pair<std::uint64_t, std::uint64_t> pair_at(std::uint64_t key, std::uint64_t stream,
                                                std::uint64_t index) {
  const PhiloxBlock b =
      philox({{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
               static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)}},
             static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32));
  return {std::uint64_t{b.words[1]} << 32 | b.words[0],
          std::uint64_t{b.words[3]} << 32 | b.words[2]};
}

std::uint64_t at(std::uint64_t key, std::uint64_t stream, std::uint64_t i) {
  const auto [first, second] = pair_at(key, stream, i / 2);
  return i % 2 == 0 ? first : second;
}

constexpr double two_to_minus_53 = 1.0 / 9007199254740992.0;

}  // namespace

RandomStreams::RandomStreams(std::uint64_t seed, std::string_view name) {
  // the finaliser of splitmix64 over both
  std::uint64_t z = fnv1a(name) + (seed + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  key_ = z ^ (z >> 31);
}

void RandomStreams::bits(std::uint64_t stream, std::uint64_t offset, std::int64_t count,
                         std::uint64_t* out) const {
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = at(key_, stream, offset + static_cast<std::uint64_t>(i));
}

void RandomStreams::uniform(std::uint64_t stream, std::uint64_t offset, std::int64_t count,
                            double* out) const {
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = static_cast<double>(at(key_, stream, offset + static_cast<std::uint64_t>(i)) >> 11) *
             two_to_minus_53;
}

void RandomStreams::normal(std::uint64_t stream, std::uint64_t offset, std::int64_t count,
                           double* out) const {
  constexpr double two_pi = 6.283185307179586476925;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t index = offset + static_cast<std::uint64_t>(i);
    const auto [first, second] = pair_at(key_, stream, index / 2);
    const double radius_source = (static_cast<double>(first >> 11) + 1.0) * two_to_minus_53;
    const double angle = two_pi * static_cast<double>(second >> 11) * two_to_minus_53;
    const double radius = std::sqrt(-2.0 * std::log(radius_source));
    out[i] = radius * (index % 2 == 0 ? std::cos(angle) : std::sin(angle));
  }
}

void RandomStreams::permutation(std::uint64_t stream, std::int64_t count, std::int64_t* out) const {
  std::iota(out, out + count, std::int64_t{0});
  std::uint64_t counter = 0;
  for (std::int64_t i = count - 1; i > 0; --i) {
    const auto range = static_cast<std::uint64_t>(i) + 1;
    const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % range;
    std::uint64_t draw;
    do draw = at(key_, stream, counter++);
    while (draw >= limit);
    std::swap(out[i], out[static_cast<std::int64_t>(draw % range)]);
  }
}

}  // namespace onager::host
