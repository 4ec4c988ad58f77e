/* SPDX-License-Identifier: MIT */
/* Conjugate gradients for every target in turn. Spoil it by defining before: ANSWER(a), what is
 * written of each number of the solution; IF_IT_FAILS, statements for a failure of the operator;
 * SAID, bytes; CURVATURE(p) to divide by;
 * FINITE(number); BEFORE_SOLVE, statements; WORKSPACE(memory), where it computes. */
#include "component.h"

#include <math.h>

#ifndef ANSWER
#define ANSWER(a) (a)
#endif
#ifndef IF_IT_FAILS
#define IF_IT_FAILS return status;
#endif
#ifndef CURVATURE
#define CURVATURE(p) (p)
#endif
#ifndef SAID
#define SAID (5 * (uint64_t)samples * sizeof(double) + 64)
#endif
#ifndef BEFORE_SOLVE
#define BEFORE_SOLVE
#endif
#ifndef WORKSPACE
#define WORKSPACE(memory) (memory)
#endif
#ifndef FINITE
#define FINITE(number) isfinite(number)
#endif

static double inner_product(const double* a, const double* b, int64_t n) {
  double sum = 0;
  int64_t i;
  for (i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/* memory: five vectors of n numbers. p and q hold the operator's argument and answer in the run's
 * precision. */
static onager_status solve_one(const onager_host* host, const onager_operator* k,
                               const onager_array* y, int64_t target, onager_array* solution,
                               double* memory) {
  const int64_t n = k->size;
  double *p = memory, *q = p + n, *r = q + n, *a = r + n, *direction = a + n;
  onager_array from = {sizeof from, k->dtype, p, n, 1, 1, 1};
  onager_array to = {sizeof to, k->dtype, q, n, 1, 1, 1};
  double first, rr;
  int64_t i, step;
  for (i = 0; i < n; ++i) {
    r[i] = direction[i] = get(y, i, target);
    a[i] = 0;
  }
  first = rr = inner_product(r, r, n);
  for (step = 0; step < 10 * n && rr > 1e-20 * first; ++step) {
    double length, next;
    onager_status status;
    for (i = 0; i < n; ++i) set(&from, i, 0, direction[i]);
    status = k->product(k, &from, &to);
    if (status != ONAGER_OK) {
      IF_IT_FAILS
    }
    length = 0;
    for (i = 0; i < n; ++i) length += direction[i] * get(&to, i, 0);
    length = CURVATURE(length);
    if (!FINITE(length)) return fail(host, ONAGER_NUMERICAL, "the matrix is not finite");
    if (length == 0) break;
    for (i = 0; i < n; ++i) {
      a[i] += rr / length * direction[i];
      r[i] -= rr / length * get(&to, i, 0);
    }
    next = inner_product(r, r, n);
    for (i = 0; i < n; ++i) direction[i] = r[i] + next / rr * direction[i];
    if (k->dtype == ONAGER_FLOAT32 && next > 0.5 * rr && step > n) break;
    rr = next;
  }
  for (i = 0; i < n; ++i) set(solution, i, target, ANSWER(a[i]));
  return ONAGER_OK;
}

static onager_status solve(void* instance, const onager_operator* k, const onager_array* targets,
                           onager_array* solution) {
  const onager_host* host = ((instance_data*)instance)->host;
  const int64_t samples = k->size;
  double* memory = host->allocate(host, 5 * (uint64_t)samples * sizeof(double));
  onager_status status = ONAGER_OK;
  int64_t target;
  if (memory == NULL) return fail(host, ONAGER_NO_MEMORY, "no memory for a few vectors");
  BEFORE_SOLVE
  for (target = 0; target < targets->cols && status == ONAGER_OK; ++target)
    status = solve_one(host, k, targets, target, solution, WORKSPACE(memory));
  host->release(host, memory);
  return status;
}

static uint64_t memory(const void* instance, onager_dtype dtype, int64_t samples, int64_t outputs,
                       uint64_t allowed) {
  (void)instance, (void)dtype, (void)outputs, (void)allowed;
  return SAID;
}

static const onager_linear_solver solver = {sizeof(onager_linear_solver), 0, solve, memory};
PLUGIN("optimizer", ONAGER_OPTIMIZER_LINEAR, solver)
