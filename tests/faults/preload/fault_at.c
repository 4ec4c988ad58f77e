/* SPDX-License-Identifier: MIT
 *
 * Loaded before a program (LD_PRELOAD), lets one of its file operations go wrong. Operations that
 * change files are counted from 1: creating, writing, syncing, renaming, removing, making folders.
 *
 *   FAULT_AT=N           the N-th operation and, unless it kills, all after it
 *   FAULT=kill           the process ends as by kill -9, before the operation
 *   FAULT=ENOSPC, EROFS  the operation fails so
 *   FAULT_COUNT=FILE     the number of operations is written there at the end
 *   CLOCK_FASTER=N       the clock that measures durations goes N times as fast
 *   CLOCK_JUMP=SECONDS   every second question for the time of day is answered so much off
 *
 * Standard output and error are left out.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static atomic_long operations;

/* The next definition of a function, as a pointer of its type. */
#define NEXT(type, name)        \
  static __typeof__(type) next; \
  if (!next) *(void**)(&next) = dlsym(RTLD_NEXT, name)

/* 0, or -1 with errno when this operation is to fail. */
static int operation(void) {
  const long n = atomic_fetch_add(&operations, 1) + 1;
  const char *at = getenv("FAULT_AT"), *fault = getenv("FAULT");
  if (!at || !fault || n < atol(at)) return 0;
  if (strcmp(fault, "kill") == 0) {
    if (n == atol(at)) raise(SIGKILL);
    return 0;
  }
  errno = strcmp(fault, "EROFS") == 0 ? EROFS : ENOSPC;
  return -1;
}

static int changes(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0; }

static mode_t mode_of(int flags, va_list arguments) {
  return flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
}

int open(const char* path, int flags, ...) {
  NEXT(int (*)(const char*, int, ...), "open");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return changes(flags) && operation() ? -1 : next(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  NEXT(int (*)(const char*, int, ...), "open64");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return changes(flags) && operation() ? -1 : next(path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t count) {
  NEXT(ssize_t(*)(int, const void*, size_t), "write");
  return file > STDERR_FILENO && operation() ? -1 : next(file, bytes, count);
}

int fsync(int file) {
  NEXT(int (*)(int), "fsync");
  return operation() ? -1 : next(file);
}

int rename(const char* from, const char* to) {
  NEXT(int (*)(const char*, const char*), "rename");
  return operation() ? -1 : next(from, to);
}

int unlink(const char* path) {
  NEXT(int (*)(const char*), "unlink");
  return operation() ? -1 : next(path);
}

int unlinkat(int folder, const char* path, int flags) {
  NEXT(int (*)(int, const char*, int), "unlinkat");
  return operation() ? -1 : next(folder, path, flags);
}

int remove(const char* path) {
  NEXT(int (*)(const char*), "remove");
  return operation() ? -1 : next(path);
}

int mkdir(const char* path, mode_t mode) {
  NEXT(int (*)(const char*, mode_t), "mkdir");
  return operation() ? -1 : next(path, mode);
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  NEXT(int (*)(clockid_t, struct timespec*), "clock_gettime");
  static atomic_int asked;
  const int status = next(clock, out);
  const char *jump = getenv("CLOCK_JUMP"), *faster = getenv("CLOCK_FASTER");
  if (status == 0 && jump && clock == CLOCK_REALTIME && atomic_fetch_add(&asked, 1) % 2)
    out->tv_sec += atol(jump);
  if (status == 0 && faster && clock == CLOCK_MONOTONIC) {
    const long n = atol(faster);
    const long long nanoseconds = (long long)out->tv_nsec * n;
    out->tv_sec = out->tv_sec * n + (time_t)(nanoseconds / 1000000000);
    out->tv_nsec = (long)(nanoseconds % 1000000000);
  }
  return status;
}

__attribute__((destructor)) static void tell(void) {
  const char* file = getenv("FAULT_COUNT");
  FILE* out = file ? fopen(file, "w") : NULL;
  if (!out) return;
  fprintf(out, "%ld\n", atomic_load(&operations));
  fclose(out);
}
