#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""people.py BAUTA OUT.json PETS PETS_TRUTH MOT17 MOT17_TRUTH: what `bauta score` says of `bauta protect` on clips with
ground truth, at several settings. In the current folder."""
import json
import subprocess
import sys

BAUTA, OUT, *CLIPS = sys.argv[1:]
SETTINGS = ([], ["--lookahead", "0"], ["--detect-every", "5"], ["--detect-every", "5", "--lookahead", "0"],
            ["--mask", "face"], ["--mask", "body"])


def score(clip, truth, settings):
    subprocess.run([BAUTA, "protect", "--force", "--quiet", "--recipient", "own.pub", "--no-audio", "--preset", "ultrafast",
                    "--report", "report.jsonl", *settings, clip, "masked.mp4"], check=True)
    said = subprocess.run([BAUTA, "score", "--json", "--truth", truth, "--report", "report.jsonl"], check=True,
                          capture_output=True).stdout
    return json.loads(said)


subprocess.run([BAUTA, "key", "new", "--no-passphrase", "own"], check=True, stdout=subprocess.DEVNULL)
results = []
print(f"{'clip':22}{'settings':34}{'heads':>8}{'boxes':>8}{'people':>8}{'longest':>9}{'area':>7}{'new numbers':>12}")
for clip, truth in zip(CLIPS[::2], CLIPS[1::2]):
    for settings in SETTINGS:
        r = {"clip": clip.rsplit("/", 1)[1], "settings": " ".join(settings), **score(clip, truth, settings)}
        results.append(r)
        print(f"{r['clip'][:20]:22}{r['settings'] or '(default)':34}{r['heads_hidden']:8.4f}{r['boxes_hidden']:8.4f}"
              f"{r['people_always_hidden']:8.3f}{r['longest_uncovered_run']:9}{r['area_ratio']:7.2f}"
              f"{r['id_switches']:12}", flush=True)
        print(f"{'':22}heads, by height of the person: " +
              ", ".join(f"from {h['from']} px {h['heads_hidden']:.4f} of {h['boxes']}" for h in r["by_height"]))
with open(OUT, "w", encoding="utf-8") as out:
    json.dump(results, out, indent=1)
