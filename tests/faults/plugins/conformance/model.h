/* SPDX-License-Identifier: MIT */
/* The model f_l(w; x) = s + s²/2 with s = <w_l, x>. With s' the change of s along (u, t):
 * jvp (1 + s) s', second s'² + (1 + s) s''. Spoil it by defining before: VJP, JVP, SECOND, HVP or
 * TANGENT_KERNEL, a factor; ORDER, to call the cotangent first; PART_ROWS(data); PARAMETERS(p). */
#define INSTANCE_BYTES 64
#define OFFERS_TOO(id) offered(id)
#include "component.h"

#ifndef VJP
#define VJP 1
#endif
#ifndef JVP
#define JVP 1
#endif
#ifndef SECOND
#define SECOND 1
#endif
#ifndef HVP
#define HVP 1
#endif
#ifndef TANGENT_KERNEL
#define TANGENT_KERNEL 1
#endif
#ifndef PART_ROWS
#define PART_ROWS(data) ((data)->outputs)
#endif
#ifndef PARAMETERS
#define PARAMETERS(p) (p)
#endif

typedef struct {
  instance_data common;
  int64_t features, outputs;
} model_data;

static onager_status prepare(void* instance, int64_t features, int64_t outputs,
                             int64_t* parameters) {
  model_data* data = instance;
  data->features = features;
  data->outputs = outputs;
  *parameters = PARAMETERS(features * outputs);
  return ONAGER_OK;
}

static onager_status initialise(void* instance, onager_array* w) {
  int64_t k;
  (void)instance;
  for (k = 0; k < w->rows; ++k) set(w, k, 0, 0.1 / (double)(1 + k));
  return ONAGER_OK;
}

/* s, s' or s'' of output l at sample i: sum_j first(l, j) second(i, j) */
static double sum(const model_data* data, const onager_array* weights, const onager_array* x,
                  int64_t i, int64_t l) {
  double out = 0;
  int64_t j;
  if (weights == NULL || x == NULL) return 0;
  for (j = 0; j < data->features; ++j)
    out += get(weights, l * data->features + j, 0) * get(x, i, j);
  return out;
}

static onager_status forward(const void* instance, const onager_array* w, const onager_array* x,
                             onager_array* out) {
  int64_t i, l;
  for (i = 0; i < out->rows; ++i)
    for (l = 0; l < out->cols; ++l) {
      const double s = sum(instance, w, x, i, l);
      set(out, i, l, s + s * s / 2);
    }
  return ONAGER_OK;
}

/* w_out <- sum_i a_il x_ij + b_il t_ij, x_out <- sum_l a_il w_lj + b_il u_lj, where a_il is
 * v_il s'_il and b_il is v_il (1 + s_il); of the first derivative only b counts, with x and w. */
static void pull_back(const model_data* data, const onager_array* w, const onager_array* x,
                      const onager_array* v, const onager_array* u, const onager_array* t,
                      int first_order, double factor, onager_array* w_out, onager_array* x_out) {
  const int64_t d = data->features;
  int64_t i, j, l;
  for (i = 0; w_out && i < w_out->rows; ++i) set(w_out, i, 0, 0);
  for (i = 0; i < x->rows; ++i)
    for (j = 0; j < d; ++j) {
      double into_x = 0;
      for (l = 0; l < data->outputs; ++l) {
        const double b = factor * get(v, i, l) * (1 + sum(data, w, x, i, l));
        const double a =
            first_order ? b
                        : factor * get(v, i, l) * (sum(data, u, x, i, l) + sum(data, w, t, i, l));
        const double t_ij = first_order || t == NULL ? 0 : get(t, i, j);
        const double u_lj = first_order || u == NULL ? 0 : get(u, l * d + j, 0);
        if (w_out) set(w_out, l * d + j, 0, get(w_out, l * d + j, 0) + a * get(x, i, j) + b * t_ij);
        into_x += a * get(w, l * d + j, 0) + b * u_lj;
      }
      if (x_out) set(x_out, i, j, into_x);
    }
}

