// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/call_room.hpp"
#include "plugin/channel.hpp"
#include "plugin/component_plan.hpp"

#include <cstdint>
#include <memory>

namespace onager::host {

struct Environment;
struct RemoteComponent;

/// A component and all that is nested in it, living in a process of their own: a crash there, a
/// call that does not come back, or memory overwritten ends that process and no more. The arrays of
/// calls are copied through shared memory, unless they lie in a room of it.
class IsolatedProcess {
 public:
  /// Starts this program anew, which loads the plugins and creates the components. Throws Error.
  IsolatedProcess(const ComponentPlan& plan, Environment& environment);
  ~IsolatedProcess();
  IsolatedProcess(const IsolatedProcess&) = delete;
  IsolatedProcess& operator=(const IsolatedProcess&) = delete;

  /// The component as its caller sees it: with stubs in place of functions.
  const onager_component& component() const;
  void* instance() const;

  /// A component of the process. Throws Error where it has none of that number.
  RemoteComponent* child(std::uint64_t number) const;

  /// A channel for one call, which is given back after it.
  Channel& acquire();
  void give_back(Channel& channel);
  /// Throws Error when the process has ended, or the call is over its limit.
  void call(Channel& channel, const Channel::Request& request);
  void kill();

  /// Memory of the calling thread for what it gives to calls; nullptr when there is no more.
  std::unique_ptr<CallRoom> room();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The argument with which this program becomes a plugin's process; a descriptor follows.
extern const char* const isolated_argument;
/// Serves until the host needs the process no more; gives the exit status.
int serve_isolated(int descriptor);

}  // namespace onager::host
