// SPDX-License-Identifier: MIT
//
// What a component may ask of the host, behind the C tables of the ABI.
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/memory.hpp"
#include "base/threads.hpp"
#include "plugin/abi_guard.hpp"
#include "plugin/call_scope.hpp"
#include "plugin/component_plan.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <string_view>
#include <utility>

namespace onager::host {

namespace {

thread_local std::string error_reason;

// ---- the table itself

void log(const onager_host* host, std::int32_t level, const char* message) {
  HostContext::of(host).log(level, message ? message : "");
}

void set_error(const onager_host*, const char* message) {
  try {
    keep_error_reason(message ? message : "");
  } catch (const std::bad_alloc&) {
    error_reason.clear();
  }
}

std::int32_t cancelled(const onager_host*) { return stop_requested() ? 1 : 0; }

void progress(const onager_host* host, double fraction, const char* what) {
  const auto& context = HostContext::of(host);
  if (!context.environment.progress || !(fraction >= 0 && fraction <= 1)) return;
  try {
    context.environment.progress(fraction, what && *what
                                               ? fmt::format("{}: {}", context.short_name, what)
                                               : context.short_name);
  } catch (const std::exception&) {  // a line that is not shown
  }
}

void* allocate(const onager_host*, std::uint64_t bytes) { return allocate_memory(bytes); }

void release(const onager_host*, void* memory) { release_memory(memory); }

// ---- onager.random/1

void bits(const onager_host* host, std::uint64_t stream, std::uint64_t offset, std::int64_t count,
          std::uint64_t* out) {
  HostContext::of(host).random.bits(stream, offset, count, out);
}
void uniform(const onager_host* host, std::uint64_t stream, std::uint64_t offset,
             std::int64_t count, double* out) {
  HostContext::of(host).random.uniform(stream, offset, count, out);
}
void normal(const onager_host* host, std::uint64_t stream, std::uint64_t offset, std::int64_t count,
            double* out) {
  HostContext::of(host).random.normal(stream, offset, count, out);
}
void permutation(const onager_host* host, std::uint64_t stream, std::int64_t count,
                 std::int64_t* out) {
  if (count > 0) HostContext::of(host).random.permutation(stream, count, out);
}

constexpr onager_random random_service{
    sizeof(onager_random), 0, bits, uniform, normal, permutation};

// ---- onager.parallel/1

std::int32_t threads(const onager_host* host) {
  const auto* pool = HostContext::of(host).environment.threads;
  return pool ? pool->threads() : 1;
}

/// How a task's status travels through the pool, which stops at the first exception.
struct TaskFailure {
  onager_status status;
  std::string reason;  // given on the worker's thread
};

void run_task(const HostContext& context, onager_task task, void* argument, std::int64_t index,
              int worker) {
  const CallScope scope(context, "a task of onager.parallel");
  onager_status status = ONAGER_INTERNAL;
  try {
    status = task(argument, index, worker);
  } catch (const std::exception& error) {
    keep_error_reason(fmt::format("a parallel task threw an exception: {}", error.what()));
  } catch (...) {
    keep_error_reason("a parallel task threw an exception of unknown type");
  }
  if (status != ONAGER_OK) throw TaskFailure{status, take_error_reason()};
}

onager_status run(const onager_host* host, std::int64_t count, onager_task task, void* argument) {
  onager_status answer = ONAGER_OK;
  const onager_status guarded = abi_guard([&] {
    const auto& context = HostContext::of(host);
    const auto work = [&](std::int64_t index, int worker) {
      run_task(context, task, argument, index, worker);
    };
    try {
      if (auto* pool = context.environment.threads) pool->run(count, work);
      else
        for (std::int64_t i = 0; i < count; ++i) work(i, 0);
    } catch (const TaskFailure& failure) {
      keep_error_reason(failure.reason);
      answer = failure.status;
    }
  });
  return guarded == ONAGER_OK ? answer : guarded;
}

constexpr onager_parallel parallel_service{sizeof(onager_parallel), 0, threads, run};

// ---- onager.emit/1

/// The name becomes a column of a table or a file's name.
std::string checked_name(const char* name) {
  const std::string_view text = name ? name : "";
  const bool characters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
  if (text.empty() || text.size() > 200 || text.front() == '.' || !characters)
    throw Error(Category::config,
                fmt::format("'{}' cannot name a result: lower case letters, digits, _ and ., at "
                            "most 200, not beginning with .",
                            text));
  return std::string(text);
}

template <class Function, class... Arguments>
onager_status emit(const Function& function, Arguments&&... arguments) {
  if (!function) {
    set_error(nullptr, "results cannot be emitted in this call");
    return ONAGER_UNSUPPORTED;
  }
  return abi_guard([&] {
    const std::lock_guard lock(report_mutex());
    function(std::forward<Arguments>(arguments)...);
  });
}

template <class Work>
onager_status with_name(const char* name, Work&& work) {
  std::string text;
  const onager_status status = abi_guard([&] { text = checked_name(name); });
  return status == ONAGER_OK ? work(text) : status;
}

onager_status emit_scalar(const onager_host* host, const char* name, double value) {
  return with_name(name, [&](const std::string& text) {
    return emit(HostContext::of(host).environment.emit.scalar, text, value);
  });
}

onager_status emit_scalar_at(const onager_host* host, std::int64_t round, const char* name,
                             double value) {
  return with_name(name, [&](const std::string& text) {
    return emit(HostContext::of(host).environment.emit.scalar_at, round, text, value);
  });
}

onager_status emit_array(const onager_host* host, const char* name, const onager_array* value) {
  return with_name(name, [&](const std::string& text) -> onager_status {
    const bool usable = value && value->struct_size >= sizeof(onager_array) &&
                        value->dtype >= ONAGER_FLOAT32 && value->dtype <= ONAGER_INT64 &&
                        value->rows >= 0 && value->cols >= 0 &&
                        (value->data || value->rows == 0 || value->cols == 0);
    if (!usable) {
      set_error(host,
                fmt::format("the array '{}' has no data, no known type or a negative size", text)
                    .c_str());
      return ONAGER_INVALID;
    }
    return emit(HostContext::of(host).environment.emit.array, text, *value);
  });
}

constexpr onager_emit emit_service{sizeof(onager_emit), 0, emit_scalar, emit_scalar_at, emit_array};

const void* service(const onager_host*, const char* id) {
  const std::string_view name = id ? id : "";
  if (name == ONAGER_RANDOM) return &random_service;
  if (name == ONAGER_PARALLEL) return &parallel_service;
  if (name == ONAGER_LINALG) return linalg_service();
  if (name == ONAGER_SPECTRUM) return spectrum_service();
  if (name == ONAGER_DERIVATIVES) return derivatives_service();
  if (name == ONAGER_EMIT) return &emit_service;
  return nullptr;
}

}  // namespace

HostContext::HostContext(const ComponentPlan& plan, Environment& shared)
    : plugin(*plan.plugin),
      component(*plan.component),
      short_name(fmt::format("{} '{}'", component.kind, component.id)),
      full_name(fmt::format("{} ({})", short_name, plugin.name())),
      environment(shared),
      random(shared.seed, plan.stream.empty() ? plan.path : plan.stream),
      table{sizeof(onager_host),
            ONAGER_ABI_MAJOR,
            ONAGER_ABI_MINOR,
            0,
            "onager",
            ONAGER_VERSION,
            this,
            service,
            host::log,
            set_error,
            cancelled,
            progress,
            allocate,
            release} {}

void HostContext::log(int level, const std::string& message) const noexcept {
  try {
    if (!environment.log) return;
    const int known = std::clamp<int>(level, ONAGER_LOG_DEBUG, ONAGER_LOG_WARNING);
    const std::lock_guard lock(report_mutex());
    environment.log(known, fmt::format("{}: {}", short_name, message));
  } catch (...) {
    // A message that cannot be written must not end the run.
  }
}

std::mutex& report_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::string take_error_reason() { return std::exchange(error_reason, {}); }

void keep_error_reason(const std::string& reason) { error_reason = reason; }

}  // namespace onager::host
