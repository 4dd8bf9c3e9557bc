#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors of single messages from docs/format.md alone: nothing here uses Bauta; what derives keys is that of
reader.py. messages.json (and its messages as .bin) is one picture from end to end; stream-message.json,
picture-message.json, record.json and capsule.json go to the format's limits; runs.json tells ids of one run. make.py FOLDER"""
import hashlib
import json
import os
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import reader

STREAM_KEY = bytes(range(32))
STREAM_ID = bytes(range(0xA0, 0xB0))


def target_key(epoch, class_, target):
    return reader.target_key(reader.epoch_key(STREAM_KEY, epoch), class_, target)


def vlq(value):
    out = bytes([value & 0x7F])
    while value > 0x7F:
        value >>= 7
        out = bytes([0x80 | value & 0x7F]) + out
    return out


def hpke_seal(recipient, ephemeral, info, aad, plain):
    enc = reader.raw(ephemeral.public_key())
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    key, nonce = reader.hpke_key(secret, enc, recipient, info)
    return enc, AESGCM(key).encrypt(nonce, plain, aad)


def key_tree():
    cases = [{"epoch": epoch, "epoch_key": reader.epoch_key(STREAM_KEY, epoch).hex(), "class": class_, "target": target,
              "target_key": target_key(epoch, class_, target).hex()}
             for epoch, class_, target in [(0, 1, 1), (1, 2, 1), (2, 3, 7), (1000, 3, 65536), (0xFFFFFFFF, 1, 0)]]
    return {"stream_key": STREAM_KEY.hex(), "cases": cases}


def envelope():
    private = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    ephemeral = X25519PrivateKey.from_private_bytes(bytes(range(33, 65)))
    public = reader.raw(private.public_key())
    enc, sealed = hpke_seal(public, ephemeral, b"bauta v1 stream key", STREAM_ID + b"\x01", STREAM_KEY)
    return {"private_key": bytes(range(1, 33)).hex(), "public_key": public.hex(),
            "ephemeral_key": bytes(range(33, 65)).hex(), "info": b"bauta v1 stream key".hex(),
            "aad": (STREAM_ID + b"\x01").hex(), "key_id": hashlib.sha256(public).digest()[:8].hex(),
            "enc": enc.hex(), "sealed": sealed.hex()}


