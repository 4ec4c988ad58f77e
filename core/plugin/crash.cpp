// SPDX-License-Identifier: MIT
#include "plugin/crash.hpp"

#include "base/error.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace onager::host {

namespace {

thread_local const Breadcrumb* current_breadcrumb = nullptr;

struct CodeRange {
  std::uintptr_t begin, end;
  const char* plugin;
};
std::array<CodeRange, 4096> code_ranges;
std::atomic<std::size_t> code_range_count{0};

std::atomic<bool> reporting{false};

/// A stack for the handler, unless the thread has one: when a plugin recursed without end, the
/// thread's own is full.
class HandlerStack {
 public:
  HandlerStack() {
    stack_t present{};
    if (::sigaltstack(nullptr, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
    void* memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = memory;
    stack_t stack{};
    stack.ss_sp = memory;
    stack.ss_size = size;
    ::sigaltstack(&stack, nullptr);
  }
  ~HandlerStack() {
    if (memory_ == nullptr) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
    ::munmap(memory_, size);
  }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

 private:
  static constexpr std::size_t size = 64 * 1024;
  void* memory_ = nullptr;
};

void prepare_this_thread() {
  if (!reporting.load(std::memory_order_relaxed)) return;
  thread_local const HandlerStack stack;
}

/// A line put together without allocating, as a signal handler must.
class Line {
 public:
  Line& operator<<(const char* text) {
    const std::size_t length = std::min(std::strlen(text), text_.size() - used_);
    std::memcpy(text_.data() + used_, text, length);
    used_ += length;
    return *this;
  }
  void write() const {
    const char* at = text_.data();
    for (std::size_t left = used_; left > 0;) {
      const ssize_t put = ::write(STDERR_FILENO, at, left);
      if (put <= 0) return;
      at += put;
      left -= static_cast<std::size_t>(put);
    }
  }

 private:
  std::array<char, 2048> text_;
  std::size_t used_ = 0;
};

const char* described(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV, access to memory that is not its own";
    case SIGBUS: return "SIGBUS, access to memory that is not there";
    case SIGFPE: return "SIGFPE, such as an integer divided by 0";
    case SIGILL: return "SIGILL, an instruction that this CPU does not have";
    default: return "SIGABRT, such as a failed assertion or an exception that nobody caught";
  }
}

const char* plugin_at(const void* context) {
#if defined(__x86_64__)
  const auto address = static_cast<std::uintptr_t>(
      static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  const auto address =
      static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc);
#else
  const std::uintptr_t address = 0;
  (void)context;
#endif
  const std::size_t count = code_range_count.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i)
    if (address >= code_ranges[i].begin && address < code_ranges[i].end)
      return code_ranges[i].plugin;
  return nullptr;
}

extern "C" void on_crash(int signal, siginfo_t*, void* context) {
  const Breadcrumb* crumb = current_breadcrumb;
  const char* code = crumb ? nullptr : plugin_at(context);
  if (crumb == nullptr && code == nullptr) {
    // Blocked until the handler returns, the signal then ends the program as it would have.
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  Line line;
  line << "onager: ";
  if (code) line << "plugin " << code << " crashed";
  else if (*crumb->component == '\0') line << crumb->plugin << " crashed " << crumb->call;
  else
    line << crumb->kind << " '" << crumb->component << "' of plugin " << crumb->plugin
         << " crashed in " << crumb->call;
  line << " (" << described(signal) << "). The fault is in the plugin: tell its author.\n";
  line.write();
  ::_exit(static_cast<int>(Category::plugin));
}

}  // namespace

BreadcrumbTrail::BreadcrumbTrail(const Breadcrumb& crumb) noexcept
    : crumb_(crumb), outer_(current_breadcrumb) {
  prepare_this_thread();
  std::atomic_signal_fence(std::memory_order_release);
  current_breadcrumb = &crumb_;
  std::atomic_signal_fence(std::memory_order_release);
}

BreadcrumbTrail::~BreadcrumbTrail() {
  std::atomic_signal_fence(std::memory_order_release);
  current_breadcrumb = outer_;
  std::atomic_signal_fence(std::memory_order_release);
}

void remember_plugin_code(std::uintptr_t begin, std::uintptr_t end, const char* id) {
  const std::size_t count = code_range_count.load();
  if (count == code_ranges.size()) return;
  code_ranges[count] = {begin, end, id};
  code_range_count.store(count + 1, std::memory_order_release);
}

void report_plugin_crashes() {
  reporting = true;
  prepare_this_thread();
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    ::sigaction(signal, &action, nullptr);
}

}  // namespace onager::host
