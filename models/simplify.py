# SPDX-License-Identifier: Apache-2.0
"""Makes an ONNX graph shorter without changing what it computes."""
import numpy as np

NEARLY_MINUS_INFINITY = -3e38


def simplify(graph):
    _fold_pads(graph)
    _fold_biases(graph)
    graph.drop_unused()


def _fold_pads(graph):
    """Pad, then Conv or MaxPool: both can pad by themselves, with 0 and with minus infinity."""
    readers = graph.readers()
    for pad in [node for node in graph.nodes if node.op == 'Pad']:
        following = readers[pad.outputs[0]]
        filler = graph.constants[pad.inputs[2]]
        if not all(node.op == 'Conv' and filler == 0 or node.op == 'MaxPool' and filler < NEARLY_MINUS_INFINITY
                   for node in following):
            continue
        amounts = graph.constants[pad.inputs[1]]  # before each of the four axes, then after each
        if amounts[[0, 1, 4, 5]].any():
            continue
        for node in following:
            node.attributes['pads'] = [int(amounts[axis]) + own for axis, own in
                                       zip((2, 3, 6, 7), node.attributes['pads'])]
            node.inputs[0] = pad.inputs[0]


def _fold_biases(graph):
    """Conv, then Add of one number per channel: the numbers become the Conv's bias."""
    makers, readers = graph.makers(), graph.readers()
    folded = set()
    for add in [node for node in graph.nodes if node.op == 'Add']:
        for summand, term in (add.inputs, add.inputs[::-1]):
            conv = makers.get(summand)
            if conv is None or conv.op != 'Conv' or len(conv.inputs) != 2 or len(readers[summand]) != 1:
                continue
            channels = graph.constants[conv.inputs[1]].shape[0]
            bias = graph.constants.get(term)
            if bias is None or bias.size not in (1, channels):
                continue
            bias = np.broadcast_to(bias.reshape(-1), channels)
            conv.inputs.append(graph.constant(bias, conv.outputs[0] + '/bias'))
            conv.outputs[0] = add.outputs[0]
            folded.add(add)
            break
    graph.nodes = [node for node in graph.nodes if node not in folded]
