/* SPDX-License-Identifier: MIT */
int onager_plugin_entry = 1;
