// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/operation.hpp"
#include "conformance/specimen.hpp"

#include <memory>
#include <vector>

namespace onager::host::conformance {

/// A kernel in whichever of the four forms it comes, seen as a function of a few numbers a pair (a
/// profile) or of the pair's samples (a block).
class KernelFunction {
 public:
  enum class Form { none, radial, dot, composite, block };

  /// The kernel of a specimen. Its form is the first that the host would use.
  explicit KernelFunction(const Specimen& specimen);
  ~KernelFunction();
  KernelFunction(KernelFunction&&) noexcept;

  Form form() const { return form_; }
  /// Whether it offers a block too; then `block_values` are its values by that.
  bool has_block() const { return block_ != nullptr; }
  bool has_single() const;
  bool has_derivative() const { return derivative_; }

  /// k(x_i, z_j) for the rows of x and z, in float64, each pair by itself: distances are summed
  /// directly.
  Table values(const Table& x, const Table& z) const;
  Table block_values(const Table& x, const Table& z) const;

  // ---- profiles: radial, dot, composite

  /// "r2"; "s", "a", "b"; or "value_1", ..
  std::vector<std::string> argument_names() const;
  /// "slope"; "slope_s", "slope_a"; or "slope_1", ..
  std::vector<std::string> slope_names() const;
  /// The arguments at the pairs (x_i, z_i) of rows, one row a pair.
  Table arguments(const Table& x, const Table& z) const;
  enum class Outputs { value, slopes, both };
  /// The evaluation at some arguments (one row a pair) as an operation.
  Operation evaluation(const Table& arguments, Outputs outputs) const;
  /// The raw call: arrays of `count` numbers in the precision of dtype; k and slopes may be null.
  onager_status evaluate(onager_dtype dtype, std::int64_t count, const void* const* arguments,
                         void* k, void* const* slopes) const;

  // ---- blocks

  Operation block(const Table& x, const Table& z) const;
  Operation gradient(const Table& x, const Table& z, const Table& weights) const;

 private:
  KernelFunction(Trial& trial, const onager_child& kernel);
  template <class T>
  onager_status evaluate_as(std::int64_t count, const void* const* arguments, void* k,
                            void* const* slopes) const;
  void ask_for_derivative();

  Trial* trial_;
  onager_child kernel_;
  Form form_ = Form::none;
  const onager_radial_kernel* radial_ = nullptr;
  const onager_dot_kernel* dot_ = nullptr;
  const onager_composite_kernel* composite_ = nullptr;
  const onager_block_kernel* block_ = nullptr;
  std::vector<KernelFunction> children_;
  bool derivative_ = false;
};

}  // namespace onager::host::conformance
