// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"
#include "plugin/instance.hpp"

#include <onager/abi.h>

#include <new>

namespace onager::host {

/// Runs the host's side of a callback: no exception may reach the plugin, so it becomes a status
/// with its reason.
template <class Work>
onager_status abi_guard(Work&& work) noexcept {
  try {
    work();
    return ONAGER_OK;
  } catch (const Error& error) {
    keep_error_reason(error.what());
    switch (error.category()) {
      case Category::config: return ONAGER_INVALID;
      case Category::numerical: return ONAGER_NUMERICAL;
      case Category::system: return ONAGER_IO;
      case Category::interrupted: return ONAGER_CANCELLED;
      case Category::plugin: return ONAGER_INTERNAL;
    }
    return ONAGER_INTERNAL;
  } catch (const std::bad_alloc&) {
    keep_error_reason("out of memory");
    return ONAGER_NO_MEMORY;
  } catch (const std::exception& error) {
    keep_error_reason(error.what());
    return ONAGER_INTERNAL;
  }
}

}  // namespace onager::host
