/* SPDX-License-Identifier: MIT
 *
 * onager/abi.h: the C ABI between the Onager host and its plugins, version 1.0.
 *
 * A plugin is a shared library with one exported function, onager_plugin_entry, which returns a
 * constant description of the plugin and its components. Everything else goes through tables of
 * function pointers, asked for by a versioned name. This file is C99, needs no other header of the
 * project, and is all that crosses between the two sides.
 *
 * Rules that hold for the whole file
 *
 *  1. Every struct begins with struct_size, the size its filler compiled. Fields are only ever
 *     appended. A reader uses ONAGER_HAS(pointer, field) before a field younger than 1.0.
 *  2. A new ability is a new interface name ("onager.kernel.radial/2"), never a change to an old
 *     one. An unknown name is answered by NULL and the caller falls back. Names that end in
 *     "/draft" may change and are not relied on by what is shared.
 *  3. Only fixed-width integers, floats, pointers and structs of these cross. No C++ type does.
 *  4. The side that allocates frees. Arrays are borrowed for one call. Outputs are written into
 *     buffers of the caller. Strings are UTF-8, end in NUL, and live as long as their owner: static
 *     descriptions for ever, values of a configuration until create() returns.
 *  5. Samples are rows. A 2-D array has strides in elements; the host passes rows with
 *     col_stride 1 unless a call says otherwise. Data is aligned to its element, no more.
 *  6. A call that can fail returns a status. Before a status other than ONAGER_OK the callee gives
 *     its reason to host->set_error. No exception, longjmp or signal leaves a call.
 *  7. Threads. [any]: may run on several threads at once with one instance. [one]: calls on one
 *     instance come one after the other, on no particular thread. A plugin starts no threads of its
 *     own and changes no global state (locale, signals, floating-point environment, BLAS threads).
 *  8. Numbers. NaN in an input may be answered by NaN. Random numbers come only from the host.
 *  9. A plugin that was loaded stays loaded until the process ends.
 */
#ifndef ONAGER_ABI_H
#define ONAGER_ABI_H

#include <stddef.h>
#include <stdint.h>

#define ONAGER_ABI_MAJOR 1u /* raised: older plugins are refused */
#define ONAGER_ABI_MINOR 0u /* raised: fields or interface names were added */

/* The magic number in onager_plugin: the bytes "ONAGERP1" read as a little-endian integer. */
#define ONAGER_MAGIC UINT64_C(0x3150524547414E4F)

#define ONAGER_HAS(type, pointer, field) \
  ((pointer)->struct_size >= offsetof(type, field) + sizeof((pointer)->field))

#if defined(__GNUC__)
#define ONAGER_EXPORT __attribute__((visibility("default")))
#else
#define ONAGER_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- status -------------------------------------------------------------------------------- */

typedef int32_t onager_status; /* a value this side does not know is treated as ONAGER_INTERNAL */
enum {
  ONAGER_OK = 0,
  ONAGER_INVALID = 1,     /* an argument or parameter the callee refuses */
  ONAGER_UNSUPPORTED = 2, /* the callee has no such ability; nothing was written */
  ONAGER_NO_MEMORY = 3,
  ONAGER_IO = 4,        /* a file could not be read, or does not hold what it should */
  ONAGER_NUMERICAL = 5, /* the mathematics failed: not positive definite, not finite */
  ONAGER_CANCELLED = 6, /* host->cancelled() said so and the callee stopped */
  ONAGER_NOT_FOUND = 7, /* no array, fact or entry of that name or index */
  ONAGER_INTERNAL = 99
};

/* ---- arrays -------------------------------------------------------------------------------- */

typedef uint32_t onager_dtype;
enum { ONAGER_FLOAT32 = 1, ONAGER_FLOAT64 = 2, ONAGER_INT64 = 3 };

/* A view of a matrix that someone else owns: element (i, j) lies at
 * data[i * row_stride + j * col_stride]. A vector has cols = 1. */
typedef struct onager_array {
  uint32_t struct_size;
  onager_dtype dtype;
  void* data;
  int64_t rows, cols;
  int64_t row_stride, col_stride;
} onager_array;

/* ---- parameters ---------------------------------------------------------------------------- */

typedef uint32_t onager_parameter_type;
enum {
  ONAGER_BOOLEAN = 1,
  ONAGER_INTEGER = 2,
  ONAGER_REAL = 3,
  ONAGER_STRING = 4,
  ONAGER_CHOICE = 5, /* one of the strings in choices */
  ONAGER_PATH = 6,   /* a file; the host resolves it against the pipeline file's folder */
  ONAGER_INTEGER_LIST = 7,
  ONAGER_REAL_LIST = 8,
  ONAGER_STRING_LIST = 9,
  ONAGER_COMPONENT = 10, /* another component of kind child_kind, nested in the table */
  ONAGER_COMPONENT_LIST = 11,
  ONAGER_EXPRESSION = 12 /* a number, or an expression in quotes ("2.5/lambda"): given as text */
};

