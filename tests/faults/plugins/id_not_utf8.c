/* SPDX-License-Identifier: MIT */
#include "valid.h"

SPOILED(plugin.vendor = "Universit\xe9")
