/* SPDX-License-Identifier: MIT */
#define TRAIN_SAMPLES 0
#include "dataset.h"
