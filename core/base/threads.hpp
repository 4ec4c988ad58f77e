// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace onager::host {

/// What a pool does with the threads of BLAS: as many as its own outside its tasks, or nothing, in
/// a process that must not get any.
enum class BlasThreads { as_many, untouched };

/// The run's threads. Work is cut into indexed tasks whose results must not depend on which thread
/// ran them, so that a run gives the same bytes on every schedule.
class ThreadPool {
 public:
  explicit ThreadPool(int threads, BlasThreads blas = BlasThreads::as_many);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept;

  /// task(index, worker) for every index in [0, count), worker in [0, threads()). The first
  /// exception stops the remaining tasks and is thrown here; so does a stop request. BLAS runs
  /// single-threaded inside tasks. Called from inside a task, it runs in that task's thread.
  void run(std::int64_t count, const std::function<void(std::int64_t, int)>& task);

  /// Which worker of a pool the current thread is while it runs a task; -1 outside.
  static int current_worker() noexcept;

  /// While it lives, the current thread counts as that worker of a pool that another process has,
  /// and BLAS runs as it would there. `pool`: this process's; may be nullptr.
  class AsWorker {
   public:
    AsWorker(int worker, ThreadPool* pool);
    ~AsWorker();
    AsWorker(const AsWorker&) = delete;
    AsWorker& operator=(const AsWorker&) = delete;
  };

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

/// Threads this process may use: the affinity mask, at least 1.
int available_threads();

}  // namespace onager::host
