// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"
#include "plugin/instance.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// Thrown when create() refuses, with its reason.
struct Refused {
  onager_status status;
  std::string reason;
};

/// What a specimen is made under.
struct Conditions {
  std::uint64_t seed = 1;
  ThreadPool* threads = nullptr;  // none: the caller's alone
  bool memory_runs_out = false;   // allocate() answers NULL
  bool on_a_thread = false;       // created on another thread, without Trial's help
};

/// Results that a component emitted, in their order.
struct Emitted {
  std::string name;
  std::int64_t round;  // -1: the current one
  Table value;         // 1 x 1 for a scalar
};

/// A live instance of a trial's component, created as a run does, with a host table that can be
/// disturbed.
class Specimen {
 public:
  /// Throws Refused; after an exception out of create, or an instance that is NULL, the check ends.
  explicit Specimen(Trial& trial, const Conditions& conditions = {});
  ~Specimen();
  Specimen(const Specimen&) = delete;
  Specimen& operator=(const Specimen&) = delete;

  Trial& trial() const { return trial_; }
  void* get() const { return instance_; }
  const onager_component& component() const { return *trial_.plan().component; }

  /// The table of an interface, or nullptr. A table that cannot be used ends the check with
  /// "component.interfaces".
  template <class Interface>
  const Interface* interface(const char* id) const {
    return static_cast<const Interface*>(table(id, sizeof(Interface)));
  }

  std::vector<Emitted>& emitted() { return emitted_; }
  /// Bytes that the instance has taken from the host and not given back, and the most so far.
  std::int64_t bytes_held() const { return held_; }
  std::int64_t most_bytes_held() const { return most_held_; }

 private:
  struct Disturbed;
  const void* table(const char* id, std::size_t least_size) const;
  static void* allocate(const onager_host* host, std::uint64_t bytes);
  static void release(const onager_host* host, void* memory);

  Trial& trial_;
  const Conditions conditions_;
  Environment environment_;
  std::unique_ptr<Disturbed> host_;
  std::vector<std::unique_ptr<Instance>> children_;
  std::vector<Emitted> emitted_;
  std::map<void*, std::int64_t> blocks_;
  std::int64_t held_ = 0, most_held_ = 0;
  void* instance_ = nullptr;
};

}  // namespace onager::host::conformance
