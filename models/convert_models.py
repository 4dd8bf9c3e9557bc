#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Converts the detectors' models from TensorFlow.js to ONNX: convert_models.py SOURCE_DIR OUTPUT_DIR

Needs numpy only. The same sources give the same bytes on every machine; outputs.sha256 has their sums.
"""
import os
import sys

from quantise import quantise, read_table
from simplify import simplify
from tfjs import Model
from translate import translate

HERE = os.path.dirname(os.path.abspath(__file__))

# The three grids' class scores and box sides; src/detect/nanodet.c says what they mean.
NANODET_OUTPUTS = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5']
NANODET_SIZE = [1, 3, 416, 416]  # as trained; others work as well

# Boxes and face scores before the graph's own search for duplicates, which is left out: it is a loop.
FACEBOXES_OUTPUTS = ['postprocessing/clip_by_value_1', 'postprocessing/strided_slice_2']
# Height, width: the anchors are constants, so each size is a file.
FACEBOXES_SIZES = [(256, 256), (576, 768), (768, 1280), (1088, 1920)]


def nanodet(sources):
    graph = translate(Model(os.path.join(sources, 'nanodet.json')), NANODET_OUTPUTS, NANODET_SIZE, any_size=True)
    simplify(graph)
    return graph


def faceboxes(sources, height, width):
    graph = translate(Model(os.path.join(sources, 'faceboxes.json')), FACEBOXES_OUTPUTS, [1, height, width, 3])
    simplify(graph)
    return graph


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: convert_models.py SOURCE_DIR OUTPUT_DIR')
    sources, outputs = sys.argv[1:]
    nanodet(sources).save(os.path.join(outputs, 'nanodet.onnx'))
    graph = nanodet(sources)
    quantise(graph, read_table(os.path.join(HERE, 'nanodet_int8.tsv')))
    graph.save(os.path.join(outputs, 'nanodet_int8.onnx'))
    for height, width in FACEBOXES_SIZES:
        faceboxes(sources, height, width).save(os.path.join(outputs, f'faceboxes_{height}x{width}.onnx'))


if __name__ == '__main__':
    main()
