#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent reader of version 1, written from docs/format.md alone; the section numbers are that text's. Its
cryptography is python3-cryptography's, its decoder the program ffmpeg. It reads a whole stream into memory and wants a
message in every access unit: it shows that the text suffices, and is no tool for damaged files.

reader.py KEY.pem STREAM.h264|STREAM.h265 OUT.yuv [TARGET[:CLASS] ...]: the recovered pictures, raw 4:2:0; with targets
named, only those. Prints one JSON object."""
import hashlib
import hmac
import json
import re
import struct
import subprocess
import sys
import tempfile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

UUID = bytes.fromhex("7f247eef1dcd41279769ee7067ad093e")
WIDE = 129  # the version of messages with more regions
MARGIN = 4
FORMATS = {1: "h264", 2: "hevc"}  # section 3, object codec, as ffmpeg names them


class Refused(Exception):
    """Section 13 says what follows."""


def need(holds, why):
    if not holds:
        raise Refused(why)


# Sections 6 and 7: keys

def extract(salt, secret):
    return hmac.digest(salt or bytes(32), secret, hashlib.sha256)


def expand(key, info, size=32):
    out, block, counter = b"", b"", 1
    while len(out) < size:
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha256)
        out, counter = out + block, counter + 1
    return out[:size]


def epoch_key(stream_key, epoch):
    key = stream_key
    for bit in range(31, -1, -1):
        key = expand(key, b"bauta v1 node" + bytes([epoch >> bit & 1]))
    return key


def target_key(of_epoch, class_, target):
    return expand(expand(of_epoch, b"bauta v1 class" + bytes([class_])), b"bauta v1 target" + struct.pack(">I", target))


def raw(public):
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def hpke_key(secret, enc, recipient, info):
    """RFC 9180, base mode, 5.1 and 4.1: key and nonce of the first message, from X25519's shared secret."""
    def labeled_expand(prk, suite, label, about, size):
        return expand(prk, struct.pack(">H", size) + b"HPKE-v1" + suite + label + about, size)

    def labeled_extract(salt, suite, label, ikm):
        return extract(salt, b"HPKE-v1" + suite + label + ikm)

    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    shared = labeled_expand(labeled_extract(b"", kem, b"eae_prk", secret), kem, b"shared_secret", enc + recipient, 32)
    context = (b"\x00" + labeled_extract(b"", suite, b"psk_id_hash", b"") +
               labeled_extract(b"", suite, b"info_hash", info))
    prk = labeled_extract(shared, suite, b"secret", b"")
    return labeled_expand(prk, suite, b"key", context, 32), labeled_expand(prk, suite, b"base_nonce", context, 12)


def open_envelopes(stream, private):
    public = raw(private.public_key())
    for key_id, enc, sealed in stream["envelopes"]:
        if key_id == hashlib.sha256(public).digest()[:8]:
            secret = private.exchange(X25519PublicKey.from_public_bytes(enc))
            key, nonce = hpke_key(secret, enc, public, b"bauta v1 stream key")
            try:
                return AESGCM(key).decrypt(nonce, sealed, stream["id"] + bytes([stream["codec"]]))
            except InvalidTag:
                continue
    return None


# Sections 1 to 4: carriage and messages

