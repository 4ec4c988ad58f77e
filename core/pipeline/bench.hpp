// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onager::host {

/// A phase of a round beside the BLAS and LAPACK calls it cannot do without, both in seconds.
struct PhaseCost {
  std::string phase;
  double seconds = 0;
  double parts = 0;       // the calls of the same shapes, timed alone in this process
  std::string part_list;  // what they are
};

struct BenchResult {
  std::int64_t samples = 0, test_samples = 0, features = 0, outputs = 0;
  double gemm_rate = 0, potrf_rate = 0;  // GFLOP/s of the parts
  std::vector<PhaseCost> phases;
  double round = 0, parts = 0;
  double ratio() const { return round / parts; }
};

/// Times rounds 1 to `repeat` of a pipeline with an exact solver, keeping the fastest of each
/// phase, and the parts by themselves: one potrf, and the gemms and syrk of the kernel blocks,
/// predictions and gradients. Nothing is written. Elementwise passes, memory and everything else
/// are overhead.
BenchResult bench_round(const Plan& plan, int threads, int repeat);

}  // namespace onager::host
