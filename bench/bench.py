#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py BAUTA CLIP OUT.json: protects and recovers a clip beside a plain transcode, in the current folder."""
import json
import os
import re
import subprocess
import sys

import numpy as np

BAUTA, CLIP, OUT = sys.argv[1:]
PRESETS = ("veryfast", "medium")
GOP_S = 2


def run(*command):
    """Runs a program; gives (seconds of processor, seconds, what it said)."""
    time = subprocess.run(["/usr/bin/env", "bash", "-c", 'TIMEFORMAT="%R %U %S"; time "$@" 2>said', "run", *command],
                          check=True, capture_output=True, text=True).stderr.split()
    with open("said", encoding="utf-8") as said:
        return float(time[1]) + float(time[2]), float(time[0]), said.read()


def probe():
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                          "stream=width,height,r_frame_rate", "-of", "json", CLIP],
                         check=True, capture_output=True, text=True).stdout
    stream = json.loads(out)["streams"][0]
    num, den = stream["r_frame_rate"].split("/")
    return stream["width"], stream["height"], float(num) / float(den)


WIDTH, HEIGHT, RATE = probe()


def video_bytes(path):
    return len(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", "h264", "-"],
                              check=True, capture_output=True).stdout)


def luma(path):
    raw = subprocess.Popen(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "gray",
                            "-"], stdout=subprocess.PIPE)
    while len(picture := raw.stdout.read(WIDTH * HEIGHT)) == WIDTH * HEIGHT:
        yield np.frombuffer(picture, np.uint8).reshape(HEIGHT, WIDTH).astype(np.int32)


def region_psnr(report, *paths):
    """Luma PSNR against the clip inside the regions of a report, and the share of the picture they cover."""
    with open(report, encoding="utf-8") as lines:
        regions = [json.loads(line)["regions"] for line in lines]
    errors, count, n_pictures = np.zeros(len(paths)), 0, 0
    for found, original, *others in zip(regions, luma(CLIP), *map(luma, paths)):
        hidden = np.zeros((HEIGHT, WIDTH), bool)
        for r in found:
            hidden[r["y"]:r["y"] + r["h"], r["x"]:r["x"] + r["w"]] = True
        count, n_pictures = count + hidden.sum(), n_pictures + 1
        for i, other in enumerate(others):
            errors[i] += ((other - original)[hidden] ** 2).sum()
    return [10 * np.log10(255 ** 2 * count / e) for e in errors], count / n_pictures / WIDTH / HEIGHT


def busy(said):
    found = re.search(r"decode ([\d.]+) s, detect ([\d.]+) s, mask and object encode ([\d.]+) s, "
                      r"base encode and write ([\d.]+) s", said)
    return dict(zip(("decode", "detect", "mask_and_object_encode", "base_encode_and_write"), map(float, found.groups())))


def bench(preset, mask):
    keyint = str(round(RATE * GOP_S))
    plain_cpu, plain_s, _ = run("ffmpeg", "-nostdin", "-y", "-v", "error", "-i", CLIP, "-an", "-c:v", "libx264", "-preset",
                                preset, "-crf", "23", "-g", keyint, "-keyint_min", keyint, "-sc_threshold", "0",
                                "plain.mp4")
    common = ["--recipient", "own.pub", "--mask", mask, "--preset", preset]
    full_cpu, full_s, said = run(BAUTA, "protect", *common, "--report", "report.jsonl", CLIP, "masked.mp4")
    with open("regions.jsonl", "w", encoding="utf-8") as out:
        subprocess.run([BAUTA, "detect", "--json", "--mask", mask, CLIP], check=True, stdout=out,
                       stderr=subprocess.DEVNULL)
    given_cpu, _, _ = run(BAUTA, "protect", *common, "--regions", "regions.jsonl", CLIP, "given.mp4")
    _, recover_s, _ = run(BAUTA, "recover", "--key", "own.key", "masked.mp4", "recovered.mp4")
    run(BAUTA, "recover", "--lossless", "--key", "own.key", "masked.mp4", "exact.mkv")
    inspected = json.loads(subprocess.run([BAUTA, "inspect", "--json", "masked.mp4"], check=True,
                                          capture_output=True).stdout)
    (plain_db, exact_db), share = region_psnr("report.jsonl", "plain.mp4", "exact.mkv")
    plain = video_bytes("plain.mp4")
    recovery, total = inspected["recovery_bytes"], inspected["stream_bytes"]
    pictures = inspected["pictures"]
    return {"preset": preset, "mask": mask, "hidden_share": share, "masked_to_plain": (total - recovery) / plain,
            "recovery_to_plain": recovery / plain, "total_to_plain": total / plain, "psnr_plain": plain_db,
            "psnr_recovered": exact_db, "pictures_per_s": pictures / full_s, "recover_pictures_per_s": pictures / recover_s,
            "real_time": pictures / full_s / RATE, "plain_pictures_per_s": pictures / plain_s,
            "time_to_plain": full_s / plain_s, "cpu_to_plain": full_cpu / plain_cpu,
            "given_cpu_to_plain": given_cpu / plain_cpu, "busy_s": busy(said)}


def main():
    subprocess.run([BAUTA, "key", "new", "--quiet", "--no-passphrase", "own"], check=True)
    print(f"{os.path.basename(CLIP)}: {WIDTH}x{HEIGHT}, {RATE:g} pictures a second; sizes and times against a plain "
          f"libx264 transcode of the same run")
    print(f"{'preset':9}{'mask':5}{'hidden':>8}{'masked':>8}{'recovery':>9}{'total':>7}{'PSNR plain/recovered':>22}"
          f"{'protect/s':>10}{'recover/s':>10}{'time':>6}{'cpu':>6}{'cpu given':>10}")
    rows = []
    for preset in PRESETS:
        for mask in ("face", "body", "both"):
            r = bench(preset, mask)
            rows.append(r)
            print(f"{preset:9}{mask:5}{r['hidden_share']:8.2%}{r['masked_to_plain']:8.3f}{r['recovery_to_plain']:9.3f}"
                  f"{r['total_to_plain']:7.3f}{r['psnr_plain']:13.2f}/{r['psnr_recovered']:5.2f} dB"
                  f"{r['pictures_per_s']:10.1f}{r['recover_pictures_per_s']:10.1f}{r['time_to_plain']:6.1f}"
                  f"{r['cpu_to_plain']:6.1f}{r['given_cpu_to_plain']:10.2f}", flush=True)
    print("busy seconds of the last run:", rows[-1]["busy_s"])
    with open(OUT, "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)


main()
