// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/call_room.hpp"

#include <onager/abi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onager::host {

/// A rectangle of the kernel matrix to evaluate: x (m rows) against z (n rows), both with d columns
/// and no gaps, and the squared norms of the rows.
template <class T>
struct TileInput {
  const T* x;
  const T* z;
  std::int64_t m, n, d;
  const T* x_norms;
  const T* z_norms;
};

/// Where the results of a tile go; a null pointer is not wanted. m x n with leading dimension `ld`.
///
/// The gradient of k(x_i, z_j) with respect to x_i is  towards_z(i,j) z_j + towards_x(i,j) x_i,
/// plus block_weights[b](i,j) times the gradient of the b-th block kernel.
template <class T>
struct TileOutput {
  T* k = nullptr;
  T* towards_z = nullptr;
  T* towards_x = nullptr;
  std::int64_t ld = 0;
  std::vector<T*> block_weights;
};

/// A kernel as the host computes it: a tree whose leaves are profiles of distances or of inner
/// products, or kernels that need the data, and whose inner nodes combine values point by point.
/// One gemm a tile serves all profiles; everything after it is elementwise and in cache.
///
/// Squared distances come from |x|² + |z|² - 2<x, z>; where that cancels (r² below a threshold
/// times |x|² + |z|²) they are summed directly, so that coincident points have r² exactly 0 and the
/// relative error of r² stays below 1e-9 (float64) and 3e-4 (float32) everywhere.
class KernelExpression {
 public:
  /// Runs one tile's calls into plugins and throws when their status is not ONAGER_OK.
  using Guard = std::function<void(const std::function<onager_status()>&)>;

  /// `rooms`: where calls into the kernel cost more than it saves to make them row by row, while
  /// the row is in the fastest cache; they are then made for a whole tile. Throws Error(plugin)
  /// when a component offers none of the kernel interfaces.
  KernelExpression(const onager_child& root, Guard guard, CallRooms rooms = nullptr);
  ~KernelExpression();
  KernelExpression(KernelExpression&&) noexcept;

  /// Whether every node gives derivatives; else the first that does not.
  bool differentiable() const;
  std::string first_without_derivative() const;
  /// Only profiles of distances: the samples may be shifted by any vector.
  bool translation_invariant() const;
  /// Kernels that need the data, in the order of TileOutput::block_weights.
  std::size_t block_kernels() const;

  /// Scratch memory of one thread.
  template <class T>
  class Workspace;

  template <class T>
  void evaluate(const TileInput<T>& in, const TileOutput<T>& out, Workspace<T>& workspace) const;

  /// out (m x d) <- sum_j weights(i,j) grad_1 k_b(x_i, z_j) for the b-th block kernel.
  template <class T>
  void block_gradient(std::size_t b, const TileInput<T>& in, const T* weights, T* out) const;

  struct Node;

 private:
  std::unique_ptr<Node> root_;
  std::vector<const Node*> nodes_;   // root first, children after parents
  std::vector<const Node*> blocks_;  // the leaves that need the data
  Guard guard_;
  CallRooms rooms_;  // empty: calls are cheap
};

template <class T>
class KernelExpression::Workspace {
 public:
  struct NodeRows {
    CallNumbers<T> value, slope, slope_a;
    std::vector<T> weight, tile;
    std::vector<const T*> child_values;  // of a composite
    std::vector<T*> child_weights;
  };
  std::unique_ptr<CallRoom> room;
  std::vector<T> products, row;
  CallNumbers<T> r2, norm, z_norms, k;
  std::vector<T> towards_z, towards_x;  // dense, of several rows
  std::vector<std::vector<T>> block_weights;
  std::vector<double> convert;
  std::vector<NodeRows> rows;
};

}  // namespace onager::host
