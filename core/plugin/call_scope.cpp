// SPDX-License-Identifier: MIT
#include "plugin/call_scope.hpp"

#include "plugin/floating_point.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

namespace onager::host {

CallScope::CallScope(const HostContext& context, const char* call)
    : context_(context),
      call_(call),
      trail_({context.plugin.descriptor->id, context.component.kind, context.component.id, call}),
      mode_(floating_point_mode()) {
  // A reason that a successful call left must not explain the next failure.
  take_error_reason();
}

CallScope::~CallScope() {
  if (floating_point_mode() == mode_) return;
  set_floating_point_mode(mode_);
  if (context_.mode_change_reported.exchange(true)) return;
  try {
    context_.log(
        ONAGER_LOG_WARNING,
        fmt::format("{} {} changed the floating-point mode in {}; it was restored. Build "
                    "the plugin without -ffast-math and -Ofast",
                    context_.plugin.descriptor->id, context_.plugin.descriptor->version, call_));
  } catch (...) {
    // No memory for the text: the mode is restored, which is what counts.
  }
}

}  // namespace onager::host