static onager_status vjp(const void* instance, const onager_array* w, const onager_array* x,
                         onager_array* f, onager_cotangent cotangent, void* argument,
                         const onager_array* v, onager_array* w_out, onager_array* x_out) {
  onager_status status;
#ifdef ORDER
  status = cotangent ? cotangent(argument) : ONAGER_OK;
  if (status == ONAGER_OK) status = forward(instance, w, x, f);
#else
  status = forward(instance, w, x, f);
  if (status == ONAGER_OK && cotangent) status = cotangent(argument);
#endif
  if (status != ONAGER_OK) return status;
  pull_back(instance, w, x, v, NULL, NULL, 1, VJP, w_out, x_out);
  return ONAGER_OK;
}

static onager_status part(const void* instance, int64_t index, onager_model_part* out) {
  const model_data* data = instance;
  if (index != 0) return ONAGER_NOT_FOUND;
  out->name = "weights";
  out->first = 0;
  out->rows = PART_ROWS(data);
  out->cols = data->features;
  return ONAGER_OK;
}

static onager_status jvp(const void* instance, const onager_array* w, const onager_array* x,
                         const onager_array* u, const onager_array* t, onager_array* out) {
  int64_t i, l;
  for (i = 0; i < out->rows; ++i)
    for (l = 0; l < out->cols; ++l)
      set(out, i, l,
          JVP * (1 + sum(instance, w, x, i, l)) *
              (sum(instance, u, x, i, l) + sum(instance, w, t, i, l)));
  return ONAGER_OK;
}

static onager_status second(const void* instance, const onager_array* w, const onager_array* x,
                            const onager_array* u, const onager_array* t, onager_array* out) {
  int64_t i, l;
  for (i = 0; i < out->rows; ++i)
    for (l = 0; l < out->cols; ++l) {
      const double s1 = sum(instance, u, x, i, l) + sum(instance, w, t, i, l);
      set(out, i, l,
          SECOND * (s1 * s1 + (1 + sum(instance, w, x, i, l)) * 2 * sum(instance, u, t, i, l)));
    }
  return ONAGER_OK;
}

static onager_status hvp(const void* instance, const onager_array* w, const onager_array* x,
                         const onager_array* v, const onager_array* u, const onager_array* t,
                         onager_array* w_out, onager_array* x_out) {
  pull_back(instance, w, x, v, u, t, 0, HVP, w_out, x_out);
  return ONAGER_OK;
}

static onager_status tangent_kernel(const void* instance, const onager_array* w,
                                    const onager_array* x, const onager_array* z,
                                    onager_array* out) {
  const model_data* data = instance;
  const int64_t c = data->outputs;
  int64_t i, j, l, k, f;
  if (z == NULL) z = x;
  for (i = 0; i < x->rows; ++i)
    for (j = 0; j < z->rows; ++j) {
      double products = 0;
      for (f = 0; f < data->features; ++f) products += get(x, i, f) * get(z, j, f);
      for (l = 0; l < c; ++l)
        for (k = 0; k < c; ++k)
          set(out, i * c + l, j * c + k,
              l != k ? 0
                     : TANGENT_KERNEL * products * (1 + sum(data, w, x, i, l)) *
                           (1 + sum(data, w, z, j, l)));
    }
  return ONAGER_OK;
}

static const onager_model model = {
    sizeof(onager_model), 0, prepare, initialise, forward, vjp, part};
static const onager_model_tangent tangent = {sizeof(onager_model_tangent), 0, jvp, hvp, second};
static const onager_model_tangent_kernel kernel = {sizeof(onager_model_tangent_kernel), 0,
                                                   tangent_kernel};

static const void* offered(const char* id) {
  if (strcmp(id, ONAGER_MODEL_TANGENT) == 0) return &tangent;
  return strcmp(id, ONAGER_MODEL_TANGENT_KERNEL) == 0 ? (const void*)&kernel : NULL;
}

PLUGIN("model", ONAGER_MODEL, model)
