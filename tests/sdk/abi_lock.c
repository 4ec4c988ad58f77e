/* SPDX-License-Identifier: MIT
 *
 * The layout of the C ABI 1.0 on 64-bit machines: sizes, offsets, constants and interface names. It
 * compiles as C99 and as C++ only while the header still matches. Fields appended later go below
 * their struct's last line here; no line of 1.0 changes.
 */
#include <onager/abi.h>

#include <string.h>

#define CHECK_JOIN(a, b) a##b
#define CHECK_NAME(line) CHECK_JOIN(check_, line)
#define CHECK(condition) typedef char CHECK_NAME(__LINE__)[(condition) ? 1 : -1]
#define FIELD(type, field, offset) CHECK(offsetof(type, field) == (offset))
#define LEAST_SIZE(type, size) CHECK(sizeof(type) >= (size))

LEAST_SIZE(onager_array, 48);
FIELD(onager_array, struct_size, 0);
FIELD(onager_array, dtype, 4);
FIELD(onager_array, data, 8);
FIELD(onager_array, rows, 16);
FIELD(onager_array, cols, 24);
FIELD(onager_array, row_stride, 32);
FIELD(onager_array, col_stride, 40);

LEAST_SIZE(onager_parameter, 112);
FIELD(onager_parameter, struct_size, 0);
FIELD(onager_parameter, type, 4);
FIELD(onager_parameter, flags, 8);
FIELD(onager_parameter, choice_count, 12);
FIELD(onager_parameter, name, 16);
FIELD(onager_parameter, doc, 24);
FIELD(onager_parameter, unit, 32);
FIELD(onager_parameter, real_default, 40);
FIELD(onager_parameter, real_min, 48);
FIELD(onager_parameter, real_max, 56);
FIELD(onager_parameter, integer_default, 64);
FIELD(onager_parameter, integer_min, 72);
FIELD(onager_parameter, integer_max, 80);
FIELD(onager_parameter, text_default, 88);
FIELD(onager_parameter, choices, 96);
FIELD(onager_parameter, child_kind, 104);

LEAST_SIZE(onager_child, 24);
FIELD(onager_child, struct_size, 0);
FIELD(onager_child, reserved, 4);
FIELD(onager_child, component, 8);
FIELD(onager_child, instance, 16);

LEAST_SIZE(onager_value, 80);
FIELD(onager_value, struct_size, 0);
FIELD(onager_value, type, 4);
FIELD(onager_value, name, 8);
FIELD(onager_value, is_default, 16);
FIELD(onager_value, count, 20);
FIELD(onager_value, integer, 24);
FIELD(onager_value, real, 32);
FIELD(onager_value, text, 40);
FIELD(onager_value, integers, 48);
FIELD(onager_value, reals, 56);
FIELD(onager_value, texts, 64);
FIELD(onager_value, children, 72);

LEAST_SIZE(onager_config, 24);
FIELD(onager_config, struct_size, 0);
FIELD(onager_config, count, 4);
FIELD(onager_config, value_stride, 8);
FIELD(onager_config, reserved, 12);
FIELD(onager_config, values, 16);

LEAST_SIZE(onager_host, 96);
FIELD(onager_host, struct_size, 0);
FIELD(onager_host, abi_major, 4);
FIELD(onager_host, abi_minor, 8);
FIELD(onager_host, reserved, 12);
FIELD(onager_host, name, 16);
FIELD(onager_host, version, 24);
FIELD(onager_host, context, 32);
FIELD(onager_host, service, 40);
FIELD(onager_host, log, 48);
FIELD(onager_host, set_error, 56);
FIELD(onager_host, cancelled, 64);
FIELD(onager_host, progress, 72);
FIELD(onager_host, allocate, 80);
FIELD(onager_host, release, 88);

LEAST_SIZE(onager_random, 40);
FIELD(onager_random, struct_size, 0);
FIELD(onager_random, reserved, 4);
FIELD(onager_random, bits, 8);
FIELD(onager_random, uniform, 16);
FIELD(onager_random, normal, 24);
FIELD(onager_random, permutation, 32);

LEAST_SIZE(onager_parallel, 24);
FIELD(onager_parallel, struct_size, 0);
FIELD(onager_parallel, reserved, 4);
FIELD(onager_parallel, threads, 8);
FIELD(onager_parallel, run, 16);

