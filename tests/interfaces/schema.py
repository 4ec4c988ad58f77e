#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The JSON Schema that `onager schema` prints is one, takes every pipeline of the examples and of the
documentation, and refuses what `onager check` refuses."""
import copy
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema

program, root = sys.argv[1], Path(sys.argv[2])
schema = json.loads(subprocess.run([program, "schema"], check=True, capture_output=True).stdout)
jsonschema.Draft4Validator.check_schema(schema)
validator = jsonschema.Draft4Validator(schema)


def documents():
    # those of plugins that are yet to be built are not the installed ones'
    others = {root / "docs/first_plugin.md", *root.glob("examples/plugins/**/*")}
    for file in sorted(root.glob("examples/**/*.toml")):
        if file not in others:
            yield str(file), file.read_text()
    for file in [root / "README.md", *sorted(root.glob("docs/*.md")),
                 *sorted(root.glob("examples/**/*.md"))]:
        if file in others:
            continue
        for number, block in enumerate(re.findall(r"^```toml\n(.*?)^```", file.read_text(),
                                                  re.S | re.M)):
            yield f"{file}, block {number + 1}", block


checked = 0
for name, text in documents():
    errors = list(validator.iter_errors(tomllib.loads(text)))
    if errors:
        error = jsonschema.exceptions.best_match(errors)
        sys.exit(f"{name}: {list(error.absolute_path)}: {error.message}")
    checked += 1
assert checked >= 10, checked

good = {
    "seed": 1,
    "dataset": {"use": "modular_arithmetic", "modulus": 7},
    "feature_map": [{"use": "agop", "power": 0.5}],
    "kernel": {"use": "sum", "terms": [{"use": "gaussian", "bandwidth": 2},
                                       {"use": "org.onager.laplace/laplace"}]},
    "optimizer": {"use": "cholesky"},
    "loop": {"rounds": 3},
}
assert validator.is_valid(good)


def refused(change):
    document = copy.deepcopy(good)
    change(document)
    assert not validator.is_valid(document), document


refused(lambda d: d.update(kernal={}))
refused(lambda d: d.update(seed=-1))
refused(lambda d: d.update(seed=1.5))
refused(lambda d: d.update(precision="float16"))
refused(lambda d: d.pop("dataset"))
refused(lambda d: d.pop("kernel"))
refused(lambda d: d.update(model={"use": "fully_connected"}))
refused(lambda d: d["dataset"].pop("use"))
refused(lambda d: d["kernel"].pop("terms"))
refused(lambda d: d["dataset"].update(modulus=1))
refused(lambda d: d["dataset"].update(modulo=7))
refused(lambda d: d["dataset"].update(operation="ad"))
refused(lambda d: d["kernel"].update(use="gausian"))
refused(lambda d: d["kernel"].update(use="cholesky"))
refused(lambda d: d["kernel"]["terms"][0].update(bandwidth=0))
refused(lambda d: d["kernel"]["terms"][0].update(bandwidth="wide"))
refused(lambda d: d["loop"].update(rounds=0))
refused(lambda d: d["loop"].update(round=1))

# every component is there, with every parameter and its words
listed = json.loads(subprocess.run([program, "list", "--json"], check=True,
                                   capture_output=True).stdout)["components"]
for component in listed:
    tables = schema["definitions"][component["kind"]]["oneOf"]
    table, = [t for t in tables if component["use"] in t["properties"]["use"]["enum"]]
    described = json.loads(subprocess.run([program, "describe", component["use"], "--json"],
                                          check=True, capture_output=True).stdout)["components"]
    one, = [d for d in described if d["kind"] == component["kind"]]
    names = {p["name"] for p in one["parameters"]}
    own = {"use", "isolation", "call_limit"}
    own |= {"every"} if component["kind"] == "diagnostic" else set()
    assert names | own == set(table["properties"]), component
print(f"{checked} pipelines and {len(listed)} components agree with the schema")
