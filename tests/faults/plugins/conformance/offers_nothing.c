/* SPDX-License-Identifier: MIT */
#include "component.h"
static const int nothing;
PLUGIN("kernel", "org.example.of_my_own/1", nothing)
