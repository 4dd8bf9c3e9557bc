#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exact.py REGIONS ORIGINAL RECOVERED: fails unless both files have the same samples in every region of every
picture, in all three planes."""
import json
import subprocess
import sys

import numpy as np

regions = [json.loads(line)["regions"] for line in open(sys.argv[1], encoding="utf-8")]
size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height",
                       "-of", "csv=p=0", sys.argv[2]], check=True, capture_output=True, text=True).stdout
width, height = (int(side) for side in size.strip().strip(",").split(","))


def planes(path):
    """For each picture its luma and the two planes of chroma."""
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-f", "rawvideo",
                          "-pix_fmt", "yuv420p", "-"], check=True, capture_output=True).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, width * height * 3 // 2)
    luma, chroma = width * height, width * height // 4
    return [(p[:luma].reshape(height, width), p[luma:luma + chroma].reshape(height // 2, width // 2),
             p[luma + chroma:].reshape(height // 2, width // 2)) for p in pictures]


original, recovered = planes(sys.argv[2]), planes(sys.argv[3])
if not len(original) == len(recovered) == len(regions) > 0:
    sys.exit(f"{len(original)}, {len(recovered)} pictures, {len(regions)} lines of regions")
n_samples = n_other = 0
for found, left, right in zip(regions, original, recovered):
    for r in found:
        for plane in range(3):
            half = 2 if plane else 1
            part = (slice(r["y"] // half, (r["y"] + r["h"]) // half), slice(r["x"] // half, (r["x"] + r["w"]) // half))
            n_samples += left[plane][part].size
            n_other += int((left[plane][part] != right[plane][part]).sum())
print(f"{n_samples} samples compared, {n_other} differ")
sys.exit(n_samples == 0 or n_other > 0)
