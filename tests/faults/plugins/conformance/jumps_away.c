/* SPDX-License-Identifier: MIT */
/* to a place in the stack that is long gone */
#include <setjmp.h>
#include <string.h>
static jmp_buf gone;
static int remember(void) {
  volatile char deep[1 << 18];
  memset((char*)deep, 1, sizeof deep);
  return setjmp(gone) + deep[7];
}
static int remembered;
#define CREATE_EXTRA(host, data) remembered = remember();
#define AFTER \
  if (count > 5) longjmp(gone, 1);
#include "radial.h"
