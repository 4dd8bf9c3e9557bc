# SPDX-License-Identifier: Apache-2.0
"""Reads a TensorFlow.js graph model: a JSON file with the graph, beside it a file with the weights."""
import base64
import json
import os
from graphlib import TopologicalSorter

import numpy as np

DTYPES = {'DT_FLOAT': np.float32, 'DT_DOUBLE': np.float64, 'DT_INT32': np.int32, 'DT_INT64': np.int64,
          'DT_UINT8': np.uint8, 'float32': np.float32, 'int32': np.int32}


class Node:
    """One operation. `inputs` are (name of a node, which of its outputs); control edges are left out."""

    def __init__(self, entry):
        self.name = entry['name']
        self.op = entry['op']
        self.inputs = [self._split(text) for text in entry.get('input', []) if not text.startswith('^')]
        self._attributes = entry.get('attr', {})

    @staticmethod
    def _split(text):
        name, _, index = text.partition(':')
        return name, int(index or 0)

    def attribute(self, key, default=None):
        """The attribute as a plain Python value: text, number, bool, numpy type, or a list of them."""
        holder = self._attributes.get(key)
        if holder is None:
            return default
        if 'list' in holder:
            return [self._plain(kind, item) for kind, items in holder['list'].items() for item in items]
        kind, value = next(iter(holder.items()))
        return self._plain(kind, value)

    @staticmethod
    def _plain(kind, value):
        if kind == 's':
            return base64.b64decode(value).decode()
        if kind == 'i':
            return int(value)
        return DTYPES[value] if kind == 'type' else value


class Model:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            document = json.load(file)
        nodes = [Node(entry) for entry in document['modelTopology']['node']]
        self.nodes = {node.name: node for node in nodes}
        self.weights = _weights(document['weightsManifest'], os.path.dirname(path))

    def needed_for(self, outputs):
        """The nodes that the named ones need, every node after those that it reads."""
        reads, waiting = {}, list(outputs)
        while waiting:
            name = waiting.pop()
            if name not in reads:
                reads[name] = [source for source, _ in self.nodes[name].inputs]
                waiting += reads[name]
        return [self.nodes[name] for name in TopologicalSorter(reads).static_order()]


def _weights(manifest, folder):
    weights = {}
    for group in manifest:
        data = b''
        for path in group['paths']:
            with open(os.path.join(folder, path), 'rb') as file:
                data += file.read()
        offset = 0
        for entry in group['weights']:
            stored = np.dtype(entry.get('quantization', entry)['dtype'])
            count = int(np.prod(entry['shape']))
            values = np.frombuffer(data, stored, count, offset)
            offset += values.nbytes
            if 'scale' in entry.get('quantization', {}):
                raise ValueError(entry['name'] + ': weights stored as integers are not supported')
            weights[entry['name']] = values.astype(DTYPES[entry['dtype']]).reshape(entry['shape'])
    return weights
