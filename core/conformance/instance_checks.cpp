// SPDX-License-Identifier: MIT
#include "conformance/instance_checks.hpp"

#include "conformance/parameter_sets.hpp"
#include "conformance/threads_at_once.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// What a thread does: lives of one kind, of instances of its own.
struct Thread {
  Thread(const ComponentPlan& plan, std::size_t number, const Trial& of, const LifeOf& lived)
      : trial(plan, of.seed() + number, of.scratch(), of.link()), life(lived) {}
  Trial trial;
  const LifeOf& life;
  Answers expected;
  std::vector<std::unique_ptr<Specimen>> specimens;
  std::vector<Living> living;
  std::string wrong;  // the call that was answered differently
};

/// Each thread creates so many instances, and leads their lives.
void live_at_once(Trial& trial, std::deque<Thread>& all, std::size_t count) {
  std::atomic<bool> refused{false};
  run_at_once(trial, "create", all.size(), [&](std::size_t t) {
    Conditions conditions{all[t].trial.seed()};
    conditions.on_a_thread = true;
    try {
      for (std::size_t i = 0; i < count; ++i)
        all[t].specimens.push_back(std::make_unique<Specimen>(all[t].trial, conditions));
    } catch (const Refused&) {
      refused = true;
    }
  });
  if (refused) {
    trial.report("values.reentrant",
                 fmt::format("create fails when {} threads create instances at once", all.size()));
    return;
  }
  for (auto& thread : all)
    for (auto& specimen : thread.specimens)
      thread.living.emplace_back(std::move(specimen), thread.life);
  run_at_once(trial, all[0].living[0].call(0), all.size(), [&](std::size_t t) {
    for (auto& living : all[t].living) {
      living.go_to_the_end();
      const auto at = first_difference(living.answers(), all[t].expected);
      if (!at) continue;
      all[t].wrong = living.call(std::min(*at, living.length() - 1));
      return;
    }
  });
  for (const auto& thread : all)
    if (!thread.wrong.empty())
      trial.report("values.reentrant",
                   fmt::format("{} gave other numbers when {} threads called instances of their "
                               "own at once than when one did",
                               thread.wrong, all.size()));
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
    for (bool goes_on = true; goes_on;) {
      goes_on = one.go_on();
      goes_on = second.go_on() || goes_on;
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

void check_threads_apart(Trial& trial, const ComponentPlan& other,
                         const std::vector<LifeOf>& lives) {
  constexpr std::int64_t duration = 20'000'000, most_lives = 1000;  // nanoseconds of CPU
  std::vector<const LifeOf*> usable;
  for (const auto& life : lives) {
    Living living(trial, life);
    living.go_to_the_end();
    if (!living.answers().empty() && !living.failed_at_once()) usable.push_back(&life);
  }
  if (usable.empty()) return;
  // each thread has data of its own
  std::deque<Thread> all;
  std::int64_t shortest = duration;
  for (std::size_t t = 0; t < threads; ++t) {
    auto& thread = all.emplace_back(t < threads / 2 ? trial.plan() : other, t, trial,
                                    *usable[t % usable.size()]);
    // the first life makes the data
    for (int turn = 0; turn < 2; ++turn) {
      Living living(thread.trial, thread.life);
      const std::int64_t begin = thread_cpu_time();
      living.go_to_the_end();
      shortest = std::min(shortest, thread_cpu_time() - begin);
      thread.expected = living.answers();
    }
  }
  // to the end: a thread's last moments are counted after it was joined
  trial.threads_expected = true;
  for (auto& thread : all) thread.trial.threads_expected = true;
  const auto count = std::clamp<std::int64_t>(duration / shortest, 1, most_lives);
  live_at_once(trial, all, static_cast<std::size_t>(count));
}

void check_signs(Trial& trial, const std::vector<LifeOf>& lives) {
  for (const auto& number : numbers_of_either_sign(trial.plan())) {
    bool same = true, matters = false;
    for (const auto& life : lives) {
      const auto answers = [&](const ComponentPlan& plan) {
        return alone({plan, trial.seed(), trial.scratch(), trial.link()}, life);
      };
      const auto small = answers(number.with_small), large = answers(number.with_large);
      same = same && small && large && answers(number.with_minus_small) == small &&
             answers(number.with_minus_large) == large;
      matters = matters || small != large;
    }
    if (same && matters)
      trial.report("component.ranges",
                   fmt::format("{} gives the same numbers as {}, and {} the same as {}",
                               number.minus_small, number.small, number.minus_large, number.large));
  }
}

}  // namespace onager::host::conformance
