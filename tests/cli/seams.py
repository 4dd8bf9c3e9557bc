#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people who cross look like when all are recovered, or one. seams.py REPORT CLEAR PLAIN MASKED ALL ONE TARGET;
TAP lines, numbered from 1. The pixels of a region are those that no region before it in the report covers."""
import json
import subprocess
import sys

import numpy as np

MARGIN = 4  # of a window, docs/format.md
tests = []


def check(name, holds, figures):
    tests.append(bool(holds))
    print(f"{'ok' if holds else 'not ok'} {len(tests)} - {name} # {figures}".replace(" # ", "\n# ", 1))


def luma(path, size):
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-f", "rawvideo",
                          "-pix_fmt", "gray", "-"], check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, *size).astype(np.int32)


def owners(regions, size):
    """For each pixel the number of the region that owns it, -1 for none."""
    owner = np.full(size, -1)
    for i, r in reversed(list(enumerate(regions))):
        owner[r["y"]:r["y"] + r["h"], r["x"]:r["x"] + r["w"]] = i
    return owner


def across_edges(picture, regions, owner, grow):
    """Mean absolute step across the left and right edges of regions grown by `grow`, where nobody else is near."""
    steps = []
    height, width = picture.shape
    for r in regions:
        for x in (r["x"] - grow, r["x"] + r["w"] + grow):
            if not 8 < x < width - 8:
                continue
            rows = slice(r["y"] + 4, r["y"] + r["h"] - 4)
            near = owner[rows, x - 8:x + 8]
            inside = near[:, 8 + grow:] if x < r["x"] + r["w"] / 2 else near[:, :8 - grow]
            alone = (near == -1).sum(1) + (inside == inside[:, :1]).all(1) * inside.shape[1] == 16
            step = np.abs(picture[rows, x] - picture[rows, x - 1])
            steps.append(step[alone])
    return np.concatenate(steps) if steps else np.zeros(0)


def main():
    report, *files, target = sys.argv[1:]
    pictures = [json.loads(line) for line in open(report, encoding="utf-8")]
    size = pictures[0]["height"], pictures[0]["width"]
    clear, plain, masked, everything, one = (luma(path, size) for path in files)
    owned = [owners(p["regions"], size) for p in pictures]
    n = len(pictures)
    check("every_picture_is_there", all(len(v) == n for v in (clear, plain, masked, everything, one)), n)
    crossing = sum((np.bincount(o[o >= 0], minlength=len(p["regions"])) <
                    [r["w"] * r["h"] for r in p["regions"]]).any() for o, p in zip(owned, pictures))
    check("people_cross", crossing > n / 4, f"in {crossing} of {n} pictures")

    wrong = missing = 0
    for k, (o, p) in enumerate(zip(owned, pictures)):
        others = np.isin(o, [i for i, r in enumerate(p["regions"]) if r["target"] != int(target)])
        wrong += int((one[k] != masked[k])[others].sum())
        own = np.isin(o, [i for i, r in enumerate(p["regions"]) if r["target"] == int(target)])
        missing += int((one[k] != everything[k])[own].sum())
    check("one_target_shows_no_pixel_of_another", wrong == 0, f"{wrong} pixels")
    check("and_all_of_its_own", missing == 0, f"{missing} pixels are not as when all are shown")

    left = worst = 0
    for k, o in enumerate(owned):
        blocks = np.add.reduceat(np.add.reduceat((everything[k] - clear[k]) ** 2 * (o >= 0), range(0, size[0], 8), 0),
                                 range(0, size[1], 8), 1)
        hidden = np.add.reduceat(np.add.reduceat((masked[k] - clear[k]) ** 2 * (o >= 0), range(0, size[0], 8), 0),
                                 range(0, size[1], 8), 1)
        clearly = hidden > 64 * 400  # blocks of which the mask hid something: 20 levels off on average
        left += int((blocks[clearly] > hidden[clearly] / 2).sum())
        worst = max(worst, float((blocks[clearly] / 64).max(initial=0)))
    check("recovering_all_leaves_no_masked_block", left == 0, f"{left} blocks; worst mean square {worst:.0f}")

    for name, grow in [("a_region_s_edge", 0)] + [(f"{grow}_pixels_from_it", grow) for grow in range(1, MARGIN + 2)]:
        of = {what: np.concatenate([across_edges(v[k], p["regions"], o, grow)
                                    for k, (o, p) in enumerate(zip(owned, pictures))]).mean()
              for what, v in (("clear", clear), ("plain", plain), ("recovered", everything), ("masked", masked))}
        figures = ", ".join(f"{what} {step:.3f}" for what, step in of.items())
        check(f"no_line_is_seen_at_{name}", 0.85 < of["recovered"] / of["plain"] < 1.1, figures)
    sys.exit(not all(tests))


main()
