// SPDX-License-Identifier: MIT
//
// The few BLAS and LAPACK calls of the host, on row-major matrices with a leading dimension (the
// elements from one row to the next), for float and double.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onager::host::blas {

/// c (m x n) <- alpha op(a) op(b) + beta c; op transposes when its flag is set.
template <class T>
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
          T alpha, const T* a, std::int64_t lda, const T* b, std::int64_t ldb, T beta, T* c,
          std::int64_t ldc);

/// c (n x n, lower part) <- alpha a' a + beta c for a (k x n).
template <class T>
void syrk_lower(std::int64_t n, std::int64_t k, T alpha, const T* a, std::int64_t lda, T beta, T* c,
                std::int64_t ldc);

/// c (n x columns) <- a b for a symmetric a (n x n, lower part read).
template <class T>
void symm_lower(std::int64_t n, std::int64_t columns, const T* a, std::int64_t lda, const T* b,
                std::int64_t ldb, T* c, std::int64_t ldc);

/// Lower part of a (n x n) <- L with a = L L'; the part above the diagonal is left as it was.
/// Returns 0, or the order of the first leading minor that is not positive definite.
template <class T>
std::int64_t potrf_lower(std::int64_t n, T* a, std::int64_t lda);

/// b (n x right_sides) <- (L L')^-1 b.
template <class T>
void potrs_lower(std::int64_t n, std::int64_t right_sides, const T* l, std::int64_t ldl, T* b,
                 std::int64_t ldb);

/// a (symmetric, lower part read) <- eigenvectors as columns; values ascending. Throws
/// Error(numerical) when the iteration does not converge or a is not finite.
template <class T>
void eigen_symmetric(std::int64_t n, T* a, std::int64_t lda, T* values);

/// "OpenBLAS 0.3.21 ... (Zen)": which library and which kernels answer.
std::string library_name();

/// Environment variables that OpenBLAS should have, which it reads when it is loaded, so that they
/// help the next process: OPENBLAS_CORETYPE where it does not know the processor and fell back to
/// the kernels of the oldest one, many times slower; OPENBLAS_THREAD_TIMEOUT, so that its threads
/// sleep when they have had no work for 2^18 cycles (0.1 ms) in place of 2^26, while others
/// compute.
std::vector<std::pair<const char*, std::string>> wanted_environment();

}  // namespace onager::host::blas
