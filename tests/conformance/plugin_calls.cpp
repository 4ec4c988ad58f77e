// SPDX-License-Identifier: MIT
//
// How often a kernel block calls into a plugin: the cost of the C ABI that does not depend on the
// machine.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/kernel_matrix.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

using namespace onager;

namespace {

std::atomic<std::int64_t> calls{0}, points{0};

template <class T>
onager_status counted(const void*, std::int64_t count, const T* r2, T* k, T*) {
  ++calls;
  points += count;
  std::copy(r2, r2 + count, k);
  return ONAGER_OK;
}

const void* interface_of_counter(void*, const char* id) {
  static const onager_radial_kernel table{sizeof table, 0, counted<double>, counted<float>};
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &table : nullptr;
}

}  // namespace

TEMPLATE_TEST_CASE("a kernel block is one call into the plugin for a row of 512 points", "", double,
                   float) {
  using T = TestType;
  onager_component counter{};
  counter.struct_size = sizeof counter;
  counter.kind = "kernel";
  counter.id = "counter";
  counter.interface = interface_of_counter;
  const host::KernelExpression expression(
      {sizeof(onager_child), 0, &counter, nullptr},
      [](const std::function<onager_status()>& work) { REQUIRE(work() == ONAGER_OK); });
  host::ThreadPool threads(2);
  const host::KernelMatrix matrix(expression, threads);
  const auto samples = [](arma::uword n, unsigned seed) {
    return host::kernel_samples<T>(
        arma::conv_to<arma::Mat<T>>::from(test::normal_numbers(6, n, seed)), {});
  };
  const auto x = samples(300, 1), z = samples(1100, 2);
  std::vector<T> out(300 * 1100);

  calls = points = 0;
  matrix.fill(x, z, out.data(), 1100);
  CHECK(calls == 300 * 3);  // 512 + 512 + 76 columns
  CHECK(points == 300 * 1100);

  // of the symmetric matrix no more than a tile's rows beyond half
  calls = points = 0;
  matrix.fill_symmetric(x, host::KernelMatrix::Part::full, out.data(), 300);
  CHECK(calls == 300);
  CHECK(points <= 300 * 300 / 2 + 300 * 128 / 2 + 300);
}
