// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "plugin/instance.hpp"

#include <onager/abi.h>

#include <atomic>
#include <mutex>
#include <string>

namespace onager::host {

/// What stands behind the host table of one instance.
struct HostContext {
  HostContext(const ComponentPlan& plan, Environment& shared);
  HostContext(const HostContext&) = delete;
  HostContext& operator=(const HostContext&) = delete;

  static const HostContext& of(const onager_host* host) {
    return *static_cast<const HostContext*>(host->context);
  }

  /// Passes a message of the component on, or of the host about it. From any thread.
  void log(int level, const std::string& message) const noexcept;

  const LoadedPlugin& plugin;
  const onager_component& component;
  const std::string short_name;  // "kernel 'cauchy'"
  const std::string full_name;   // "kernel 'cauchy' (org.example.mine 1.0.0)"
  Environment& environment;
  const RandomStreams random;
  onager_host table;
  mutable std::atomic<bool> mode_change_reported{false};
  mutable std::atomic<bool> differences_reported{
      false};  // that a nested model has no own derivatives
};

/// Components report from any thread; the run's functions are called by one at a time.
std::mutex& report_mutex();

/// "onager.linalg/1"
const onager_linalg* linalg_service();
/// "onager.spectrum/1"
const onager_spectrum* spectrum_service();
/// "onager.derivatives/1"
const onager_derivatives* derivatives_service();

}  // namespace onager::host
