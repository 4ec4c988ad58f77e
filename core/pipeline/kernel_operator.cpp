// SPDX-License-Identifier: MIT
#include "pipeline/kernel_operator.hpp"

#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace onager::host {

namespace {

template <class T>
struct Calls {
  using Context = typename KernelOperator<T>::Context;
  static const Context& context(const onager_operator* op) {
    return *static_cast<const Context*>(op->context);
  }

  static void require(const onager_array* a, std::int64_t rows, std::int64_t cols) {
    if (!a || a->dtype != dtype_of<T>() || a->rows != rows || (cols >= 0 && a->cols != cols) ||
        a->col_stride != 1)
      throw Error(Category::plugin,
                  fmt::format("an array for the kernel operator is not {} x {} with dense rows of "
                              "the run's precision",
                              rows, cols >= 0 ? std::to_string(cols) : "any"));
  }

  static onager_status diagonal(const onager_operator* op, onager_array* out) {
    return abi_guard([&] {
      const auto& [matrix, samples] = context(op);
      const std::int64_t n = samples->count();
      if (out->rows != n || out->dtype != dtype_of<T>())
        throw Error(Category::plugin, fmt::format("the diagonal has {} numbers", n));
      KernelExpression::Workspace<T> work;
      for (std::int64_t i = 0; i < n; ++i) {
        TileOutput<T> tile;
        tile.k = static_cast<T*>(out->data) + i * out->row_stride;
        tile.ld = 1;
        matrix->kernel().evaluate(samples->tile(*samples, i, 1, i, 1), tile, work);
      }
    });
  }

  /// Part of the samples that a caller lists, or all without a list. Consecutive ones are looked at
  /// where they lie, others gathered some at a time.
  class Part {
   public:
    Part(const KernelSamples<T>& all, std::int64_t count, const std::int64_t* indices)
        : all_(all), count_(count), indices_(indices) {
      if (!indices && count != 0 && count != all.count())
        throw Error(Category::plugin, fmt::format("{} samples without a list of them were asked "
                                                  "for; all are {}",
                                                  count, all.count()));
      for (std::int64_t i = 0; indices && i < count; ++i) {
        if (indices[i] < 0 || indices[i] >= all.count())
          throw Error(Category::plugin,
                      fmt::format("sample {} of {} was asked for", indices[i], all.count()));
        consecutive_ = consecutive_ && indices[i] == indices[0] + i;
      }
    }

    std::int64_t step() const {
      return consecutive_ ? count_ : KernelOperator<T>::gathered_samples;
    }

    KernelSamples<T> piece(std::int64_t first) const {
      const std::int64_t count = std::min(step(), count_ - first);
      if (consecutive_) {
        const auto d = all_.columns.n_rows, size = static_cast<arma::uword>(count);
        const std::int64_t at = indices_ ? indices_[0] : 0;
        return {arma::Mat<T>(const_cast<T*>(all_.columns.memptr()) + at * all_.dimension(), d, size,
                             false, true),
                arma::Col<T>(const_cast<T*>(all_.norms.memptr()) + at, size, false, true)};
      }
      return all_.gathered(indices_ + first, count);
    }

    /// work(samples, their place among those of the list)
    template <class Work>
    void by_pieces(Work&& work) const {
      for (std::int64_t first = 0; first < count_; first += step()) work(piece(first), first);
    }

   private:
    const KernelSamples<T>& all_;
    std::int64_t count_;
    const std::int64_t* indices_;
    bool consecutive_ = true;
  };

  static onager_status block(const onager_operator* op, std::int64_t row_count,
                             const std::int64_t* rows, std::int64_t col_count,
                             const std::int64_t* cols, onager_array* out) {
    return abi_guard([&] {
      const auto& c = context(op);
      require(out, row_count, col_count);
      const Part left(*c.samples, row_count, rows), right(*c.samples, col_count, cols);
      left.by_pieces([&](const KernelSamples<T>& x, std::int64_t i) {
        right.by_pieces([&](const KernelSamples<T>& z, std::int64_t j) {
          c.matrix->fill(x, z, static_cast<T*>(out->data) + i * out->row_stride + j,
                         out->row_stride);
        });
      });
    });
  }

  static onager_status product(const onager_operator* op, const onager_array* v,
                               onager_array* out) {
    return part_product(op, op->size, nullptr, op->size, nullptr, v, out);
  }

  static onager_status part_product(const onager_operator* op, std::int64_t row_count,
                                    const std::int64_t* rows, std::int64_t col_count,
                                    const std::int64_t* cols, const onager_array* v,
                                    onager_array* out) {
    return abi_guard([&] {
      const auto& c = context(op);
      require(v, col_count, -1);
      require(out, row_count, v->cols);
      const Part left(*c.samples, row_count, rows), right(*c.samples, col_count, cols);
      const auto* from = static_cast<const T*>(v->data);
      auto* to = static_cast<T*>(out->data);
      for (std::int64_t i = 0; i < row_count; ++i)
        std::fill_n(to + i * out->row_stride, v->cols, T(0));
      left.by_pieces([&](const KernelSamples<T>& x, std::int64_t i) {
        right.by_pieces([&](const KernelSamples<T>& z, std::int64_t j) {
          c.matrix->add_product(x, z, v->cols, from + j * v->row_stride, v->row_stride,
                                to + i * out->row_stride, out->row_stride);
        });
      });
    });
  }

  static onager_status fill(const onager_operator* op, std::int32_t part, onager_array* out) {
    return abi_guard([&] {
      const auto& [matrix, samples] = context(op);
      require(out, samples->count(), samples->count());
      matrix->fill_symmetric(
          *samples, part == ONAGER_LOWER ? KernelMatrix::Part::lower : KernelMatrix::Part::full,
          static_cast<T*>(out->data), out->row_stride);
    });
  }
};

}  // namespace

template <class T>
KernelOperator<T>::KernelOperator(const KernelMatrix& matrix, const KernelSamples<T>& samples,
                                  std::uint64_t memory)
    : context_{&matrix, &samples}, table_{sizeof table_,   dtype_of<T>(),
                                          &context_,       samples.count(),
                                          memory,          Calls<T>::diagonal,
                                          Calls<T>::block, Calls<T>::product,
                                          Calls<T>::fill,  Calls<T>::part_product} {}

template class KernelOperator<float>;
template class KernelOperator<double>;

}  // namespace onager::host
