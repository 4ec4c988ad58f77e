/* SPDX-License-Identifier: MIT */
int onager_plugin(void);
int onager_plugin(void) { return 1; }