enum {
  ONAGER_REQUIRED = 1u, /* has no default: the user must give it */
  ONAGER_MIN_OPEN = 2u, /* the least value itself is outside the range */
  ONAGER_MAX_OPEN = 4u
};

/* One row of a component's parameter table. The host validates what the user wrote against it,
 * writes the defaults out, and prints it for `onager describe`. A range applies to each element of
 * a list. Lists default to empty. */
typedef struct onager_parameter {
  uint32_t struct_size;
  onager_parameter_type type;
  uint32_t flags;
  uint32_t choice_count;
  const char* name; /* the key in the file: lower case letters, digits and _ */
  const char* doc;  /* one sentence */
  const char* unit; /* "" where there is none */
  double real_default, real_min, real_max;           /* REAL and REAL_LIST; may be infinite */
  int64_t integer_default, integer_min, integer_max; /* BOOLEAN (0, 1), INTEGER and INTEGER_LIST */
  const char* text_default;                          /* STRING, CHOICE, PATH, EXPRESSION */
  const char* const* choices;
  const char* child_kind; /* COMPONENT and COMPONENT_LIST: "kernel", ... */
} onager_parameter;

typedef struct onager_component onager_component;
typedef struct onager_host onager_host;

/* A nested component, created before and destroyed after the one that holds it. One that is the
 * only child of a component of its own kind draws the random numbers that it would draw in that
 * component's place: what wraps a model starts where the model itself would. */
typedef struct onager_child {
  uint32_t struct_size;
  uint32_t reserved;
  const onager_component* component;
  void* instance;
} onager_child;

typedef struct onager_value {
  uint32_t struct_size;
  onager_parameter_type type;
  const char* name;
  uint32_t is_default; /* 1: it has the default's value, written or not */
  uint32_t count;      /* elements of a list or number of children; else 1 */
  int64_t integer;     /* BOOLEAN, INTEGER */
  double real;         /* REAL */
  const char* text;    /* STRING, CHOICE, EXPRESSION, PATH (absolute, or "") */
  const int64_t* integers;
  const double* reals;
  const char* const* texts;
  const onager_child* children; /* COMPONENT, COMPONENT_LIST */
} onager_value;

/* Every parameter of the component's table, in its order, validated. */
typedef struct onager_config {
  uint32_t struct_size;
  uint32_t count;
  uint32_t value_stride; /* bytes from one value to the next */
  uint32_t reserved;
  const onager_value* values;
} onager_config;

/* ---- host services ------------------------------------------------------------------------- */

enum { ONAGER_LOG_DEBUG = 0, ONAGER_LOG_INFO = 1, ONAGER_LOG_WARNING = 2 };

/* One table per instance, valid from create() to destroy(). All calls are [any]. */
struct onager_host {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  uint32_t reserved;
  const char *name, *version; /* of the host program */
  void* context;              /* the host's own */
  /* The table of a service by its name, or NULL. Names and tables are below. */
  const void* (*service)(const onager_host*, const char* id);
  void (*log)(const onager_host*, int32_t level, const char* message);
  /* The reason for the status about to be returned. Copied; kept per thread. */
  void (*set_error)(const onager_host*, const char* message);
  /* 1 once the user asked to stop; then return ONAGER_CANCELLED soon. */
  int32_t (*cancelled)(const onager_host*);
  /* fraction in [0, 1] of the current call; what may be NULL. */
  void (*progress)(const onager_host*, double fraction, const char* what);
  /* Memory aligned to 64 bytes; NULL when there is none. */
  void* (*allocate)(const onager_host*, uint64_t bytes);
  void (*release)(const onager_host*, void* memory);
};

/* "onager.random/1": counter-based streams. The numbers depend on the run's seed, the component's
 * place in the pipeline, the stream and the offset, and on nothing else: not on threads or order.
 */
typedef struct onager_random {
  uint32_t struct_size;
  uint32_t reserved;
  void (*bits)(const onager_host*, uint64_t stream, uint64_t offset, int64_t count, uint64_t* out);
  /* uniform on [0, 1), 53 bits */
  void (*uniform)(const onager_host*, uint64_t stream, uint64_t offset, int64_t count, double* out);
  void (*normal)(const onager_host*, uint64_t stream, uint64_t offset, int64_t count, double* out);
  /* a uniformly random order of 0 .. count-1 */
  void (*permutation)(const onager_host*, uint64_t stream, int64_t count, int64_t* out);
} onager_random;
#define ONAGER_RANDOM "onager.random/1"

/* "onager.parallel/1": task(argument, index, worker) for index 0 .. count-1 over the run's threads;
 * worker < threads(). The first status other than OK stops the rest and is returned. A call from
 * inside a task runs in that task's thread. */
