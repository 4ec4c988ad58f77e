/* SPDX-License-Identifier: MIT */
/* A dataset of 40 + 20 samples of 3 features in two classes, from the host's random streams. Spoil
 * it by defining before: OFFSET(split, sample), where a sample's numbers begin in its stream;
 * STREAM(split); DRAW_OFFSET(number, sample) and DRAW_STREAM(number), the same of a draw;
 * TRAIN_SAMPLES; TARGET(class, column); NOISE; GROUP_SIZE; WIDTH(data), which samples are
 * multiplied by; DESCRIBE_EXTRA(data), a statement in describe; and NUMBERS, where a sample is
 * drawn. */
#define OFFERS_TOO(id) offered(id)
#include "component.h"

#ifndef OFFSET
#define OFFSET(split, sample) ((uint64_t)(sample)*3)
#endif
#ifndef STREAM
#define STREAM(split) ((uint64_t)(split))
#endif
#ifndef DRAW_STREAM
#define DRAW_STREAM(number) ((number) == 0 ? STREAM(ONAGER_TRAIN) : (number) + 1)
#endif
#ifndef DRAW_OFFSET
#define DRAW_OFFSET(number, sample) OFFSET(ONAGER_TRAIN, sample)
#endif
#ifndef WIDTH
#define WIDTH(data) ((data)->width)
#endif
#ifndef DESCRIBE_EXTRA
#define DESCRIBE_EXTRA(data)
#endif
#ifndef NUMBERS
#define NUMBERS numbers
#endif
#ifndef TRAIN_SAMPLES
#define TRAIN_SAMPLES 40
#endif
#ifndef TARGET
#define TARGET(class_of_it, column) ((column) == (class_of_it) ? 1.0 : 0.0)
#endif
#ifndef NOISE
#define NOISE 0
#endif
#ifndef GROUP_SIZE
#define GROUP_SIZE 2
#endif

static onager_status describe(void* instance, onager_dataset_info* out) {
  DESCRIBE_EXTRA((const instance_data*)instance)
  (void)instance;
  out->task = ONAGER_CLASSIFICATION;
  out->train_samples = TRAIN_SAMPLES;
  out->test_samples = 20;
  out->features = 3;
  out->outputs = 2;
  return ONAGER_OK;
}

static void draw_sample(const instance_data* data, uint64_t stream, uint64_t offset, int64_t i,
                        onager_array* x, onager_array* y) {
  const onager_random* random = data->host->service(data->host, ONAGER_RANDOM);
  double numbers[3];
  int64_t f;
  int of_class;
  (void)numbers;
  random->normal(data->host, stream, offset, 3, NUMBERS);
  for (f = 0; f < 3; ++f) set(x, i, f, WIDTH(data) * NUMBERS[f] + NOISE);
  of_class = NUMBERS[0] > 0;
  for (f = 0; f < 2; ++f) set(y, i, f, TARGET(of_class, f));
}

static onager_status fill(void* instance, uint32_t split, int64_t first, onager_array* x,
                          onager_array* y) {
  int64_t i;
  for (i = 0; i < x->rows; ++i)
    draw_sample(instance, STREAM(split), OFFSET(split, first + i), i, x, y);
  return ONAGER_OK;
}

static onager_status feature_group(const void* instance, int64_t index, onager_feature_group* out) {
  (void)instance;
  if (index != 0) return ONAGER_NOT_FOUND;
  out->name = "some";
  out->first = 1;
  out->count = GROUP_SIZE;
  return ONAGER_OK;
}

static const onager_dataset dataset = {sizeof(onager_dataset), 0, describe, fill, NULL,
                                       feature_group};

#ifdef ONAGER_DATASET_DRAW /* not in the header of 1.0, with which this is built too */
static onager_status draw(void* instance, uint64_t number, int64_t first, onager_array* x,
                          onager_array* y) {
  int64_t i;
  for (i = 0; i < x->rows; ++i)
    draw_sample(instance, DRAW_STREAM(number), DRAW_OFFSET(number, first + i), i, x, y);
  return ONAGER_OK;
}

static const onager_drawing_dataset drawing = {sizeof(onager_drawing_dataset), 0, draw};

static const void* offered(const char* id) {
  return strcmp(id, ONAGER_DATASET_DRAW) == 0 ? &drawing : NULL;
}
#else
static const void* offered(const char* id) {
  (void)id;
  return NULL;
}
#endif

PLUGIN("dataset", ONAGER_DATASET, dataset)
