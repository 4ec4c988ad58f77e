/* SPDX-License-Identifier: MIT */
/* A variable that nothing has set; the address keeps the compiler from knowing. */
static double unset(double value) {
  double numbers[600];
  double* volatile of_any_value = numbers;
  return of_any_value[3] > 0 ? value : 2 * value;
}
#define EMITTED(data) unset((data)->largest)
#include "diagnostic.h"
