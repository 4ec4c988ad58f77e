// SPDX-License-Identifier: MIT
#include "linalg/blas.hpp"

#include "base/error.hpp"

#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void ssyevd_(const char* jobz, const char* uplo, const int* n, float* a, const int* lda, float* w,
             float* work, const int* lwork, int* iwork, const int* liwork, int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info);
}

namespace onager::host::blas {

namespace {

// This BLAS counts in 32 bits.
int index(std::int64_t value) {
  if (value > std::numeric_limits<int>::max())
    throw Error(
        Category::numerical,
        fmt::format("a matrix dimension of {} is beyond what this BLAS can address", value));
  return static_cast<int>(value);
}

int at_least_one(std::int64_t ld) { return ld < 1 ? 1 : index(ld); }

}  // namespace

template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          T alpha, const T* a, std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c,
          std::int64_t ldc) {
  const auto ta = transpose_a ? CblasTrans : CblasNoTrans;
  const auto tb = transpose_b ? CblasTrans : CblasNoTrans;
  if constexpr (sizeof(T) == sizeof(float))
    cblas_sgemm(CblasRowMajor, ta, tb, index(m), index(n), index(k), alpha, a, at_least_one(lda), b,
                at_least_one(ldb), beta, c, at_least_one(ldc));
  else
    cblas_dgemm(CblasRowMajor, ta, tb, index(m), index(n), index(k), alpha, a, at_least_one(lda), b,
                at_least_one(ldb), beta, c, at_least_one(ldc));
}

template <class T>
void syrk_lower(std::int64_t n, std::int64_t k, T alpha, const T* a, std::int64_t lda, T beta, T* c,
                std::int64_t ldc) {
  if constexpr (sizeof(T) == sizeof(float))
    cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, index(n), index(k), alpha, a,
                at_least_one(lda), beta, c, at_least_one(ldc));
  else
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, index(n), index(k), alpha, a,
                at_least_one(lda), beta, c, at_least_one(ldc));
}

template <class T>
void symm_lower(std::int64_t n, std::int64_t columns, const T* a, std::int64_t lda, const T* b,
                std::int64_t ldb, T* c, std::int64_t ldc) {
  if constexpr (sizeof(T) == sizeof(float))
    cblas_ssymm(CblasRowMajor, CblasLeft, CblasLower, index(n), index(columns), 1, a,
                at_least_one(lda), b, at_least_one(ldb), 0, c, at_least_one(ldc));
  else
    cblas_dsymm(CblasRowMajor, CblasLeft, CblasLower, index(n), index(columns), 1, a,
                at_least_one(lda), b, at_least_one(ldb), 0, c, at_least_one(ldc));
}

template <class T>
std::int64_t potrf_lower(std::int64_t n, T* a, std::int64_t lda) {
  // The lower part of a row-major matrix is the upper part of its column-major reading.
  const int size = index(n), ld = at_least_one(lda);
  int info = 0;
  if constexpr (sizeof(T) == sizeof(float)) spotrf_("U", &size, a, &ld, &info);
  else dpotrf_("U", &size, a, &ld, &info);
  return info;
}

template <class T>
void potrs_lower(std::int64_t n, std::int64_t right_sides, const T* l, std::int64_t ldl, T* b,
                 std::int64_t ldb) {
  for (const auto transpose : {CblasNoTrans, CblasTrans}) {
    if constexpr (sizeof(T) == sizeof(float))
      cblas_strsm(CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, index(n),
                  index(right_sides), 1, l, at_least_one(ldl), b, at_least_one(ldb));
    else
      cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, index(n),
                  index(right_sides), 1, l, at_least_one(ldl), b, at_least_one(ldb));
  }
}

template <class T>
void eigen_symmetric(std::int64_t n, T* a, std::int64_t lda, T* values) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      if (!std::isfinite(a[i * lda + j]))
        throw Error(Category::numerical, "a matrix whose eigenvalues are wanted is not finite");
  const int size = index(n), ld = at_least_one(lda);
  int info = 0, integer_size = 0, query = -1;
  T work_size = 0;
  const auto syevd = [&](T* work, const int* lwork, int* iwork, const int* liwork) {
    if constexpr (sizeof(T) == sizeof(float))
      ssyevd_("V", "U", &size, a, &ld, values, work, lwork, iwork, liwork, &info);
    else dsyevd_("V", "U", &size, a, &ld, values, work, lwork, iwork, liwork, &info);
  };
  // LAPACK counts its workspace in 32 bits, and answers the query in T, which rounds it
  const std::int64_t least = 1 + 6 * n + 2 * n * n;
  if (least > std::numeric_limits<int>::max())
    throw Error(
        Category::numerical,
        fmt::format("the eigenvectors of a {0} x {0} matrix are beyond what this LAPACK can "
                    "address; 32766 x 32766 is the largest",
                    n));
  syevd(&work_size, &query, &integer_size, &query);
  const int lwork = index(std::min<std::int64_t>(
      std::max(static_cast<std::int64_t>(work_size), least), std::numeric_limits<int>::max()));
  const int liwork = integer_size;
  std::vector<T> work(static_cast<std::size_t>(lwork));
  std::vector<int> iwork(static_cast<std::size_t>(liwork));
  syevd(work.data(), &lwork, iwork.data(), &liwork);
  if (info != 0)
    throw Error(Category::numerical,
                fmt::format("the eigenvalue iteration of a {} x {} matrix did not converge", n, n));
  // LAPACK's columns are rows here
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j) std::swap(a[i * lda + j], a[j * lda + i]);
}

std::vector<std::pair<const char*, std::string>> wanted_environment() {
  std::vector<std::pair<const char*, std::string>> wanted = {{"OPENBLAS_THREAD_TIMEOUT", "18"}};
  const bool unknown = std::string_view(openblas_get_corename()) == "Prescott";
  // Haswell's kernels and not the AVX-512 ones: of a processor younger than the library only the
  // instructions are known
  if (unknown && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    wanted.emplace_back("OPENBLAS_CORETYPE", "Haswell");
  return wanted;
}

std::string library_name() {
  return fmt::format("{} ({})", openblas_get_config(), openblas_get_corename());
}

#define ONAGER_INSTANTIATE(T)                                                                      \
  template void gemm(bool, bool, std::int64_t, std::int64_t, std::int64_t, T, const T*,            \
                     std::int64_t, const T*, std::int64_t, T, T*, std::int64_t);                   \
  template void syrk_lower(std::int64_t, std::int64_t, T, const T*, std::int64_t, T, T*,           \
                           std::int64_t);                                                          \
  template void symm_lower(std::int64_t, std::int64_t, const T*, std::int64_t, const T*,           \
                           std::int64_t, T*, std::int64_t);                                        \
  template std::int64_t potrf_lower(std::int64_t, T*, std::int64_t);                               \
  template void potrs_lower(std::int64_t, std::int64_t, const T*, std::int64_t, T*, std::int64_t); \
  template void eigen_symmetric(std::int64_t, T*, std::int64_t, T*);
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host::blas
