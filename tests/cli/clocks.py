#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files whose clock is wrong, or which begin in the middle, made of sound ones: clocks.py KIND IN OUT.

shift:FROM:TO:SECONDS   MPEG-TS: the access units FROM to TO (of each track, from 0; TO exclusive) are SECONDS later;
                        times wrap at 33 bits, as they do in life
cluster:N:MS            Matroska: the N-th cluster, from 0, is MS milliseconds later
stts:TICKS              MP4: every sample of every track lasts TICKS
elst:FROM:SECONDS       MP4: the first track's edit list shows SECONDS, from FROM seconds on
sparse:N                MPEG-TS: of the video (PID 256) only every N-th access unit tells its times
from:N                  MPEG-TS: the video (PID 256) from its access unit N on; of other tracks everything
join                    MPEG-TS, fragmented MP4, raw: the file twice"""
import struct
import sys


def shifted(field, ticks):
    """The five bytes of a PTS or DTS (H.222.0, 2.4.3.6), `ticks` later."""
    value = (field[0] >> 1 & 7) << 30 | (field[1] << 7 | field[2] >> 1) << 15 | (field[3] << 7 | field[4] >> 1)
    value = value + ticks & (1 << 33) - 1
    return bytes([field[0] & 0xf1 | value >> 29 & 0xe, value >> 22 & 255, value >> 14 & 255 | 1, value >> 7 & 255,
                  value << 1 & 255 | 1])


def access_units(data):
    """PID, number in its track and place of each PES header of MPEG-TS."""
    met = {}
    for at in range(0, len(data) - 187, 188):
        pid = (data[at + 1] & 31) << 8 | data[at + 2]
        pes = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
        if data[at + 1] & 0x40 and data[pes:pes + 3] == b"\0\0\1":
            met[pid] = met.get(pid, -1) + 1
            yield pid, met[pid], pes


def shift(data, first, last, seconds):
    data = bytearray(data)
    for _, number, pes in access_units(data):
        if not int(first) <= number < int(last):
            continue
        for k, flag in enumerate((0x80, 0x40)):  # PTS, DTS
            if data[pes + 7] & flag:
                place = pes + 9 + 5 * k
                data[place:place + 5] = shifted(data[place:place + 5], round(float(seconds) * 90000))
    return bytes(data)


def sparse(data, every):
    data = bytearray(data)
    for pid, number, pes in access_units(data):
        if pid == 0x100 and number % int(every):
            data[pes + 7] &= 0x3f
            data[pes + 9:pes + 9 + data[pes + 8]] = b"\xff" * data[pes + 8]
    return bytes(data)


def cluster(data, number, milliseconds):
    data, at = bytearray(data), -1
    for _ in range(int(number) + 1):
        at = data.index(b"\x1f\x43\xb6\x75", at + 1)
    at = data.index(b"\xe7", at + 5)  # its timestamp, of so many bytes
    size = data[at + 1] & 0x7f
    later = int.from_bytes(data[at + 2:at + 2 + size], "big") + int(milliseconds)
    data[at + 2:at + 2 + size] = later.to_bytes(size, "big")
    return bytes(data)


def stts(data, ticks):
    data, at = bytearray(data), data.find(b"stts")
    while at >= 0:
        for k in range(struct.unpack(">I", data[at + 8:at + 12])[0]):
            data[at + 16 + 8 * k:at + 20 + 8 * k] = struct.pack(">I", int(ticks))
        at = data.find(b"stts", at + 4)
    return bytes(data)


def elst(data, start, seconds):
    data = bytearray(data)
    at, media, movie = data.find(b"elst"), data.find(b"mdhd"), data.find(b"mvhd")
    ticks, movie_ticks = (struct.unpack(">I", data[p + 16:p + 20])[0] for p in (media, movie))
    data[at + 12:at + 20] = struct.pack(">Ii", round(float(seconds) * movie_ticks), round(float(start) * ticks))
    return bytes(data)


def begin(data, first):
    out, met = bytearray(), -1
    for at in range(0, len(data) - 187, 188):
        if ((data[at + 1] & 31) << 8 | data[at + 2]) == 0x100:
            met += bool(data[at + 1] & 0x40)
            if met < int(first):
                continue
        out += data[at:at + 188]
    return bytes(out)


def join(data):
    return data + data


kind, source, target = sys.argv[1:]
name, *arguments = kind.split(":")
with open(source, "rb") as file:
    whole = file.read()
with open(target, "wb") as file:
    kinds = {"shift": shift, "cluster": cluster, "stts": stts, "elst": elst, "sparse": sparse, "from": begin, "join": join}
    file.write(kinds[name](whole, *arguments))