def messages():
    e = envelope()
    epoch, picture = 5, 300
    stream = (b"\x01\x01" + STREAM_ID + struct.pack(">IQ", epoch, 1700000000123) + b"\x01\x00\x01" +
              bytes.fromhex(e["key_id"] + e["enc"] + e["sealed"]))
    regions = [(7, 1, 8, (100, 40, 24, 32)), (7, 3, 16, (80, 32, 64, 160)), (200, 3, 8, (640, 0, 40, 80))]
    head = b"\x02\x01" + STREAM_ID[:4] + struct.pack(">I", epoch) + bytes(range(16)) + vlq(picture) + vlq(len(regions))
    for target, class_, block, (x, y, w, h) in regions:
        head += vlq(target) + bytes([class_ | block // 8 << 2]) + b"".join(vlq(v // 2) for v in (x, y, w, h))
    # A key record and one that follows, of the first two regions; the third has no capsule.
    unit = b"\x67\x42\x00\x0a", b"\x65\x88\x84\x00\x33"
    packed = b"".join(vlq(len(nal)) + nal for nal in unit)
    records = [b"\x01" + vlq(0) + vlq((100 - 92) // 2) + vlq((40 - 36) // 2) + vlq(48 // 2) + vlq(48 // 2) + packed,
               b"\x00" + vlq(131) + vlq(4 // 2) + vlq(6 // 2) + vlq(3) + b"\x41\x9a\x24"]
    nonce = bytes(8) + struct.pack(">I", picture)
    capsules = [AESGCM(target_key(epoch, class_, target)).encrypt(nonce, record, STREAM_ID + head)
                for (target, class_, _, _), record in zip(regions, records)]
    message = head + b"".join(vlq(len(c)) + c for c in capsules) + vlq(0)
    return {"stream_key": STREAM_KEY.hex(), "stream_id": STREAM_ID.hex(), "epoch": epoch, "picture": picture,
            "stream_message": stream.hex(), "picture_head": head.hex(), "picture_message": message.hex(),
            "records": [r.hex() for r in records], "capsules": [c.hex() for c in capsules]}


def pattern(size, first):
    """Bytes that differ from place to place, zeros among them."""
    return bytes((first + 7 * i) % 251 for i in range(size))


def limits_of_stream_messages():
    """Times are text: not every reader of JSON has integers of 64 bits."""
    def case(stream_id, epoch, utc_ms, codec, n_envelopes):
        envelopes = [(pattern(8, i), pattern(32, 2 * i), pattern(48, 3 * i)) for i in range(n_envelopes)]
        message = (b"\x01\x01" + stream_id + struct.pack(">IQBBB", epoch, utc_ms, codec, 0, n_envelopes) +
                   b"".join(b"".join(e) for e in envelopes))
        return {"stream_id": stream_id.hex(), "epoch": epoch, "utc_ms": str(utc_ms), "object_codec": codec,
                "envelopes": [{"key_id": k.hex(), "enc": e.hex(), "sealed": s.hex()} for k, e, s in envelopes],
                "message": message.hex()}
    return {"messages": [case(STREAM_ID, 0, 0, 1, 0), case(STREAM_ID, 7, 1764000000123, 1, 2),
                         case(b"\xff" * 16, 2**32 - 1, 2**64 - 1, 2, 32)]}


def runs():
    """Section 20: three streams of one run, over the end of the numbers, and those that are of no run with them."""
    run, other = pattern(12, 40), pattern(12, 41)
    first, second, third = (bytes.fromhex(tag) + run for tag in ("fffffffe", "ffffffff", "00000000"))
    stranger, known_in_part = third[:4] + other, second[:4] + bytes(12)
    pairs = [(first, first), (first, second), (second, third), (first, third), (third, first), (third, stranger),
             (second, known_in_part), (first, known_in_part), (known_in_part, stranger)]
    return {"pairs": [{"stream_id": one.hex(), "other_id": two.hex(), "same_run": reader.same_run(one, two),
                       "later": reader.streams_later(one, two) if reader.same_run(one, two) else 0}
                      for one, two in pairs]}


def head_of(epoch, picture, regions):
    """`regions`: (target, class, block, (x, y, w, h))."""
    version = 1 if len(regions) <= 128 else 129  # wide
    head = bytes((2, version)) + STREAM_ID[:4] + struct.pack(">I", epoch) + pattern(16, 9) + vlq(picture) + vlq(len(regions))
    for target, class_, block, rect in regions:
        head += vlq(target) + bytes([class_ | block // 8 << 2]) + b"".join(vlq(v // 2) for v in rect)
    return head


def picture_message(epoch, picture, regions, capsules):
    head = head_of(epoch, picture, regions)
    return {"stream_tag": STREAM_ID[:4].hex(), "epoch": epoch, "slices_hash": pattern(16, 9).hex(), "picture": picture,
            "regions": [dict(zip(("target", "class", "block", "x", "y", "w", "h"), (t, c, b, *rect)))
                        for t, c, b, rect in regions],
            "capsules": [c.hex() for c in capsules], "head": head.hex(),
            "message": (head + b"".join(vlq(len(c)) + c for c in capsules)).hex()}


def wide_messages():
    """Section 18. `refused`: wide with 128 regions and with 513, narrow with 129."""
    def crowd(n):
        regions = [(i // 2 + 1, 2 if i % 2 else 3, 8, (2 * (i % 60), 4 * (i // 60), 4, 4)) for i in range(n)]
        return picture_message(3, 5, regions, [pattern(16 + i % 3, i) if i % 50 == 1 else b"" for i in range(n)])

    def other_version(message, version):
        return (b"\x02" + bytes((version,)) + bytes.fromhex(message["message"])[2:]).hex()
    return {"messages": [crowd(n) for n in (129, 512)],
            "refused": [other_version(crowd(n), version) for n, version in ((128, 129), (513, 129), (129, 1))]}


def limits_of_picture_messages():
    case = picture_message
    whole = (0, 3, 504, (0, 0, 16384, 16384))
    return {"messages": [
        case(0, 0, [], []),
        case(7, 127, [whole], [b""]),
        case(7, 128, [(3, 2, 24, (0, 0, 256, 2)), (300, 3, 64, (128, 30, 640, 480)), (3, 3, 8, (2, 4, 16, 16))],
             [pattern(16, 2), b"", pattern(200, 3)]),
        case(2**32 - 1, 2**32 - 1, [(2**32 - 1, 1, 0, (16382, 16382, 2, 2)), whole], [pattern(17, 1), pattern(16, 4)]),
        case(1, 2, [(t, c, 8, (2 * t, 0, 2, 2)) for t in range(64) for c in (1, 3)], [b""] * 128)]}


def limits_of_records():
    def case(key, sequence, region, window, nals):
        record = bytes([key]) + vlq(sequence) + vlq((region[0] - window[0]) // 2) + vlq((region[1] - window[1]) // 2)
        record += vlq(window[2] // 2) + vlq(window[3] // 2) if key else b""
        record += b"".join(vlq(len(nal)) + nal for nal in nals)
        return {"key": key, "sequence": sequence, "region": region, "window": window,
                "unit": b"".join(b"\x00\x00\x00\x01" + nal for nal in nals).hex(), "record": record.hex()}
    return {"records": [
        case(1, 0, (64, 32, 48, 56), (56, 28, 64, 64), [b"\x67\x64\x00\x1e", b"\x68\xeb", b"\x65" + b"\xa5" * 150]),
        case(0, 1, (66, 32, 48, 56), (58, 28, 0, 0), [b"\x41" + b"\x9a" * 20]),
        case(0, 2**32 - 1, (16382, 16382, 2, 2), (0, 0, 0, 0), [b"\x41", b"\x41\x01"]),
        case(1, 0, (0, 0, 16384, 16384), (0, 0, 16384, 16384), [b"\x65" + b"\x5a" * 1000])]}


def limits_of_capsules():
    def case(epoch, picture, class_, target, record):
        head = head_of(epoch, picture, [(target, class_, 16, (64, 32, 48, 56))])
        key, nonce, aad = target_key(epoch, class_, target), bytes(8) + struct.pack(">I", picture), STREAM_ID + head
        return {"epoch": epoch, "picture": picture, "class": class_, "target": target, "head": head.hex(),
                "target_key": key.hex(), "nonce": nonce.hex(), "aad": aad.hex(), "record": record.hex(),
                "capsule": AESGCM(key).encrypt(nonce, record, aad).hex()}
    records = [bytes.fromhex(r["record"]) for r in limits_of_records()["records"]]
    return {"stream_key": STREAM_KEY.hex(), "stream_id": STREAM_ID.hex(), "capsules": [
        case(0, 0, 3, 0, records[0]), case(7, 49, 1, 3, records[1]),
        case(2**32 - 1, 2**32 - 1, 2, 2**32 - 1, records[3]), case(1, 1, 1, 1, b"")]}


def write_binary(name, digits):
    with open(os.path.join(sys.argv[1], name + ".bin"), "wb") as file:
        file.write(bytes.fromhex(digits))


for name in ("stream_message", "picture_message"):
    write_binary(name.replace("_", "-"), messages()[name])
for name, make in (("key-tree", key_tree), ("envelope", envelope), ("messages", messages),
                   ("stream-message", limits_of_stream_messages), ("picture-message", limits_of_picture_messages),
                   ("record", limits_of_records), ("capsule", limits_of_capsules),
                   ("wide", wide_messages), ("runs", runs)):
    with open(os.path.join(sys.argv[1], name + ".json"), "w", encoding="utf-8") as file:
        json.dump(make(), file, indent=None if name == "wide" else 1)
        file.write("\n")
