#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faces.py BUILD DATA_DIR MODEL.onnx OUT.json CLIP...: protects each clip with --mask face and default settings, and
tells how many of the faces that another model sees at full size are covered: by 60 % and more, and in how many
pictures all of them are. In the current folder."""
import json
import os
import subprocess
import sys

import numpy as np

BUILD, DATA, MODEL, OUT, *CLIPS = sys.argv[1:]
SCORE = 0.7


def cover(clip):
    subprocess.run([BUILD + "/bauta", "protect", "--force", "--quiet", "--mask", "face", "--recipient", "own.pub", "--no-audio",
                    "--preset", "ultrafast", "--report", "report.jsonl", clip, "masked.mp4"], check=True)
    report = [json.loads(line) for line in open("report.jsonl", encoding="utf-8")]
    width, height = report[0]["width"], report[0]["height"]
    rows = subprocess.run([BUILD + "/bench/bench_faces", DATA, clip, str(width), str(height), MODEL, str(SCORE)],
                          check=True, capture_output=True, text=True).stdout.split()
    faces = {}
    for row in rows:
        picture, x, y, w, h, _ = map(float, row.split(","))
        faces.setdefault(int(picture), []).append((x, y, w, h))
    heights, hidden, all_hidden, masked = [], 0, 0, 0.0
    for line in report:
        mask = np.zeros((height, width), bool)
        for r in line["regions"]:
            mask[r["y"]:r["y"] + r["h"], r["x"]:r["x"] + r["w"]] = True
        masked += mask.mean() / len(report)
        covered = []
        for x, y, w, h in faces.get(line["picture"], []):
            part = mask[max(0, round(y)):round(y + h), max(0, round(x)):round(x + w)]
            if part.size:
                covered.append(part.mean() >= 0.6)
                heights.append(h)
        hidden += sum(covered)
        all_hidden += all(covered) and bool(covered)
    n_with = sum(1 for n in faces if n < len(report))
    return {"clip": os.path.basename(clip), "pictures": len(report), "faces": len(heights),
            "median_height": float(np.median(heights)) if heights else 0,
            "covered": hidden / len(heights) if heights else None, "pictures_with_faces": n_with,
            "pictures_all_covered": all_hidden / n_with if n_with else None, "masked_share": masked}


subprocess.run([BUILD + "/bauta", "key", "new", "--no-passphrase", "own"], check=True, stdout=subprocess.DEVNULL)
results = [cover(clip) for clip in CLIPS]
print("clip                                    pictures  faces  height  covered  pictures with all covered  masked area")
for r in results:
    print("{:40}{:8} {:6} {:7.0f} {:8.4f} {:26.4f} {:12.4f}".format(
        r["clip"][:38], r["pictures"], r["faces"], r["median_height"], r["covered"] or 0,
        r["pictures_all_covered"] or 0, r["masked_share"]))
with open(OUT, "w", encoding="utf-8") as out:
    json.dump(results, out, indent=1)
