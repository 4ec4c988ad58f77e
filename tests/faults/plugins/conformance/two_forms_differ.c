/* SPDX-License-Identifier: MIT */
#include <math.h>
#define OFFERS_TOO(id) (strcmp(id, ONAGER_KERNEL_BLOCK) == 0 ? &block_table : NULL)
#include "component.h"
/* of width 1 always */
static onager_status block(const void* instance, const onager_array* x, const onager_array* z,
                           onager_array* out) {
  int64_t i, j, f;
  (void)instance;
  for (i = 0; i < x->rows; ++i)
    for (j = 0; j < z->rows; ++j) {
      double r2 = 0;
      for (f = 0; f < x->cols; ++f) {
        const double d = get(x, i, f) - get(z, j, f);
        r2 += d * d;
      }
      set(out, i, j, 1 / (1 + r2));
    }
  return ONAGER_OK;
}
static const onager_block_kernel block_table = {sizeof(onager_block_kernel), 0, block, NULL};
#include "radial.h"
