#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The same work on the same data in Onager and in what Debian packages offer.

  ridge  kernel ridge regression, Gaussian kernel: sklearn.kernel_ridge.KernelRidge
  rfm    recursive feature machine, Laplace kernel, 3 rounds: PyTorch, below, after
         Radhakrishnan, Beaglehole, Pandit, Belkin, Science 383 (2024)

Needs python3-sklearn and python3-torch, and an interpreter that has them (/usr/bin/python3).

  tests/benchmarks/peers.py [--samples 4096 8192] [--threads 2] [--repeat 3] [--json FILE]

Programs run in turns and the fastest run of each counts. Counted are fitting, predicting and
learning; reading files and writing results are not. Onager also predicts its training samples every
round, which the peers are not asked for. The ratio is the peer's seconds over Onager's.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

FEATURES = 128
TEST = 1000
BANDWIDTH = 11.3  # about sqrt(128): the distance of a sample from the origin
RIDGE = 1e-3
ROUNDS = 3

here = pathlib.Path(__file__).resolve().parent

arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--samples", type=int, nargs="+", default=[4096])
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--repeat", type=int, default=3)
arguments.add_argument("--program", default=str(here.parents[1] / "build" / "bin" / "onager"))
arguments.add_argument("--json", help="also write the results to this file")
options = arguments.parse_args()
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(options.threads)  # before the libraries are loaded

try:
    import numpy as np
    import torch
    from sklearn.kernel_ridge import KernelRidge
    from threadpoolctl import threadpool_info
except ImportError as error:
    print(f"{error}; install python3-sklearn and python3-torch and use /usr/bin/python3")
    sys.exit(77)

torch.set_num_threads(options.threads)


def data(samples, dtype):
    """Normal features; a target of degree 2 in three of them, standardised."""
    random = np.random.default_rng(1)
    x = random.standard_normal((samples + TEST, FEATURES))
    y = x[:, 0] + x[:, 0] * x[:, 1] + 0.5 * x[:, 2] ** 2
    y = ((y - y.mean()) / y.std())[:, None]
    return [np.ascontiguousarray(a, dtype) for a in (x[:samples], y[:samples], x[samples:], y[samples:])]


def with_sklearn(x, y, x_test, y_test):
    begin = time.perf_counter()
    machine = KernelRidge(alpha=RIDGE, kernel="rbf", gamma=0.5 / BANDWIDTH**2).fit(x, y)
    prediction = machine.predict(x_test)
    return time.perf_counter() - begin, float(np.mean((prediction - y_test) ** 2))


def distances(x, z, metric):
    """|x_i - z_j| in the norm of the metric."""
    mapped = x @ metric
    x_norms = (mapped * x).sum(1, keepdim=True)
    z_norms = ((z @ metric) * z).sum(1)
    squared = torch.addmm(z_norms.expand(len(x), len(z)), mapped, z.T, alpha=-2)
    return squared.add_(x_norms).clamp_(min=0).sqrt_()


def outer_product(x, alpha, metric, batch=4096):
    """Centred average of grad f grad f' for k = exp(-r / L).

    grad f(x_i) = -1/L M sum_j alpha_j k_ij / r_ij (x_i - x_j), and 0 for i = j: with the weights
    W = k / r, row i of  diag(W alpha) X - (W alpha') X.
    """
    gradients = torch.empty_like(x)
    weighted = alpha * x
    for first in range(0, len(x), batch):
        part = x[first : first + batch]
        r = distances(part, x, metric)
        weights = torch.exp(r / -BANDWIDTH).div_(r)
        own = torch.arange(len(part))
        weights[own, own + first] = 0
        gradients[first : first + batch] = (weights @ alpha) * part - weights @ weighted
    gradients -= gradients.mean(0, keepdim=True)
    return metric @ (gradients.T @ gradients) @ metric / (len(x) * BANDWIDTH**2)


