// SPDX-License-Identifier: MIT
#include "valid.h"

#include <stdexcept>

static onager_status throwing(const onager_host*, const onager_config*, void**) {
  throw std::runtime_error("out of paper");
}

extern "C" SPOILED(component.create = throwing)