typedef onager_status (*onager_task)(void* argument, int64_t index, int32_t worker);
typedef struct onager_parallel {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*threads)(const onager_host*);
  onager_status (*run)(const onager_host*, int64_t count, onager_task task, void* argument);
} onager_parallel;
#define ONAGER_PARALLEL "onager.parallel/1"

enum { ONAGER_FULL = 0, ONAGER_LOWER = 1 }; /* which part of a symmetric matrix is meant */

/* "onager.linalg/1": the run's only BLAS and LAPACK. float32 or float64, all arrays of one call
 * alike, col_stride 1. */
typedef struct onager_linalg {
  uint32_t struct_size;
  uint32_t reserved;
  /* c <- alpha op(a) op(b) + beta c, where op transposes when its flag is 1 */
  onager_status (*gemm)(const onager_host*, double alpha, const onager_array* a,
                        int32_t transpose_a, const onager_array* b, int32_t transpose_b,
                        double beta, onager_array* c);
  /* a (n x n, symmetric, lower part read) <- eigenvectors as columns; values (n x 1) ascending */
  onager_status (*symmetric_eigen)(const onager_host*, onager_array* a, onager_array* values);
  /* lower part of a <- L with a = L L'; the part above the diagonal is left as it was.
   * ONAGER_NUMERICAL when a is not positive definite; *failed_at is then the order of the first
   * leading minor that is not, else 0. */
  onager_status (*cholesky)(const onager_host*, onager_array* a, int64_t* failed_at);
  /* b <- (L L')^-1 b */
  onager_status (*cholesky_solve)(const onager_host*, const onager_array* l, onager_array* b);
} onager_linalg;
#define ONAGER_LINALG "onager.linalg/1"

enum {
  ONAGER_LARGEST = 0,  /* the algebraically largest eigenvalues */
  ONAGER_SMALLEST = 1, /* the algebraically least */
  ONAGER_MAGNITUDE = 2 /* the largest in absolute value */
};

/* "onager.spectrum/1": eigenvalues of a symmetric operator that is known by its products alone, by
 * Lanczos iterations with restarts, in float64. product: out <- A v for v and out of `size`
 * numbers; called in the caller's thread. extreme: values (count numbers) <- eigenvalues, the
 * outermost first; vectors (size x count, float64; may be NULL) <- their unit vectors as columns;
 * *products (may be NULL) <- how many products it took. An eigenvalue is done when its residual is
 * below tolerance |eigenvalue|. The same operator gives the same numbers. ONAGER_NUMERICAL when
 * most_products did not suffice. */
typedef onager_status (*onager_product)(void* argument, const double* v, double* out);
typedef struct onager_spectrum {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*extreme)(const onager_host*, int64_t size, onager_product product, void* argument,
                           int32_t which, int64_t count, double tolerance, int64_t most_products,
                           double* values, onager_array* vectors, int64_t* products);
} onager_spectrum;
#define ONAGER_SPECTRUM "onager.spectrum/1"

/* "onager.emit/1": results of a run. A scalar becomes a column of metrics.csv, an array a file
 * arrays/NAME.npy. Names: lower case letters, digits, _ and . */
typedef struct onager_emit {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*scalar)(const onager_host*, const char* name, double value); /* this round */
  onager_status (*scalar_at)(const onager_host*, int64_t round, const char* name, double value);
  onager_status (*array)(const onager_host*, const char* name, const onager_array* value);
} onager_emit;
#define ONAGER_EMIT "onager.emit/1"

/* ---- components ---------------------------------------------------------------------------- */

/* kind: "kernel", "feature_map", "dataset", "optimizer", "model", "loss" or "diagnostic". */
struct onager_component {
  uint32_t struct_size;
  uint32_t parameter_count;
  uint32_t parameter_stride; /* bytes from one parameter to the next */
  uint32_t reserved;
  const char* kind;
  const char* id;       /* the name in pipeline files: lower case letters, digits and _ */
  const char* summary;  /* one line */
  const char* citation; /* where the method comes from; "" where there is nothing to cite */
  const onager_parameter* parameters;
  /* [any] *instance is the component's own. The host table outlives the instance. */
  onager_status (*create)(const onager_host*, const onager_config*, void** instance);
  void (*destroy)(void* instance); /* [one] never NULL */
  /* [any] The table of an interface by its name, or NULL. The tables are constant. With instance
   * NULL: what every instance of the component offers. */
  const void* (*interface)(void* instance, const char* id);
};

/* ---- kernels: one of radial, dot, block, composite ------------------------------------------- */

/* "onager.kernel.radial/1": k(x, z) = g(|x - z|²). The host calls it over runs of squared distances
 * and never with data. k gets g, slope gets dg/d(r²); either may be NULL. Runs do not overlap.
 * At r2 = 0 the slope may be anything: the host takes the gradient of a coincident pair as 0.
 * A kernel without derivative answers ONAGER_UNSUPPORTED to a slope that is not NULL, even for
 * count 0. evaluate_f32 may be NULL; the host then converts. [any] */
