/* SPDX-License-Identifier: MIT */
int onager_from_the_future(void);
int onager_from_the_future(void) { return 1; }
