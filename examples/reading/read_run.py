# SPDX-License-Identifier: MIT
# Reads a run folder with numpy and csv alone: python3 read_run.py runs/addition-001
import csv, glob, sys
import numpy as np

run = sys.argv[1]
with open(f"{run}/metrics.csv") as file:
    rows = list(csv.DictReader(file))
test_mse = np.array([float(row["test_mse"]) for row in rows])
print("best round", rows[test_mse.argmin()]["round"], "test mse", test_mse.min())
for path in sorted(glob.glob(f"{run}/arrays/*.npy")):
    array = np.load(path)
    print(path, array.dtype, array.shape)
