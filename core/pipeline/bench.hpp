// SPDX-License-Identifier: MIT
//
// What a run costs beside what this machine's BLAS and memory allow, measured in the same minute.
// Nothing is written. Parts and stages run in turns and the fastest of each counts.
#pragma once

#include "config/plan.hpp"

#include <algorithm>
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
/// predictions and gradients. Elementwise passes, memory and everything else are overhead.
BenchResult bench_round(const Plan& plan, int threads, int repeat);

/// What the machine can do at most, with all threads.
struct MachineLimits {
  double gemm_rate = 0, potrf_rate = 0;  // GFLOP/s, of the block's gemm and of order n <= 4096
  double fill_rate = 0, copy_rate = 0;   // GB/s written, and read and written, in 256 MiB arrays
};

/// A kernel matrix of n samples against n others, in memory that was written to before.
struct BlockCost {
  std::string kernel;
  double seconds = 0;
  double gemm = 0;    // seconds of the matrix product of the same shape
  double memory = 0;  // seconds of writing n² numbers once
  double ratio() const { return seconds / std::max(gemm, memory); }
};

struct BlockBench {
  Precision precision = Precision::float64;
  std::int64_t samples = 0, features = 0;
  MachineLimits limits;
  std::vector<BlockCost> blocks;
};

/// Times the kernel block of each kernel: n x n with d features.
BlockBench bench_blocks(const std::vector<ComponentPlan>& kernels, Precision precision,
                        std::int64_t samples, std::int64_t features, int threads, int repeat);

/// The pipeline's kernel, and with their defaults all registered kernels that need no parameter.
std::vector<ComponentPlan> kernels_to_time(const Plan& plan, const Registry& registry);

/// Samples, features and outputs of a predictor.
struct PredictorShape {
  std::int64_t samples = 0, features = 0, outputs = 0;
};

/// The average gradient outer product of a predictor beside the matrix products it is made of.
struct OuterProductCost {
  PredictorShape shape;
  double seconds = 0, parts = 0;
  std::string part_list;
  double ratio() const { return seconds / parts; }
};

/// Times the outer product of a predictor with this kernel. Throws Error(config) when the kernel
/// gives no derivative.
OuterProductCost bench_outer_product(const ComponentPlan& kernel, Precision precision,
                                     PredictorShape shape, int threads, int repeat);

}  // namespace onager::host
