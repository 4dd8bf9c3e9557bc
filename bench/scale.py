#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scale.py BAUTA CLIP OUT.json: what masking and keeping cost when the areas are given, as targets grow in number and
pictures in size. Processor time and memory of `protect --regions` against a plain libx264 transcode (same preset, rate
factor, GOP and number of threads), both of the same enlarged clip; the least of three runs each, taken in turn."""
import json
import os
import sys

sys.dont_write_bytecode = True
from process import plain_encode, run  # noqa: E402, beside this file

BAUTA, CLIP, OUT = sys.argv[1:]
PICTURES, ROUNDS, PERSON = 60, 3, (128, 352)  # a person 5 m from a camera of 1080 lines
SIZES = ((854, 480), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))


def write_regions(path, n_targets, size, person):
    """People who walk from side to side in rows, each at a pace of its own."""
    with open(path, "w", encoding="utf-8") as file:
        for n in range(PICTURES):
            regions = []
            for i in range(n_targets):
                room_x, room_y = size[0] - person[0], size[1] - person[1]
                x = (i * room_x * 2 // max(1, n_targets) + n * (2 + i % 3)) % (2 * room_x)
                regions.append({"target": i + 1, "class": "body", "x": min(x, 2 * room_x - x), "y": room_y * (i % 4) // 4,
                                "w": person[0], "h": person[1]})
            print(json.dumps({"picture": n, "regions": regions}), file=file)


def measure(size, n_targets, person, preset="veryfast"):
    source = "clip_%dx%d.mp4" % size
    if not os.path.exists(source):
        run("ffmpeg", "-nostdin", "-y", "-v", "error", "-i", CLIP, "-frames:v", str(PICTURES), "-an", "-vf",
            "scale=%d:%d:flags=bicubic" % size, "-c:v", "libx264", "-preset", "veryfast", "-crf", "16", source)
    write_regions("regions.jsonl", n_targets, size, person)
    plain, given = [], []
    for _ in range(ROUNDS):
        plain.append(plain_encode(source, "plain.mp4", preset, 20))
        given.append(run(BAUTA, "protect", "--force", "--quiet", "--preset", preset, "--recipient", "own.pub", "--regions",
                         "regions.jsonl", "--report", "report.jsonl", source, "masked.mp4"))
    with open("report.jsonl", encoding="utf-8") as file:
        hidden = sum(r["w"] * r["h"] for line in file for r in json.loads(line)["regions"])
    best_plain, best_given = min(plain), min(given)
    plain_cpu, given_cpu = best_plain.cpu_s, best_given.cpu_s
    return {"width": size[0], "height": size[1], "targets": n_targets, "preset": preset,
            "covered_share": hidden / (PICTURES * size[0] * size[1]), "plain_cpu_s": plain_cpu, "given_cpu_s": given_cpu,
            "cpu_to_plain": given_cpu / plain_cpu, "more_ms_a_picture": (given_cpu - plain_cpu) * 1000 / PICTURES,
            "plain_mb": best_plain.peak_mb, "given_mb": best_given.peak_mb}


def main():
    run(BAUTA, "key", "new", "--quiet", "--no-passphrase", "own")
    print(f"{'picture':>10}{'targets':>8}{'covered':>9}{'preset':>10}{'CPU to plain':>13}{'more, ms a picture':>19}"
          f"{'memory, MB (plain)':>21}")
    rows = []
    cases = [((1920, 1080), n, PERSON, "veryfast") for n in (1, 4, 10, 30)] + [((1920, 1080), 4, PERSON, "medium")]
    cases += [(size, 4, (64, 160), "veryfast") for size in SIZES]  # the same people, in more and more of a picture
    for case in cases:
        r = measure(*case)
        rows.append(r)
        print(f"{r['width']:5}x{r['height']:4}{r['targets']:8}{r['covered_share']:9.2%}{r['preset']:>10}"
              f"{r['cpu_to_plain']:13.2f}{r['more_ms_a_picture']:19.2f}{r['given_mb']:12.0f} ({r['plain_mb']:.0f})",
              flush=True)
    with open(OUT, "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)


main()
