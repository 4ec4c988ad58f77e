/* SPDX-License-Identifier: MIT */
/* The loss sum_il (f_il - y_il)² / (2 samples). Spoil it by defining before: CONSTANT, what the sum
 * is divided by, VALUE_CONSTANT, that of the value alone, or GRADIENT or CURVATURE, a factor. */
#include "component.h"

#ifndef CONSTANT
#define CONSTANT ((double)samples)
#endif
#ifndef VALUE_CONSTANT
#define VALUE_CONSTANT CONSTANT
#endif
#ifndef GRADIENT
#define GRADIENT 1
#endif
#ifndef CURVATURE
#define CURVATURE 1
#endif

static onager_status evaluate(const void* instance, int64_t samples, const onager_array* f,
                              const onager_array* y, double* value, onager_array* gradient) {
  int64_t i, l;
  (void)instance;
  *value = 0;
  for (i = 0; i < f->rows; ++i)
    for (l = 0; l < f->cols; ++l) {
      const double difference = get(f, i, l) - get(y, i, l);
      *value += difference * difference / 2 / VALUE_CONSTANT;
      if (gradient) set(gradient, i, l, GRADIENT * difference / CONSTANT);
    }
  (void)samples;
  return ONAGER_OK;
}

static onager_status curvature(const void* instance, int64_t samples, const onager_array* f,
                               const onager_array* y, const onager_array* t, onager_array* out) {
  int64_t i, l;
  (void)instance, (void)y, (void)samples;
  for (i = 0; i < f->rows; ++i)
    for (l = 0; l < f->cols; ++l) set(out, i, l, CURVATURE * get(t, i, l) / CONSTANT);
  return ONAGER_OK;
}

static const onager_loss loss = {sizeof(onager_loss), 0, evaluate, curvature};
PLUGIN("loss", ONAGER_LOSS, loss)