class Bytes:
    """Reads from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        need(self.at + size <= len(self.data), "ends early")
        self.at += size
        return self.data[self.at - size:self.at]

    def u8(self):
        return self.take(1)[0]

    def vlq(self):
        value, first = 0, self.u8()
        byte, n = first, 1
        need(first != 0x80, "a vlq begins with zero")
        while byte & 0x80:
            value = (value | byte & 0x7F) << 7
            byte, n = self.u8(), n + 1
            need(n <= 5, "a vlq is too long")
        value |= byte & 0x7F
        need(value < 1 << 32, "a vlq is too large")
        return value

    def ended(self):
        return self.at == len(self.data)


def nal_units(stream):
    """Of Annex B; without start codes and the zero bytes that follow a unit."""
    for unit in re.split(b"\x00\x00\x01", stream)[1:]:
        unit = unit.rstrip(b"\x00")
        if unit:
            yield unit


def sei_messages(unit, header):
    """Our messages in an SEI unit."""
    r = Bytes(re.sub(b"\x00\x00\x03", b"\x00\x00", unit)[header:])
    while len(r.data) - r.at > 2:  # the last byte is rbsp_trailing_bits
        kind = size = 0
        while (byte := r.u8()) == 255:
            kind += 255
        kind += byte
        while (byte := r.u8()) == 255:
            size += 255
        payload = r.take(size + byte)
        if kind == 5 and payload[:16] == UUID:
            yield payload[16:]


def parse_stream(message):
    r = Bytes(message)
    r.take(2)
    stream = {"id": r.take(16)}
    stream["epoch"], stream["utc"] = struct.unpack(">IQ", r.take(12))
    stream["codec"], flags, n = r.u8(), r.u8(), r.u8()
    need(flags == 0 and n <= 32, "flags or number of envelopes")
    stream["envelopes"] = [(r.take(8), r.take(32), r.take(48)) for _ in range(n)]
    need(r.ended(), "bytes left over")
    return stream


def same_run(one, other):  # section 20
    if not any(one[4:]) or not any(other[4:]):
        return one[:4] == other[:4]
    return one[4:] == other[4:]


def streams_later(one, other):
    later = (int.from_bytes(other[:4], "big") - int.from_bytes(one[:4], "big")) % 2**32
    return later if later < 2**31 else later - 2**32


def parse_picture(message):
    r, wide = Bytes(message), message[1] == WIDE
    r.take(2)
    picture = {"tag": r.take(4), "epoch": struct.unpack(">I", r.take(4))[0], "hash": r.take(16), "number": r.vlq()}
    n = r.vlq()
    need(128 < n <= 512 if wide else n <= 128, "number of regions")
    regions = []
    for _ in range(n):
        target, kind = r.vlq(), r.u8()
        x, y, w, h = (2 * r.vlq() for _ in range(4))
        need(kind & 3 and w and h and x + w <= 16384 and y + h <= 16384, "a region")
        regions.append({"target": target, "class": kind & 3, "rect": (x, y, w, h)})
    need(len({(g["target"], g["class"]) for g in regions}) == n, "a target named twice")
    picture.update(regions=regions, head=message[:r.at], slices=[])
    for region in regions:
        region["capsule"] = r.take(r.vlq())
    need(r.ended(), "bytes left over")
    return picture


def read_access_units(stream, codec):
    """Stream messages as they come, and all pictures in presentation order."""
    header, h264 = (1, True) if codec == "h264" else (2, False)
    streams, epochs, waiting, passed_over = {}, [], None, 0
    for unit in nal_units(stream):
        kind = unit[0] & 31 if h264 else unit[0] >> 1 & 63
        if kind == (6 if h264 else 39):
            for message in sei_messages(unit, header):
                if message[:2] == b"\x01\x01":
                    streams[message[2:6]] = parse_stream(message)
                elif message[:2] in (b"\x02\x01", bytes((2, WIDE))) and waiting is None:
                    waiting = parse_picture(message)
                else:  # section 14
                    passed_over += 1
        elif kind in (1, 2, 3, 4, 5, 14, 20) if h264 else kind < 32:
            if unit[header] & 0x80:  # the first slice of a picture begins at its first block
                need(waiting is not None, "an access unit without a picture message")
                if not epochs or (epochs[-1][0]["tag"], epochs[-1][0]["epoch"]) != (waiting["tag"], waiting["epoch"]):
                    epochs.append([])
                epochs[-1].append(waiting)
                waiting = None
            epochs[-1][-1]["slices"].append(unit)
    return streams, [p for epoch in epochs for p in sorted(epoch, key=lambda p: p["number"])], passed_over


# Sections 7 to 9: capsules, records, object streams

def changed(picture):
    digest = hashlib.sha256(b"".join(struct.pack(">I", len(s)) + s for s in picture["slices"])).digest()
    return digest[:16] != picture["hash"]


def parse_record(record, rect, runs, name, place):
    """Appends the record's unit to its run, and says where its window lies."""
    r = Bytes(record)
    flags, sequence, dx, dy = r.u8(), r.vlq(), 2 * r.vlq(), 2 * r.vlq()
    need(flags < 2 and (sequence == 0) == (flags == 1), "flags or sequence")
    epoch, number = place
    if flags:
        runs.setdefault(name, []).append({"size": (2 * r.vlq(), 2 * r.vlq()), "key": place, "units": []})
    need(name in runs, "a run that does not begin with a key unit")
    run = runs[name][-1]
    need(run["key"] == (epoch, number - sequence) and sequence == len(run["units"]), "a unit is missing before this")
    unit = b""
    while not r.ended():
        unit += b"\x00\x00\x00\x01" + r.take(r.vlq())
    need(len(unit) > 4, "no unit")
    window = (rect[0] - dx, rect[1] - dy, *run["size"])
    need(min(window[:2]) >= 0 and contains(window, rect), "a window that does not hold its region")
    run["units"].append(unit)
    return {"window": window, "run": run, "index": sequence}


def open_picture(picture, keys, streams, runs, wanted):
    stream_key = keys.get(picture["tag"])
    place = (picture["epoch"], picture["number"])
    for region in picture["regions"]:
        region["open"] = None
        if stream_key is None or not region["capsule"]:
            continue
        if wanted and (region["target"], None) not in wanted and (region["target"], region["class"]) not in wanted:
            continue
        key = target_key(epoch_key(stream_key, picture["epoch"]), region["class"], region["target"])
        nonce = bytes(8) + struct.pack(">I", picture["number"])
        record = AESGCM(key).decrypt(nonce, region["capsule"], streams[picture["tag"]]["id"] + picture["head"])
        name = (picture["tag"], region["class"], region["target"])
        region["open"] = parse_record(record, region["rect"], runs, name, place)


