#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent verifier of whole, untouched recordings, written from docs/format.md's section 15 alone; its cryptography is
python3-cryptography's. It shows that the text suffices: verifier.py SIGNER.pem STREAM.h264|STREAM.h265 ends with 0, and a line
of what it saw, if every access unit, stream message and parameter set is as signed and the chain is whole."""
import hashlib
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key  # noqa: E402
from reader import Bytes, nal_units, need, parse_picture, sei_messages  # noqa: E402, beside this file


def digest(data):
    return hashlib.sha256(data).digest()[:16]


def access_units(stream, h264):
    """In decoding order: slices, parameter sets and messages; a new one begins after a slice."""
    header, unit, sliced = (1 if h264 else 2), None, True
    for nal in nal_units(stream):
        kind = nal[0] & 31 if h264 else nal[0] >> 1 & 63
        is_slice = kind in (1, 2, 3, 4, 5, 14, 20) if h264 else kind < 32
        begins = sliced and (not is_slice or nal[header] & 0x80)  # or at a picture's first block
        if unit is None or begins:
            if unit is not None:
                yield unit
            unit, sliced = {"slices": [], "parameters": [], "messages": {1: [], 2: [], 3: [], 4: []}}, False
        if is_slice:
            unit["slices"].append(nal)
            sliced = True
        elif kind in ((7, 8, 13, 15) if h264 else (32, 33, 34)):
            unit["parameters"].append(nal)
        elif kind == (6 if h264 else 39):
            for message in sei_messages(nal, header):
                unit["messages"][message[0]].append(message)
    yield unit


def entry(unit):
    """Slices hash and recovery digest."""
    slices = digest(b"".join(struct.pack(">I", len(s)) + s for s in unit["slices"]))
    picture = parse_picture(unit["messages"][2][0])
    capsules = (digest(r["capsule"]) if r["capsule"] else bytes(16) for r in picture["regions"])
    return slices + digest(picture["head"] + b"".join(capsules))


def parse_manifest(message):
    r = Bytes(message)
    version = r.take(2)
    need(version in (b"\x03\x01", b"\x03\x81"), "not a manifest")
    m = {"stream": r.take(16), "epoch": struct.unpack(">I", r.take(4))[0], "flags": r.u8(), "previous": r.take(32),
         "head": r.take(16), "recipients": r.take(16), "parameters": r.take(16), "signer": r.take(8)}
    m["units"] = [r.take(32) for _ in range(r.vlq())]
    if version[1] == 0x81:  # section 19
        start = struct.unpack(">q", r.take(8))[0]
        m["times"] = [start + r.vlq() for _ in m["units"]]
    m["signed"], m["signature"] = message[:r.at], r.take(64)
    need(r.ended() and m["flags"] < 4, "bytes left over, or unknown flags")
    return m


def check_epoch(units, m, key, previous):
    stream = units[0]["messages"][1][0]
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    need(m["signer"] == hashlib.sha256(raw).digest()[:8], "another signer")
    key.verify(m["signature"], b"bauta v1 manifest" + m["signed"])
    need(m["previous"] == previous, "the chain")
    need((m["stream"], struct.pack(">I", m["epoch"])) == (stream[2:18], stream[18:22]), "another epoch's manifest")
    need((m["head"], m["recipients"]) == (digest(stream[:32]), digest(stream[32:])), "the stream message")
    sets = sorted({digest(p) for unit in units for p in unit["parameters"]})
    need(not m["flags"] & 2 or m["parameters"] == digest(b"".join(sets)), "the parameter sets")
    need(m["units"] == [entry(unit) for unit in units], "the access units")


def main():
    with open(sys.argv[1], "rb") as file:
        key = load_pem_public_key(file.read())
    with open(sys.argv[2], "rb") as file:
        stream = file.read()
    epochs, manifests, previous = [], [], bytes(32)
    for unit in access_units(stream, sys.argv[2].endswith(".h264")):
        if unit["messages"][1]:
            epochs.append([])
        epochs[-1].append(unit)
        manifests += unit["messages"][3]
    need(len(manifests) == len(epochs), "an epoch without a manifest")
    for units, message in zip(epochs, manifests):
        manifest = parse_manifest(message)
        check_epoch(units, manifest, key, previous)
        previous = hashlib.sha256(message).digest()
    need(manifest["flags"] & 1, "the end is missing")
    print(f"{sum(map(len, epochs))} access units in {len(epochs)} epochs are as signed")


main()
