#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""region_psnr.py REPORT ORIGINAL PLAIN RECOVERED MASKED [LEAST]: luma PSNR inside the regions of the report. Fails
unless RECOVERED is at most half a decibel below PLAIN (or, if given, at LEAST so many), and MASKED clearly below."""
import json
import subprocess
import sys

import numpy as np

report, *files = sys.argv[1:6]
regions = [json.loads(line)["regions"] for line in open(report, encoding="utf-8")]
size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                       "stream=width,height", "-of", "csv=p=0", files[0]],
                      check=True, capture_output=True, text=True).stdout
width, height = (int(side) for side in size.strip().strip(",").split(","))


def luma(path):
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-f", "rawvideo",
                          "-pix_fmt", "gray", "-"], check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width).astype(np.int32)


hidden = np.zeros((len(regions), height, width), bool)
for picture, found in enumerate(regions):
    for r in found:
        hidden[picture, r["y"]:r["y"] + r["h"], r["x"]:r["x"] + r["w"]] = True
original = luma(files[0])
plain, recovered, masked = (
    10 * np.log10(255 ** 2 / np.mean((luma(path)[hidden] - original[hidden]) ** 2.0)) for path in files[1:])
print(f"plain {plain:.2f} dB, recovered {recovered:.2f} dB, masked {masked:.2f} dB")
least = float(sys.argv[6]) if len(sys.argv) > 6 else plain - 0.5
sys.exit(not (recovered >= least and masked < recovered - 6))
