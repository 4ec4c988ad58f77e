/* SPDX-License-Identifier: MIT */
#include <locale.h>
#define CREATE_EXTRA(host, data) setlocale(LC_NUMERIC, "C.UTF-8");
#include "radial.h"