LEAST_SIZE(onager_linalg, 40);
FIELD(onager_linalg, struct_size, 0);
FIELD(onager_linalg, reserved, 4);
FIELD(onager_linalg, gemm, 8);
FIELD(onager_linalg, symmetric_eigen, 16);
FIELD(onager_linalg, cholesky, 24);
FIELD(onager_linalg, cholesky_solve, 32);

LEAST_SIZE(onager_emit, 32);
FIELD(onager_emit, struct_size, 0);
FIELD(onager_emit, reserved, 4);
FIELD(onager_emit, scalar, 8);
FIELD(onager_emit, scalar_at, 16);
FIELD(onager_emit, array, 24);

LEAST_SIZE(onager_component, 80);
FIELD(onager_component, struct_size, 0);
FIELD(onager_component, parameter_count, 4);
FIELD(onager_component, parameter_stride, 8);
FIELD(onager_component, reserved, 12);
FIELD(onager_component, kind, 16);
FIELD(onager_component, id, 24);
FIELD(onager_component, summary, 32);
FIELD(onager_component, citation, 40);
FIELD(onager_component, parameters, 48);
FIELD(onager_component, create, 56);
FIELD(onager_component, destroy, 64);
FIELD(onager_component, interface, 72);

LEAST_SIZE(onager_radial_kernel, 24);
FIELD(onager_radial_kernel, struct_size, 0);
FIELD(onager_radial_kernel, reserved, 4);
FIELD(onager_radial_kernel, evaluate_f64, 8);
FIELD(onager_radial_kernel, evaluate_f32, 16);

LEAST_SIZE(onager_dot_kernel, 24);
FIELD(onager_dot_kernel, struct_size, 0);
FIELD(onager_dot_kernel, reserved, 4);
FIELD(onager_dot_kernel, evaluate_f64, 8);
FIELD(onager_dot_kernel, evaluate_f32, 16);

LEAST_SIZE(onager_block_kernel, 24);
FIELD(onager_block_kernel, struct_size, 0);
FIELD(onager_block_kernel, reserved, 4);
FIELD(onager_block_kernel, block, 8);
FIELD(onager_block_kernel, gradient, 16);

LEAST_SIZE(onager_composite_kernel, 32);
FIELD(onager_composite_kernel, struct_size, 0);
FIELD(onager_composite_kernel, reserved, 4);
FIELD(onager_composite_kernel, children, 8);
FIELD(onager_composite_kernel, combine_f64, 16);
FIELD(onager_composite_kernel, combine_f32, 24);

LEAST_SIZE(onager_feature_map, 40);
FIELD(onager_feature_map, struct_size, 0);
FIELD(onager_feature_map, reserved, 4);
FIELD(onager_feature_map, fit, 8);
FIELD(onager_feature_map, output_dimension, 16);
FIELD(onager_feature_map, apply, 24);
FIELD(onager_feature_map, pullback, 32);

LEAST_SIZE(onager_linear_map, 24);
FIELD(onager_linear_map, struct_size, 0);
FIELD(onager_linear_map, reserved, 4);
FIELD(onager_linear_map, diagonal, 8);
FIELD(onager_linear_map, matrix, 16);

LEAST_SIZE(onager_learning, 80);
FIELD(onager_learning, struct_size, 0);
FIELD(onager_learning, dtype, 4);
FIELD(onager_learning, context, 8);
FIELD(onager_learning, round, 16);
FIELD(onager_learning, samples, 24);
FIELD(onager_learning, dimension, 32);
FIELD(onager_learning, outputs, 40);
FIELD(onager_learning, agop, 48);
FIELD(onager_learning, gradients, 56);
FIELD(onager_learning, array, 64);
FIELD(onager_learning, agop_of, 72);

LEAST_SIZE(onager_learning_map, 16);
FIELD(onager_learning_map, struct_size, 0);
FIELD(onager_learning_map, reserved, 4);
FIELD(onager_learning_map, learn, 8);

LEAST_SIZE(onager_array_info, 40);
FIELD(onager_array_info, struct_size, 0);
FIELD(onager_array_info, dtype, 4);
FIELD(onager_array_info, name, 8);
FIELD(onager_array_info, doc, 16);
FIELD(onager_array_info, rows, 24);
FIELD(onager_array_info, cols, 32);

