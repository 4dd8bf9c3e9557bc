# SPDX-License-Identifier: Apache-2.0
"""An ONNX graph in memory, and its file: a protocol buffer, of which only what is needed is written.

Field numbers are those of onnx.proto (ONNX 1.8: IR version 7, operator set 13).
"""
import struct

import numpy as np

IR_VERSION, OPERATOR_SET = 7, 13
ELEMENT_TYPES = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2, np.dtype(np.int8): 3, np.dtype(np.int32): 6,
                 np.dtype(np.int64): 7}
FLOAT = ELEMENT_TYPES[np.dtype(np.float32)]


class Node:
    def __init__(self, op, inputs, outputs, attributes):
        self.op, self.inputs, self.outputs, self.attributes = op, inputs, outputs, attributes


class Graph:
    """Nodes in an order in which they can run. Tensors are named after where they come from."""

    def __init__(self):
        self.nodes = []
        self.constants = {}  # name -> array
        self.inputs = []     # (name, sides); a side is a number, or a name if it may be any number
        self.outputs = []
        self._taken = set()

    def name(self, wanted):
        """`wanted`, or something like it that no other tensor is called."""
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f'{wanted}~{count}'
        self._taken.add(name)
        return name

    def constant(self, values, name):
        name = self.name(name)
        values = np.asarray(values)
        self.constants[name] = values if values.ndim == 0 else np.ascontiguousarray(values)
        return name

    def emit(self, op, inputs, name, count=None, **attributes):
        """Adds a node and returns the name of its output, or `count` names."""
        outputs = [self.name(name if count is None else f'{name}:{i}') for i in range(count or 1)]
        self.nodes.append(Node(op, list(inputs), outputs, attributes))
        return outputs[0] if count is None else outputs

    def add_input(self, name, sides):
        self.inputs.append((self.name(name), sides))

    def add_output(self, tensor, name, sides):
        self.nodes.append(Node('Identity', [tensor], [self.name(name)], {}))
        self.outputs.append((name, sides))

    def readers(self):
        """tensor -> the nodes that read it"""
        readers = {}
        for node in self.nodes:
            for tensor in node.inputs:
                readers.setdefault(tensor, []).append(node)
        return readers

    def makers(self):
        """tensor -> the node that makes it"""
        return {tensor: node for node in self.nodes for tensor in node.outputs}

    def drop_unused(self):
        used = {name for name, _ in self.outputs}
        kept = []
        for node in reversed(self.nodes):
            if used.intersection(node.outputs):
                kept.append(node)
                used.update(node.inputs)
        self.nodes = kept[::-1]
        self.constants = {name: values for name, values in self.constants.items() if name in used}

    def save(self, path):
        with open(path, 'wb') as file:
            file.write(_model(self))


def _varint(number):
    number &= (1 << 64) - 1  # negative numbers as two's complement
    text = bytearray()
    while number > 0x7f:
        text.append(number & 0x7f | 0x80)
        number >>= 7
    text.append(number)
    return bytes(text)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    value = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _float(field, value):
    return _varint(field << 3 | 5) + struct.pack('<f', value)


def _attribute(name, value):
    if isinstance(value, float):
        body, kind = _float(2, value), 1
    elif isinstance(value, int):
        body, kind = _number(3, value), 2
    elif isinstance(value, str):
        body, kind = _bytes(4, value), 3
    else:
        body, kind = b''.join(_number(8, item) for item in value), 7
    return _bytes(1, name) + body + _number(20, kind)


def _node(node):
    return (b''.join(_bytes(1, tensor) for tensor in node.inputs)
            + b''.join(_bytes(2, tensor) for tensor in node.outputs)
            + _bytes(4, node.op)
            + b''.join(_bytes(5, _attribute(*item)) for item in sorted(node.attributes.items())))


def _constant(name, values):
    little_endian = values.astype(values.dtype.newbyteorder('<'))
    return (b''.join(_number(1, side) for side in values.shape) + _number(2, ELEMENT_TYPES[values.dtype])
            + _bytes(8, name) + _bytes(9, little_endian.tobytes()))


def _tensor(name, sides):
    shape = b''.join(_bytes(1, _bytes(2, side) if isinstance(side, str) else _number(1, side)) for side in sides)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, shape)))


def _model(graph):
    body = (b''.join(_bytes(1, _node(node)) for node in graph.nodes)
            + _bytes(2, 'graph')
            + b''.join(_bytes(5, _constant(*item)) for item in graph.constants.items())
            + b''.join(_bytes(11, _tensor(*item)) for item in graph.inputs)
            + b''.join(_bytes(12, _tensor(*item)) for item in graph.outputs))
    return (_number(1, IR_VERSION) + _bytes(2, 'bauta') + _bytes(7, body)
            + _bytes(8, _bytes(1, '') + _number(2, OPERATOR_SET)))
