// SPDX-License-Identifier: MIT
#include "conformance/instance_checks.hpp"

#include "conformance/threads_at_once.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>

namespace onager::host::conformance {

namespace {

constexpr std::size_t threads = 4;

/// The trial of a second instance: with other data too.
Trial beside(const Trial& trial, const ComponentPlan& other) {
  return {other, trial.seed() + 1, trial.scratch(), trial.link()};
}

/// Reports the first answer of a life that is another than alone.
void compare(Trial& trial, const char* rule, const Living& living, const Answers& expected,
             const char* when) {
  if (const auto at = first_difference(living.answers(), expected))
    trial.report(rule, fmt::format("{} of an instance gives other numbers {}",
                                   living.call(std::min(*at, living.length() - 1)), when));
}

/// Each thread creates so many instances, and leads their lives.
void live_on_threads(Trial& trial, std::deque<Trial>& trials, const LifeOf& life, std::size_t count,
                     const std::array<Answers, threads>& expected) {
  std::array<std::vector<std::unique_ptr<Specimen>>, threads> specimens;
  std::atomic<bool> refused{false};
  run_at_once(trial, "create", threads, [&](std::size_t t) {
    Conditions conditions{trials[t].seed()};
    conditions.on_a_thread = true;
    try {
      for (std::size_t i = 0; i < count; ++i)
        specimens[t].push_back(std::make_unique<Specimen>(trials[t], conditions));
    } catch (const Refused&) {
      refused = true;
    }
  });
  if (refused) {
    trial.report("values.reentrant",
                 fmt::format("create fails when {} threads create instances at once", threads));
    return;
  }
  std::array<std::vector<Living>, threads> lives;
  for (std::size_t t = 0; t < threads; ++t)
    for (auto& specimen : specimens[t]) lives[t].emplace_back(std::move(specimen), life);
  std::array<std::string, threads> wrong;
  run_at_once(trial, lives[0][0].call(0), threads, [&](std::size_t t) {
    for (auto& living : lives[t]) {
      living.go_to_the_end();
      const auto at = first_difference(living.answers(), expected[t]);
      if (!at) continue;
      wrong[t] = living.call(std::min(*at, living.length() - 1));
      return;
    }
  });
  const auto call =
      std::find_if(wrong.begin(), wrong.end(), [](auto& name) { return !name.empty(); });
  if (call != wrong.end())
    trial.report("values.reentrant",
                 fmt::format("{} gave other numbers when {} threads called instances of their own "
                             "at once than when one did",
                             *call, threads));
}

}  // namespace

void check_instances(Trial& trial, const ComponentPlan& other, const LifeOf& life) {
  Trial elsewhere = beside(trial, other);
  const auto expected = alone(trial, life);
  if (!expected || expected->empty()) return;
  const auto expected_of_other = alone(elsewhere, life);
  if (!expected_of_other) return;
  {
    Living again(trial, life);
    while (again.go_on()) {
    }
    compare(trial, "values.deterministic", again, *expected,
            "when it is made anew with the same parameters and seed");
    if (trial.anything_reported()) return;
  }
  {
    Living one(trial, life), second(elsewhere, life);
    while (one.go_on() | second.go_on()) {
    }
    compare(trial, "component.instances", one, *expected,
            "while another, with other parameters, is called by turns with it");
    compare(trial, "component.instances", second, *expected_of_other,
            "while another, with other parameters, is called by turns with it");
  }
  Living one(trial, life);
  for (std::size_t half = one.length() / 2; half > 0; --half) one.go_on();
  {
    Living second(elsewhere, life);
    while (second.go_on()) {
    }
  }
  while (one.go_on()) {
  }
  compare(trial, "component.instances", one, *expected,
          "once another, with other parameters, was used and destroyed");
}

void check_threads_apart(Trial& trial, const ComponentPlan& other, const LifeOf& life) {
  constexpr std::int64_t duration = 20'000'000, most_lives = 1000;  // nanoseconds of CPU
  // each thread has data of its own
  std::deque<Trial> trials;
  std::array<Answers, threads> expected;
  std::int64_t shortest = duration;
  for (std::size_t t = 0; t < threads; ++t) {
    trials.emplace_back(t % 2 == 0 ? trial.plan() : other, trial.seed() + t, trial.scratch(),
                        trial.link());
    // the first makes the data
    for (int turn = 0; turn < 2; ++turn) {
      Living living(trials[t], life);
      if (living.length() == 0) return;
      const std::int64_t begin = thread_cpu_time();
      living.go_to_the_end();
      shortest = std::min(shortest, thread_cpu_time() - begin);
      expected[t] = living.answers();
    }
  }
  // to the end: a thread's last moments are counted after it was joined
  trial.threads_expected = true;
  for (auto& one : trials) one.threads_expected = true;
  const auto count = std::clamp<std::int64_t>(duration / shortest, 1, most_lives);
  live_on_threads(trial, trials, life, static_cast<std::size_t>(count), expected);
}

}  // namespace onager::host::conformance
