// SPDX-License-Identifier: MIT
//
// What a crash report needs to know, kept where a signal handler can read it.
#pragma once

#include <cstdint>

namespace onager::host {

/// Which call into which plugin a thread is in. The texts live as long as the call.
struct Breadcrumb {
  const char* plugin;  // its id, or its file while it is loaded
  const char* kind;    // "" for the plugin as a whole
  const char* component;
  const char* call;  // "apply", or for the plugin as a whole "while it was loaded"
};

/// Leaves a breadcrumb on this thread for as long as it lives; they nest.
class BreadcrumbTrail {
 public:
  explicit BreadcrumbTrail(const Breadcrumb& crumb) noexcept;
  ~BreadcrumbTrail();
  BreadcrumbTrail(const BreadcrumbTrail&) = delete;
  BreadcrumbTrail& operator=(const BreadcrumbTrail&) = delete;

 private:
  const Breadcrumb crumb_;
  const Breadcrumb* const outer_;
};

/// A crash at an address in [begin, end) is the plugin's even without a breadcrumb, as on a thread
/// of the pool. The id must live to the end.
void remember_plugin_code(std::uintptr_t begin, std::uintptr_t end, const char* id);

/// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) inside a plugin's call ends the
/// program with status 3 and a line that names plugin, component and call; elsewhere as before.
void report_plugin_crashes();

}  // namespace onager::host
