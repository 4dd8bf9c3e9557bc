# SPDX-License-Identifier: Apache-2.0
"""Makes the 8-bit NanoDet out of the float one, in the converter's graph.

Activations are unsigned bytes with one scale per tensor, whose range comes from nanodet_ranges.json
(made by calibrate.py). Weights are signed bytes with one scale per output channel, biases are 32-bit.
Every quantised tensor passes through QuantizeLinear and DequantizeLinear; the runtime merges these into
integer kernels. Tensors that feed the output layers (Split and beyond) stay float.
"""

import numpy as np

import onnx_write

QUANTISED = ("Conv", "LeakyRelu", "Add", "Concat", "MaxPool", "Resize")
FLOAT_ONLY = ("Split", "Sigmoid", "Reshape", "Transpose")
SAME_SCALE = ("MaxPool", "Resize")  # their output keeps the scale of their input: no rescaling
# Seven bits: a processor without VNNI adds two products of an activation and a weight in 16 bits, and
# 2 * 255 * 63 still fits. With eight it saturates, and people are missed without a word.
LARGEST_WEIGHT = 63


def fold(graph):
    """Merges Pad into the Conv or MaxPool behind it, and Add of a constant into the Conv before it."""
    fold_pads(graph)
    fold_biases(graph)
    graph.drop_unused()


def fold_pads(graph):
    consumers = graph.consumers()
    for pad in [n for n in graph.nodes if n.op == "Pad"]:
        reader = consumers[pad.outputs[0]][0]
        if len(consumers[pad.outputs[0]]) != 1 or reader.op not in ("Conv", "MaxPool"):
            continue
        amounts = [int(v) for v in graph.constants[pad.inputs[1]]]
        fill = graph.constants[pad.inputs[2]]
        # A pool ignores its padding, as if it were minus infinity.
        neutral = fill == 0 if reader.op == "Conv" else fill < -1e38
        if not neutral or any(amounts[i] for i in (0, 1, 4, 5)):
            continue
        extra = [amounts[i] for i in (2, 3, 6, 7)]
        reader.attributes["pads"] = [a + b for a, b in zip(reader.attributes["pads"], extra)]
        reader.inputs[0] = pad.inputs[0]
        graph.nodes.remove(pad)


def fold_biases(graph):
    producers, consumers = graph.producers(), graph.consumers()
    for add in [n for n in graph.nodes if n.op == "Add"]:
        conv, bias = producers.get(add.inputs[0]), graph.constants.get(add.inputs[1])
        if conv is None or bias is None or conv.op != "Conv" or len(conv.inputs) != 2:
            continue
        channels = graph.constants[conv.inputs[1]].shape[0]
        if len(consumers[conv.outputs[0]]) != 1 or bias.shape != (1, channels, 1, 1):
            continue
        conv.inputs.append(graph.constant(add.outputs[0] + "/bias", bias.reshape(channels)))
        conv.outputs[0] = add.outputs[0]
        graph.nodes.remove(add)


def observed(graph):
    """The tensors that may need a range, in the order in which they are computed."""
    return [graph.inputs[0][0]] + [n.outputs[0] for n in graph.nodes if n.op in QUANTISED]


class Quantiser:
    def __init__(self, graph, ranges):
        self.graph = graph
        self.ranges = ranges
        self.nodes = []
        self.scales = {}       # tensor: its scale and zero point
        self.dequantised = {}  # tensor: the name of its copy that went through 8 bits

    def set_range(self, name):
        low, high = (np.float32(v) for v in self.ranges[name])
        low, high = min(low, np.float32(0)), max(high, np.float32(0))
        scale = max(np.float32((high - low) / np.float32(255)), np.float32(1e-8))
        self.set_scale(name, scale, np.clip(np.round(-low / scale), 0, 255))

    def set_scale(self, name, scale, zero):
        self.scales[name] = (scale, zero)
        self.graph.constant(name + "/scale", np.array(scale, np.float32))
        self.graph.constant(name + "/zero", np.array(zero, np.uint8))

    def emit(self, op, inputs, output, **attributes):
        self.nodes.append(onnx_write.Node(op, inputs, [output], attributes))
        return output

    def through_bytes(self, name):
        """The 8-bit copy of a tensor, for as many readers as there are."""
        if name not in self.dequantised:
            if name not in self.scales:
                self.set_range(name)
            scale = [name + "/scale", name + "/zero"]
            self.emit("QuantizeLinear", [name, *scale], name + "/bytes")
            self.dequantised[name] = self.emit("DequantizeLinear", [name + "/bytes", *scale],
                                               name + "/dequantised")
        return self.dequantised[name]

    def stored(self, name, values, scale):
        """A constant kept as integers, with one scale for each output channel."""
        graph = self.graph
        inputs = [graph.constant(name + "/integers", values), graph.constant(name + "/scale", scale),
                  graph.constant(name + "/zero", np.zeros(scale.shape, values.dtype))]
        return self.emit("DequantizeLinear", inputs, name + "/dequantised", axis=0)

    def conv(self, node):
        source, name = node.inputs[0], node.outputs[0]
        weights = self.graph.constants[node.inputs[1]]
        bias = self.graph.constants[node.inputs[2]]
        largest = np.abs(weights).reshape(len(weights), -1).max(1)
        scale = np.maximum(largest / np.float32(LARGEST_WEIGHT), np.float32(1e-9))
        integers = np.round(weights / scale.reshape(-1, 1, 1, 1)).astype(np.int8)
        node.inputs = [self.through_bytes(source), self.stored(name + "/weights", integers, scale)]
        scale = scale * np.float32(self.scales[source][0])
        node.inputs.append(self.stored(name + "/bias", np.round(bias / scale).astype(np.int32), scale))

    def run(self):
        readers = self.graph.consumers()
        for node in self.graph.nodes:
            source, result = node.inputs[0], node.outputs[0]
            if node.op == "Conv":
                self.conv(node)
            elif node.op in QUANTISED:
                node.inputs = [self.through_bytes(i) if i in self.ranges else i for i in node.inputs]
            else:
                node.inputs = [self.dequantised.get(i, i) for i in node.inputs]
            self.nodes.append(node)
            if node.op not in QUANTISED or any(r.op in FLOAT_ONLY for r in readers[result]):
                continue
            if node.op in SAME_SCALE:
                self.set_scale(result, *self.scales[source])
            self.through_bytes(result)
        self.graph.nodes = self.nodes
        self.graph.drop_unused()


def quantise(graph, ranges):
    """Works on a folded graph. ranges: tensor: [lowest, highest]."""
    missing = [name for name in observed(graph) if name not in ranges]
    if missing:
        raise ValueError(f"no range for {missing[0]}")
    Quantiser(graph, ranges).run()