typedef struct onager_radial_kernel {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*evaluate_f64)(const void* instance, int64_t count, const double* r2, double* k,
                                double* slope);
  onager_status (*evaluate_f32)(const void* instance, int64_t count, const float* r2, float* k,
                                float* slope);
} onager_radial_kernel;
#define ONAGER_KERNEL_RADIAL "onager.kernel.radial/1"

/* "onager.kernel.dot/1": k(x, z) = g(s, a, b) with s = <x, z>, a = |x|², b = |z|², symmetric in a
 * and b. slope_s gets dg/ds, slope_a gets dg/da; both or neither are NULL, and k may be. Else as
 * for radial kernels. [any] */
typedef struct onager_dot_kernel {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*evaluate_f64)(const void* instance, int64_t count, const double* s,
                                const double* a, const double* b, double* k, double* slope_s,
                                double* slope_a);
  onager_status (*evaluate_f32)(const void* instance, int64_t count, const float* s, const float* a,
                                const float* b, float* k, float* slope_s, float* slope_a);
} onager_dot_kernel;
#define ONAGER_KERNEL_DOT "onager.kernel.dot/1"

/* "onager.kernel.block/1": any kernel, from the data itself. x is n x d, z is m x d, either dtype.
 *  block:    out (n x m) <- k(x_i, z_j)
 *  gradient: out (n x d) <- sum_j weights_ij grad_1 k(x_i, z_j), weights n x m, the gradient with
 *            respect to the first argument and 0 for coincident pairs. NULL: no derivative. [any]
 */
typedef struct onager_block_kernel {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*block)(const void* instance, const onager_array* x, const onager_array* z,
                         onager_array* out);
  onager_status (*gradient)(const void* instance, const onager_array* x, const onager_array* z,
                            const onager_array* weights, onager_array* out);
} onager_block_kernel;
#define ONAGER_KERNEL_BLOCK "onager.kernel.block/1"

/* "onager.kernel.composite/1": k = C(k_1, .., k_m) of other kernels, point by point. The host
 * evaluates the children, whatever their form, and asks for the combination:
 *  children: their number, and where `out` is not NULL the list (valid as long as the instance)
 *  combine:  k[j] <- C(values[0][j], .., values[m-1][j]); slopes[i][j] <- dC/dk_i there.
 *            k or slopes may be NULL. combine_f32 may be NULL; the host then converts. [any] */
typedef struct onager_composite_kernel {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t (*children)(const void* instance, const onager_child** out);
  onager_status (*combine_f64)(const void* instance, int64_t count, const double* const* values,
                               double* k, double* const* slopes);
  onager_status (*combine_f32)(const void* instance, int64_t count, const float* const* values,
                               float* k, float* const* slopes);
} onager_composite_kernel;
#define ONAGER_KERNEL_COMPOSITE "onager.kernel.composite/1"

/* ---- models -------------------------------------------------------------------------------- */

/* A matrix that lies in the flat parameters: w[first .. first + rows * cols), row after row. */
typedef struct onager_model_part {
  uint32_t struct_size;
  uint32_t reserved;
  const char* name; /* lower case letters, digits, _ and . */
  int64_t first, rows, cols;
} onager_model_part;

/* "onager.model/1": f(w; x) with all parameters in one flat vector w (p x 1), over a batch x
 * (n x d), with c outputs a sample. All arrays of a call have the run's dtype and dense rows. J_i
 * is df(w; x_i)/dw (c x p), X_i is df(w; x_i)/dx_i (c x d). prepare:    [one] once, before the
 * rest, for that many features and outputs of the dataset; *parameters <- p initialise: [one] w <-
 * parameters to start from; the same in every call forward:    [any] out (n x c) <- f(w; x) vjp:
 * [any] f (n x c) <- f(w; x). Then cotangent(argument), where it is not NULL: it may read f and
 * write v. Then w_out (p x 1) <- sum_i J_i' v_i for v (n x c), and x_out (n x d), row i <- X_i'
 * v_i. Either of them may be NULL. A model without derivative in x answers ONAGER_UNSUPPORTED to an
 * x_out. part:       [any] after prepare; ONAGER_NOT_FOUND past the end. The member may be NULL. */
typedef onager_status (*onager_cotangent)(void* argument);
typedef struct onager_model {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*prepare)(void* instance, int64_t features, int64_t outputs, int64_t* parameters);
  onager_status (*initialise)(void* instance, onager_array* w);
  onager_status (*forward)(const void* instance, const onager_array* w, const onager_array* x,
                           onager_array* out);
  onager_status (*vjp)(const void* instance, const onager_array* w, const onager_array* x,
                       onager_array* f, onager_cotangent cotangent, void* argument,
                       const onager_array* v, onager_array* w_out, onager_array* x_out);
  onager_status (*part)(const void* instance, int64_t index, onager_model_part* out);
} onager_model;
#define ONAGER_MODEL "onager.model/1"

