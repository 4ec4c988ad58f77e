/* SPDX-License-Identifier: MIT */
/* Threads of a BLAS, once a call is large enough for them. */
#include <stdlib.h>
void cblas_dgemm(int, int, int, int, int, int, double, const double*, int, const double*, int,
                 double, double*, int);
#define AFTER                                                                        \
  {                                                                                  \
    enum { n = 100 };                                                                \
    double* a = calloc(3 * n * n, sizeof *a);                                        \
    cblas_dgemm(102, 111, 111, n, n, n, 1, a, n, a + n * n, n, 0, a + 2 * n * n, n); \
    free(a);                                                                         \
  }
#include "radial.h"
