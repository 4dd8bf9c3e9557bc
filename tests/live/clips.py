# SPDX-License-Identifier: Apache-2.0
"""A clip of make_clip.py as the source of what a service sends: its pictures at any size, the people in them, and how
like them an output is."""
import csv
import functools
import os
import subprocess
import sys

import numpy as np

import barcode

CLEAR = 0.6       # correlation from which a region counts as clear
LEAST_DETAIL = 2  # grey levels; below, there is nothing to correlate
KERNEL = 5        # pixels; what is finer than that is fine structure


def size_of(path):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height",
                           "-of", "csv=p=0", path], capture_output=True, text=True).stdout.split()
    width, height = said[0].strip(",").split(",")[:2] if said else (0, 0)
    return int(width), int(height)


def pictures_of(path, width, height):
    """Luma of every picture; what a decoder has to say about a torn beginning or end is its own business."""
    if not width or not height:
        return
    decoder = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "quiet", "-i", path, "-map", "0:v:0", "-vf",
                                f"scale={width}:{height}:flags=bicubic", "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt",
                                "gray", "-"], stdout=subprocess.PIPE)
    while len(raw := decoder.stdout.read(width * height)) == width * height:
        yield np.frombuffer(raw, np.uint8).reshape(height, width)
    decoder.wait()


def fine(luma):
    """A picture less its mean around each pixel."""
    k = KERNEL
    sums = np.pad(luma.astype(np.int32), ((k // 2 + 1, k // 2),) * 2, mode="edge").cumsum(0, np.int32).cumsum(1, np.int32)
    return luma - (sums[k:, k:] - sums[:-k, k:] - sums[k:, :-k] + sums[:-k, :-k]) * np.float32(1 / (k * k))


def likeness(source, output, box, shifts):
    """The best correlation at small shifts; None where the source shows too little."""
    height, width = source.shape
    x0, y0 = max(1, int(box[0])), max(1, int(box[1]))
    x1, y1 = min(width - 1, int(np.ceil(box[0] + box[2]))), min(height - 1, int(np.ceil(box[1] + box[3])))
    if x1 - x0 < 6 or y1 - y0 < 6:
        return None
    wanted = source[y0:y1, x0:x1]
    if wanted.std() < LEAST_DETAIL:
        return None
    best = -1.0
    for dy in shifts:
        for dx in shifts:
            got = output[y0 + dy:y1 + dy, x0 + dx:x1 + dx]
            best = max(best, (wanted * got).sum() / np.sqrt((wanted ** 2).sum() * (got ** 2).sum() + 1e-9))
    return best


class Source:
    """The clip at the size of an output, and the people in it."""

    def __init__(self, clip, width, height):
        self.full_width, self.full_height = size_of(clip)
        self.pictures = list(pictures_of(clip, width, height))
        if not self.pictures:
            sys.exit(f"{clip}: nothing to compare with")
        self.fine = functools.lru_cache(128)(lambda number: fine(self.pictures[number]))
        self.people = {}
        scale_x, scale_y = width / self.full_width, height / self.full_height
        with open(os.path.splitext(clip)[0] + ".csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                box = (float(row["x"]) * scale_x, float(row["y"]) * scale_y, float(row["w"]) * scale_x, float(row["h"]) * scale_y)
                self.people.setdefault(int(row["picture"]), []).append(box)
        visible = height * (1 - (barcode.STRIP + barcode.MARGIN) / self.full_height)
        self.tiles = [(x, y, width / 12, visible / 9) for y in np.arange(9) * visible / 9 for x in np.arange(12) * width / 12]

    def compare(self, number, output):
        """Correlations of heads and of bodies."""
        heads, bodies = [], []
        for x, y, w, h in self.people.get(number, []):
            for found, box, shifts in ((heads, (x, y, w, h / 5), (-1, 0, 1)), (bodies, (x, y, w, h), (0,))):
                value = likeness(self.fine(number), output, box, shifts)
                if value is not None:
                    found.append(value)
        return heads, bodies

    def shown(self, number, output):
        """The share of tiles with something in them that are as in the source."""
        values = [value for tile in self.tiles if (value := likeness(self.fine(number), output, tile, (0,))) is not None]
        return np.mean([value >= CLEAR for value in values]) if values else 0.0
