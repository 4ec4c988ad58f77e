/* SPDX-License-Identifier: MIT */
/* Gradient descent with momentum, 60 steps of rate 1. Spoil it by defining before: DIRECTION, the
 * sign of a step; STATUS(status), what a failure becomes; SAID_LOSS; SAVED(data); STEPS;
 * AT_THE_BEGIN(width), a statement in begin; RATE; NUMBERS, where a gradient is computed. */
#define INSTANCE_BYTES 1024
#define OFFERS_TOO(id) offered(id)
#include "component.h"

#define MOST_PARAMETERS 64

#ifndef DIRECTION
#define DIRECTION -1
#endif
#ifndef STATUS
#define STATUS(status) (status)
#endif
#ifndef SAID_LOSS
#define SAID_LOSS loss
#endif
#ifndef SAVED
#define SAVED(number) (number)
#endif
#ifndef AT_THE_BEGIN
#define AT_THE_BEGIN(width)
#endif
#ifndef RATE
#define RATE 1
#endif
#ifndef NUMBERS
#define NUMBERS numbers
#endif
#ifndef STEPS
#define STEPS 60
#endif

typedef struct {
  instance_data common;
  int64_t parameters;
  double velocity[MOST_PARAMETERS];
} steps_data;

static onager_status begin(void* instance, const onager_objective* objective, int64_t* steps) {
  steps_data* data = instance;
  if (objective->parameters > MOST_PARAMETERS)
    return fail(data->common.host, ONAGER_INVALID, "there are too many parameters");
  data->parameters = objective->parameters;
  AT_THE_BEGIN(data->common.width)
  *steps = STEPS;
  return ONAGER_OK;
}

static onager_status step(void* instance, const onager_objective* objective, int64_t index,
                          onager_array* w, onager_step* out) {
  steps_data* data = instance;
  double numbers[MOST_PARAMETERS];
  onager_array gradient = {sizeof gradient, objective->dtype, NUMBERS, data->parameters, 1, 1, 1};
  double loss = 0;
  int64_t k;
  const onager_status status =
      objective->evaluate(objective, w, objective->samples, NULL, &loss, &gradient);
  (void)index, (void)numbers;
  if (status != ONAGER_OK) return STATUS(status);
  for (k = 0; k < data->parameters; ++k) {
    data->velocity[k] = 0.5 * data->velocity[k] + DIRECTION * RATE * get(&gradient, k, 0);
    set(w, k, 0, get(w, k, 0) + data->velocity[k]);
  }
  out->batch = objective->samples;
  out->samples = NULL;
  out->loss = SAID_LOSS;
  out->learning_rate = RATE;
  return ONAGER_OK;
}

static onager_status describe(const void* instance, int64_t index, onager_array_info* out) {
  const steps_data* data = instance;
  if (index != 0) return ONAGER_NOT_FOUND;
  out->dtype = ONAGER_FLOAT64;
  out->name = "velocity";
  out->doc = "The last change of the parameters";
  out->rows = data->parameters;
  out->cols = 1;
  return ONAGER_OK;
}

static onager_status read(const void* instance, int64_t index, onager_array* out) {
  const steps_data* data = instance;
  int64_t k;
  (void)index;
  for (k = 0; k < data->parameters; ++k) set(out, k, 0, SAVED(data->velocity[k]));
  return ONAGER_OK;
}

static onager_status write(void* instance, const char* name, const onager_array* value) {
  steps_data* data = instance;
  int64_t k;
  if (strcmp(name, "velocity") != 0)
    return fail(data->common.host, ONAGER_NOT_FOUND, "no state of that name");
  for (k = 0; k < data->parameters; ++k) data->velocity[k] = get(value, k, 0);
  return ONAGER_OK;
}

static const onager_step_optimizer steps = {sizeof(onager_step_optimizer), 0, begin, step};
static const onager_named_arrays state = {sizeof(onager_named_arrays), 0, describe, read, write};

static const void* offered(const char* id) { return strcmp(id, ONAGER_STATE) == 0 ? &state : NULL; }

PLUGIN("optimizer", ONAGER_OPTIMIZER_STEP, steps)
