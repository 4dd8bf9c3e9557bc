# SPDX-License-Identifier: Apache-2.0
"""PSNR of videos in the regions of a report; for tools/measure and bench/."""
import json
import math
import subprocess

import numpy as np

PEAK = 255


def read_report(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line)['regions'] for line in file]


def probe(path):
    """(width, height, seconds, pictures a second) of a video"""
    entries = 'stream=width,height,r_frame_rate:format=duration'
    text = subprocess.run(['ffprobe', '-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json',
                           path], check=True, stdout=subprocess.PIPE).stdout
    found = json.loads(text)
    stream = found['streams'][0]
    rate, per = stream['r_frame_rate'].split('/')
    return stream['width'], stream['height'], float(found['format']['duration']), int(rate) / int(per)


def lumas(path, width, height):
    """The brightness of each picture, by way of ffmpeg"""
    command = ['ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-an', '-vsync', '0', '-f', 'rawvideo', '-pix_fmt',
               'yuv420p', '-']
    size = width * height * 3 // 2
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while len(data := process.stdout.read(size)) == size:
            yield np.frombuffer(data, np.uint8, width * height).reshape(height, width).astype(np.int32)


def hidden(regions, width, height):
    covered = np.zeros((height, width), bool)
    for region in regions:
        x, y = max(region['x'], 0), max(region['y'], 0)
        covered[y:region['y'] + region['h'], x:region['x'] + region['w']] = True
    return covered


def psnr(squares, count):
    return math.inf if squares == 0 else 10 * math.log10(PEAK ** 2 * count / squares)


def compare(original, others, report, width, height):
    """Of each of the other videos the PSNR of luma where something was hidden; and the share that was hidden."""
    squares, n_hidden, n_pixels = [0] * len(others), 0, 0
    videos = [lumas(path, width, height) for path in [original, *others]]
    for regions, truth, *pictures in zip(report, *videos):
        covered = hidden(regions, width, height)
        n_hidden += int(covered.sum())
        n_pixels += covered.size
        for i, picture in enumerate(pictures):
            squares[i] += int(((picture - truth)[covered] ** 2).sum())
    return [psnr(total, n_hidden) for total in squares], n_hidden / n_pixels
