// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "conformance/child.hpp"
#include "conformance/guarded_array.hpp"
#include "plugin/component_plan.hpp"

#include <onager/array.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// Ends a check whose rest would make no sense after what was found.
struct CheckEnds {};

/// CPU time of the calling thread, in nanoseconds.
std::int64_t thread_cpu_time();

/// Whether two tables are equal bit for bit, NaN included.
bool same_bytes(const Table& a, const Table& b);

/// One component with one set of parameters, in the child process that tries it: what all checks
/// of it share.
class Trial {
 public:
  /// `scratch`: where arrays are saved.
  Trial(const ComponentPlan& plan, std::uint64_t seed, std::filesystem::path scratch,
        const ChildLink& link);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  const ComponentPlan& plan() const { return plan_; }
  std::uint64_t seed() const { return seed_; }
  const std::filesystem::path& scratch() const { return scratch_; }
  const ChildLink& link() const { return link_; }

  /// Reports a rule as broken. The arrays are saved under their names.
  void report(const char* rule, const std::string& what,
              const std::vector<const GuardedArray*>& arrays = {});
  /// The same, of numbers that are in no array of a call.
  void report(const char* rule, const std::string& what,
              const std::vector<std::pair<std::string, Table>>& arrays);
  /// Tells the user something that is no violation.
  void note(const std::string& text) const;
  bool reported(const std::string& rule) const { return reported_.count(rule) != 0; }
  bool anything_reported() const { return !reported_.empty(); }

  /// rows x cols standard normal numbers: a function of seed, component and `stream`.
  Table normal(std::int64_t rows, std::int64_t cols, const std::string& stream) const;
  Table uniform(std::int64_t rows, std::int64_t cols, const std::string& stream) const;

  /// A call into the plugin and what a well-behaved one leaves alone: exceptions stay inside, the
  /// floating-point mode is the same, no other thread computes. Reports and returns what the call
  /// returned; after an exception the check ends.
  template <class Work>
  auto measured(const char* call, Work&& work);

  /// A measured call that returns a status: a failing one is known and comes with a reason.
  onager_status ask(const char* call, const std::function<onager_status()>& work);
  /// The reason of the last failing ask().
  const std::string& reason() const { return reason_; }
  /// A call that has to succeed; else the check ends with "calls.succeed".
  void must(const char* call, const std::function<onager_status()>& work);

  /// Whether other threads than the caller's are expected to compute now.
  bool threads_expected = false;

  /// Tables of interfaces that were looked at, by their names.
  std::set<std::pair<std::string, const void*>> known_tables;

 private:
  /// What a call should leave as it was.
  struct Before {
    unsigned mode;
    std::int64_t process_time, thread_time;  // nanoseconds of CPU
  };
  Before before(const char* call);
  void after(const char* call, const Before& before);
  [[noreturn]] void escaped(const char* call);
  void send(const char* rule, const std::string& what, const std::vector<std::string>& files);

  const ComponentPlan& plan_;
  const std::uint64_t seed_;
  const std::filesystem::path scratch_;
  const ChildLink& link_;
  std::set<std::string> reported_;
  std::string reason_;
};

template <class Work>
auto Trial::measured(const char* call, Work&& work) {
  const Before was = before(call);
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      after(call, was);
    } else {
      auto result = work();
      after(call, was);
      return result;
    }
  } catch (const CheckEnds&) {
    throw;
  } catch (...) {
    escaped(call);
  }
}

}  // namespace onager::host::conformance
