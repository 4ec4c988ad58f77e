// SPDX-License-Identifier: MIT
//
// The stages of a small round, one after the other, for guard.sh: prints a line a stage with the
// bytes it asked malloc for and the calls it made into the kernel's plugin, and has callgrind dump
// its instructions. One thread and fixed samples, so that all three are the same in every run.
#include "inputs.hpp"

#include "linalg/outer_product.hpp"

#include <valgrind/callgrind.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

std::atomic<std::uint64_t> bytes{0};

}  // namespace

// The allocator of the whole process with a counter before it; glibc keeps its own under these
// names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  bytes += size;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  bytes += count * size;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  bytes += size;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  bytes += size;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  bytes += size;
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}
}

namespace {

using namespace onager;

constexpr std::int64_t n = 512, d = 64;

std::uint64_t calls = 0;
const onager_radial_kernel* counted = nullptr;
const void* counted_instance = nullptr;

onager_status evaluate_f64(const void*, std::int64_t count, const double* r2, double* k,
                           double* slope) {
  ++calls;
  return counted->evaluate_f64(counted_instance, count, r2, k, slope);
}
onager_status evaluate_f32(const void*, std::int64_t count, const float* r2, float* k,
                           float* slope) {
  ++calls;
  return counted->evaluate_f32(counted_instance, count, r2, k, slope);
}
const void* interface_of_counter(void*, const char* id) {
  static const onager_radial_kernel table{sizeof table, 0, evaluate_f64, evaluate_f32};
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &table : nullptr;
}

template <class Work>
void stage(const std::string& name, Work&& work) {
  work();  // scratch memory and lazy binding are not the stage's
  calls = 0;
  bytes = 0;
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  work();
  CALLGRIND_STOP_INSTRUMENTATION;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
  const std::uint64_t asked = bytes, made = calls;
  std::printf("%s %llu %llu\n", name.c_str(), static_cast<unsigned long long>(asked),
              static_cast<unsigned long long>(made));
}

template <class T>
void stages(const host::KernelMatrix& matrix) {
  const std::string end = std::string("_") + bench::precision<T>();
  const auto x = bench::samples<T>(n, d, 1), z = bench::samples<T>(n, d, 2);
  auto k = bench::touched<T>(n * n);
  stage("block" + end, [&] { matrix.fill(x, z, k.data(), n); });
  stage("symmetric" + end,
        [&] { matrix.fill_symmetric(x, host::KernelMatrix::Part::full, k.data(), n); });
  for (const std::int64_t c : {1, 10}) {
    const arma::Mat<T> alpha = bench::samples<T>(n, c, 3).columns;
    const std::string outputs = "_" + std::to_string(c) + "_outputs" + end;
    stage("predict" + outputs, [&] { matrix.product(x, z, alpha); });
    stage("outer_product" + outputs, [&] {
      const host::PredictorGradient<T> gradient(matrix, x, x, alpha);
      host::average_gradient_outer_product<T>(gradient, host::OuterProduct::full,
                                              host::Centering::mean, {});
    });
  }
}

}  // namespace

int main() {
  // the instructions of a vector loop depend on its width, and valgrind knows none beyond AVX2
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 77;
  const auto kernel = test::kernel_of("use = 'laplace'");
  counted = kernel.instance->interface<onager_radial_kernel>(ONAGER_KERNEL_RADIAL);
  counted_instance = kernel.instance->get();
  onager_component counter{};
  counter.struct_size = sizeof counter;
  counter.kind = "kernel";
  counter.id = "counter";
  counter.interface = interface_of_counter;
  const host::KernelExpression expression(
      {sizeof(onager_child), 0, &counter, nullptr},
      [&](const std::function<onager_status()>& work) { kernel.instance->call("evaluate", work); });
  host::ThreadPool threads(1);
  const host::KernelMatrix matrix(expression, threads);
  stages<double>(matrix);
  stages<float>(matrix);
}
