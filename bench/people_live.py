#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""people_live.py BUILD OUT.json CLIP TRUTH ...: the share of heads that `bauta live` hides of a `file:` source, stored upright,
turned, mirrored, and with half the columns or rows, as the file says by its matrix or its pixels' shape. Clips are numbered
(tests/live/make_clip.py), so that each recorded picture is held against its own (tests/live/leaks.py); TRUTH - is who is
detected in the upright clip. `whole` is the share of pictures that were hidden whole, as while nobody has looked yet, and
on a machine that is too slow; heads are those of the others. In the current folder."""
import glob
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request

BUILD, OUT, *CLIPS = sys.argv[1:]
BUILD = os.path.abspath(BUILD)
TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live")
os.environ["GST_PLUGIN_PATH"] = os.path.join(BUILD, "gst")
PICTURES, RATE, PATIENCE_S = 24, 2, 120  # so slow that two cores look at every picture: views differ, not moments
STRIP = 64  # of barcode.py, with its margin
MATRICES = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}
FILTERS = {0: "null", 90: "transpose=2", 180: "hflip,vflip", 270: "transpose=1"}
# name, turn, mirrored, shape of a pixel
VIEWS = [("upright", 0, False, (1, 1)), ("90", 90, False, (1, 1)), ("180", 180, False, (1, 1)), ("270", 270, False, (1, 1)),
         ("mirrored", 0, True, (1, 1)), ("SAR 2:1", 0, False, (2, 1)), ("its loss", 0, False, (2, 1)),
         ("SAR 1:2", 0, False, (1, 2)), ("its loss", 0, False, (1, 2))]
LOSS = "its loss"  # upright and square, but scaled down and up again: what half the columns or rows cost by themselves


def number(clip, truth):
    """clip.mp4, of the clip's own size and the strip below it, and clip.csv beside it."""
    size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of",
                           "csv=p=0", clip], check=True, capture_output=True, text=True).stdout
    width, height = (int(side) for side in size.strip().strip(",").split(","))
    subprocess.run([sys.executable, os.path.join(TOOLS, "make_clip.py"), clip, truth, "clip.mp4", "--pictures", str(PICTURES),
                    "--rate", str(RATE), "--size", f"{width}x{height + STRIP}"], check=True)
    if truth != "-":
        return
    said = subprocess.run([os.path.join(BUILD, "bauta"), "detect", "--quiet", "--mot", "clip.mp4"], check=True, capture_output=True,
                          text=True).stdout
    rows = [line.split(",") for line in said.splitlines()]
    with open("clip.csv", "w", encoding="utf-8") as file:
        print("picture,id,x,y,w,h", file=file)
        for row in rows:
            if row[7] == "3":
                print(int(row[0]) - 1, *row[1:6], sep=",", file=file)


def store(name, turn, mirrored, shape):
    filters = FILTERS[turn] + (",hflip" if mirrored else "") + f",scale=iw/{shape[0]}:ih/{shape[1]},setsar={shape[0]}/{shape[1]}"
    if name == LOSS:
        filters += f",scale=iw*{shape[0]}:ih*{shape[1]},setsar=1"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", "clip.mp4", "-vf", filters, "-pix_fmt", "yuv420p", "-c:v",
                    "libx264", "-qp", "0", "-preset", "ultrafast", "stored.mp4"], check=True)
    cosine, sine = MATRICES[turn]
    sign = -1 if mirrored else 1
    with open("stored.mp4", "r+b") as file:
        at = file.read().index(b"tkhd") + 44
        file.seek(at)
        file.write(struct.pack(">9i", sign * cosine << 16, sign * sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30))


def figure(port, pattern):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            found = re.search(pattern + r".* (\d+)", answer.read().decode())
    except (urllib.error.URLError, OSError):
        return 0
    return int(found[1]) if found else 0


def record():
    """The clip twice, after somebody has looked."""
    doors = [socket.socket() for _ in range(2)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    rtsp, http = (door.getsockname()[1] for door in doors)
    for door in doors:
        door.close()
    for path in glob.glob("rec/*"):
        os.unlink(path)
    with open("live.ini", "w", encoding="utf-8") as file:
        file.write(f"[service]\nrtsp = 127.0.0.1:{rtsp}\nhttp = 127.0.0.1:{http}\nonvif = no\n[camera a]\nsource = file:stored.mp4\n"
                   "recipients = own.pub\nrecord = rec\nsegment = 600\nsnapshot = no\npreset = ultrafast\nquality = 18\n"
                   "lookahead = 1000\nlongest-gap = 800\n")
    with open("live.log", "w", encoding="utf-8") as log:
        live = subprocess.Popen([os.path.join(BUILD, "bauta-live"), "--config", "live.ini"], stderr=log)
    end = time.monotonic() + PATIENCE_S
    first, pattern = 0, "bauta_stream_units_total"
    while time.monotonic() < end and live.poll() is None:
        n = figure(http, pattern)
        if not first and figure(http, "bauta_detections_total") >= 3:
            first = n
        if first and n >= first + 2 * PICTURES:
            break
        time.sleep(0.5)
    live.send_signal(signal.SIGTERM)
    live.wait()
    return sorted(glob.glob("rec/*.mp4"))


def judge(recordings):
    if not recordings:
        sys.exit("nothing was recorded:\n" + open("live.log", encoding="utf-8").read())
    subprocess.run([sys.executable, os.path.join(TOOLS, "leaks.py"), "--own-size", "--json", "leaks.json", "clip.mp4", *recordings],
                   stdout=subprocess.DEVNULL, check=False)
    with open("leaks.json", encoding="utf-8") as file:
        rows = json.load(file)
    heads, pictures = sum(row["heads"] for row in rows), sum(row["pictures"] for row in rows)
    clear = sum(row["heads_clear"] * row["heads"] for row in rows)
    return 1 - clear / heads if heads else 1.0, heads, sum(row["whole"] for row in rows) / pictures


os.makedirs("rec", exist_ok=True)
subprocess.run([os.path.join(BUILD, "bauta"), "key", "new", "--no-passphrase", "own"], check=True, stdout=subprocess.DEVNULL)
results = []
print(f"{'clip, live':28}" + "".join(f"{view[0]:>10}" for view in VIEWS))
for clip, truth in zip(CLIPS[::2], CLIPS[1::2]):
    number(clip, truth)
    shares = []
    for name, *view in VIEWS:
        store(name, *view)
        share, n, whole = judge(record())
        shares.append((share, n, whole))
        results.append({"clip": os.path.basename(clip), "view": name, "hidden": share, "of": n, "whole": whole})
    for what, form, i in (("", "{:10.4f}", 0), ("  of heads", "{:10}", 1), ("  pictures hidden whole", "{:10.2f}", 2)):
        print(f"{what or os.path.basename(clip)[:26]:28}" + "".join(form.format(share[i]) for share in shares), flush=True)
with open(OUT, "w", encoding="utf-8") as out:
    json.dump(results, out, indent=1)
