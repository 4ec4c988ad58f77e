// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/operation.hpp"
#include "conformance/specimen.hpp"

#include <cstdint>

namespace onager::host::conformance {

/// A model that was prepared for a small problem, its calls as functions of tables. Directions that
/// are nullptr are 0.
class ModelFunction {
 public:
  static constexpr std::int64_t samples = 6;

  /// Ends the check when the model takes none of the shapes that are tried.
  explicit ModelFunction(const Specimen& specimen);
  ModelFunction(const ModelFunction&) = delete;
  ModelFunction& operator=(const ModelFunction&) = delete;

  std::int64_t features() const { return features_; }
  std::int64_t outputs() const { return outputs_; }
  std::int64_t parameters() const { return parameters_; }
  bool has_tangent() const { return tangent_ != nullptr; }
  bool has_tangent_kernel() const { return kernel_ != nullptr; }
  /// Whether it gives derivatives by its inputs; whether second derivatives along them.
  bool has_input_derivative() const { return input_derivative_; }
  bool has_input_curvature() const { return input_curvature_; }

  Table initial() const;
  /// Parameters near the initial ones, and samples, where derivatives are compared.
  Table some_parameters() const;
  Table some_samples() const;

  Operation forward(const Table& w, const Table& x) const;
  /// f, and of w_out and x_out the one that is asked for.
  Operation vjp_parameters(const Table& w, const Table& x, const Table& v) const;
  Operation vjp_inputs(const Table& w, const Table& x, const Table& v) const;
  Operation jvp(const Table& w, const Table& x, const Table* u, const Table* s) const;
  Operation hvp_parameters(const Table& w, const Table& x, const Table& v, const Table* u,
                           const Table* s) const;
  Operation hvp_inputs(const Table& w, const Table& x, const Table& v, const Table* u,
                       const Table* s) const;
  Operation second(const Table& w, const Table& x, const Table* u, const Table* s) const;
  Operation tangent_kernel(const Table& w, const Table& x, const Table* z) const;

  const onager_model& table() const { return *model_; }
  void* instance() const { return specimen_.get(); }

 private:
  bool prepare(std::int64_t features, std::int64_t outputs);
  bool answers(const Operation& operation) const;
  Operation directional(const char* call, const Table& w, const Table& x, const Table* v,
                        const Table* u, const Table* s) const;

  const Specimen& specimen_;
  const onager_model* model_;
  const onager_model_tangent* tangent_;
  const onager_model_tangent_kernel* kernel_;
  std::int64_t features_ = 0, outputs_ = 0, parameters_ = 0;
  bool input_derivative_ = false, input_curvature_ = false;
};

}  // namespace onager::host::conformance
