/* SPDX-License-Identifier: MIT */
#include <pthread.h>
static void* nothing(void* argument) { return argument; }
#define AFTER                                     \
  {                                               \
    pthread_t thread;                             \
    pthread_create(&thread, NULL, nothing, NULL); \
    pthread_join(thread, NULL);                   \
  }
#include "radial.h"
