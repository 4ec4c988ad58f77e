/* SPDX-License-Identifier: MIT
 *
 * The types of the functions of the C ABI 1.0. It compiles as C99 and as C++, with -Werror, only
 * while each is still what it was: offsets alone would not show an argument that changed.
 * Functions added later go below their struct's last line here; no line of 1.0 changes.
 */
#include <onager/abi.h>

#define CHECK_JOIN(a, b) a##b
#define CHECK_NAME(line) CHECK_JOIN(check_, line)
/* A pointer to a function of this type and one to the member have a common type only when they are
 * of one type. */
#define FUNCTION(type, member, returned, arguments)      \
  typedef returned(*type##_##member##_in_1_0) arguments; \
  typedef char CHECK_NAME(                               \
      __LINE__)[sizeof(*(1 ? (type##_##member##_in_1_0*)0 : &((type*)0)->member)) != 0 ? 1 : -1]

FUNCTION(onager_host, service, const void*, (const onager_host*, const char*));
FUNCTION(onager_host, log, void, (const onager_host*, int32_t, const char*));
FUNCTION(onager_host, set_error, void, (const onager_host*, const char*));
FUNCTION(onager_host, cancelled, int32_t, (const onager_host*));
FUNCTION(onager_host, progress, void, (const onager_host*, double, const char*));
FUNCTION(onager_host, allocate, void*, (const onager_host*, uint64_t));
FUNCTION(onager_host, release, void, (const onager_host*, void*));

FUNCTION(onager_random, bits, void, (const onager_host*, uint64_t, uint64_t, int64_t, uint64_t*));
FUNCTION(onager_random, uniform, void, (const onager_host*, uint64_t, uint64_t, int64_t, double*));
FUNCTION(onager_random, normal, void, (const onager_host*, uint64_t, uint64_t, int64_t, double*));
FUNCTION(onager_random, permutation, void, (const onager_host*, uint64_t, int64_t, int64_t*));

FUNCTION(onager_parallel, threads, int32_t, (const onager_host*));
FUNCTION(onager_parallel, run, onager_status, (const onager_host*, int64_t, onager_task, void*));

FUNCTION(onager_linalg, gemm, onager_status,
         (const onager_host*, double, const onager_array*, int32_t, const onager_array*, int32_t,
          double, onager_array*));
FUNCTION(onager_linalg, symmetric_eigen, onager_status,
         (const onager_host*, onager_array*, onager_array*));
FUNCTION(onager_linalg, cholesky, onager_status, (const onager_host*, onager_array*, int64_t*));
FUNCTION(onager_linalg, cholesky_solve, onager_status,
         (const onager_host*, const onager_array*, onager_array*));

FUNCTION(onager_spectrum, extreme, onager_status,
         (const onager_host*, int64_t, onager_product, void*, int32_t, int64_t, double, int64_t,
          double*, onager_array*, int64_t*));

FUNCTION(onager_emit, scalar, onager_status, (const onager_host*, const char*, double));
FUNCTION(onager_emit, scalar_at, onager_status, (const onager_host*, int64_t, const char*, double));
FUNCTION(onager_emit, array, onager_status, (const onager_host*, const char*, const onager_array*));

FUNCTION(onager_component, create, onager_status,
         (const onager_host*, const onager_config*, void**));
FUNCTION(onager_component, destroy, void, (void*));
FUNCTION(onager_component, interface, const void*, (void*, const char*));

FUNCTION(onager_radial_kernel, evaluate_f64, onager_status,
         (const void*, int64_t, const double*, double*, double*));
FUNCTION(onager_radial_kernel, evaluate_f32, onager_status,
         (const void*, int64_t, const float*, float*, float*));

FUNCTION(onager_dot_kernel, evaluate_f64, onager_status,
         (const void*, int64_t, const double*, const double*, const double*, double*, double*,
          double*));
FUNCTION(onager_dot_kernel, evaluate_f32, onager_status,
         (const void*, int64_t, const float*, const float*, const float*, float*, float*, float*));

FUNCTION(onager_block_kernel, block, onager_status,
         (const void*, const onager_array*, const onager_array*, onager_array*));
FUNCTION(onager_block_kernel, gradient, onager_status,
         (const void*, const onager_array*, const onager_array*, const onager_array*,
          onager_array*));

FUNCTION(onager_composite_kernel, children, int64_t, (const void*, const onager_child**));
FUNCTION(onager_composite_kernel, combine_f64, onager_status,
         (const void*, int64_t, const double* const*, double*, double* const*));
FUNCTION(onager_composite_kernel, combine_f32, onager_status,
         (const void*, int64_t, const float* const*, float*, float* const*));

FUNCTION(onager_model, prepare, onager_status, (void*, int64_t, int64_t, int64_t*));
FUNCTION(onager_model, initialise, onager_status, (void*, onager_array*));
FUNCTION(onager_model, forward, onager_status,
         (const void*, const onager_array*, const onager_array*, onager_array*));
FUNCTION(onager_model, vjp, onager_status,
         (const void*, const onager_array*, const onager_array*, onager_array*, onager_cotangent,
          void*, const onager_array*, onager_array*, onager_array*));
FUNCTION(onager_model, part, onager_status, (const void*, int64_t, onager_model_part*));

FUNCTION(onager_model_tangent, jvp, onager_status,
         (const void*, const onager_array*, const onager_array*, const onager_array*,
          const onager_array*, onager_array*));
FUNCTION(onager_model_tangent, hvp, onager_status,
         (const void*, const onager_array*, const onager_array*, const onager_array*,
          const onager_array*, const onager_array*, onager_array*, onager_array*));
FUNCTION(onager_model_tangent, second, onager_status,
         (const void*, const onager_array*, const onager_array*, const onager_array*,
          const onager_array*, onager_array*));

FUNCTION(onager_model_tangent_kernel, block, onager_status,
         (const void*, const onager_array*, const onager_array*, const onager_array*,
          onager_array*));

FUNCTION(onager_derivatives, jvp, onager_status,
         (const onager_host*, const onager_child*, const onager_array*, const onager_array*,
          const onager_array*, const onager_array*, onager_array*));
FUNCTION(onager_derivatives, hvp, onager_status,
         (const onager_host*, const onager_child*, const onager_array*, const onager_array*,
          const onager_array*, const onager_array*, const onager_array*, onager_array*,
          onager_array*));
FUNCTION(onager_derivatives, second, onager_status,
         (const onager_host*, const onager_child*, const onager_array*, const onager_array*,
          const onager_array*, const onager_array*, onager_array*));
FUNCTION(onager_derivatives, tangent_kernel, onager_status,
         (const onager_host*, const onager_child*, const onager_array*, const onager_array*,
          const onager_array*, onager_array*));

FUNCTION(onager_loss, evaluate, onager_status,
         (const void*, int64_t, const onager_array*, const onager_array*, double*, onager_array*));
FUNCTION(onager_loss, curvature, onager_status,
         (const void*, int64_t, const onager_array*, const onager_array*, const onager_array*,
          onager_array*));

FUNCTION(onager_feature_map, fit, onager_status, (void*, const onager_array*, const onager_array*));
FUNCTION(onager_feature_map, output_dimension, int64_t, (const void*, int64_t));
FUNCTION(onager_feature_map, apply, onager_status,
         (const void*, const onager_array*, onager_array*));
FUNCTION(onager_feature_map, pullback, onager_status,
         (const void*, const onager_array*, const onager_array*, onager_array*));

FUNCTION(onager_linear_map, diagonal, int32_t, (const void*));
FUNCTION(onager_linear_map, matrix, onager_status, (const void*, onager_array*));

FUNCTION(onager_learning, agop, onager_status, (const onager_learning*, uint32_t, onager_array*));
FUNCTION(onager_learning, gradients, onager_status,
         (const onager_learning*, int64_t, int64_t, onager_array*));
FUNCTION(onager_learning, array, onager_status,
         (const onager_learning*, const char*, onager_array*));
FUNCTION(onager_learning, agop_of, onager_status,
         (const onager_learning*, uint32_t, int64_t, const int64_t*, onager_array*));

FUNCTION(onager_learning_map, learn, onager_status, (void*, const onager_learning*));

FUNCTION(onager_named_arrays, describe, onager_status, (const void*, int64_t, onager_array_info*));
FUNCTION(onager_named_arrays, read, onager_status, (const void*, int64_t, onager_array*));
FUNCTION(onager_named_arrays, write, onager_status, (void*, const char*, const onager_array*));

FUNCTION(onager_dataset, describe, onager_status, (void*, onager_dataset_info*));
FUNCTION(onager_dataset, fill, onager_status,
         (void*, uint32_t, int64_t, onager_array*, onager_array*));
FUNCTION(onager_dataset, output_name, const char*, (const void*, int64_t));
FUNCTION(onager_dataset, feature_group, onager_status,
         (const void*, int64_t, onager_feature_group*));
#ifdef ONAGER_DATASET_DRAW /* a name since 1.0 */
FUNCTION(onager_drawing_dataset, draw, onager_status,
         (void*, uint64_t, int64_t, onager_array*, onager_array*));
#endif

FUNCTION(onager_operator, diagonal, onager_status, (const onager_operator*, onager_array*));
FUNCTION(onager_operator, block, onager_status,
         (const onager_operator*, int64_t, const int64_t*, int64_t, const int64_t*, onager_array*));
FUNCTION(onager_operator, product, onager_status,
         (const onager_operator*, const onager_array*, onager_array*));
FUNCTION(onager_operator, fill, onager_status, (const onager_operator*, int32_t, onager_array*));
FUNCTION(onager_operator, part_product, onager_status,
         (const onager_operator*, int64_t, const int64_t*, int64_t, const int64_t*,
          const onager_array*, onager_array*));

FUNCTION(onager_linear_solver, solve, onager_status,
         (void*, const onager_operator*, const onager_array*, onager_array*));
FUNCTION(onager_linear_solver, memory, uint64_t,
         (const void*, onager_dtype, int64_t, int64_t, uint64_t));

FUNCTION(onager_objective, evaluate, onager_status,
         (const onager_objective*, const onager_array*, int64_t, const int64_t*, double*,
          onager_array*));
FUNCTION(onager_objective, hessian_product, onager_status,
         (const onager_objective*, const onager_array*, int64_t, const int64_t*,
          const onager_array*, onager_array*));
FUNCTION(onager_objective, lambda, onager_status,
         (const onager_objective*, const onager_array*, int64_t, const int64_t*, double, double*));

FUNCTION(onager_step_optimizer, begin, onager_status, (void*, const onager_objective*, int64_t*));
FUNCTION(onager_step_optimizer, step, onager_status,
         (void*, const onager_objective*, int64_t, onager_array*, onager_step*));

FUNCTION(onager_network, part, onager_status, (const onager_network*, int64_t, onager_model_part*));
FUNCTION(onager_network, forward, onager_status,
         (const onager_network*, const onager_array*, const onager_array*, onager_array*));
FUNCTION(onager_network, vjp, onager_status,
         (const onager_network*, const onager_array*, const onager_array*, const onager_array*,
          onager_array*, onager_array*));
FUNCTION(onager_network, jvp, onager_status,
         (const onager_network*, const onager_array*, const onager_array*, const onager_array*,
          const onager_array*, onager_array*));
FUNCTION(onager_network, hvp, onager_status,
         (const onager_network*, const onager_array*, const onager_array*, const onager_array*,
          const onager_array*, const onager_array*, onager_array*, onager_array*));
FUNCTION(onager_network, tangent_kernel, onager_status,
         (const onager_network*, const onager_array*, const onager_array*, const onager_array*,
          onager_array*));

FUNCTION(onager_view, array, onager_status, (const onager_view*, const char*, onager_array*));
FUNCTION(onager_view, group_count, int64_t, (const onager_view*));
FUNCTION(onager_view, group, onager_status, (const onager_view*, int64_t, onager_feature_group*));

FUNCTION(onager_diagnostic, observe, onager_status, (void*, const onager_view*));
FUNCTION(onager_diagnostic, finish, onager_status, (void*, const onager_view*));

typedef struct {
  onager_task function;
} holder_of_onager_task;
FUNCTION(holder_of_onager_task, function, onager_status, (void*, int64_t, int32_t));
typedef struct {
  onager_product function;
} holder_of_onager_product;
FUNCTION(holder_of_onager_product, function, onager_status, (void*, const double*, double*));
typedef struct {
  onager_cotangent function;
} holder_of_onager_cotangent;
FUNCTION(holder_of_onager_cotangent, function, onager_status, (void*));

/* the entry itself, which this file only names */
typedef char
    check_entry[sizeof(1 ? (const onager_plugin* (*)(void))0 : &onager_plugin_entry) != 0 ? 1 : -1];

int main(void) { return 0; }
