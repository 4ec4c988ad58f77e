// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"
#include "linalg/call_room.hpp"
#include "plugin/call_scope.hpp"
#include "plugin/registry.hpp"

#include <onager/abi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onager::host {

class ThreadPool;
struct ComponentPlan;

/// Where results that a component emits go. The run sets the functions; an unset one answers
/// ONAGER_UNSUPPORTED. Called from any thread, by one component at a time.
struct EmitTarget {
  std::function<void(const std::string& name, double value)> scalar;
  std::function<void(std::int64_t round, const std::string& name, double value)> scalar_at;
  std::function<void(const std::string& name, const onager_array& value)> array;
};

/// What a run lends to all its components. It outlives their instances.
struct Environment {
  std::uint64_t seed = 0;
  ThreadPool* threads = nullptr;  // none: one thread, the caller's
  /// The message names the component. Called as the functions of `emit` are.
  std::function<void(int level, const std::string& message)> log;
  /// How far the current call of a component is, 0 to 1. May come often, and from any thread.
  std::function<void(double fraction, const std::string& what)> progress;
  EmitTarget emit;
};

/// A live component: created from its plan, children first, destroyed in reverse.
class Instance {
 public:
  /// Throws Error: config when the component refuses its parameters (with the place in the file),
  /// else by status.
  Instance(const ComponentPlan& plan, Environment& environment);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// What its functions are called through: of an isolated one, stubs.
  const onager_component& component() const;
  void* get() const;
  /// "kernel 'cauchy' (org.example.mine 1.0.0)"
  std::string name() const;
  /// Those nested in it, in the order of the plan; of an isolated one, none.
  const std::vector<std::unique_ptr<Instance>>& children() const;

  /// Memory for what calls read and write, which its process shares; empty where it is in this one.
  CallRooms rooms() const;

  /// The table of an interface, or nullptr. Throws Error(plugin) when the table is smaller than in
  /// version 1.0 or not readable. Tables are constant, so each is asked for and checked once. Not
  /// from several threads at once.
  template <class Table>
  const Table* interface(const char* id) const {
    return static_cast<const Table*>(interface_table(id, sizeof(Table)));
  }

  /// Runs a call into the plugin and throws Error when it fails, with the plugin's reason. `call`
  /// names the function for messages: "apply". While it runs, a crash is reported as this call's,
  /// and a changed floating-point mode is restored and reported.
  template <class Call>
  void call(const char* what, Call&& function) const {
    check(what, ask(what, function));
  }
  /// The same for calls without status.
  template <class Call>
  auto ask(const char* what, Call&& function) const {
    const CallScope scope(context(), what);
    try {
      return function();
    } catch (const Error&) {
      throw;
    } catch (...) {
      refuse_exception(what);
    }
  }

  /// Throws when the status is not ONAGER_OK: INVALID at create is an Error(config), IO
  /// Error(system), NUMERICAL Error(numerical), CANCELLED Error(interrupted), all else
  /// Error(plugin).
  void check(const char* what, onager_status status) const;

 private:
  struct State;
  const HostContext& context() const;
  const void* interface_table(const char* id, std::size_t least_size) const;
  /// Inside a handler: an exception came out of the plugin's C function.
  [[noreturn]] void refuse_exception(const char* what) const;

  std::unique_ptr<State> state_;
};

/// The reason last given to set_error on this thread, cleared by the call.
std::string take_error_reason();
/// Keeps a reason for this thread, as set_error does.
void keep_error_reason(const std::string& reason);

}  // namespace onager::host
