// SPDX-License-Identifier: MIT
#include "conformance/trial.hpp"

#include "base/files.hpp"
#include "plugin/floating_point.hpp"
#include "plugin/instance.hpp"
#include "results/npy.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstring>
#include <ctime>

namespace onager::host::conformance {

namespace {

// Another thread that was started and did nothing takes more than this.
constexpr std::int64_t least_thread_time = 20'000;

std::int64_t cpu_time(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

bool is_known(onager_status status) {
  return (status >= ONAGER_OK && status <= ONAGER_NOT_FOUND) || status == ONAGER_INTERNAL;
}

/// Leaves numbers on the stack where a call finds its variables, other ones each time.
[[gnu::noinline]] void litter_stack() {
  static thread_local std::uint32_t litter = 1;
  litter = litter * 1664525 + 1013904223;
  std::array<char, 8192> room;
  std::memset(room.data(), static_cast<int>(litter >> 24), room.size());
  asm volatile("" : : "r"(room.data()) : "memory");
}

template <class Draw>
Table drawn(std::int64_t rows, std::int64_t cols, Draw&& draw) {
  Table out(rows, cols);
  if (!out.values.empty()) draw(static_cast<std::int64_t>(out.values.size()), out.values.data());
  return out;
}

}  // namespace

std::int64_t thread_cpu_time() { return cpu_time(CLOCK_THREAD_CPUTIME_ID); }

bool same_bytes(const Table& a, const Table& b) {
  return a.rows == b.rows && a.cols == b.cols &&
         (a.values.empty() ||
          std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(double)) == 0);
}

Trial::Trial(const ComponentPlan& plan, std::uint64_t seed, std::filesystem::path scratch,
             const ChildLink& link)
    : plan_(plan), seed_(seed), scratch_(std::move(scratch)), link_(link) {}

void Trial::send(const char* rule, const std::string& what, const std::vector<std::string>& files) {
  // the first of its kind says it
  if (!reported_.insert(rule).second) return;
  const nlohmann::json message = {{"rule", rule}, {"what", what}, {"files", files}};
  link_.send(message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void Trial::report(const char* rule, const std::string& what,
                   const std::vector<const GuardedArray*>& arrays) {
  if (reported(rule)) return;
  std::vector<std::string> files;
  const auto folder = scratch_ / rule;
  make_folder(folder);
  for (const auto* array : arrays)
    if (array->save(folder.c_str())) files.push_back(fmt::format("{}/{}.npy", rule, array->name()));
  send(rule, what, files);
}

void Trial::report(const char* rule, const std::string& what,
                   const std::vector<std::pair<std::string, Table>>& arrays) {
  if (reported(rule)) return;
  std::vector<std::string> files;
  make_folder(scratch_ / rule);
  for (const auto& [name, table] : arrays) {
    files.push_back(fmt::format("{}/{}.npy", rule, name));
    write_file(scratch_ / files.back(), npy_bytes(NpyArray::copy_of(table.view().array())));
  }
  send(rule, what, files);
}

void Trial::note(const std::string& text) const {
  const nlohmann::json message = {{"note", text}};
  link_.send(message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Table Trial::normal(std::int64_t rows, std::int64_t cols, const std::string& stream) const {
  const RandomStreams random(seed_, plan_.use + "/" + stream);
  return drawn(rows, cols,
               [&](std::int64_t count, double* out) { random.normal(0, 0, count, out); });
}

Table Trial::uniform(std::int64_t rows, std::int64_t cols, const std::string& stream) const {
  const RandomStreams random(seed_, plan_.use + "/" + stream);
  return drawn(rows, cols,
               [&](std::int64_t count, double* out) { random.uniform(0, 0, count, out); });
}

Trial::Before Trial::before(const char* call) {
  link_.entering(call);
  take_error_reason();
  // the process is measured within the time of the thread, so that without other threads it has
  // taken less, whatever comes between two readings
  litter_stack();
  const std::int64_t thread = thread_cpu_time();
  return {floating_point_mode(), cpu_time(CLOCK_PROCESS_CPUTIME_ID), thread};
}

void Trial::after(const char* call, const Before& was) {
  const std::int64_t process = cpu_time(CLOCK_PROCESS_CPUTIME_ID) - was.process_time;
  const std::int64_t thread = thread_cpu_time() - was.thread_time;
  link_.entering("");
  if (floating_point_mode() != was.mode) {
    set_floating_point_mode(was.mode);
    report("state.floating_point",
           fmt::format("{} changed how the thread rounds or treats denormal numbers", call));
  }
  if (!threads_expected && process - thread > least_thread_time)
    report("state.threads", fmt::format("other threads computed for {} microseconds during {}",
                                        (process - thread) / 1000, call));
}

void Trial::escaped(const char* call) {
  std::string text = "an exception of unknown type";
  try {
    throw;
  } catch (const std::exception& error) {
    text = fmt::format("an exception: {}", error.what());
  } catch (...) {
  }
  link_.entering("");
  report("calls.return", fmt::format("{} let out {}", call, text));
  throw CheckEnds{};
}

onager_status Trial::ask(const char* call, const std::function<onager_status()>& work) {
  const onager_status status = measured(call, work);
  if (status == ONAGER_OK) return status;
  reason_ = take_error_reason();
  if (!is_known(status))
    report("calls.status", fmt::format("{} returned the status {}, which is none of those of "
                                       "onager_status",
                                       call, status));
  else if (reason_.empty() && status != ONAGER_NOT_FOUND && status != ONAGER_UNSUPPORTED)
    report("calls.reason", fmt::format("{} returned the status {} without a reason", call, status));
  return status;
}

void Trial::must(const char* call, const std::function<onager_status()>& work) {
  const onager_status status = ask(call, work);
  if (status == ONAGER_OK) return;
  // a failure in the wrong form says enough
  if (reported("calls.status") || reported("calls.reason")) throw CheckEnds{};
  report("calls.succeed", fmt::format("{} returned the status {}: {}", call, status,
                                      reason_.empty() ? "no reason given" : reason_));
  throw CheckEnds{};
}

}  // namespace onager::host::conformance
