#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_clip.py CLIP TRUTH OUT.mp4 [OPTION...]: a piece of CLIP as a camera might send it (H.264, no B-pictures, one
IDR a second), every picture numbered in a strip below it (barcode.py), and OUT.csv beside it: `picture,id,x,y,w,h` of
the people in it. TRUTH is a CSV as tests and benchmarks use it (frame,id,x,y,w,h,...), MOT text, or - for none. The clip goes
there and back again, so that it can be looped without a jump."""
import argparse
import csv
import os
import subprocess

import numpy as np

import barcode


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("clip")
    parser.add_argument("truth")
    parser.add_argument("out")
    parser.add_argument("--start", type=int, default=0, help="first picture of CLIP")
    parser.add_argument("--pictures", type=int, default=75, help="so many of CLIP; the result has twice as many, less two")
    parser.add_argument("--rate", type=int, default=10, help="pictures a second, whatever CLIP's rate is")
    parser.add_argument("--size", default="768x640", help="of the result, with the strip")
    parser.add_argument("--crf", default="18")
    return parser.parse_args()


def read_source(options, width, height):
    """Size as it comes, and the pictures as planar 4:2:0 at the wanted size."""
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height",
                            "-of", "csv=p=0", options.clip], check=True, capture_output=True, text=True).stdout
    size = tuple(int(side) for side in probe.strip().strip(",").split(","))
    last = options.start + options.pictures - 1
    choose = f"select=between(n\\,{options.start}\\,{last}),scale={width}:{height}:flags=bicubic"
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", options.clip, "-map", "0:v:0", "-vf", choose,
                          "-vsync", "passthrough", "-frames:v", str(options.pictures), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"],
                         check=True, capture_output=True).stdout
    return size, np.frombuffer(raw, np.uint8).reshape(-1, height * 3 // 2, width)


def write_clip(options, order, pictures, width, height):
    encoder = subprocess.Popen(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", options.size, "-r",
         str(options.rate), "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-crf", options.crf, "-bf", "0", "-g",
         str(options.rate), "-sc_threshold", "0", options.out], stdin=subprocess.PIPE)
    more = (barcode.MARGIN + barcode.STRIP) // 2 * (width // 2)
    for number, i in enumerate(order):
        picture = pictures[i]
        encoder.stdin.write(picture[:height].tobytes())
        encoder.stdin.write(barcode.draw(number, width).tobytes())
        for plane in picture[height:].reshape(2, -1):
            encoder.stdin.write(plane.tobytes())
            encoder.stdin.write(b"\x80" * more)
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("the encoder failed")


def read_truth(path):
    """Boxes of each picture, counted from 0."""
    boxes = {}
    if path == "-":
        return boxes
    with open(path, encoding="utf-8") as file:
        for row in csv.reader(file):
            if row and row[0].isdigit():
                boxes.setdefault(int(row[0]) - 1, []).append((row[1], *(float(side) for side in row[2:6])))
    return boxes


def main():
    options = arguments()
    width, full = (int(side) for side in options.size.split("x"))
    height = full - barcode.MARGIN - barcode.STRIP
    size, pictures = read_source(options, width, height)
    n = len(pictures)
    order = list(range(n)) + list(range(n - 2, 0, -1))
    if len(order) > barcode.MAX_NUMBERS:
        raise SystemExit(f"a strip counts to {barcode.MAX_NUMBERS}, and this would be {len(order)} pictures")
    write_clip(options, order, pictures, width, height)
    boxes = read_truth(options.truth)
    with open(os.path.splitext(options.out)[0] + ".csv", "w", encoding="utf-8") as file:
        print("picture,id,x,y,w,h", file=file)
        for number, i in enumerate(order):
            for target, x, y, w, h in boxes.get(options.start + i, []):
                print(f"{number},{target},{x * width / size[0]:.1f},{y * height / size[1]:.1f},"
                      f"{w * width / size[0]:.1f},{h * height / size[1]:.1f}", file=file)


if __name__ == "__main__":
    main()
