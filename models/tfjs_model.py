# SPDX-License-Identifier: Apache-2.0
"""Reads a TensorFlow.js graph model: model.json and the weight files beside it."""

import base64
import json
import os

import numpy as np

STORED = {"float32": np.float32, "int32": np.int32}


class TfNode:
    def __init__(self, spec):
        self.name = spec["name"]
        self.op = spec["op"]
        # "^name" is a control dependency: it carries no value.
        self.inputs = [i for i in spec.get("input", []) if not i.startswith("^")]
        self._attributes = spec.get("attr", {})

    def attribute(self, name, default=None):
        value = self._attributes.get(name)
        if value is None:
            return default
        kind, value = next(iter(value.items()))
        if kind == "i":
            return int(value)
        if kind == "s":
            return base64.b64decode(value).decode()
        if kind == "list":
            if "i" in value:
                return [int(i) for i in value["i"]]
            return [base64.b64decode(s).decode() for s in value.get("s", [])]
        return value  # "f", "b", "type", "shape": as they stand


def split_name(name):
    """'node:1' is the second output of node; ':0' may be left out."""
    base, _, index = name.partition(":")
    return base, int(index or 0)


class Model:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            model = json.load(f)
        self.nodes = {n["name"]: TfNode(n) for n in model["modelTopology"]["node"]}
        self.weights = {}
        for group in model["weightsManifest"]:
            self._read_weights(os.path.dirname(path), group)

    def _read_weights(self, folder, group):
        data = b""
        for part in group["paths"]:
            with open(os.path.join(folder, part), "rb") as f:
                data += f.read()
        offset = 0
        for entry in group["weights"]:
            wanted = STORED[entry["dtype"]]
            packing = entry.get("quantization", {})
            stored = np.dtype(packing.get("dtype", wanted))
            count = int(np.prod(entry["shape"], dtype=np.int64))
            value = np.frombuffer(data, stored.newbyteorder("<"), count, offset)
            offset += count * stored.itemsize
            if "scale" in packing:  # 8 or 16 bits; halves have no scale
                value = value.astype(np.float32) * np.float32(packing["scale"])
                value += np.float32(packing["min"])
            self.weights[entry["name"]] = value.astype(wanted).reshape(entry["shape"])

    def needed(self, outputs):
        """The nodes that the outputs depend on, each after its inputs."""
        order, seen = [], set()
        stack = [split_name(o)[0] for o in reversed(outputs)]
        while stack:
            name = stack[-1]
            missing = [split_name(i)[0] for i in self.nodes[name].inputs]
            missing = [i for i in missing if i not in seen]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if name not in seen:
                seen.add(name)
                order.append(self.nodes[name])
        return order
