#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""size.py BAUTA OUT.json TRUTH|- CLIP...: protects and recovers clips, each beside a plain transcode, in the current folder.
The first clip is measured with both presets and all masks, and with the true boxes of TRUTH (a table of frame, id, x, y, w, h) given;
the others with one preset. Sizes are shares of the plain stream; quality is of luma in the hidden regions, against the clip."""
import csv
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
sys.dont_write_bytecode = True
from process import plain_encode, run  # noqa: E402, beside this file
from quality import compare, probe, read_report  # noqa: E402, from tools/

BAUTA, OUT, TRUTH, *CLIPS = sys.argv[1:]
GOP_S = 2


def video_bytes(path):
    return len(subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", "h264", "-"],
                              check=True, capture_output=True).stdout)


def busy(said):
    found = re.search(r"decode ([\d.]+) s, detect ([\d.]+) s, mask and object encode ([\d.]+) s, "
                      r"base encode and write ([\d.]+) s", said)
    names = ("decode", "detect", "mask_and_object_encode", "base_encode_and_write")
    return dict(zip(names, map(float, found.groups())))


def write_truth(path, width, height):
    """The true boxes as regions; none of a person who is out of the picture."""
    pictures = {}
    with open(TRUTH, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            left, top = max(0, int(float(row["x"]))), max(0, int(float(row["y"])))
            right = min(width, round(float(row["x"]) + float(row["w"])))
            bottom = min(height, round(float(row["y"]) + float(row["h"])))
            if right - left > 1 and bottom - top > 1:
                pictures.setdefault(int(row["frame"]) - 1, []).append(
                    {"target": int(row["id"]) + 1, "class": "body", "x": left, "y": top, "w": right - left,
                     "h": bottom - top})
    with open(path, "w", encoding="utf-8") as file:
        for picture in range(max(pictures) + 1):  # [] says that nobody is there
            print(json.dumps({"picture": picture, "regions": pictures.get(picture, [])}), file=file)


class Clip:
    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)
        self.width, self.height, _, self.rate = probe(path)
        self.width, self.height = self.width & ~1, self.height & ~1
        self.plain = {}

    def bench(self, preset, mask):
        if preset not in self.plain:
            taken = plain_encode(self.path, "plain.mp4", preset, round(self.rate * GOP_S))
            self.plain[preset] = taken, video_bytes("plain.mp4")
        plain_run, plain = self.plain[preset]
        common = ["--recipient", "own.pub", "--preset", preset, "--no-audio"]
        if mask == "truth":
            write_truth("truth.jsonl", self.width, self.height)
            full = run(BAUTA, "protect", "--force", *common, "--report", "report.jsonl", "--regions", "truth.jsonl", self.path,
                       "masked.mp4")
        else:
            full = run(BAUTA, "protect", "--force", *common, "--mask", mask, "--report", "report.jsonl", self.path, "masked.mp4")
        given = run(BAUTA, "protect", "--force", *common, "--regions", "report.jsonl", self.path, "given.mp4")
        recover = run(BAUTA, "recover", "--force", "--reason", "test", "--key", "own.key", "masked.mp4", "recovered.mp4")
        run(BAUTA, "recover", "--force", "--reason", "test", "--lossless", "--key", "own.key", "masked.mp4", "exact.mkv")
        inspected = json.loads(subprocess.run([BAUTA, "inspect", "--json", "masked.mp4"], check=True,
                                              capture_output=True).stdout)
        (of_plain, of_exact), share = compare(self.path, ["plain.mp4", "exact.mkv"], read_report("report.jsonl"),
                                              self.width, self.height)
        recovery, total, pictures = inspected["recovery_bytes"], inspected["stream_bytes"], inspected["pictures"]
        return {"clip": self.name, "width": self.width, "height": self.height, "pictures": pictures, "preset": preset,
                "mask": mask, "hidden_share": share, "plain_bytes": plain, "masked_bytes": total - recovery,
                "recovery_bytes": recovery, "masked_to_plain": (total - recovery) / plain,
                "recovery_to_plain": recovery / plain, "total_to_plain": total / plain,
                "total_to_two_streams": total / (2 * plain), "psnr_plain": of_plain.psnr, "psnr_recovered": of_exact.psnr,
                "ssim_plain": of_plain.ssim, "ssim_recovered": of_exact.ssim, "pictures_per_s": pictures / full.wall_s,
                "recover_pictures_per_s": pictures / recover.wall_s, "real_time": pictures / full.wall_s / self.rate,
                "plain_pictures_per_s": pictures / plain_run.wall_s, "time_to_plain": full.wall_s / plain_run.wall_s,
                "cpu_to_plain": full.cpu_s / plain_run.cpu_s, "given_cpu_to_plain": given.cpu_s / plain_run.cpu_s,
                "peak_mb": full.peak_mb, "given_peak_mb": given.peak_mb, "recover_peak_mb": recover.peak_mb,
                "plain_peak_mb": plain_run.peak_mb, "busy_s": busy(full.said)}


def tell(r):
    print(f"{r['preset']:9}{r['mask']:6}{r['hidden_share']:8.2%}{r['masked_to_plain']:8.3f}{r['recovery_to_plain']:9.3f}"
          f"{r['total_to_plain']:7.3f}{r['total_to_two_streams']:8.3f}{r['psnr_plain']:8.2f}/{r['psnr_recovered']:5.2f}"
          f"{r['ssim_plain']:8.4f}/{r['ssim_recovered']:6.4f}{r['pictures_per_s']:8.1f}{r['recover_pictures_per_s']:9.1f}"
          f"{r['time_to_plain']:6.1f}{r['cpu_to_plain']:6.1f}{r['given_cpu_to_plain']:7.2f}"
          f"{r['peak_mb']:6.0f}/{r['given_peak_mb']:.0f}/{r['plain_peak_mb']:.0f}", flush=True)


def main():
    run(BAUTA, "key", "new", "--quiet", "--no-passphrase", "own")
    rows = []
    for number, path in enumerate(CLIPS):
        clip = Clip(path)
        print(f"{clip.name}: {clip.width}x{clip.height}, {clip.rate:g} pictures a second\n"
              f"{'preset':9}{'mask':6}{'hidden':>8}{'masked':>8}{'recovery':>9}{'total':>7}{'of two':>8}"
              f"{'PSNR plain/rec.':>14}{'SSIM':>14}{'protect/s':>10}{'rec./s':>7}{'time':>6}{'CPU':>6}{'given':>7}"
              f"  MB: full/given/plain", flush=True)
        first = number == 0
        for preset in ("veryfast", "medium") if first else ("veryfast",):
            for mask in ("face", "body", "both", "truth")[:4 if TRUTH != "-" else 3] if first else ("face", "body"):
                rows.append(clip.bench(preset, mask))
                tell(rows[-1])
                with open(OUT, "w", encoding="utf-8") as out:
                    json.dump(rows, out, indent=1)
            clip.plain.pop(preset)


main()