/* "onager.model.tangent/1": exact derivatives along a direction, u (p x 1) of the parameters and s
 * (n x d) of the inputs; either may be NULL, which is 0. Without it the host takes differences.
 *  jvp:    out (n x c), row i <- J_i u + X_i s_i
 *  hvp:    for fixed v (n x c): w_out (p x 1) <- d/de sum_i J_i' v_i and x_out, row i <- d/de
 *          X_i' v_i at (w + e u; x + e s), e = 0. Either may be NULL.
 *  second: out (n x c) <- d²/de² f(w + e u; x + e s) at e = 0
 * At the kink of a piecewise linear function the derivative is that of the side it is counted to,
 * and its second derivative 0. [any] */
typedef struct onager_model_tangent {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*jvp)(const void* instance, const onager_array* w, const onager_array* x,
                       const onager_array* u, const onager_array* s, onager_array* out);
  onager_status (*hvp)(const void* instance, const onager_array* w, const onager_array* x,
                       const onager_array* v, const onager_array* u, const onager_array* s,
                       onager_array* w_out, onager_array* x_out);
  onager_status (*second)(const void* instance, const onager_array* w, const onager_array* x,
                          const onager_array* u, const onager_array* s, onager_array* out);
} onager_model_tangent;
#define ONAGER_MODEL_TANGENT "onager.model.tangent/1"

/* "onager.model.tangent_kernel/1": blocks of the tangent kernel without a Jacobian. Without it the
 * host multiplies Jacobians.
 *  block: for x (n x d) and z (m x d): out (n c x m c), element (i c + l, j c + k) <- <grad_w
 *         f_l(x_i), grad_w f_k(z_j)>. z NULL: z = x; out is then symmetric. [any] */
typedef struct onager_model_tangent_kernel {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*block)(const void* instance, const onager_array* w, const onager_array* x,
                         const onager_array* z, onager_array* out);
} onager_model_tangent_kernel;
#define ONAGER_MODEL_TANGENT_KERNEL "onager.model.tangent_kernel/1"

/* "onager.derivatives/1", a service: what onager.model.tangent/1 and onager.model.tangent_kernel/1
 * say, of a nested model and whatever it offers: its own functions where it has them, else
 * differences of forward and vjp, which the host says once in the run's warnings. */
typedef struct onager_derivatives {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*jvp)(const onager_host*, const onager_child* model, const onager_array* w,
                       const onager_array* x, const onager_array* u, const onager_array* s,
                       onager_array* out);
  onager_status (*hvp)(const onager_host*, const onager_child* model, const onager_array* w,
                       const onager_array* x, const onager_array* v, const onager_array* u,
                       const onager_array* s, onager_array* w_out, onager_array* x_out);
  onager_status (*second)(const onager_host*, const onager_child* model, const onager_array* w,
                          const onager_array* x, const onager_array* u, const onager_array* s,
                          onager_array* out);
  onager_status (*tangent_kernel)(const onager_host*, const onager_child* model,
                                  const onager_array* w, const onager_array* x,
                                  const onager_array* z, onager_array* out);
} onager_derivatives;
#define ONAGER_DERIVATIVES "onager.derivatives/1"

/* ---- losses -------------------------------------------------------------------------------- */

/* "onager.loss/1": L(f, y) = sum_i l(f_i, y_i) over n samples of c outputs, the loss's own constant
 * (such as 1 / samples) within l. `samples` is the number that the whole loss is over, of which f
 * and y (n x c) may be a part.
 *  evaluate:  *value <- the sum over the rows given; gradient (n x c; may be NULL) <- dl/df
 *  curvature: out (n x c), row i <- (d²l/df²)(f_i, y_i) t_i for t (n x c) [any] */
typedef struct onager_loss {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*evaluate)(const void* instance, int64_t samples, const onager_array* f,
                            const onager_array* y, double* value, onager_array* gradient);
  onager_status (*curvature)(const void* instance, int64_t samples, const onager_array* f,
                             const onager_array* y, const onager_array* t, onager_array* out);
} onager_loss;
#define ONAGER_LOSS "onager.loss/1"

/* ---- feature maps -------------------------------------------------------------------------- */

/* "onager.feature_map/1": x (n x d) -> phi(x) (n x e).
 *  fit:              [one] before apply in every round, with the training inputs of this stage and
 *                    the targets. NULL: nothing to fit.
 *  output_dimension: [any] e for a given d, or -1 with a reason
 *  apply:            [any] out (n x e) <- phi(x)
 *  pullback:         [any] out (n x d), row i <- J(x_i)' g_i for gradients g (n x e). NULL: none.
 */
