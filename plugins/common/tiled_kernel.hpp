// SPDX-License-Identifier: MIT
//
// Products with a kernel matrix that is kept as far as memory allows.
#pragma once

#include "early_stopping.hpp"

#include <optional>

namespace onager::plugins {

/// (K + ridge I) v over the training samples, and the rows of held-out samples with it.
///
/// The lower triangle of K is cut into square tiles, and a tile serves K_ij v_j and K_ij' v_i: t² d
/// flops of kernel values a product where rows one by one take 2 t² d. Tiles are kept from the
/// first product on, as many as the budget allows, (t² + t tile)/2 numbers for all; the others are
/// computed into one tile of scratch at every product. With all tiles kept a product is 2 t² c
/// flops. h held-out samples add t h numbers, 2 t h d and 2 t h c flops.
template <class T>
class TiledKernel {
 public:
  static constexpr std::int64_t side = 1024;

  /// budget: numbers that may be held, of which one tile is taken in any case.
  TiledKernel(const KernelOperator<T>& kernel, const Host& host, const Split& split, double budget)
      : kernel_(kernel), host_(host), split_(split) {
    const Layout layout = layout_of(split.training, split.held_out(), budget);
    kept_ = layout.kept;
    all_ = layout.tiles.size();
    tiles_ = layout.tiles;
    memory_.emplace(host, static_cast<std::int64_t>(layout.numbers));
  }

  /// What it holds.
  static double numbers(std::int64_t training, std::int64_t held_out, double budget) {
    return layout_of(training, held_out, budget).numbers;
  }

  /// Emits the share of the tiles that is kept, and says what is done.
  void report() const {
    const double share = static_cast<double>(kept_) / static_cast<double>(all_);
    host_.emit("kernel_kept", share);
    if (kept_ == all_) host_.info("the kernel matrix is kept in memory");
    else if (kept_ == 0) host_.info("the kernel matrix is computed at every product");
    else
      host_.info(
          in_short(100 * share) +
          " % of the kernel matrix are kept in memory, the rest is computed at every product");
  }

  /// out (t x c) <- (K + ridge I) v; held_out (h x c, or no rows) <- K[held-out, training] v
  void product(double ridge, Matrix<const T> v, Matrix<T> out, Matrix<T> held_out) {
    for (std::int64_t i = 0; i < v.rows; ++i)
      for (std::int64_t j = 0; j < v.cols; ++j) out(i, j) = static_cast<T>(ridge) * v(i, j);
    set_zero(held_out);
    double offset = 0;
    for (std::size_t at = 0; at < tiles_.size(); ++at) {
      const Tile& tile = tiles_[at];
      const bool extra = tile.row >= split_.training;
      if (extra && held_out.rows == 0) break;
      host_.stop_if_cancelled();
      const Matrix<T> k(memory_->data() + static_cast<std::int64_t>(offset), tile.rows, tile.cols);
      if (at < kept_) offset += static_cast<double>(tile.rows * tile.cols);
      if (at >= filled_)
        kernel_.block(part(split_.order, tile.row, tile.rows),
                      part(split_.order, tile.col, tile.cols), k);
      if (at == filled_ && at < kept_) ++filled_;
      const auto to = extra ? rows_of(held_out, tile.row - split_.training, tile.rows)
                            : rows_of(out, tile.row, tile.rows);
      host_.gemm<T>(1, k, false, rows_of(v, tile.col, tile.cols), false, 1, to);
      if (!extra && tile.row != tile.col)
        host_.gemm<T>(1, k, true, rows_of(v, tile.row, tile.rows), false, 1,
                      rows_of(out, tile.col, tile.cols));
    }
  }

 private:
  /// K[order[row ..], order[col ..]]
  struct Tile {
    std::int64_t row, rows, col, cols;
  };
  struct Layout {
    std::vector<Tile> tiles;
    std::size_t kept = 0;
    double numbers = 0;
  };

  static Layout layout_of(std::int64_t training, std::int64_t held_out, double budget) {
    Layout layout;
    double all = 0, largest = 0;
    const auto add_rows = [&](std::int64_t first, std::int64_t end) {
      for (std::int64_t i = first; i < end; i += side)
        for (std::int64_t j = 0; j < training && j <= i; j += side) {
          const Tile tile{i, std::min(side, end - i), j, std::min(side, training - j)};
          layout.tiles.push_back(tile);
          all += static_cast<double>(tile.rows * tile.cols);
          largest = std::max(largest, static_cast<double>(tile.rows * tile.cols));
        }
    };
    add_rows(0, training);
    add_rows(training, training + held_out);
    if (all <= std::max(budget, largest)) {
      layout.kept = layout.tiles.size();
      layout.numbers = all;
      return layout;
    }
    layout.numbers = largest;
    for (const Tile& tile : layout.tiles) {
      const auto size = static_cast<double>(tile.rows * tile.cols);
      if (layout.numbers + size > budget) break;
      layout.numbers += size;
      ++layout.kept;
    }
    return layout;
  }

  const KernelOperator<T>& kernel_;
  Host host_;
  const Split& split_;
  std::vector<Tile> tiles_;
  std::size_t kept_ = 0, filled_ = 0, all_ = 0;
  std::optional<Buffer<T>> memory_;
};

}  // namespace onager::plugins
