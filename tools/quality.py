# SPDX-License-Identifier: Apache-2.0
"""PSNR and SSIM of videos in the regions of a report; for tools/measure and bench/."""
import collections
import json
import math
import subprocess

import numpy as np

PEAK = 255
BLOCK = 8  # of SSIM: windows of so many pixels square, side by side
Quality = collections.namedtuple('Quality', 'psnr ssim')  # decibels; 1 is the same


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
    return stream['width'], stream['height'], float(found['format'].get('duration', 0)), int(rate) / int(per)


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


def blocks(picture):
    """Sums over the blocks of a picture, those that are cut by its edge left out"""
    height, width = (side // BLOCK * BLOCK for side in picture.shape)
    return picture[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).sum((1, 3))


def ssim_of_blocks(a, b):
    """Wang et al., "Image quality assessment", 2004, equation 13, with flat windows"""
    n, c1, c2 = BLOCK * BLOCK, (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    mean_a, mean_b = blocks(a) / n, blocks(b) / n
    var_a, var_b = blocks(a * a) / n - mean_a ** 2, blocks(b * b) / n - mean_b ** 2
    both = blocks(a * b) / n - mean_a * mean_b
    return ((2 * mean_a * mean_b + c1) * (2 * both + c2) /
            ((mean_a ** 2 + mean_b ** 2 + c1) * (var_a + var_b + c2)))


def compare(original, others, report, width, height):
    """Of each of the other videos the quality of luma where something was hidden; and the share that was hidden."""
    squares, ssims, n_hidden, n_pixels, n_blocks = [0] * len(others), [0.0] * len(others), 0, 0, 0
    videos = [lumas(path, width, height) for path in [original, *others]]
    for regions, truth, *pictures in zip(report, *videos):
        covered = hidden(regions, width, height)
        inside = blocks(covered) == BLOCK * BLOCK
        n_hidden += int(covered.sum())
        n_blocks += int(inside.sum())
        n_pixels += covered.size
        for i, picture in enumerate(pictures):
            squares[i] += int(((picture - truth)[covered] ** 2).sum())
            ssims[i] += float(ssim_of_blocks(picture, truth)[inside].sum())
    return ([Quality(psnr(total, n_hidden), similar / max(1, n_blocks)) for total, similar in zip(squares, ssims)],
            n_hidden / max(1, n_pixels))
