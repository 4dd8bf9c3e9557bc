#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""edit_list.py IN.mp4 OUT.mp4 DURATION:START:RATE...: gives the first track this edit list; pictures of a tenth of a second,
START -1: nothing is shown. The index stands at the file's end, as ffmpeg writes it, or is brought there by it."""
import struct
import subprocess
import sys

PARENTS = (b"moov", b"trak", b"mdia")


def boxes(data):
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        size = size or len(data) - at
        yield kind, data[at + 8:at + size]
        at += size


def box(kind, body):
    return struct.pack(">I4s", len(body) + 8, kind) + body


def rebuilt(kind, body, make):
    """The box, with `make(body of mdhd)` as edit list in its first track."""
    if kind not in PARENTS or kind == b"mdia":
        return box(kind, body)
    children = list(boxes(body))
    if kind == b"trak":
        mdhd = next(b for k, b in boxes(dict(children)[b"mdia"]) if k == b"mdhd")
        out = b""
        for k, b in children:
            if k != b"edts":
                out += box(k, b)
            if k == b"tkhd":
                out += box(b"edts", box(b"elst", make(mdhd)))
        return box(kind, out)
    return box(kind, b"".join(rebuilt(k, b, make) for k, b in children))


def main():
    source, out, *entries = sys.argv[1:]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-map", "0:v", "-c", "copy", out], check=True)
    with open(out, "rb") as file:
        top = list(boxes(file.read()))
    movie_scale = struct.unpack(">I", next(b for k, b in boxes(dict(top)[b"moov"]) if k == b"mvhd")[12:16])[0]
    elst = next(b for k, b in boxes(dict(boxes(next(b for k, b in boxes(dict(top)[b"moov"]) if k == b"trak")))[b"edts"]))
    first = struct.unpack(">i", elst[12:16])[0]  # where the first picture is shown, behind those before it in decoding order

    def make(mdhd):
        scale = struct.unpack(">I", mdhd[12:16])[0]
        body = struct.pack(">II", 0, len(entries))
        for entry in entries:
            duration, start, rate = entry.split(":")
            start = -1 if start == "-1" else first + int(start) * scale // 10
            body += struct.pack(">IiI", int(duration) * movie_scale // 10, start, int(float(rate) * 65536))
        return body
    if [k for k, _ in top][-1] != b"moov":
        sys.exit("the index does not stand at the end")
    with open(out, "wb") as file:
        file.write(b"".join(rebuilt(k, b, make) for k, b in top))


main()
