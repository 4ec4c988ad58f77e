/* SPDX-License-Identifier: MIT */
/* A dataset of 40 + 20 samples of 3 features in two classes, from the host's random streams. Spoil
 * it by defining before: OFFSET(split, sample), where a sample's numbers begin in its stream;
 * TRAIN_SAMPLES; TARGET(class, column); NOISE; GROUP_SIZE; STREAM(split);
 * WIDTH(data), which samples are multiplied by; DESCRIBE_EXTRA(data), a statement in describe; and
 * NUMBERS, where a sample is drawn. */
#include "component.h"

#ifndef OFFSET
#define OFFSET(split, sample) ((uint64_t)(sample)*3)
#endif
#ifndef STREAM
#define STREAM(split) ((uint64_t)(split))
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

static onager_status fill(void* instance, uint32_t split, int64_t first, onager_array* x,
                          onager_array* y) {
  const instance_data* data = instance;
  const onager_random* random = data->host->service(data->host, ONAGER_RANDOM);
  int64_t i, f;
  for (i = 0; i < x->rows; ++i) {
    double numbers[3];
    int of_class;
    (void)numbers;
    random->normal(data->host, STREAM(split), OFFSET(split, first + i), 3, NUMBERS);
    for (f = 0; f < 3; ++f) set(x, i, f, WIDTH(data) * NUMBERS[f] + NOISE);
    of_class = NUMBERS[0] > 0;
    for (f = 0; f < 2; ++f) set(y, i, f, TARGET(of_class, f));
  }
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
PLUGIN("dataset", ONAGER_DATASET, dataset)