LEAST_SIZE(onager_named_arrays, 32);
FIELD(onager_named_arrays, struct_size, 0);
FIELD(onager_named_arrays, reserved, 4);
FIELD(onager_named_arrays, describe, 8);
FIELD(onager_named_arrays, read, 16);
FIELD(onager_named_arrays, write, 24);

LEAST_SIZE(onager_dataset_info, 40);
FIELD(onager_dataset_info, struct_size, 0);
FIELD(onager_dataset_info, task, 4);
FIELD(onager_dataset_info, train_samples, 8);
FIELD(onager_dataset_info, test_samples, 16);
FIELD(onager_dataset_info, features, 24);
FIELD(onager_dataset_info, outputs, 32);

LEAST_SIZE(onager_feature_group, 32);
FIELD(onager_feature_group, struct_size, 0);
FIELD(onager_feature_group, reserved, 4);
FIELD(onager_feature_group, name, 8);
FIELD(onager_feature_group, first, 16);
FIELD(onager_feature_group, count, 24);

LEAST_SIZE(onager_dataset, 40);
FIELD(onager_dataset, struct_size, 0);
FIELD(onager_dataset, reserved, 4);
FIELD(onager_dataset, describe, 8);
FIELD(onager_dataset, fill, 16);
FIELD(onager_dataset, output_name, 24);
FIELD(onager_dataset, feature_group, 32);

#ifdef ONAGER_DATASET_DRAW /* a name since 1.0 */
LEAST_SIZE(onager_drawing_dataset, 16);
FIELD(onager_drawing_dataset, struct_size, 0);
FIELD(onager_drawing_dataset, reserved, 4);
FIELD(onager_drawing_dataset, draw, 8);
#endif

LEAST_SIZE(onager_operator, 72);
FIELD(onager_operator, struct_size, 0);
FIELD(onager_operator, dtype, 4);
FIELD(onager_operator, context, 8);
FIELD(onager_operator, size, 16);
FIELD(onager_operator, memory, 24);
FIELD(onager_operator, diagonal, 32);
FIELD(onager_operator, block, 40);
FIELD(onager_operator, product, 48);
FIELD(onager_operator, fill, 56);
FIELD(onager_operator, part_product, 64);

LEAST_SIZE(onager_linear_solver, 24);
FIELD(onager_linear_solver, struct_size, 0);
FIELD(onager_linear_solver, reserved, 4);
FIELD(onager_linear_solver, solve, 8);
FIELD(onager_linear_solver, memory, 16);

LEAST_SIZE(onager_spectrum, 16);
FIELD(onager_spectrum, struct_size, 0);
FIELD(onager_spectrum, reserved, 4);
FIELD(onager_spectrum, extreme, 8);

LEAST_SIZE(onager_model_part, 40);
FIELD(onager_model_part, struct_size, 0);
FIELD(onager_model_part, reserved, 4);
FIELD(onager_model_part, name, 8);
FIELD(onager_model_part, first, 16);
FIELD(onager_model_part, rows, 24);
FIELD(onager_model_part, cols, 32);

LEAST_SIZE(onager_model, 48);
FIELD(onager_model, struct_size, 0);
FIELD(onager_model, reserved, 4);
FIELD(onager_model, prepare, 8);
FIELD(onager_model, initialise, 16);
FIELD(onager_model, forward, 24);
FIELD(onager_model, vjp, 32);
FIELD(onager_model, part, 40);

LEAST_SIZE(onager_model_tangent, 32);
FIELD(onager_model_tangent, struct_size, 0);
FIELD(onager_model_tangent, reserved, 4);
FIELD(onager_model_tangent, jvp, 8);
FIELD(onager_model_tangent, hvp, 16);
FIELD(onager_model_tangent, second, 24);

LEAST_SIZE(onager_model_tangent_kernel, 16);
FIELD(onager_model_tangent_kernel, struct_size, 0);
FIELD(onager_model_tangent_kernel, reserved, 4);
FIELD(onager_model_tangent_kernel, block, 8);

LEAST_SIZE(onager_derivatives, 40);
FIELD(onager_derivatives, struct_size, 0);
FIELD(onager_derivatives, reserved, 4);
FIELD(onager_derivatives, jvp, 8);
FIELD(onager_derivatives, hvp, 16);
FIELD(onager_derivatives, second, 24);
FIELD(onager_derivatives, tangent_kernel, 32);

