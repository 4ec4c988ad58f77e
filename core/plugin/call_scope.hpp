// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/crash.hpp"

namespace onager::host {

struct HostContext;

/// The time a thread spends in a plugin's function: a crash is reported as this call's, and a
/// changed floating-point mode is restored, with one warning an instance.
class CallScope {
 public:
  /// `call` names the function for messages and outlives the scope.
  CallScope(const HostContext& context, const char* call);
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  const HostContext& context_;
  const char* call_;
  const BreadcrumbTrail trail_;
  const unsigned mode_;
};

}  // namespace onager::host
