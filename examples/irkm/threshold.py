#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Least number of samples that learns, by leap and dimension, and how it grows with the dimension.

  threshold.py runs/leap-sweep/sweep.csv

Learned is a number of samples from which on the median test error over the seeds stays below 0.1. The exponent is the
slope of log samples over log dimension by least squares.
"""

import csv
import math
import statistics
import sys
from collections import defaultdict

errors = defaultdict(lambda: defaultdict(list))  # (terms, dimension) -> samples -> test errors
with open(sys.argv[1], newline="") as table:
    for row in csv.DictReader(table):
        if row["status"] == "finished":
            point = row["dataset.terms"], int(row["dataset.dimension"])
            errors[point][int(row["dataset.train_samples"])].append(float(row["test_mse"]))

thresholds = defaultdict(dict)
for (terms, dimension), by_samples in errors.items():
    least = None
    for samples in sorted(by_samples, reverse=True):
        if statistics.median(by_samples[samples]) >= 0.1:
            break
        least = samples
    thresholds[terms][dimension] = least

for terms, by_dimension in thresholds.items():
    print(terms, " ".join(f"d={d}:{n or '-'}" for d, n in by_dimension.items()))
    found = [(math.log(d), math.log(n)) for d, n in by_dimension.items() if n]
    if len(found) > 2:
        slope, _ = statistics.linear_regression(*zip(*found))
        print(f"  samples ~ dimension^{slope:.2f}")
