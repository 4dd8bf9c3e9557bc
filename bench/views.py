#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""views.py BAUTA OUT.json PICTURES CLIP TRUTH ...: the share of heads (rows of the MOT challenge) or faces (*.faces.csv) that are
hidden, of the first pictures of each clip as it is, and stored turned, mirrored, or with half the columns or rows, as
the file says by its matrix or its pixels' shape. Last come upright pictures with a change that nobody sees: by so much the share
differs anyway. In the current folder."""
import csv
import json
import struct
import subprocess
import sys

BAUTA, OUT, *CLIPS = sys.argv[1:]
TURNS = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}
FILTERS = {0: "null", 90: "transpose=2", 180: "hflip,vflip", 270: "transpose=1"}
# name, turn, mirrored, shape of a pixel
VIEWS = [("upright", 0, False, (1, 1)), ("90", 90, False, (1, 1)), ("180", 180, False, (1, 1)), ("270", 270, False, (1, 1)),
         ("mirrored", 0, True, (1, 1)), ("SAR 2:1", 0, False, (2, 1)), ("its loss", 0, False, (2, 1)),
         ("SAR 1:2", 0, False, (1, 2)), ("its loss", 0, False, (1, 2)),
         ("2 levels", 0, False, (1, 1)), ("blur", 0, False, (1, 1)), ("noise", 0, False, (1, 1))]
CHANGES = {"2 levels": ",lutyuv=y=val+2", "blur": ",gblur=sigma=0.3", "noise": ",noise=alls=2:all_seed=1"}
LOSS = "its loss"  # upright and square, but scaled down and up again: what half the columns or rows cost by themselves
HIDDEN = 0.6  # of a face's pixels


def size_of(clip):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of",
                           "csv=p=0", clip], check=True, capture_output=True, text=True).stdout
    return [int(n) for n in said.strip().strip(",").split(",")[:2]]


def store(clip, n, name, turn, mirrored, shape):
    filters = FILTERS[turn] + (",hflip" if mirrored else "") + f",scale=iw/{shape[0]}:ih/{shape[1]},setsar={shape[0]}/{shape[1]}"
    filters += CHANGES.get(name, "")
    if name == LOSS:
        filters += f",scale=iw*{shape[0]}:ih*{shape[1]},setsar=1"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", clip, "-frames:v", str(n), "-an", "-vf", filters, "-pix_fmt",
                    "yuv420p", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "stored.mp4"], check=True)
    cosine, sine = TURNS[turn]
    sign = -1 if mirrored else 1
    with open("stored.mp4", "r+b") as file:
        at = file.read().index(b"tkhd") + 44
        file.seek(at)
        file.write(struct.pack(">9i", sign * cosine << 16, sign * sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30))


def stored_box(x, y, w, h, width, height, turn, mirrored, shape):
    """Where a box of the upright picture lies in the stored one."""
    if turn == 90:  # turned back by as much
        x, y, w, h = y, width - x - w, h, w
    elif turn == 180:
        x, y = width - x - w, height - y - h
    elif turn == 270:
        x, y, w, h = height - y - h, x, h, w
    if mirrored:
        x = (height if turn % 180 else width) - x - w
    return x / shape[0], y / shape[1], w / shape[0], h / shape[1]


def heads(truth, n, size, view):
    with open(truth, newline="") as rows, open("stored.csv", "w", newline="") as out:
        reader = csv.DictReader(rows)
        writer = csv.DictWriter(out, reader.fieldnames)
        writer.writeheader()
        for row in reader:
            if int(row["frame"]) <= n:
                box = stored_box(*(float(row[k]) for k in "xywh"), *size, *view)
                writer.writerow(row | dict(zip("xywh", box)))
    said = subprocess.run([BAUTA, "score", "--json", "--truth", "stored.csv", "--report", "report.jsonl"], check=True,
                          capture_output=True).stdout
    figures = json.loads(said)
    return figures["heads_hidden"], figures["boxes"]


def share_hidden(box, regions):
    x, y, w, h = box
    points = [(x + (i + 0.5) * w / 32, y + (k + 0.5) * h / 32) for i in range(32) for k in range(32)]
    return sum(any(r["x"] <= a < r["x"] + r["w"] and r["y"] <= b < r["y"] + r["h"] for r in regions) for a, b in points) / 1024


def faces(truth, n, size, view):
    report = [json.loads(line)["regions"] for line in open("report.jsonl")]
    with open(truth, newline="") as rows:
        boxes = [(int(row["frame"]), stored_box(*(float(row[k]) for k in "xywh"), *size, *view))
                 for row in csv.DictReader(rows) if row["class"] == "face" and int(row["frame"]) <= n]
    hidden = sum(share_hidden(box, report[frame - 1]) >= HIDDEN for frame, box in boxes)
    return hidden / len(boxes), len(boxes)


subprocess.run([BAUTA, "key", "new", "--no-passphrase", "own"], check=True, stdout=subprocess.DEVNULL)
results = []
print(f"{'clip':28}{'of':>14}" + "".join(f"{view[0]:>10}" for view in VIEWS))
for pictures, clip, truth in zip(CLIPS[::3], CLIPS[1::3], CLIPS[2::3]):
    judge = faces if truth.endswith(".faces.csv") else heads
    shares, total = [], 0
    for name, *view in VIEWS:
        store(clip, int(pictures), name, *view)
        if name == LOSS:
            view[2] = (1, 1)
        subprocess.run([BAUTA, "protect", "--force", "--quiet", "--recipient", "own.pub", "--preset", "ultrafast", "--report", "report.jsonl",
                        "stored.mp4", "masked.mp4"], check=True)
        share, total = judge(truth, int(pictures), size_of(clip), view)
        shares.append(share)
        results.append({"clip": clip.rsplit("/", 1)[1], "view": name, "hidden": share, "of": total, "what": judge.__name__})
    print(f"{clip.rsplit('/', 1)[1][:26]:28}{f'{total} {judge.__name__}':>14}" + "".join(f"{share:10.4f}" for share in shares), flush=True)
with open(OUT, "w", encoding="utf-8") as out:
    json.dump(results, out, indent=1)