typedef struct onager_feature_map {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*fit)(void* instance, const onager_array* x, const onager_array* y);
  int64_t (*output_dimension)(const void* instance, int64_t input_dimension);
  onager_status (*apply)(const void* instance, const onager_array* x, onager_array* out);
  onager_status (*pullback)(const void* instance, const onager_array* x, const onager_array* g,
                            onager_array* out);
} onager_feature_map;
#define ONAGER_FEATURE_MAP "onager.feature_map/1"

/* "onager.feature_map.linear/1": phi(x) = x A + constant. With it the host carries whole gradient
 * outer products through the map instead of one gradient after the other.
 *  diagonal: [any] 1 when A is diagonal
 *  matrix:   [any] out <- A (d x e), or its diagonal (d x 1). After fit. */
typedef struct onager_linear_map {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*diagonal)(const void* instance);
  onager_status (*matrix)(const void* instance, onager_array* out);
} onager_linear_map;
#define ONAGER_FEATURE_MAP_LINEAR "onager.feature_map.linear/1"

enum { ONAGER_AGOP_CENTERED = 1u, ONAGER_AGOP_DIAGONAL = 2u };

/* What a feature map may ask of the predictor f of the round when it learns. Gradients are with
 * respect to the input of that map, at the training samples. Computed when asked for. [one] */
typedef struct onager_learning {
  uint32_t struct_size;
  onager_dtype dtype; /* of the borrowed arrays */
  void* context;
  int64_t round;
  int64_t samples, dimension, outputs;
  /* out (d x d, or d x 1 with ONAGER_AGOP_DIAGONAL; either dtype) <-
   *   (1/n) sum_i sum_l grad f_l(x_i) grad f_l(x_i)'
   * with ONAGER_AGOP_CENTERED: each output's mean gradient subtracted first */
  onager_status (*agop)(const struct onager_learning*, uint32_t flags, onager_array* out);
  /* out (k x d) <- gradients of one output at samples first .. first + k - 1 */
  onager_status (*gradients)(const struct onager_learning*, int64_t output, int64_t first,
                             onager_array* out);
  /* *out is set to a read-only view, borrowed until learn returns:
   * "inputs" (n x d), "targets" (n x c), "predictions" (n x c); else ONAGER_NOT_FOUND */
  onager_status (*array)(const struct onager_learning*, const char* name, onager_array* out);
  /* as agop, over these of the training samples only; n is then their number */
  onager_status (*agop_of)(const struct onager_learning*, uint32_t flags, int64_t count,
                           const int64_t* samples, onager_array* out);
} onager_learning;

/* "onager.feature_map.learn/1": called after each round but the last. [one] */
typedef struct onager_learning_map {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*learn)(void* instance, const onager_learning*);
} onager_learning_map;
#define ONAGER_FEATURE_MAP_LEARN "onager.feature_map.learn/1"

/* ---- named arrays: state and facts ----------------------------------------------------------- */

typedef struct onager_array_info {
  uint32_t struct_size;
  onager_dtype dtype;
  const char* name; /* lower case letters, digits and _ */
  const char* doc;
  int64_t rows, cols;
} onager_array_info;

/* Two interfaces use this table. Indices run from 0; describe answers ONAGER_NOT_FOUND past the
 * end. "onager.state/1": all that a component learned. What read gives, write restores in a new
 * instance that then answers the same, bit for bit. Any kind. [one] "onager.facts/1": what a
 * dataset knows exactly: read only (write is NULL). Names others ask for: "egop" (d x d expected
 * gradient outer product), "support" (indices), "circulant_order" (q x 1 INT64: order of the
 * features of a group in which the learned blocks are circulant), "circulant_direction" (1 x 1
 * INT64: 1 when constant along diagonals, -1 along anti-diagonals). [one] */
typedef struct onager_named_arrays {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*describe)(const void* instance, int64_t index, onager_array_info* out);
  onager_status (*read)(const void* instance, int64_t index, onager_array* out);
  onager_status (*write)(void* instance, const char* name, const onager_array* value);
} onager_named_arrays;
#define ONAGER_STATE "onager.state/1"
#define ONAGER_FACTS "onager.facts/1"

/* ---- datasets ------------------------------------------------------------------------------ */

enum { ONAGER_TRAIN = 0u, ONAGER_TEST = 1u };
enum {
  ONAGER_REGRESSION = 0u,
  ONAGER_CLASSIFICATION = 1u /* one column a class, the largest is the answer; one column: sign */
};

typedef struct onager_dataset_info {
  uint32_t struct_size;
  uint32_t task;
  int64_t train_samples, test_samples; /* test_samples may be 0 */
  int64_t features, outputs;
} onager_dataset_info;

