#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes nanodet_ranges.json: the range of every activation of NanoDet on pictures of people.

    calibrate.py nanodet.json PHOTOS... [--film FILM] > nanodet_ranges.json

Of each picture the lowest and highest 0.005 % of a tensor's values are left out; the range is the
union over all pictures. A photo gives one picture, a film about thirty. Run again only when the
network itself changes: the table decides the bytes of nanodet.onnx.
"""

import argparse
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True

import numpy as np

import convert
import int8
import onnx_write
import run

SIZES = ((416, 416), (320, 416))
FILM_PICTURES = 30
LEFT_OUT = 0.005  # per cent


def film_pictures(film, height, width):
    pictures = run.pictures(film, height, width)
    return pictures[::max(1, len(pictures) // FILM_PICTURES)][:FILM_PICTURES]


def main():
    parser = argparse.ArgumentParser(description="Measures the ranges of NanoDet's activations.")
    parser.add_argument("model", metavar="nanodet.json")
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    parser.add_argument("--film", action="append", default=[])
    arguments = parser.parse_args()

    graph = convert.nanodet(arguments.model)
    int8.fold(graph)
    names = int8.observed(graph)
    graph.outputs = [(name, [f"{name}/{i}" for i in range(4)]) for name in names[1:]]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "all.onnx")
        onnx_write.write(graph, "nanodet", path)
        session = run.Session(path, os.cpu_count())

    ranges = {}
    for height, width in SIZES:
        sets = [run.pictures(p, height, width) for p in sorted(arguments.photos)]
        sets += [film_pictures(f, height, width) for f in arguments.film]
        for picture in np.concatenate(sets):
            data = run.nanodet_input(picture)
            values = session(data)
            values[names[0]] = data
            for name in names:
                low, high = np.percentile(values[name], [LEFT_OUT, 100 - LEFT_OUT])
                before = ranges.get(name, [low, high])
                ranges[name] = [min(before[0], low), max(before[1], high)]
    rounded = {name: [float(f"{v:.6g}") for v in ranges[name]] for name in names}
    lines = [f"  {json.dumps(name)}: {json.dumps(pair)}" for name, pair in rounded.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
