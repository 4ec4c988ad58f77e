// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/threads.hpp"
#include "linalg/blas.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace onager::host {

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Works and the calls they are compared to, timed in turns: each once in every time_once(), so
/// that all meet the same machine. The fastest of each counts.
class TimedInTurns {
 public:
  /// `run` returns seconds. Returns an index for seconds().
  std::size_t add(std::function<double()> run) {
    works_.push_back({std::move(run)});
    return works_.size() - 1;
  }
  template <class Work>
  std::size_t time(Work work) {
    return add([work = std::move(work)]() mutable { return seconds_of(work); });
  }

  void time_once() {
    for (auto& work : works_) work.best = std::min(work.best, work.run());
  }
  /// Runs everything once unmeasured, so that no first touch of memory is counted, and then
  /// `repeat` times.
  void time_all(int repeat) {
    for (auto& work : works_) work.run();
    for (int i = 0; i < repeat; ++i) time_once();
  }
  double seconds(std::size_t work) const { return works_[work].best; }
  double seconds(const std::vector<std::size_t>& list) const {
    double sum = 0;
    for (const auto work : list) sum += seconds(work);
    return sum;
  }

 private:
  struct Work {
    std::function<double()> run;
    double best = std::numeric_limits<double>::infinity();
  };
  std::vector<Work> works_;
};

/// count numbers in (-1/2, 1/2), written to once.
template <class T>
std::shared_ptr<Numbers<T>> bench_numbers(std::int64_t count) {
  auto numbers = std::make_shared<Numbers<T>>(count);
  std::uint32_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    numbers->data()[i] = static_cast<T>(state >> 8) / T(1 << 24) - T(0.5);
  }
  return numbers;
}

/// Single calls of BLAS and LAPACK, and passes over memory, on buffers of their own.
template <class T>
class BenchParts : public TimedInTurns {
 public:
  /// c (m x n) <- a (m x k) b (k x n), or b transposed (n x k) as for a kernel block.
  std::size_t gemm(std::int64_t m, std::int64_t n, std::int64_t k, bool transpose_b) {
    return time(
        [=, a = bench_numbers<T>(m * k), b = bench_numbers<T>(k * n), c = bench_numbers<T>(m * n)] {
          blas::gemm<T>(false, transpose_b, m, n, k, T(1), a->data(), k, b->data(),
                        transpose_b ? k : n, T(0), c->data(), n);
        });
  }

  std::size_t syrk(std::int64_t n, std::int64_t k) {
    return time([=, a = bench_numbers<T>(n * k), c = bench_numbers<T>(n * n)] {
      blas::syrk_lower<T>(n, k, T(1), a->data(), n, T(0), c->data(), n);
    });
  }

  std::size_t potrf(std::int64_t n) {
    // away from powers of two, so that rows do not share cache sets
    const std::int64_t ld = n + 8;
    return add([=, source = bench_numbers<T>(n * ld), a = bench_numbers<T>(n * ld)] {
      std::memcpy(a->data(), source->data(), static_cast<std::size_t>(n * ld) * sizeof(T));
      for (std::int64_t i = 0; i < n; ++i) a->data()[i * ld + i] = static_cast<T>(n);
      return seconds_of([&] {
        if (blas::potrf_lower<T>(n, a->data(), ld) != 0)
          throw Error(Category::numerical, "the benchmark's own matrix did not factor");
      });
    });
  }

  /// Writes count numbers that the caches cannot hold.
  std::size_t fill(ThreadPool& threads, std::int64_t count) {
    return time([=, &threads, to = bench_numbers<T>(count)] {
      in_stripes(threads, count, [&](std::int64_t first, std::int64_t size) {
        std::fill_n(to->data() + first, size, T(1));
      });
    });
  }

  std::size_t copy(ThreadPool& threads, std::int64_t count) {
    return time([=, &threads, from = bench_numbers<T>(count), to = bench_numbers<T>(count)] {
      in_stripes(threads, count, [&](std::int64_t first, std::int64_t size) {
        std::copy_n(from->data() + first, size, to->data() + first);
      });
    });
  }

 private:
  template <class Work>
  static void in_stripes(ThreadPool& threads, std::int64_t count, Work&& work) {
    constexpr std::int64_t stripe = 1 << 18;
    threads.run((count + stripe - 1) / stripe, [&](std::int64_t task, int) {
      work(task * stripe, std::min(stripe, count - task * stripe));
    });
  }
};

}  // namespace onager::host
