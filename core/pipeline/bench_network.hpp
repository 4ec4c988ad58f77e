// SPDX-License-Identifier: MIT
//
// What a network costs beside the matrix products of its layers, and its tangent kernel beside the
// Jacobian, measured in the same minute as in bench.hpp.
#pragma once

#include "config/plan.hpp"

#include <cstdint>
#include <string>

namespace onager::host {

/// Samples, features, outputs and parameters of a network pipeline.
struct NetworkShape {
  std::int64_t samples = 0, features = 0, outputs = 0, parameters = 0;
};

/// A step of gradient descent over all training samples.
struct StepCost {
  NetworkShape shape;
  double seconds = 0;
  double gemms = 0;       // the matrix products of each layer: values, weights and inputs
  double gemm_rate = 0;   // GFLOP/s of them
  std::string part_list;  // their shapes
  double ratio() const { return seconds / gemms; }
};

/// The tangent kernel of the training samples at the initial parameters, both ways.
struct TangentKernelCost {
  NetworkShape shape;
  double seconds = 0;   // by the model's own tangent kernel
  double jacobian = 0;  // vjps of single samples, and one syrk of what they fill
  /// Bytes that the process held at most while it computed the kernel, beyond those held before.
  double bytes = 0;
  double jacobian_bytes = 0;  // of the Jacobian: outputs x samples x parameters numbers
  double difference = 0;      // |K - J J'|_F / |J J'|_F
  double speedup() const { return jacobian / seconds; }
};

/// Both throw Error(config) for a pipeline without a [model].
StepCost bench_step(const Plan& plan, int threads, int repeat);
TangentKernelCost bench_tangent_kernel(const Plan& plan, int threads, int repeat);

}  // namespace onager::host
