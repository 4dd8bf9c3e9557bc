#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""size.py BAUTA CLIP OUT.json: protects and recovers a clip beside a plain transcode, in the current folder."""
import json
import os
import re
import resource
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
sys.dont_write_bytecode = True
from quality import compare, probe, read_report  # noqa: E402, from tools/

BAUTA, CLIP, OUT = sys.argv[1:]
PRESETS = ("veryfast", "medium")
GOP_S = 2


def run(*command):
    """Runs a program; gives (seconds of processor, seconds, what it said)."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start, said


WIDTH, HEIGHT, _, RATE = probe(CLIP)


def video_bytes(path):
    return len(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", "h264", "-"],
                              check=True, capture_output=True).stdout)


def busy(said):
    found = re.search(r"decode ([\d.]+) s, detect ([\d.]+) s, mask and object encode ([\d.]+) s, "
                      r"base encode and write ([\d.]+) s", said)
    names = ("decode", "detect", "mask_and_object_encode", "base_encode_and_write")
    return dict(zip(names, map(float, found.groups())))


def bench(preset, mask):
    keyint = str(round(RATE * GOP_S))
    plain_cpu, plain_s, _ = run("ffmpeg", "-nostdin", "-y", "-v", "error", "-i", CLIP, "-an", "-c:v", "libx264",
                                "-preset", preset, "-crf", "23", "-g", keyint, "-keyint_min", keyint,
                                "-sc_threshold", "0", "plain.mp4")
    common = ["--recipient", "own.pub", "--mask", mask, "--preset", preset]
    full_cpu, full_s, said = run(BAUTA, "protect", *common, "--report", "report.jsonl", CLIP, "masked.mp4")
    given_cpu, _, _ = run(BAUTA, "protect", *common, "--regions", "report.jsonl", CLIP, "given.mp4")
    _, recover_s, _ = run(BAUTA, "recover", "--key", "own.key", "masked.mp4", "recovered.mp4")
    run(BAUTA, "recover", "--lossless", "--key", "own.key", "masked.mp4", "exact.mkv")
    inspected = json.loads(subprocess.run([BAUTA, "inspect", "--json", "masked.mp4"], check=True,
                                          capture_output=True).stdout)
    (plain_db, exact_db), share = compare(CLIP, ["plain.mp4", "exact.mkv"], read_report("report.jsonl"), WIDTH, HEIGHT)
    plain = video_bytes("plain.mp4")
    recovery, total = inspected["recovery_bytes"], inspected["stream_bytes"]
    pictures = inspected["pictures"]
    return {"preset": preset, "mask": mask, "hidden_share": share, "masked_to_plain": (total - recovery) / plain,
            "recovery_to_plain": recovery / plain, "total_to_plain": total / plain, "psnr_plain": plain_db,
            "psnr_recovered": exact_db, "pictures_per_s": pictures / full_s,
            "recover_pictures_per_s": pictures / recover_s, "real_time": pictures / full_s / RATE,
            "plain_pictures_per_s": pictures / plain_s,
            "time_to_plain": full_s / plain_s, "cpu_to_plain": full_cpu / plain_cpu,
            "given_cpu_to_plain": given_cpu / plain_cpu, "busy_s": busy(said)}


def main():
    subprocess.run([BAUTA, "key", "new", "--quiet", "--no-passphrase", "own"], check=True)
    print(f"{os.path.basename(CLIP)}: {WIDTH}x{HEIGHT}, {RATE:g} pictures a second; sizes and times against a plain "
          f"libx264 transcode of the same run")
    print(f"{'preset':9}{'mask':5}{'hidden':>8}{'masked':>8}{'recovery':>9}{'total':>7}{'PSNR plain/recovered':>22}"
          f"{'protect/s':>10}{'recover/s':>10}{'time':>6}{'cpu':>6}{'cpu given':>10}"
          f"  busy s: decode, detect, mask and object encode, base encode and write")
    rows = []
    for preset in PRESETS:
        for mask in ("face", "body", "both"):
            r = bench(preset, mask)
            rows.append(r)
            print(f"{preset:9}{mask:5}{r['hidden_share']:8.2%}{r['masked_to_plain']:8.3f}{r['recovery_to_plain']:9.3f}"
                  f"{r['total_to_plain']:7.3f}{r['psnr_plain']:13.2f}/{r['psnr_recovered']:5.2f} dB"
                  f"{r['pictures_per_s']:10.1f}{r['recover_pictures_per_s']:10.1f}{r['time_to_plain']:6.1f}"
                  f"{r['cpu_to_plain']:6.1f}{r['given_cpu_to_plain']:10.2f}"
                  "  " + " ".join(f"{s:.1f}" for s in r["busy_s"].values()), flush=True)
    with open(OUT, "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)


main()
