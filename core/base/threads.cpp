// SPDX-License-Identifier: MIT
#include "base/threads.hpp"

#include "base/interrupt.hpp"

#include <cblas.h>
#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace onager::host {

namespace {

thread_local int worker_of_thread = -1;

}  // namespace

struct ThreadPool::Shared {
  std::mutex mutex;
  std::condition_variable begin, end;
  std::uint64_t generation = 0;
  bool closing = false;
  int active = 0;

  const std::function<void(std::int64_t, int)>* task = nullptr;
  std::int64_t count = 0;
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;

  std::vector<std::thread> workers;
  BlasThreads blas = BlasThreads::as_many;

  void set_blas_threads(int threads) const {
    if (blas == BlasThreads::as_many) openblas_set_num_threads(threads);
  }

  void work(int worker) {
    worker_of_thread = worker;
    try {
      for (std::int64_t i; (i = next.fetch_add(1)) < count;) {
        throw_if_stopped();
        (*task)(i, worker);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
    worker_of_thread = -1;
  }

  void loop(int worker) {
    std::uint64_t seen = 0;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        begin.wait(lock, [&] { return closing || generation != seen; });
        if (closing) return;
        seen = generation;
      }
      work(worker);
      const std::lock_guard lock(mutex);
      if (--active == 0) end.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads, BlasThreads blas) : shared_(std::make_unique<Shared>()) {
  shared_->blas = blas;
  shared_->set_blas_threads(threads);
  for (int i = 1; i < threads; ++i) shared_->workers.emplace_back([this, i] { shared_->loop(i); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->closing = true;
  }
  shared_->begin.notify_all();
  for (auto& worker : shared_->workers) worker.join();
}

int ThreadPool::threads() const noexcept { return static_cast<int>(shared_->workers.size()) + 1; }

void ThreadPool::run(std::int64_t count, const std::function<void(std::int64_t, int)>& task) {
  if (worker_of_thread >= 0) {
    const int worker = worker_of_thread;
    for (std::int64_t i = 0; i < count; ++i) task(i, worker);
    return;
  }
  auto& s = *shared_;
  s.set_blas_threads(1);
  {
    const std::lock_guard lock(s.mutex);
    s.task = &task;
    s.count = count;
    s.next = 0;
    s.failure = nullptr;
    s.active = static_cast<int>(s.workers.size());
    ++s.generation;
  }
  s.begin.notify_all();
  s.work(0);
  {
    std::unique_lock lock(s.mutex);
    s.end.wait(lock, [&] { return s.active == 0; });
  }
  s.set_blas_threads(threads());
  if (s.failure) std::rethrow_exception(s.failure);
}

int ThreadPool::current_worker() noexcept { return worker_of_thread; }

ThreadPool::AsWorker::AsWorker(int worker, ThreadPool* pool) {
  worker_of_thread = worker;
  if (pool == nullptr) return;
  const int threads = worker >= 0 ? 1 : pool->threads();
  // as many calls as the other pool has workers come at the same time, all inside tasks or none
  if (openblas_get_num_threads() != threads) pool->shared_->set_blas_threads(threads);
}

ThreadPool::AsWorker::~AsWorker() { worker_of_thread = -1; }

int available_threads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
  return 1;
}

}  // namespace onager::host