def with_torch(x, y, x_test, y_test):
    x, y, x_test, y_test = map(torch.from_numpy, (x, y, x_test, y_test))
    begin = time.perf_counter()
    metric = torch.eye(FEATURES, dtype=x.dtype)
    for step in range(ROUNDS):
        kernel = distances(x, x, metric).div_(-BANDWIDTH).exp_()
        kernel.diagonal().copy_(torch.full((len(x),), 1 + RIDGE, dtype=x.dtype))
        alpha = torch.cholesky_solve(y, torch.linalg.cholesky(kernel))
        prediction = distances(x_test, x, metric).div_(-BANDWIDTH).exp_() @ alpha
        error = float(((prediction - y_test) ** 2).mean())
        if step + 1 < ROUNDS:
            values, vectors = torch.linalg.eigh(outer_product(x, alpha, metric))
            metric = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    return time.perf_counter() - begin, error


PIPELINE = """precision = "{precision}"
[dataset]
use = "npy"
train = "x.npy"
train_targets = "y.npy"
test = "x_test.npy"
test_targets = "y_test.npy"
task = "regression"
{feature_map}
[kernel]
use = "{kernel}"
bandwidth = {bandwidth}
[optimizer]
use = "cholesky"
ridge = {ridge}
[loop]
rounds = {rounds}
"""


def with_onager(folder, work, precision):
    learns = work == "rfm"
    (folder / "pipeline.toml").write_text(
        PIPELINE.format(
            precision=precision,
            feature_map='[[feature_map]]\nuse = "agop"' if learns else "",
            kernel="laplace" if learns else "gaussian",
            bandwidth=BANDWIDTH,
            ridge=RIDGE,
            rounds=ROUNDS if learns else 1,
        )
    )
    run = tempfile.mkdtemp(dir=folder)
    os.rmdir(run)
    command = [options.program, "run", "pipeline.toml", "--quiet", "--out", run]
    command += ["--threads", str(options.threads)]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    summary = json.loads((pathlib.Path(run) / "summary.json").read_text())
    phases = summary["seconds"]["by_phase"]
    seconds = sum(phases[name] for name in phases if name not in ("load", "write"))
    return seconds, summary["metrics"]["test_mse"]


def main():
    rows = []
    for library in threadpool_info():
        if library["user_api"] == "blas":
            print(f"peers' BLAS: {library['internal_api']} {library['version']} "
                  f"({library['architecture']}), {library['num_threads']} threads")
    print(f"{'work':6} {'samples':>7} {'precision':9} {'onager':>9} {'peer':>9} {'ratio':>6}"
          f" {'onager mse':>13} {'peer mse':>13}  peer")
    for samples in options.samples:
        for precision in ("float64", "float32"):
            arrays = data(samples, precision)
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                for file, array in zip(("x", "y", "x_test", "y_test"), arrays):
                    np.save(folder / f"{file}.npy", array)
                for work, peer, run in (("ridge", "scikit-learn", with_sklearn),
                                        ("rfm", "PyTorch", with_torch)):
                    ours, theirs = [], []
                    for _ in range(options.repeat):
                        ours.append(with_onager(folder, work, precision))
                        theirs.append(run(*arrays))
                    (seconds, error), (peer_seconds, peer_error) = min(ours), min(theirs)
                    rows.append({
                        "work": work, "samples": samples, "features": FEATURES,
                        "precision": precision, "threads": options.threads, "peer": peer,
                        "seconds": seconds, "peer_seconds": peer_seconds,
                        "ratio": peer_seconds / seconds,
                        "test_mse": error, "peer_test_mse": peer_error,
                    })
                    print(f"{work:6} {samples:7} {precision:9} {seconds:9.3f} {peer_seconds:9.3f}"
                          f" {peer_seconds / seconds:6.2f} {error:13.6e} {peer_error:13.6e}  {peer}",
                          flush=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=2) + "\n")
    tolerance = {"float64": 1e-6, "float32": 1e-2}
    off = [r for r in rows
           if abs(r["test_mse"] - r["peer_test_mse"]) > tolerance[r["precision"]] * r["peer_test_mse"]]
    for row in off:
        print(f"{row['work']} {row['samples']} {row['precision']}: the test errors differ by more "
              f"than {tolerance[row['precision']]:g}, so the work was not the same")
    return 1 if off else 0


sys.exit(main())
