/* SPDX-License-Identifier: MIT */
#include <onager/abi.h>

const onager_plugin* onager_plugin_entry(void) { return 0; }
