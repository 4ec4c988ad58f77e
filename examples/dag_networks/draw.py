#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws graphs without levels: hidden neurons in a row, each reading IN_DEGREE of the inputs and neurons before it.

  draw.py [IN_DEGREE ...]      (default 8 16 32 64)

Writes graphs/IN_DEGREE.txt beside this script, one edge a line: the neuron read, the neuron that reads. There are 8
inputs. The first IN_DEGREE neurons read the inputs, as there is not enough else to read; they are the first level. The
output reads all neurons.
"""

import pathlib
import random
import sys

INPUTS = 8

folder = pathlib.Path(__file__).parent / "graphs"
folder.mkdir(exist_ok=True)
for degree in map(int, sys.argv[1:] or ["8", "16", "32", "64"]):
    draw = random.Random(degree)
    inputs = [f"x{i + 1}" for i in range(INPUTS)]
    neurons = [f"n{i + 1}" for i in range(6 * degree)]
    with open(folder / f"{degree}.txt", "w") as file:
        for at, neuron in enumerate(neurons):
            for read in inputs if at < degree else draw.sample(neurons[:at], degree):
                print(read, neuron, file=file)
        for neuron in neurons:
            print(neuron, "f1", file=file)
