// SPDX-License-Identifier: MIT
//
// Memory of one call into a network, reused within the call.
#pragma once

#include <onager/buffer.hpp>

#include <deque>

namespace onager::plugins::network {

/// Matrices of one call. What is given back serves the next request of about its size, so that a
/// pass over a deep network holds what lives at one time and not one matrix a layer. For the thread
/// that owns the call alone.
template <class T>
class Scratch {
 public:
  explicit Scratch(const Host& host) : host_(host) {}

  /// rows x cols numbers, dense, not initialised.
  Matrix<T> take(std::int64_t rows, std::int64_t cols) {
    const std::int64_t count = rows * cols;
    Block* best = nullptr;
    for (Block& block : blocks_) {
      const bool fits = !block.used && block.count >= count && block.count <= most_waste * count;
      if (fits && (best == nullptr || block.count < best->count)) best = &block;
    }
    if (best == nullptr) best = &blocks_.emplace_back(host_, count);
    best->used = true;
    return {best->memory.data(), rows, cols};
  }

  /// Ends the use of a matrix that take gave.
  void give_back(const Matrix<T>& m) {
    for (Block& block : blocks_)
      if (block.memory.data() == m.data) block.used = false;
  }

  /// A matrix until the end of a scope.
  class Lease {
   public:
    Lease(Scratch& scratch, std::int64_t rows, std::int64_t cols)
        : scratch_(scratch), matrix_(scratch.take(rows, cols)) {}
    ~Lease() { scratch_.give_back(matrix_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    const Matrix<T>& operator*() const { return matrix_; }
    const Matrix<T>* operator->() const { return &matrix_; }

   private:
    Scratch& scratch_;
    Matrix<T> matrix_;
  };

 private:
  static constexpr std::int64_t most_waste = 4;
  struct Block {
    Block(const Host& host, std::int64_t numbers) : memory(host, numbers), count(numbers) {}
    Buffer<T> memory;
    std::int64_t count;
    bool used = false;
  };
  Host host_;
  std::deque<Block> blocks_;
};

}  // namespace onager::plugins::network
