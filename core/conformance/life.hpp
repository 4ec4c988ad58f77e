// SPDX-License-Identifier: MIT
//
// What an instance answers from its creation on, as a short number to compare: alone, beside other
// instances, and on threads.
#pragma once

#include "base/fnv.hpp"
#include "conformance/general_checks.hpp"
#include "conformance/specimen.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host::conformance {

/// A number for names and numbers, taken bit for bit (FNV-1a).
class Digest {
 public:
  void add(std::string_view text);
  void add(const Table& numbers);
  void add(std::int64_t number);
  void add(double number);
  std::uint64_t value() const { return value_; }

 private:
  void add_bytes(const void* bytes, std::size_t count);
  std::uint64_t value_ = fnv_begin;
};

/// A call on an instance.
struct Call {
  std::string name;
  /// Adds what the instance answers. On any thread, one call on the instance at a time.
  std::function<onager_status(Digest&)> make;
};

/// The calls that an instance gets, in their order, once it was made ready for them. What data they
/// have is up to the seed of its trial.
using LifeOf = std::function<std::vector<Call>(Specimen&)>;

/// A life of calls from arrays to arrays, each in both precisions.
std::vector<Call> calls_of(const Operations& operations);
LifeOf life_of(const OperationsOf& operations);

/// A call that reads all arrays of a table.
Call reading(const Specimen& specimen, const onager_named_arrays& table);

/// The digests of each call up to the first that fails, and of the status of that.
using Answers = std::vector<std::uint64_t>;

/// An instance that goes through its life. A state that it can save is asked for at its end.
class Living {
 public:
  /// Takes an instance that was created before.
  Living(std::unique_ptr<Specimen> specimen, const LifeOf& life);
  /// Creates it. Throws what Specimen() does.
  Living(Trial& trial, const LifeOf& life);

  /// Makes the next call within Trial::measured. False at the end.
  bool go_on();
  /// The same for all that are left, without Trial: on any thread.
  void go_to_the_end();
  const Answers& answers() const { return answers_; }
  /// Whether the first call failed, as where a diagnostic is not made for such a run.
  bool failed_at_once() const { return failed_ && answers_.size() == 1; }
  /// The name of a call.
  const std::string& call(std::size_t index) const { return calls_[index].name; }
  std::size_t length() const { return calls_.size(); }

 private:
  void make_next();
  std::unique_ptr<Specimen> specimen_;
  std::vector<Call> calls_;
  Answers answers_;
  bool failed_ = false;
};

/// What an instance answers in a process of its own; nothing where it does not come to its end,
/// which other checks find.
std::optional<Answers> alone(const Trial& trial, const LifeOf& life);

/// The first call that is answered differently, or nothing.
std::optional<std::size_t> first_difference(const Answers& a, const Answers& b);

}  // namespace onager::host::conformance
