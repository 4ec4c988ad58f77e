/* SPDX-License-Identifier: MIT
 *
 * One radial kernel by several plugins: the values and slopes of all are those of the first, to a
 * few roundings, in both precisions and whichever of them are asked for. Then it prints what each
 * takes: nanoseconds of CPU for value and slope of a pair, and that by the first's, by the median
 * of many turns.
 *
 *   kernel_values LIBRARY LIBRARY...
 */
#include <onager/abi.h>

#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { count = 301, pairs = 4096, calls = 20, repeats = 100 };

static void set_error(const onager_host* host, const char* message) {
  (void)host;
  fprintf(stderr, "%s\n", message);
}

static onager_host host = {
    .struct_size = sizeof(onager_host), .abi_major = 1, .set_error = set_error};

typedef struct {
  const onager_radial_kernel* table;
  void* instance;
} kernel;

static kernel load(const char* file, double bandwidth) {
  const onager_value value = {.struct_size = sizeof value,
                              .type = ONAGER_REAL,
                              .name = "bandwidth",
                              .count = 1,
                              .real = bandwidth};
  const onager_config config = {sizeof config, 1, sizeof value, 0, &value};
  const onager_plugin* (*entry)(void);
  const onager_component* component;
  kernel out = {NULL, NULL};
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  *(void**)&entry = dlsym(library, "onager_plugin_entry");
  component = entry()->components[0];
  if (component->create(&host, &config, &out.instance) != ONAGER_OK) exit(1);
  out.table = component->interface(out.instance, ONAGER_KERNEL_RADIAL);
  return out;
}

static int worse(const char* file, const char* what, double got, double expected, double eps) {
  if (fabs(got - expected) <= 8 * eps * fabs(expected)) return 0;
  fprintf(stderr, "%s: %s is %.17g and %.17g by the first\n", file, what, got, expected);
  return 1;
}

static int differs(const char* file, kernel one, kernel first) {
  static double r2[count], k[count], slope[count], k0[count], slope0[count];
  static float fr2[count], fk[count], fslope[count], fk0[count], fslope0[count];
  int i, wrong = 0;
  for (i = 0; i < count; ++i) fr2[i] = (float)(r2[i] = 1e-3 * i * i);
  first.table->evaluate_f64(first.instance, count, r2, k0, slope0);
  one.table->evaluate_f64(one.instance, count, r2, k, slope);
  first.table->evaluate_f32(first.instance, count, fr2, fk0, fslope0);
  one.table->evaluate_f32(one.instance, count, fr2, fk, fslope);
  for (i = 1; i < count && !wrong; ++i)
    wrong = worse(file, "k", k[i], k0[i], DBL_EPSILON) +
            worse(file, "slope", slope[i], slope0[i], DBL_EPSILON) +
            worse(file, "k in float32", (double)fk[i], (double)fk0[i], FLT_EPSILON) +
            worse(file, "slope in float32", (double)fslope[i], (double)fslope0[i], FLT_EPSILON);
  one.table->evaluate_f64(one.instance, count, r2, k, NULL);
  one.table->evaluate_f64(one.instance, count, r2, NULL, slope);
  for (i = 1; i < count && !wrong; ++i)
    wrong = worse(file, "k alone", k[i], k0[i], DBL_EPSILON) +
            worse(file, "slope alone", slope[i], slope0[i], DBL_EPSILON);
  return wrong;
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int ascending(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* values) {
  qsort(values, repeats, sizeof *values, ascending);
  return values[repeats / 2];
}

/* The plugins take turns and are compared with the first of the same turn, so that a change of the
 * machine's speed meets all of them. */
static void compare_times(char** files, int files_count) {
  static double r2[pairs], k[pairs], slope[pairs];
  static float fr2[pairs], fk[pairs], fslope[pairs];
  static double seconds[8][2][repeats], ratios[8][2][repeats];
  kernel kernels[8];
  int i, file, repeat, call, width;
  if (files_count > 8) files_count = 8;
  for (i = 0; i < pairs; ++i) fr2[i] = (float)(r2[i] = 1e-3 * i);
  for (file = 0; file < files_count; ++file) kernels[file] = load(files[file], 2.5);
  for (repeat = 0; repeat < repeats; ++repeat)
    for (file = 0; file < files_count; ++file) {
      const kernel one = kernels[file];
      double start = cpu_seconds();
      for (call = 0; call < calls; ++call)
        one.table->evaluate_f64(one.instance, pairs, r2, k, slope);
      seconds[file][0][repeat] = cpu_seconds() - start;
      start = cpu_seconds();
      for (call = 0; call < calls; ++call)
        one.table->evaluate_f32(one.instance, pairs, fr2, fk, fslope);
      seconds[file][1][repeat] = cpu_seconds() - start;
      for (width = 0; width < 2; ++width)
        ratios[file][width][repeat] = seconds[file][width][repeat] / seconds[0][width][repeat];
    }
  for (file = 0; file < files_count; ++file) {
    const char* name = strrchr(files[file], '/');
    printf("%-34s", name ? name + 1 : files[file]);
    for (width = 0; width < 2; ++width) {
      const double ratio = median(ratios[file][width]);
      printf("  %s %.2f ns, %.2f of the first", width == 0 ? "float64" : "float32",
             1e9 * median(seconds[file][width]) / calls / pairs, ratio);
    }
    printf("\n");
  }
}

int main(int argc, char** argv) {
  int i, wrong = 0;
  for (i = 2; i < argc; ++i) wrong += differs(argv[i], load(argv[i], 2.5), load(argv[1], 2.5));
  printf("%d plugins agree\n", argc - 1 - wrong);
  compare_times(argv + 1, argc - 1);
  return wrong == 0 && argc > 2 ? 0 : 1;
}
