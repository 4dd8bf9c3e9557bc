# SPDX-License-Identifier: Apache-2.0
"""Makes a network of 32-bit floats compute in 8-bit integers, about twice as fast.

Every value r is kept as an integer q with r = scale * (q - zero). Activations have one scale and zero per
tensor, from a table that `calibrate` made; weights have one scale per output channel, and zero 0. Pairs of
QuantizeLinear and DequantizeLinear mark what is kept in 8 bits; ONNX Runtime fuses them with the layers
between. (Jacob et al., Quantization and Training of Neural Networks, CVPR 2018.)
"""
import numpy as np

QUANTISED = {'Conv', 'LeakyRelu', 'Add', 'Concat', 'MaxPool', 'Resize'}
# These work on floats; so what is made for them only stays a float.
ON_FLOATS = {'Split', 'Sigmoid', 'Reshape', 'Transpose', 'Identity'}
# Weights take 7 bits, -63 .. 63: processors without VNNI add two products of an activation and a weight in
# 16 bits, and 2 * 255 * 63 just fits. With 8 bits they would saturate and miss people, and not say so.
WEIGHT_LIMIT = 63


def quantised_tensors(graph):
    """What needs a row in the table: the input, and what quantised layers give to each other."""
    readers = graph.readers()
    tensors = [name for name, _ in graph.inputs]
    for node in graph.nodes:
        if node.op in QUANTISED and not any(reader.op in ON_FLOATS for reader in readers[node.outputs[0]]):
            tensors.append(node.outputs[0])
    return tensors


def scale_and_zero(low, high):
    """For activations between `low` and `high`, in unsigned 8 bits; 0 is always among them."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max((high - low) / 255, 1e-8)
    return scale, int(np.clip(round(-low / scale), 0, 255))


def read_table(path):
    """tensor -> (scale, zero)"""
    table = {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if not line.startswith('#'):
                tensor, scale, zero = line.rstrip('\n').split('\t')
                table[tensor] = np.float32(scale), np.uint8(zero)
    return table


def quantise(graph, table):
    missing = set(quantised_tensors(graph)) - set(table)
    if missing:
        raise ValueError('no row in the table for ' + ', '.join(sorted(missing)))
    kept = {}  # tensor -> the same after its way through 8 bits
    nodes, graph.nodes = graph.nodes, []
    for name, _ in graph.inputs:
        kept[name] = _through_8_bits(graph, name, *table[name])
    for node in nodes:
        scale = table[node.inputs[0]][0] if node.op == 'Conv' else None
        node.inputs = [kept.get(tensor, tensor) for tensor in node.inputs]
        if node.op == 'Conv':
            _quantise_weights(graph, node, scale)
        graph.nodes.append(node)
        if node.op in QUANTISED and node.outputs[0] in table:
            kept[node.outputs[0]] = _through_8_bits(graph, node.outputs[0], *table[node.outputs[0]])
    graph.drop_unused()


def _through_8_bits(graph, tensor, scale, zero):
    pair = [graph.constant(scale, tensor + '/scale'), graph.constant(zero, tensor + '/zero')]
    integers = graph.emit('QuantizeLinear', [tensor, *pair], tensor + '/8bit')
    return graph.emit('DequantizeLinear', [integers, *pair], tensor + '/float')


def _quantise_weights(graph, conv, input_scale):
    weights = graph.constants[conv.inputs[1]]
    peaks = np.abs(weights).reshape(len(weights), -1).max(1)
    scales = np.maximum(peaks / WEIGHT_LIMIT, 1e-9).astype(np.float32)
    integers = np.round(weights / scales.reshape(-1, 1, 1, 1)).astype(np.int8)
    conv.inputs[1] = _from_integers(graph, conv.inputs[1], integers, scales)
    if len(conv.inputs) > 2:
        scales = scales * input_scale
        integers = np.round(graph.constants[conv.inputs[2]] / scales).astype(np.int32)
        conv.inputs[2] = _from_integers(graph, conv.inputs[2], integers, scales)


def _from_integers(graph, name, integers, scales):
    inputs = [graph.constant(integers, name + '/integers'), graph.constant(scales, name + '/scales'),
              graph.constant(np.zeros(len(scales), integers.dtype), name + '/zeros')]
    return graph.emit('DequantizeLinear', inputs, name + '/float', axis=0)
