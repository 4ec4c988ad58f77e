/* SPDX-License-Identifier: MIT */
#include <onager/abi.h>

const onager_plugin* onager_plugin_entry(void) { return (const onager_plugin*)(uintptr_t)0x123450; }
