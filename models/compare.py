#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two NanoDet files: what they detect, and how long they take.

    compare.py FIRST.onnx SECOND.onnx PICTURES... [--size HxW] [--every N]

PICTURES are photos or films; of a film, every Nth picture is used. One thread.
"""

import argparse
import sys
import time

sys.dont_write_bytecode = True

import numpy as np

import convert
import run

THRESHOLD = 0.25
OVERLAP = 0.5
TIMED_RUNS = 60


def overlap(box, boxes):
    corner = np.maximum(box[:2], boxes[:, :2])
    size = np.maximum(0, np.minimum(box[2:], boxes[:, 2:]) - corner)
    shared = size.prod(1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return shared / np.maximum(area + (box[2:] - box[:2]).prod() - shared, 1e-6)


def people(outputs, height, width):
    """Boxes (x0, y0, x1, y1) and scores, after suppression of overlapping ones."""
    boxes, scores = [], []
    classes = [v for v in outputs.values() if v.shape[2] == 80]
    sides = [v for v in outputs.values() if v.shape[2] == 44]
    for stride in (8, 16, 32):
        rows, columns = height // stride, width // stride
        score = next(v for v in classes if v.shape[1] == rows * columns)[0, :, 0]
        bins = next(v for v in sides if v.shape[1] == rows * columns)[0].reshape(-1, 4, 11)
        weight = np.exp(bins - bins.max(2, keepdims=True))
        distance = (weight / weight.sum(2, keepdims=True) * np.arange(11)).sum(2) * stride
        y, x = np.divmod(np.arange(rows * columns), columns)
        centre = (np.stack([x, y], 1) + 0.5) * stride
        keep = score >= THRESHOLD
        boxes.append(np.concatenate([centre - distance[:, :2], centre + distance[:, 2:]], 1)[keep])
        scores.append(score[keep])
    boxes, scores = np.concatenate(boxes), np.concatenate(scores)
    order, kept = list(np.argsort(-scores, kind="stable")), []
    while order:
        best = order.pop(0)
        kept.append(best)
        if order:
            near = overlap(boxes[best], boxes[order]) > OVERLAP
            order = [i for i, n in zip(order, near) if not n]
    return boxes[kept], scores[kept]


def match(first, second):
    """Pairs (index in first, index in second) of boxes that overlap most, by falling score."""
    pairs, free = [], list(range(len(second)))
    for i, box in enumerate(first):
        if not free:
            break
        values = overlap(box, second[free])
        if values.max() >= OVERLAP:
            pairs.append((i, free.pop(int(values.argmax()))))
    return pairs


def timed(session, data):
    times = []
    for _ in range(TIMED_RUNS):
        start = time.perf_counter()
        session.infer(data)
        times.append(time.perf_counter() - start)
    return 1000 * np.median(times)


def main():
    parser = argparse.ArgumentParser(description="Compares two NanoDet files.")
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--size", type=convert.parse_size, default=[416, 416], metavar="HxW")
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    height, width = arguments.size
    sessions = [run.Session(p) for p in (arguments.first, arguments.second)]

    counts, matched, pairs, strong_missing, largest = [0, 0], 0, [], [0, 0], 0.0
    for path in arguments.pictures:
        for picture in run.pictures(path, height, width, arguments.every):
            data = run.nanodet_input(picture)
            outputs = [s(data) for s in sessions]
            largest = max([largest] + [float(np.abs(outputs[0][n] - outputs[1][n]).max())
                                       for n in outputs[0]])
            (boxes_a, scores_a), (boxes_b, scores_b) = (people(o, height, width) for o in outputs)
            found = match(boxes_a, boxes_b)
            pairs += [(scores_a[i] - scores_b[j], overlap(boxes_a[i], boxes_b[j:j + 1])[0])
                      for i, j in found]
            matched += len(found)
            strong_missing[0] += sum(scores_a >= 0.4) - sum(scores_a[i] >= 0.4 for i, _ in found)
            strong_missing[1] += sum(scores_b >= 0.4) - sum(scores_b[j] >= 0.4 for _, j in found)
            counts[0] += len(boxes_a)
            counts[1] += len(boxes_b)
    difference, iou = np.array(pairs).reshape(-1, 2).T
    print(f"largest difference of any output {largest:.2g}")
    print(f"boxes {counts[0]} and {counts[1]}, matched {matched}; "
          f"of score >= 0.4 without a match {strong_missing[0]} and {strong_missing[1]}")
    print(f"score difference: mean {difference.mean():+.4f}, mean absolute {abs(difference).mean():.4f}, "
          f"largest {abs(difference).max():.3f}; mean overlap {iou.mean():.3f}")
    for session, path in zip(sessions, (arguments.first, arguments.second)):
        print(f"{timed(session, data):6.1f} ms at {height}x{width}: {path}")


if __name__ == "__main__":
    main()