typedef struct onager_feature_group {
  uint32_t struct_size;
  uint32_t reserved;
  const char* name;
  int64_t first, count;
} onager_feature_group;

/* "onager.dataset/1"
 *  describe:      [one] once, before the rest. Files are read here or later.
 *  fill:          [one] x (k x d) and y (k x c) <- samples first .. first + k - 1 of a split,
 *                 float32 or float64
 *  output_name:   [one] NULL past the end. The member may be NULL.
 *  feature_group: [one] ONAGER_NOT_FOUND past the end. The member may be NULL. */
typedef struct onager_dataset {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*describe)(void* instance, onager_dataset_info* out);
  onager_status (*fill)(void* instance, uint32_t split, int64_t first, onager_array* x,
                        onager_array* y);
  const char* (*output_name)(const void* instance, int64_t index);
  onager_status (*feature_group)(const void* instance, int64_t index, onager_feature_group* out);
} onager_dataset;
#define ONAGER_DATASET "onager.dataset/1"

/* ---- optimizers ---------------------------------------------------------------------------- */

/* The kernel matrix K (n x n, symmetric) of the round, as an operator. All calls [one]. Arrays have
 * the run's dtype. */
typedef struct onager_operator {
  uint32_t struct_size;
  onager_dtype dtype;
  void* context;
  int64_t size;
  uint64_t memory; /* bytes a solver may allocate */
  onager_status (*diagonal)(const struct onager_operator*, onager_array* out);
  /* out (r x c) <- K[rows, cols] */
  onager_status (*block)(const struct onager_operator*, int64_t row_count, const int64_t* rows,
                         int64_t col_count, const int64_t* cols, onager_array* out);
  /* out (n x c) <- K v */
  onager_status (*product)(const struct onager_operator*, const onager_array* v, onager_array* out);
  /* out (n x n) <- K: all of it (ONAGER_FULL) or the lower part with the diagonal (ONAGER_LOWER) */
  onager_status (*fill)(const struct onager_operator*, int32_t part, onager_array* out);
  /* out (r x c) <- K[rows, cols] v for v (col_count x c), without storing that part of K.
   * rows or cols NULL: all samples */
  onager_status (*part_product)(const struct onager_operator*, int64_t row_count,
                                const int64_t* rows, int64_t col_count, const int64_t* cols,
                                const onager_array* v, onager_array* out);
} onager_operator;

/* "onager.optimizer.linear/1". [one]
 *  solve:  solution (n x c) <- (K + ridge I)^-1 targets, or the method's idea of it. Says what it
 *          did through "onager.emit/1".
 *  memory: bytes that solve will take at most, beyond its arguments, for n samples and c targets
 *          where it is allowed `allowed` bytes; more than allowed where it cannot do with less.
 *          NULL: not known. */
typedef struct onager_linear_solver {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*solve)(void* instance, const onager_operator*, const onager_array* targets,
                         onager_array* solution);
  uint64_t (*memory)(const void* instance, onager_dtype, int64_t samples, int64_t outputs,
                     uint64_t allowed);
} onager_linear_solver;
#define ONAGER_OPTIMIZER_LINEAR "onager.optimizer.linear/1"

/* What a run minimises: L(w), the loss of a model on the training samples, or on those in a list
 * (count numbers; NULL: all). w, u and outputs are p x 1 in the run's dtype. All calls [one]. */
typedef struct onager_objective {
  uint32_t struct_size;
  onager_dtype dtype;
  void* context;
  int64_t parameters, samples;
  /* *loss <- L(w); gradient (may be NULL) <- grad L(w). Not finite where the parameters are too
   * large: that is no error. */
  onager_status (*evaluate)(const struct onager_objective*, const onager_array* w, int64_t count,
                            const int64_t* samples, double* loss, onager_array* gradient);
  /* out <- (d²L/dw²) u */
  onager_status (*hessian_product)(const struct onager_objective*, const onager_array* w,
                                   int64_t count, const int64_t* samples, const onager_array* u,
                                   onager_array* out);
  /* *lambda <- the largest eigenvalue of sum_i J_i' (d²l/df²) J_i, to a relative tolerance. For a
   * quadratic loss it is the loss's constant times the largest of the tangent kernel, and gradient
   * descent on the linearised model converges for steps below 2 / lambda. */
  onager_status (*lambda)(const struct onager_objective*, const onager_array* w, int64_t count,
                          const int64_t* samples, double tolerance, double* lambda);
} onager_objective;

/* What an optimizer did in a step. `batch` samples (their list, borrowed until the optimizer's next
 * call; NULL: all) had `loss` before the step. */
typedef struct onager_step {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t batch;
  const int64_t* samples;
  double loss, learning_rate;
} onager_step;

