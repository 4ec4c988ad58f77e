// SPDX-License-Identifier: MIT
#include "conformance/threads_at_once.hpp"

#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

namespace onager::host::conformance {

namespace {

constexpr long interval = 100'000;  // nanoseconds

thread_local timer_t timer;

void interrupt_once() {
  const itimerspec times{{0, 0}, {0, interval}};
  ::timer_settime(timer, 0, &times, nullptr);
}

// The next interruption counts from when the thread goes on: others may take longer than the
// interval, and it would never get further.
extern "C" void give_way(int) {
  ::sched_yield();
  interrupt_once();
}

/// The calling thread's, while it lives. A system without such timers does without.
class Interruptions {
 public:
  Interruptions() {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGPROF;
    event._sigev_un._tid = ::gettid();
    made_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
    if (made_) interrupt_once();
  }
  ~Interruptions() {
    if (made_) ::timer_delete(timer);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

 private:
  bool made_;
};

}  // namespace

void run_at_once(Trial& trial, const std::string& call, std::size_t count,
                 const std::function<void(std::size_t)>& work) {
  struct sigaction giving_way {
  }, before{};
  giving_way.sa_handler = give_way;
  giving_way.sa_flags = SA_RESTART;
  ::sigaction(SIGPROF, &giving_way, &before);
  std::atomic<std::size_t> waiting{count};
  trial.measured(call.c_str(), [&] {
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < count; ++t)
      workers.emplace_back([&, t] {
        const Interruptions interruptions;
        for (--waiting; waiting != 0;) std::this_thread::yield();
        work(t);
      });
    for (auto& worker : workers) worker.join();
  });
  ::sigaction(SIGPROF, &before, nullptr);
}

}  // namespace onager::host::conformance
