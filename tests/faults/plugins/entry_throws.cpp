// SPDX-License-Identifier: MIT
#include <onager/abi.h>

#include <stdexcept>

extern "C" const onager_plugin* onager_plugin_entry() {
  throw std::runtime_error("no licence file");
}