def decode(stream, codec):
    """All pictures of an Annex B stream, raw 4:2:0, in presentation order."""
    with tempfile.NamedTemporaryFile(suffix="." + codec) as file:
        file.write(stream)
        file.flush()
        size = subprocess.run(["ffprobe", "-v", "error", "-f", codec, "-show_entries", "stream=width,height", "-of",
                               "csv=p=0", file.name], check=True, capture_output=True, text=True).stdout
        pixels = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", codec, "-i", file.name, "-fps_mode",
                                 "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"],
                                check=True, capture_output=True).stdout
    width, height = (int(n) for n in size.split()[0].strip(",").split(","))
    n = width * height * 3 // 2
    return (width, height), [pixels[i:i + n] for i in range(0, len(pixels), n)]


def decode_run(run, codec):
    size, run["pictures"] = decode(b"".join(run["units"]), codec)
    need(size == run["size"] and len(run["pictures"]) == len(run["units"]), "an object that decodes to something else")


# Section 10: composition

def contains(a, b):
    return a[0] <= b[0] and a[1] <= b[1] and b[0] + b[2] <= a[0] + a[2] and b[1] + b[3] <= a[1] + a[3]


def paint(out, size, rect, pixels, window):
    """Copies `rect` from a picture that lies at `window`; all three planes."""
    (width, height), (x, y, w, h) = size, rect
    to, of = 0, 0
    for scale in (1, 2, 2):
        for row in range(y // scale, (y + h) // scale):
            source = of + (row - window[1] // scale) * (window[2] // scale) + (x - window[0]) // scale
            target = to + row * (width // scale) + x // scale
            out[target:target + w // scale] = pixels[source:source + w // scale]
        to += width * height // (scale * scale)
        of += window[2] * window[3] // (scale * scale)


def fade(out, size, rect, pixels, window):
    """Fades the margin of `rect` from a window into the picture; all three planes."""
    left, top, wide, high = grown(rect, window)
    to, of = 0, 0
    for scale in (1, 2, 2):
        steps = MARGIN // scale + 1
        x0, y0, x1, y1 = (v // scale for v in (rect[0], rect[1], rect[0] + rect[2], rect[1] + rect[3]))
        for y in range(top // scale, (top + high) // scale):
            for x in range(left // scale, (left + wide) // scale):
                d = max(x0 - x, x - x1 + 1, y0 - y, y - y1 + 1, 0)
                at = to + y * (size[0] // scale) + x
                source = pixels[of + (y - window[1] // scale) * (window[2] // scale) + x - window[0] // scale]
                if d:
                    out[at] = (source * (steps - d) + out[at] * d + steps // 2) // steps
        to += size[0] * size[1] // (scale * scale)
        of += window[2] * window[3] // (scale * scale)


def grown(rect, inside):
    left, top = max(rect[0] - MARGIN, inside[0]), max(rect[1] - MARGIN, inside[1])
    right = min(rect[0] + rect[2] + MARGIN, inside[0] + inside[2])
    return left, top, right - left, min(rect[1] + rect[3] + MARGIN, inside[1] + inside[3]) - top


def compose(masked, size, regions):
    whole, out = (0, 0, *size), bytearray(masked)
    for region in regions:
        need(contains(whole, region["rect"]), "a region outside the picture")
    pictures = [(r["rect"], r["open"]["run"]["pictures"][r["open"]["index"]], r["open"]["window"]) if r["open"]
                else (r["rect"], masked, whole) for r in regions]
    for rect, pixels, window in pictures:
        if pixels is not masked:
            fade(out, size, rect, pixels, window)
    for rect, pixels, window in reversed(pictures):
        paint(out, size, rect, pixels, window)
    return bytes(out)


def main():
    key_file, path, out_path, *names = sys.argv[1:]
    wanted = {(int(t), int(c) if c else None) for t, _, c in (name.partition(":") for name in names)}
    with open(key_file, "rb") as file:
        private = load_pem_private_key(file.read(), None)
    assert isinstance(private, X25519PrivateKey)
    with open(path, "rb") as file:
        stream = file.read()
    codec = "h264" if path.endswith(".h264") else "hevc"
    streams, pictures, passed_over = read_access_units(stream, codec)
    keys, runs = {tag: open_envelopes(s, private) for tag, s in streams.items()}, {}
    for picture in pictures:
        open_picture(picture, keys, streams, runs, wanted)
    for (tag, _, _), of_target in runs.items():
        for run in of_target:
            decode_run(run, FORMATS[streams[tag]["codec"]])
    size, masked = decode(stream, codec)
    need(len(masked) == len(pictures), "the base stream decodes to another number of pictures")
    recovered = [compose(m, size, p["regions"]) for m, p in zip(masked, pictures)]
    with open(out_path, "wb") as file:
        file.write(b"".join(recovered))
    print(json.dumps({"pictures": len(pictures), "changed": sum(map(changed, pictures)), "passed_over": passed_over,
                      "regions": sum(len(p["regions"]) for p in pictures),
                      "shown": sum(r["open"] is not None for p in pictures for r in p["regions"]),
                      "masked_sha256": hashlib.sha256(b"".join(masked)).hexdigest(),
                      "recovered_sha256": hashlib.sha256(b"".join(recovered)).hexdigest()}))


if __name__ == "__main__":
    main()
