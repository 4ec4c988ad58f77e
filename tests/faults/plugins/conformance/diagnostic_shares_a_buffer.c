/* SPDX-License-Identifier: MIT */
/* Its buffer belongs to all instances, and is whole again before the call returns. */
static double buffer[400];
static double in_the_buffer(double value) {
  double sum = 0;
  for (int k = 0; k < 400; ++k) buffer[k] = value;
  for (int k = 0; k < 400; ++k) sum += buffer[k];
  return sum;
}
#define EMITTED(data) in_the_buffer((data)->largest)
#include "diagnostic.h"