LEAST_SIZE(onager_loss, 24);
FIELD(onager_loss, struct_size, 0);
FIELD(onager_loss, reserved, 4);
FIELD(onager_loss, evaluate, 8);
FIELD(onager_loss, curvature, 16);

LEAST_SIZE(onager_objective, 56);
FIELD(onager_objective, struct_size, 0);
FIELD(onager_objective, dtype, 4);
FIELD(onager_objective, context, 8);
FIELD(onager_objective, parameters, 16);
FIELD(onager_objective, samples, 24);
FIELD(onager_objective, evaluate, 32);
FIELD(onager_objective, hessian_product, 40);
FIELD(onager_objective, lambda, 48);

LEAST_SIZE(onager_step, 40);
FIELD(onager_step, struct_size, 0);
FIELD(onager_step, reserved, 4);
FIELD(onager_step, batch, 8);
FIELD(onager_step, samples, 16);
FIELD(onager_step, loss, 24);
FIELD(onager_step, learning_rate, 32);

LEAST_SIZE(onager_step_optimizer, 24);
FIELD(onager_step_optimizer, struct_size, 0);
FIELD(onager_step_optimizer, reserved, 4);
FIELD(onager_step_optimizer, begin, 8);
FIELD(onager_step_optimizer, step, 16);

LEAST_SIZE(onager_network, 112);
FIELD(onager_network, struct_size, 0);
FIELD(onager_network, dtype, 4);
FIELD(onager_network, context, 8);
FIELD(onager_network, parameters, 16);
FIELD(onager_network, samples, 24);
FIELD(onager_network, features, 32);
FIELD(onager_network, outputs, 40);
FIELD(onager_network, objective, 48);
FIELD(onager_network, last, 56);
FIELD(onager_network, part, 64);
FIELD(onager_network, forward, 72);
FIELD(onager_network, vjp, 80);
FIELD(onager_network, jvp, 88);
FIELD(onager_network, hvp, 96);
FIELD(onager_network, tangent_kernel, 104);

LEAST_SIZE(onager_view, 56);
FIELD(onager_view, struct_size, 0);
FIELD(onager_view, reserved, 4);
FIELD(onager_view, context, 8);
FIELD(onager_view, round, 16);
FIELD(onager_view, array, 24);
FIELD(onager_view, group_count, 32);
FIELD(onager_view, group, 40);
FIELD(onager_view, network, 48);

LEAST_SIZE(onager_diagnostic, 24);
FIELD(onager_diagnostic, struct_size, 0);
FIELD(onager_diagnostic, reserved, 4);
FIELD(onager_diagnostic, observe, 8);
FIELD(onager_diagnostic, finish, 16);

LEAST_SIZE(onager_plugin, 88);
FIELD(onager_plugin, struct_size, 0);
FIELD(onager_plugin, abi_major, 4);
FIELD(onager_plugin, abi_minor, 8);
FIELD(onager_plugin, abi_minor_needed, 12);
FIELD(onager_plugin, magic, 16);
FIELD(onager_plugin, id, 24);
FIELD(onager_plugin, version, 32);
FIELD(onager_plugin, vendor, 40);
FIELD(onager_plugin, licence, 48);
FIELD(onager_plugin, url, 56);
FIELD(onager_plugin, build, 64);
FIELD(onager_plugin, component_count, 72);
FIELD(onager_plugin, reserved, 76);
FIELD(onager_plugin, components, 80);

