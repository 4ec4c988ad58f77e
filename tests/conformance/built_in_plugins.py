#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`onager plugin test` finds nothing in the plugins that come with Onager.

    built_in_plugins.py ONAGER FOLDER [ID...]

Components that need parameters get those below, on small files that are written here.
"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

try:
    import h5py
except ImportError:
    h5py = None

EXAMPLES = """
kernel = [{ use = "inner_product", coefficients = [1.0, 1.0, 0.5, 0.2], scale = 5.0 }]
feature_map = [
  { use = "fixed_matrix", path = "metric.npy" },
  { use = "fixed_matrix", path = "map.npy", as = "map" },
  { use = "nystrom_features", landmarks = 7, kernel = { use = "laplace", bandwidth = 3.0 } },
]
dataset = [
  { use = "multi_index", dimension = 6, terms = ["z1", "z1 z2"], noise = 0.1 },
  { use = "teacher_network", dimension = 6 },
  { use = "sparse_polynomial", dimension = 6, terms = ["x1 x2", "0.5 x3"], train_samples = 300 },
  { use = "csv", path = "table.csv" },
  { use = "npy", train = "samples.npy", train_targets = "targets.npy" },
  { use = "hdf5", path = "samples.h5" },
  { use = "idx", train_images = "images", train_labels = "labels" },
  { use = "cifar10", folder = "." },
  { use = "svhn", train = "digits.mat", test = "digits.mat" },
]
model = [
  { use = "network", layers = [
    "h = affine(x, 6)", "a = relu(h)", "s = sum(a, h)", "f = affine(s, outputs)"] },
  { use = "linear_model", of = { use = "fully_connected", width = 4, activation = "tanh" } },
  { use = "quadratic_model", of = { use = "fully_connected", width = 4, activation = "tanh" } },
]
optimizer = [
  { use = "gd", steps = 10 }, { use = "sgd", steps = 10 }, { use = "momentum", steps = 10 },
  { use = "nesterov", steps = 10 }, { use = "adam", steps = 10 }, { use = "adamw", steps = 10 },
  { use = "rmsprop", steps = 10 }, { use = "adagrad", steps = 10 }, { use = "adadelta", steps = 10 },
]
"""


def mat_element(kind, content):
    return struct.pack("<II", kind, len(content)) + content + bytes(-len(content) % 8)


def mat_array(name, extents, content):
    """An array of uint8 of the MAT format, version 5."""
    return mat_element(14, mat_element(6, struct.pack("<II", 9, 0))
                       + mat_element(5, struct.pack(f"<{len(extents)}i", *extents))
                       + mat_element(1, name.encode()) + mat_element(2, content))


def write_files(folder):
    random = np.random.default_rng(1)

    def numbers(*shape):
        return random.standard_normal(shape)

    def octets(count):
        return random.integers(0, 256, count, dtype=np.uint8).tobytes()

    square = numbers(5, 5)
    np.save(folder / "metric.npy", square @ square.T)
    np.save(folder / "map.npy", numbers(5, 3))
    np.save(folder / "samples.npy", numbers(37, 4))
    np.save(folder / "targets.npy", numbers(37, 2))
    if h5py:
        with h5py.File(folder / "samples.h5", "w") as file:
            file["x"], file["y"] = numbers(37, 4), numbers(37, 2)
    np.savetxt(folder / "table.csv", numbers(37, 4), delimiter=",", header="a,b,c,target", comments="")
    (folder / "images").write_bytes(struct.pack(">4i", 0x803, 30, 2, 3) + octets(180))
    (folder / "labels").write_bytes(struct.pack(">2i", 0x801, 30) + bytes(i % 3 for i in range(30)))
    for name in ["test_batch"] + [f"data_batch_{i}" for i in range(1, 6)]:
        records = b"".join(bytes([i]) + octets(3072) for i in range(4))
        (folder / f"{name}.bin").write_bytes(records)
    (folder / "digits.mat").write_bytes(
        b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
        + mat_array("X", [32, 32, 3, 4], octets(4 * 3072)) + mat_array("y", [4, 1], bytes([3, 10, 1, 3])))
    (folder / "examples.toml").write_text(EXAMPLES)


def main():
    program, plugins, wanted = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
    libraries = sorted(f for f in plugins.rglob("*.so") if not wanted or f.stem in wanted)
    tried, broken = 0, []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_files(folder)
        for library in libraries:
            if library.stem == "hdf5" and not h5py:
                print("not tried: hdf5, of which there is no file without python3-h5py")
                continue
            done = subprocess.run(
                [program, "plugin", "test", library, "--json",
                 "--time-limit", "300", "--save", folder / "findings",
                 "--examples", folder / "examples.toml"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, text=True)
            if not done.stdout:
                broken.append(f"{library.stem}: {done.stderr}")
                continue
            for one in json.loads(done.stdout)["findings"]:
                text = f"{one['component']} {{{one['parameters']}}}: {one['rule']}: {one['what']}"
                broken.append(text)
            tried += 1
    print(f"{tried} plugins tried")
    print("\n".join(broken))
    sys.exit(1 if broken or tried == 0 else 0)


main()
