// SPDX-License-Identifier: MIT
//
// "onager.linalg/1": the run's BLAS and LAPACK on arrays that a component owns.
#include "base/error.hpp"
#include "linalg/blas.hpp"
#include "plugin/abi_guard.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace onager::host {

namespace {

[[noreturn]] void refuse(const char* name, const std::string& what) {
  throw Error(Category::config, fmt::format("onager.linalg: {} {}", name, what));
}

/// A matrix whose rows are runs, as BLAS needs it.
template <class T>
struct Rows {
  T* data;
  std::int64_t rows, cols, stride;
};

void check_array(const char* name, const onager_array* a) {
  if (a == nullptr || a->struct_size < sizeof(onager_array)) refuse(name, "is no onager_array");
  if (a->dtype != ONAGER_FLOAT32 && a->dtype != ONAGER_FLOAT64)
    refuse(name, fmt::format("has dtype {}, and float32 or float64 is needed", a->dtype));
  if (a->rows < 0 || a->cols < 0)
    refuse(name, fmt::format("has the size {} x {}", a->rows, a->cols));
  if (a->rows == 0 || a->cols == 0) return;
  if (a->data == nullptr) refuse(name, "has no data");
  if (a->col_stride != 1 && a->cols > 1)
    refuse(name, fmt::format("has col_stride {}, and 1 is needed", a->col_stride));
  if (a->row_stride < a->cols && a->rows > 1)
    refuse(name,
           fmt::format("has row_stride {}, less than its {} columns", a->row_stride, a->cols));
}

template <class T>
Rows<T> rows_of(const onager_array& a) {
  return {static_cast<T*>(a.data), a.rows, a.cols, a.rows > 1 ? a.row_stride : a.cols};
}

void same_dtype(const char* name, const onager_array& a, const onager_array& first) {
  if (a.dtype != first.dtype) refuse(name, "has another dtype than the first array of the call");
}

void expect(const char* name, const onager_array& a, std::int64_t rows, std::int64_t cols) {
  if (a.rows != rows || a.cols != cols)
    refuse(name, fmt::format("is {} x {}, and {} x {} is needed", a.rows, a.cols, rows, cols));
}

template <class Work>
void with_number_type(const onager_array& a, Work&& work) {
  if (a.dtype == ONAGER_FLOAT32) work(float{});
  else work(double{});
}

onager_status gemm(const onager_host*, double alpha, const onager_array* a,
                   std::int32_t transpose_a, const onager_array* b, std::int32_t transpose_b,
                   double beta, onager_array* c) {
  return abi_guard([&] {
    check_array("a", a);
    check_array("b", b);
    check_array("c", c);
    same_dtype("b", *b, *a);
    same_dtype("c", *c, *a);
    const std::int64_t m = transpose_a ? a->cols : a->rows;
    const std::int64_t k = transpose_a ? a->rows : a->cols;
    const std::int64_t n = transpose_b ? b->rows : b->cols;
    expect("b", *b, transpose_b ? n : k, transpose_b ? k : n);
    expect("c", *c, m, n);
    if (m == 0 || n == 0) return;
    with_number_type(*a, [&](auto zero) {
      using T = decltype(zero);
      const auto va = rows_of<T>(*a), vb = rows_of<T>(*b), vc = rows_of<T>(*c);
      blas::gemm<T>(transpose_a != 0, transpose_b != 0, m, n, k, static_cast<T>(alpha), va.data,
                    va.stride, vb.data, vb.stride, static_cast<T>(beta), vc.data, vc.stride);
    });
  });
}

onager_status symmetric_eigen(const onager_host*, onager_array* a, onager_array* values) {
  return abi_guard([&] {
    check_array("a", a);
    check_array("values", values);
    same_dtype("values", *values, *a);
    expect("a", *a, a->rows, a->rows);
    expect("values", *values, a->rows, 1);
    if (a->rows == 0) return;
    with_number_type(*a, [&](auto zero) {
      using T = decltype(zero);
      const auto va = rows_of<T>(*a), vv = rows_of<T>(*values);
      std::vector<T> ascending(static_cast<std::size_t>(va.rows));
      blas::eigen_symmetric<T>(va.rows, va.data, va.stride, ascending.data());
      for (std::size_t i = 0; i < ascending.size(); ++i)
        vv.data[static_cast<std::int64_t>(i) * vv.stride] = ascending[i];
    });
  });
}

onager_status factor(const onager_host*, onager_array* a, std::int64_t* failed_at) {
  return abi_guard([&] {
    if (failed_at) *failed_at = 0;
    check_array("a", a);
    expect("a", *a, a->rows, a->rows);
    if (a->rows == 0) return;
    with_number_type(*a, [&](auto zero) {
      using T = decltype(zero);
      const auto va = rows_of<T>(*a);
      const std::int64_t order = blas::potrf_lower<T>(va.rows, va.data, va.stride);
      if (failed_at) *failed_at = order;
      if (order != 0)
        throw Error(Category::numerical,
                    fmt::format("the {} x {} matrix is not positive definite: its leading minor of "
                                "order {} is not",
                                va.rows, va.rows, order));
    });
  });
}

onager_status solve_factored(const onager_host*, const onager_array* l, onager_array* b) {
  return abi_guard([&] {
    check_array("l", l);
    check_array("b", b);
    same_dtype("b", *b, *l);
    expect("l", *l, l->rows, l->rows);
    expect("b", *b, l->rows, b->cols);
    if (b->rows == 0 || b->cols == 0) return;
    with_number_type(*l, [&](auto zero) {
      using T = decltype(zero);
      const auto vl = rows_of<T>(*l), vb = rows_of<T>(*b);
      blas::potrs_lower<T>(vl.rows, vb.cols, vl.data, vl.stride, vb.data, vb.stride);
    });
  });
}

}  // namespace

const onager_linalg* linalg_service() {
  static constexpr onager_linalg table{sizeof(onager_linalg), 0,      gemm,
                                       symmetric_eigen,       factor, solve_factored};
  return &table;
}

}  // namespace onager::host
