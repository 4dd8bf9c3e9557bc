#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recovered.py CLIP RECOVERED MASKED LEAST: whether people are back in RECOVERED as they are in CLIP. Prints luma PSNR in the
boxes of CLIP's people, whose pictures are matched by number; fails below LEAST decibels, and where MASKED is not clearly below."""
import sys

import numpy as np

import barcode
from clips import Source, pictures_of, size_of


def psnr(source, path):
    """Decibels over all boxes, and how many pictures were compared."""
    height, width = source.pictures[0].shape
    errors, n_pictures = [], 0
    for luma in pictures_of(path, width, height):
        number = barcode.read(luma, source.full_height)
        if number is None or number >= len(source.pictures):
            continue
        n_pictures += 1
        for x, y, w, h in source.people.get(number, []):
            box = np.s_[max(0, int(y)):int(y + h), max(0, int(x)):int(x + w)]
            errors.append((luma[box].astype(np.float32) - source.pictures[number][box]).ravel() ** 2)
    mean = np.concatenate(errors).mean() if errors else 255.0 ** 2
    return 10 * np.log10(255 ** 2 / max(mean, 1e-9)), n_pictures


def main():
    clip, recovered, masked, least = sys.argv[1:5]
    source = Source(clip, *size_of(recovered))
    (back, n_back), (hidden, n_hidden) = psnr(source, recovered), psnr(source, masked)
    print(f"recovered {back:.2f} dB in {n_back} pictures, masked {hidden:.2f} dB in {n_hidden}")
    return not (n_back > 0 and back >= float(least) and hidden < back - 6)


if __name__ == "__main__":
    sys.exit(main())
