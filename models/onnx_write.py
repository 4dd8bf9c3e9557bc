# SPDX-License-Identifier: Apache-2.0
"""A small graph in memory, and its ONNX file (a protobuf ModelProto, written by hand).

Field numbers are those of onnx.proto. Only what the two networks need is here: float, integer and
byte tensors, and attributes that are an integer, a float, a string or a list of integers.
"""

import struct

import numpy as np

IR_VERSION = 7
OPSET = 13
PRODUCER = "bauta"

FLOAT, UINT8, INT8, INT32, INT64 = 1, 2, 3, 6, 7
ELEMENT_TYPE = {"float32": FLOAT, "uint8": UINT8, "int8": INT8, "int32": INT32, "int64": INT64}


class Node:
    def __init__(self, op, inputs, outputs, attributes):
        self.op = op
        self.inputs = list(inputs)
        self.outputs = list(outputs)
        self.attributes = dict(attributes)


class Graph:
    """Nodes in the order in which they run, and the constants they read, by name.

    inputs and outputs are lists of (name, sides); a side is a number, or a name when any will do.
    All of them are float32.
    """

    def __init__(self):
        self.nodes = []
        self.constants = {}
        self.inputs = []
        self.outputs = []

    def add(self, op, inputs, outputs, **attributes):
        self.nodes.append(Node(op, inputs, outputs, attributes))
        return outputs[0]

    def constant(self, name, value):
        """Keeps 0-d arrays 0-d: a side of 1 too many changes what Gather and Resize mean."""
        self.constants[name] = np.array(value, order="C")
        return name

    def producers(self):
        return {name: node for node in self.nodes for name in node.outputs}

    def consumers(self):
        readers = {}
        for node in self.nodes:
            for name in node.inputs:
                readers.setdefault(name, []).append(node)
        return readers

    def drop_unused(self):
        """Forgets the nodes and constants that no output depends on."""
        used = {name for name, _ in self.outputs}
        kept = []
        for node in reversed(self.nodes):
            if any(name in used for name in node.outputs):
                kept.append(node)
                used.update(node.inputs)
        self.nodes = kept[::-1]
        self.constants = {name: a for name, a in self.constants.items() if name in used}


def _varint(value):
    value &= (1 << 64) - 1  # negative numbers are written as 64-bit two's complement
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    if isinstance(value, str):
        value = value.encode()
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _attribute(name, value):
    out = _bytes(1, name)
    if isinstance(value, float):
        return out + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return out + _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return out + _bytes(4, value) + _number(20, 3)
    return out + b"".join(_number(8, int(i)) for i in value) + _number(20, 7)


def _node(node):
    out = b"".join(_bytes(1, name) for name in node.inputs)
    out += b"".join(_bytes(2, name) for name in node.outputs)
    out += _bytes(3, node.outputs[0]) + _bytes(4, node.op)
    for name in sorted(node.attributes):
        out += _bytes(5, _attribute(name, node.attributes[name]))
    return out


def _tensor(name, array):
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    out = b"".join(_number(1, side) for side in array.shape)
    out += _number(2, ELEMENT_TYPE[array.dtype.name])
    return out + _bytes(8, name) + _bytes(9, little.tobytes())


def _value(name, sides):
    dims = b""
    for side in sides:
        dims += _bytes(1, _bytes(2, side) if isinstance(side, str) else _number(1, side))
    tensor_type = _number(1, FLOAT) + _bytes(2, dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor_type))


def serialise(graph, name):
    body = b"".join(_bytes(1, _node(node)) for node in graph.nodes)
    body += _bytes(2, name)
    body += b"".join(_bytes(5, _tensor(n, a)) for n, a in graph.constants.items())
    body += b"".join(_bytes(11, _value(n, sides)) for n, sides in graph.inputs)
    body += b"".join(_bytes(12, _value(n, sides)) for n, sides in graph.outputs)
    opset = _bytes(1, "") + _number(2, OPSET)
    return _number(1, IR_VERSION) + _bytes(2, PRODUCER) + _bytes(7, body) + _bytes(8, opset)


def write(graph, name, path):
    with open(path, "wb") as f:
        f.write(serialise(graph, name))
