/* SPDX-License-Identifier: MIT */
/* The block kernel sum_f exp(-(x_f - z_f)²/width²). Spoil it by defining before: ROW_STEP(a), the
 * elements from row to row of an input; BEFORE, AFTER (statements in block); FACTOR(i, j) of its
 * values; COINCIDENT, the share of a coincident pair in the gradient. */
#include "component.h"

#include <math.h>

#ifndef ROW_STEP
#define ROW_STEP(a) ((a)->row_stride)
#endif
#ifndef BEFORE
#define BEFORE
#endif
#ifndef AFTER
#define AFTER
#endif
#ifndef FACTOR
#define FACTOR(i, j) 1
#endif
#ifndef COINCIDENT
#define COINCIDENT 0
#endif

static double at(const onager_array* a, int64_t i, int64_t j) {
  onager_array view = *a;
  view.row_stride = ROW_STEP(a);
  return get(&view, i, j);
}

static double difference(const onager_array* x, int64_t i, const onager_array* z, int64_t j,
                         int64_t f) {
  return at(x, i, f) - at(z, j, f);
}

static onager_status block(const void* instance, const onager_array* x, const onager_array* z,
                           onager_array* out) {
  const instance_data* data = instance;
  const double rate = 1 / (data->width * data->width);
  int64_t i, j, f;
  BEFORE
  for (i = 0; i < x->rows; ++i)
    for (j = 0; j < z->rows; ++j) {
      double sum = 0;
      for (f = 0; f < x->cols; ++f) {
        const double d = difference(x, i, z, j, f);
        sum += exp(-d * d * rate);
      }
      set(out, i, j, sum * FACTOR(i, j));
    }
  AFTER
  return ONAGER_OK;
}

static onager_status gradient(const void* instance, const onager_array* x, const onager_array* z,
                              const onager_array* weights, onager_array* out) {
  const instance_data* data = instance;
  const double rate = 1 / (data->width * data->width);
  int64_t i, j, f;
  for (i = 0; i < x->rows; ++i)
    for (f = 0; f < x->cols; ++f) {
      double sum = 0;
      for (j = 0; j < z->rows; ++j) {
        const double d = difference(x, i, z, j, f);
        sum += at(weights, i, j) * FACTOR(i, j) *
               (d == 0 ? COINCIDENT : -2 * rate * d * exp(-d * d * rate));
      }
      set(out, i, f, sum);
    }
  return ONAGER_OK;
}

static const onager_block_kernel block_table = {sizeof(onager_block_kernel), 0, block, gradient};
PLUGIN("kernel", ONAGER_KERNEL_BLOCK, block_table)
