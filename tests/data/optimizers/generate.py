#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes trajectories.json: ten steps of PyTorch's optimizers on two linear problems, in float64.

Needs Debian's python3-torch (written with 1.13.1):  /usr/bin/python3 generate.py

f = x W with x n x d, W d x c; `start` and the parameters after a step are W row after row.
"""
import json
import math
import pathlib

import torch

torch.set_default_dtype(torch.float64)
n, d, c = 8, 3, 2
KEPT = (1, 2, 3, 10)  # steps whose parameters are written

inputs = [[round(math.sin(1 + 3 * i + 5 * j + i * j), 3) for j in range(d)] for i in range(n)]
start = [[round(0.3 * math.cos(2 + j + 4 * l), 3) for l in range(c)] for j in range(d)]
targets = {
    "mse": [[round(math.cos(2 * i + 7 * l), 3) for l in range(c)] for i in range(n)],
    "logistic": [[int(math.sin(11 * i + 3 * l) > 0) for l in range(c)] for i in range(n)],
}
losses = {"mse": torch.nn.MSELoss(), "logistic": torch.nn.BCEWithLogitsLoss()}

# component, PyTorch's class, its arguments, the component's parameters (in the order of the
# arguments): with the defaults of both, then with others
SGD, optim = torch.optim.SGD, torch.optim
cases = [
    ("gd", SGD, dict(lr=0.3), dict(learning_rate=0.3)),
    ("gd", SGD, dict(lr=0.5, weight_decay=0.02), dict(learning_rate=0.5, weight_decay=0.02)),
    ("sgd", SGD, dict(lr=0.3), dict(learning_rate=0.3)),
    ("sgd", SGD, dict(lr=0.5, weight_decay=0.02), dict(learning_rate=0.5, weight_decay=0.02)),
    ("momentum", SGD, dict(lr=0.1, momentum=0.9), dict(learning_rate=0.1)),
    ("momentum", SGD, dict(lr=0.2, momentum=0.7, weight_decay=0.02),
     dict(learning_rate=0.2, momentum=0.7, weight_decay=0.02)),
    ("nesterov", SGD, dict(lr=0.1, momentum=0.9, nesterov=True), dict(learning_rate=0.1)),
    ("nesterov", SGD, dict(lr=0.2, momentum=0.7, weight_decay=0.02, nesterov=True),
     dict(learning_rate=0.2, momentum=0.7, weight_decay=0.02)),
    ("adam", optim.Adam, {}, {}),
    ("adam", optim.Adam, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.02),
     dict(learning_rate=0.05, beta1=0.8, beta2=0.95, epsilon=1e-3, weight_decay=0.02)),
    ("adamw", optim.AdamW, {}, {}),
    ("adamw", optim.AdamW, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
     dict(learning_rate=0.05, beta1=0.8, beta2=0.95, epsilon=1e-3, weight_decay=0.3)),
    ("rmsprop", optim.RMSprop, {}, {}),
    ("rmsprop", optim.RMSprop, dict(lr=0.02, alpha=0.9, eps=1e-3, weight_decay=0.02),
     dict(learning_rate=0.02, decay=0.9, epsilon=1e-3, weight_decay=0.02)),
    ("adagrad", optim.Adagrad, {}, {}),
    ("adagrad", optim.Adagrad, dict(lr=0.1, eps=1e-3, weight_decay=0.02),
     dict(learning_rate=0.1, epsilon=1e-3, weight_decay=0.02)),
    ("adadelta", optim.Adadelta, {}, {}),
    ("adadelta", optim.Adadelta, dict(lr=2.0, rho=0.7, eps=1e-3, weight_decay=0.02),
     dict(learning_rate=2.0, decay=0.7, epsilon=1e-3, weight_decay=0.02)),
]


def trajectory(optimizer, arguments, loss):
    w = torch.nn.Parameter(torch.tensor(start))
    x, y = torch.tensor(inputs), torch.tensor(targets[loss], dtype=torch.float64)
    stepper = optimizer([w], **arguments)
    kept = {}
    for step in range(1, max(KEPT) + 1):
        stepper.zero_grad()
        losses[loss](x @ w, y).backward()
        stepper.step()
        if step in KEPT:
            kept[str(step)] = w.detach().flatten().tolist()
    return kept


runs = []
for index, (component, optimizer, arguments, parameters) in enumerate(cases):
    loss = ("mse", "logistic")[index % 2]
    runs.append(dict(optimizer=component, parameters=parameters, loss=loss,
                     after=trajectory(optimizer, arguments, loss)))
    other = ("logistic", "mse")[index % 2]
    runs.append(dict(optimizer=component, parameters=parameters, loss=other,
                     after={"10": trajectory(optimizer, arguments, other)["10"]}))

lines = [json.dumps(run) for run in runs]
head = json.dumps(dict(torch=torch.__version__, inputs=inputs, targets=targets, start=start))
text = head[:-1] + ',\n"runs": [\n' + ",\n".join(lines) + "\n]}\n"
pathlib.Path(__file__).with_name("trajectories.json").write_text(text)
