// SPDX-License-Identifier: MIT
#include "pipeline/kernel_operator.hpp"

#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

#include <fstream>
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

  static KernelSamples<T> subset(const KernelSamples<T>& all, std::int64_t count,
                                 const std::int64_t* indices) {
    KernelSamples<T> some;
    some.columns.set_size(all.columns.n_rows, static_cast<arma::uword>(count));
    some.norms.set_size(static_cast<arma::uword>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      if (indices[i] < 0 || indices[i] >= all.count())
        throw Error(Category::plugin,
                    fmt::format("sample {} of {} was asked for", indices[i], all.count()));
      const auto from = static_cast<arma::uword>(indices[i]), to = static_cast<arma::uword>(i);
      some.columns.col(to) = all.columns.col(from);
      some.norms(to) = all.norms(from);
    }
    return some;
  }

  /// All samples without a list, else those of the list, kept in `memory`.
  static const KernelSamples<T>& part(const KernelSamples<T>& all, std::int64_t count,
                                      const std::int64_t* indices, KernelSamples<T>& memory) {
    if (indices) return memory = subset(all, count, indices);
    if (count == all.count()) return all;
    throw Error(Category::plugin, fmt::format("{} samples without a list of them were asked for; "
                                              "all are {}",
                                              count, all.count()));
  }

  static onager_status block(const onager_operator* op, std::int64_t row_count,
                             const std::int64_t* rows, std::int64_t col_count,
                             const std::int64_t* cols, onager_array* out) {
    return abi_guard([&] {
      const auto& [matrix, samples] = context(op);
      require(out, row_count, col_count);
      matrix->fill(subset(*samples, row_count, rows), subset(*samples, col_count, cols),
                   static_cast<T*>(out->data), out->row_stride);
    });
  }

  static onager_status product(const onager_operator* op, const onager_array* v,
                               onager_array* out) {
    return abi_guard([&] {
      const auto& [matrix, samples] = context(op);
      require(v, samples->count(), -1);
      require(out, samples->count(), v->cols);
      copy_into(matrix->product(*samples, *samples, copy_as<T>(*v)), *out);
    });
  }

  static onager_status part_product(const onager_operator* op, std::int64_t row_count,
                                    const std::int64_t* rows, std::int64_t col_count,
                                    const std::int64_t* cols, const onager_array* v,
                                    onager_array* out) {
    return abi_guard([&] {
      const auto& [matrix, samples] = context(op);
      require(v, col_count, -1);
      require(out, row_count, v->cols);
      KernelSamples<T> x, z;
      copy_into(matrix->product(part(*samples, row_count, rows, x),
                                part(*samples, col_count, cols, z), copy_as<T>(*v)),
                *out);
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
KernelOperator<T>::KernelOperator(const KernelMatrix& matrix, const KernelSamples<T>& samples)
    : context_{&matrix, &samples}, table_{sizeof table_,      dtype_of<T>(),
                                          &context_,          samples.count(),
                                          available_memory(), Calls<T>::diagonal,
                                          Calls<T>::block,    Calls<T>::product,
                                          Calls<T>::fill,     Calls<T>::part_product} {}

std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  std::uint64_t kibibytes = 0;
  while (file >> word)
    if (word == "MemAvailable:" && file >> kibibytes) return kibibytes * 1024 / 10 * 9;
  return std::uint64_t{4} << 30;
}

template class KernelOperator<float>;
template class KernelOperator<double>;

}  // namespace onager::host