CHECK(ONAGER_OK == 0);
CHECK(ONAGER_INVALID == 1);
CHECK(ONAGER_UNSUPPORTED == 2);
CHECK(ONAGER_NO_MEMORY == 3);
CHECK(ONAGER_IO == 4);
CHECK(ONAGER_NUMERICAL == 5);
CHECK(ONAGER_CANCELLED == 6);
CHECK(ONAGER_NOT_FOUND == 7);
CHECK(ONAGER_INTERNAL == 99);
CHECK(ONAGER_FLOAT32 == 1);
CHECK(ONAGER_FLOAT64 == 2);
CHECK(ONAGER_INT64 == 3);
CHECK(ONAGER_BOOLEAN == 1);
CHECK(ONAGER_INTEGER == 2);
CHECK(ONAGER_REAL == 3);
CHECK(ONAGER_STRING == 4);
CHECK(ONAGER_CHOICE == 5);
CHECK(ONAGER_PATH == 6);
CHECK(ONAGER_INTEGER_LIST == 7);
CHECK(ONAGER_REAL_LIST == 8);
CHECK(ONAGER_STRING_LIST == 9);
CHECK(ONAGER_COMPONENT == 10);
CHECK(ONAGER_COMPONENT_LIST == 11);
CHECK(ONAGER_EXPRESSION == 12);
CHECK(ONAGER_REQUIRED == 1);
CHECK(ONAGER_MIN_OPEN == 2);
CHECK(ONAGER_MAX_OPEN == 4);
CHECK(ONAGER_LOG_DEBUG == 0);
CHECK(ONAGER_LOG_INFO == 1);
CHECK(ONAGER_LOG_WARNING == 2);
CHECK(ONAGER_LARGEST == 0);
CHECK(ONAGER_SMALLEST == 1);
CHECK(ONAGER_MAGNITUDE == 2);
CHECK(ONAGER_FULL == 0);
CHECK(ONAGER_LOWER == 1);
CHECK(ONAGER_AGOP_CENTERED == 1);
CHECK(ONAGER_AGOP_DIAGONAL == 2);
CHECK(ONAGER_TRAIN == 0);
CHECK(ONAGER_TEST == 1);
CHECK(ONAGER_REGRESSION == 0);
CHECK(ONAGER_CLASSIFICATION == 1);
CHECK(ONAGER_ABI_MAJOR == 1);
CHECK(ONAGER_MAGIC == UINT64_C(0x3150524547414E4F));

/* Names cannot be compared by the compiler: the program does it when it runs. */
int main(void) {
  int wrong = 0;
  wrong += strcmp(ONAGER_RANDOM, "onager.random/1") != 0;
  wrong += strcmp(ONAGER_PARALLEL, "onager.parallel/1") != 0;
  wrong += strcmp(ONAGER_LINALG, "onager.linalg/1") != 0;
  wrong += strcmp(ONAGER_EMIT, "onager.emit/1") != 0;
  wrong += strcmp(ONAGER_KERNEL_RADIAL, "onager.kernel.radial/1") != 0;
  wrong += strcmp(ONAGER_KERNEL_DOT, "onager.kernel.dot/1") != 0;
  wrong += strcmp(ONAGER_KERNEL_BLOCK, "onager.kernel.block/1") != 0;
  wrong += strcmp(ONAGER_KERNEL_COMPOSITE, "onager.kernel.composite/1") != 0;
  wrong += strcmp(ONAGER_FEATURE_MAP, "onager.feature_map/1") != 0;
  wrong += strcmp(ONAGER_FEATURE_MAP_LINEAR, "onager.feature_map.linear/1") != 0;
  wrong += strcmp(ONAGER_FEATURE_MAP_LEARN, "onager.feature_map.learn/1") != 0;
  wrong += strcmp(ONAGER_STATE, "onager.state/1") != 0;
  wrong += strcmp(ONAGER_FACTS, "onager.facts/1") != 0;
  wrong += strcmp(ONAGER_DATASET, "onager.dataset/1") != 0;
#ifdef ONAGER_DATASET_DRAW
  wrong += strcmp(ONAGER_DATASET_DRAW, "onager.dataset.draw/1") != 0;
#endif
  wrong += strcmp(ONAGER_OPTIMIZER_LINEAR, "onager.optimizer.linear/1") != 0;
  wrong += strcmp(ONAGER_DIAGNOSTIC, "onager.diagnostic/1") != 0;
  wrong += strcmp(ONAGER_SPECTRUM, "onager.spectrum/1") != 0;
  wrong += strcmp(ONAGER_MODEL, "onager.model/1") != 0;
  wrong += strcmp(ONAGER_MODEL_TANGENT, "onager.model.tangent/1") != 0;
  wrong += strcmp(ONAGER_MODEL_TANGENT_KERNEL, "onager.model.tangent_kernel/1") != 0;
  wrong += strcmp(ONAGER_DERIVATIVES, "onager.derivatives/1") != 0;
  wrong += strcmp(ONAGER_LOSS, "onager.loss/1") != 0;
  wrong += strcmp(ONAGER_OPTIMIZER_STEP, "onager.optimizer.step/1") != 0;
  return wrong;
}