/* "onager.optimizer.step/1": minimises step by step; the host keeps the loop. [one]
 *  begin: once, before the first step; *steps <- how many there will be in all. When a stopped run
 *         goes on, its state is written after begin.
 *  step:  w <- w after step `index` (from 0). State that one step leaves for the next is the
 *         component's "onager.state/1". */
typedef struct onager_step_optimizer {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*begin)(void* instance, const onager_objective*, int64_t* steps);
  onager_status (*step)(void* instance, const onager_objective*, int64_t index, onager_array* w,
                        onager_step* out);
} onager_step_optimizer;
#define ONAGER_OPTIMIZER_STEP "onager.optimizer.step/1"

/* ---- diagnostics --------------------------------------------------------------------------- */

/* The network of a run after a step, for what its view's arrays do not answer. w NULL: the current
 * parameters. Calls are those of the model, its tangents and its tangent kernel (see there), which
 * the host derives where the model does not offer them. [one] */
typedef struct onager_network {
  uint32_t struct_size;
  onager_dtype dtype; /* of all arrays */
  void* context;
  int64_t parameters, samples, features, outputs; /* samples: of the training split */
  const onager_objective* objective;
  const onager_step* last; /* the step that led here; NULL before the first */
  onager_status (*part)(const struct onager_network*, int64_t index, onager_model_part* out);
  onager_status (*forward)(const struct onager_network*, const onager_array* w,
                           const onager_array* x, onager_array* out);
  onager_status (*vjp)(const struct onager_network*, const onager_array* w, const onager_array* x,
                       const onager_array* v, onager_array* w_out, onager_array* x_out);
  onager_status (*jvp)(const struct onager_network*, const onager_array* w, const onager_array* x,
                       const onager_array* u, const onager_array* s, onager_array* out);
  onager_status (*hvp)(const struct onager_network*, const onager_array* w, const onager_array* x,
                       const onager_array* v, const onager_array* u, const onager_array* s,
                       onager_array* w_out, onager_array* x_out);
  onager_status (*tangent_kernel)(const struct onager_network*, const onager_array* w,
                                  const onager_array* x, const onager_array* z, onager_array* out);
} onager_network;

/* A view of the run after a round's fit, or after a step. The names of arrays, computed once
 * however many ask: train.inputs, train.targets, train.predictions, test.inputs, test.targets,
 * test.predictions, gradient_outer_product (the AGOP: centered, d x d, with respect to the inputs
 * of the dataset), state.NAME of the feature maps (state.feature_matrix), fact.NAME of the dataset;
 * of a kernel machine
 *   coefficients (n x c);
 * of a network, with x as it comes out of the feature maps
 *   parameters, initial_parameters, previous_parameters (before the last step), loss_gradient
 * (p x 1), network.inputs (n x d),
 *   tangent_kernel, initial_tangent_kernel (n c x n c, of the training samples),
 *   gradient_outer_product.plain (the same without centering). */
typedef struct onager_view {
  uint32_t struct_size;
  uint32_t reserved;
  void* context;
  int64_t round; /* or how many steps were made */
  /* *out is set to a read-only view, borrowed until the call on the diagnostic returns.
   * ONAGER_NOT_FOUND when the run has no such array. */
  onager_status (*array)(const struct onager_view*, const char* name, onager_array* out);
  int64_t (*group_count)(const struct onager_view*);
  onager_status (*group)(const struct onager_view*, int64_t index, onager_feature_group* out);
  const onager_network* network; /* NULL in a kernel machine */
} onager_view;

/* "onager.diagnostic/1": observe after every round, or after every step that the pipeline lists for
 * it; finish once after the last (also when the run is stopped early), where scalar_at may still
 * add to earlier rounds. finish may be NULL. [one] */
typedef struct onager_diagnostic {
  uint32_t struct_size;
  uint32_t reserved;
  onager_status (*observe)(void* instance, const onager_view*);
  onager_status (*finish)(void* instance, const onager_view*);
} onager_diagnostic;
#define ONAGER_DIAGNOSTIC "onager.diagnostic/1"

/* ---- the plugin ---------------------------------------------------------------------------- */

typedef struct onager_plugin {
  uint32_t struct_size;
  uint32_t abi_major;        /* ONAGER_ABI_MAJOR of the header it was built with */
  uint32_t abi_minor;        /* ONAGER_ABI_MINOR of the header it was built with: for messages */
  uint32_t abi_minor_needed; /* the least minor of a host it can work with */
  uint64_t magic;            /* ONAGER_MAGIC */
  const char* id;            /* reverse-DNS: "org.example.kernels" */
  const char* version;       /* of the plugin, such as "1.2.0" */
  const char *vendor, *licence, *url;
  const char* build; /* compiler and flags, for reports; "" where unknown */
  uint32_t component_count;
  uint32_t reserved;
  const onager_component* const* components;
} onager_plugin;

/* [one] The only exported symbol. The same pointer at every call. */
ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void);

#ifdef __cplusplus
}
#endif
#endif
