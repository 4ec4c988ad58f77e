// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <cstdint>
#include <functional>

namespace onager::host {

/// A model with all its derivatives: its own functions where it offers them, else
///
///   jvp     (f(w + h u, x + h s) - f(w - h u, x - h s)) / 2h         h = e^(1/3) scale
///   hvp     the same with the vjp in place of f
///   second  (f(w + h u, ..) - 2 f(w, x) + f(w - h u, ..)) / h²       h = e^(1/4) scale
///   tangent kernel   J J', from vjps of single samples, in blocks of rows of J
///
/// with e the precision of the arrays and scale = (1 + |(w, x)|) / |(u, s)| in root mean squares.
/// What each computes is said in the ABI, onager_model_tangent and onager_model_tangent_kernel.
/// Arrays are of one precision with dense rows. Re-entrant where the model is.
class ModelFunctions {
 public:
  /// Runs one call into the model and throws when it fails; `what` names it for messages.
  using Call = std::function<void(const char* what, const std::function<onager_status()>& call)>;

  /// The child's tables; model() is NULL when it offers no onager.model/1.
  ModelFunctions(const onager_child& child, Call call);

  const onager_model* model() const { return model_; }
  bool exact_tangent() const { return tangent_ != nullptr; }
  bool exact_tangent_kernel() const { return kernel_ != nullptr; }

  void forward(const onager_array& w, const onager_array& x, onager_array& out) const;
  /// f is filled; cotangent may be NULL.
  void vjp(const onager_array& w, const onager_array& x, onager_array& f,
           onager_cotangent cotangent, void* argument, const onager_array& v, onager_array* w_out,
           onager_array* x_out) const;
  void jvp(const onager_array& w, const onager_array& x, const onager_array* u,
           const onager_array* s, onager_array& out) const;
  void hvp(const onager_array& w, const onager_array& x, const onager_array& v,
           const onager_array* u, const onager_array* s, onager_array* w_out,
           onager_array* x_out) const;
  void second(const onager_array& w, const onager_array& x, const onager_array* u,
              const onager_array* s, onager_array& out) const;
  void tangent_kernel(const onager_array& w, const onager_array& x, const onager_array* z,
                      onager_array& out) const;
  /// By Jacobians, whatever the model offers: the check of its own.
  void tangent_kernel_by_jacobian(const onager_array& w, const onager_array& x,
                                  const onager_array* z, onager_array& out) const;

 private:
  void* instance_;
  Call call_;
  const onager_model* model_;
  const onager_model_tangent* tangent_;
  const onager_model_tangent_kernel* kernel_;
};

}  // namespace onager::host
