#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tamper.py IN.h264 OTHER.h264 FOLDER: writes a signed stream, manipulated in one way, to FOLDER/NAME.h264 for each way.
OTHER is another recording with the same regions."""
import os
import re
import sys

UUID = bytes.fromhex("7f247eef1dcd41279769ee7067ad093e")
STREAM, PICTURE, MANIFEST = 1, 2, 3
ENVELOPE = 88
AT = 30  # the access unit that is tampered with


def split_units(data):
    return re.split(b"\x00\x00\x00?\x01", data)[1:]


def access_units(path):
    """Each a list of NAL units; a new one begins after a slice."""
    with open(path, "rb") as file:
        out, current, sliced = [], [], False
        for nal in split_units(file.read()):
            is_slice = 1 <= nal[0] & 31 <= 5
            if sliced and not is_slice:
                out.append(current)
                current, sliced = [], False
            current.append(nal)
            sliced |= is_slice
        return out + [current]


def read_message(nal):
    """The message of Bauta in an SEI NAL unit, None if it is none."""
    if nal[0] & 31 != 6 or UUID not in nal[:24 + len(nal) // 200]:
        return None
    plain = re.sub(b"\x00\x00\x03", b"\x00\x00", nal)
    at, size = 2, 0
    while plain[at] == 255:
        size, at = size + 255, at + 1
    size, at = size + plain[at], at + 1
    return plain[at + 16:at + size]


def write_message(message):
    body, size = UUID + message, 16 + len(message)
    plain = b"\x05" + b"\xff" * (size // 255) + bytes([size % 255]) + body + b"\x80"
    return b"\x06" + re.sub(b"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", plain)


def find(unit, kind):
    """The place of the unit's message of this type."""
    for i, nal in enumerate(unit):
        message = read_message(nal)
        if message and message[0] == kind:
            return i
    return None


def change(units, at, kind, how):
    """Puts how(message) in the message's place; None takes it out."""
    unit, i = list(units[at]), find(units[at], kind)
    message = how(read_message(unit[i]))
    unit[i:i + 1] = [] if message is None else [write_message(message)]
    return units[:at] + [unit] + units[at + 1:]


def read_vlq(data, at):
    value = 0
    while True:
        value, at = value << 7 | data[at] & 127, at + 1
        if data[at - 1] < 128:
            return value, at


def write_vlq(value):
    out = bytes([value & 127])
    while value > 127:
        value >>= 7
        out = bytes([value & 127 | 128]) + out
    return out


def parse_picture(message):
    """The head, and the capsules."""
    _, at = read_vlq(message, 26)
    n, at = read_vlq(message, at)
    for _ in range(n):
        _, at = read_vlq(message, at)
        at += 1
        for _ in range(4):
            _, at = read_vlq(message, at)
    head, capsules = message[:at], []
    for _ in range(n):
        size, at = read_vlq(message, at)
        capsules.append(message[at:at + size])
        at += size
    return head, capsules


def picture_of(units, at):
    return parse_picture(read_message(units[at][find(units[at], PICTURE)]))


def with_capsule(message, capsule):
    head, capsules = parse_picture(message)
    return head + b"".join(write_vlq(len(c)) + c for c in [capsule] + capsules[1:])


def edited(units):
    unit = list(units[AT])
    middle = len(unit[-1]) // 2
    unit[-1] = unit[-1][:middle] + bytes([unit[-1][middle] ^ 0x10]) + unit[-1][middle + 1:]
    return units[:AT] + [unit] + units[AT + 1:]


def flip_in_head(message):
    at = len(parse_picture(message)[0]) - 1  # the height of the last region
    return message[:at] + bytes([message[at] ^ 1]) + message[at + 1:]


def forged(epoch, foreign):
    """Pictures of another recording behind the head of an epoch, which anybody can read."""
    units = [[nal for nal in unit if read_message(nal) is None] for unit in foreign[:8]]
    head = epoch[0][find(epoch[0], STREAM)]
    return [units[0][:-1] + [head] + units[0][-1:]] + units[1:]


def main():
    source, other, folder = sys.argv[1:]
    units, foreign = access_units(source), access_units(other)
    starts = [i for i, unit in enumerate(units) if find(unit, STREAM) is not None] + [len(units)]
    epochs = [units[a:b] for a, b in zip(starts, starts[1:])]
    join = lambda parts: [unit for part in parts for unit in part]
    signed = max(i for i in range(starts[3], starts[4]) if find(units[i], MANIFEST) is not None)
    message = read_message(units[AT + 1][find(units[AT + 1], PICTURE)])
    ways = {
        "untouched": units,
        "picture_edited": edited(units),
        "picture_removed": units[:AT] + units[AT + 1:],
        "epoch_removed": join(epochs[:2] + epochs[3:]),
        "epochs_swapped": join(epochs[:2] + [epochs[3], epochs[2]] + epochs[4:]),
        "epoch_doubled": join(epochs[:3] + epochs[2:]),
        "capsule_removed": change(units, AT, PICTURE, lambda m: with_capsule(m, b"")),
        "capsule_moved": change(units, AT, PICTURE, lambda m: with_capsule(m, picture_of(units, AT + 1)[1][0])),
        "capsule_of_another_file": change(units, AT, PICTURE, lambda m: with_capsule(m, picture_of(foreign, AT)[1][0])),
        "message_of_another_picture": change(units, AT, PICTURE, lambda m: message),
        "message_removed": change(units, AT, PICTURE, lambda m: None),
        "header_bit_flipped": change(units, AT, PICTURE, flip_in_head),
        "time_changed": change(units, starts[2], STREAM, lambda m: m[:28] + bytes([m[28] ^ 1]) + m[29:]),
        "recipients_changed": change(units, starts[2], STREAM, lambda m: m[:32] + bytes([m[32] - 1]) + m[33:-ENVELOPE]),
        "signature_removed": change(units, signed, MANIFEST, lambda m: None),
        "signature_altered": change(units, signed, MANIFEST, lambda m: m[:-1] + bytes([m[-1] ^ 1])),
        "tail_cut": join(epochs[:-1]),
        "tail_cut_in_an_epoch": units[:-5],
        "tail_forged": join(epochs[:-1]) + forged(epochs[-1], foreign),
        "head_cut": join(epochs[1:]),
        "stripped": [[nal for nal in unit if read_message(nal) is None] for unit in units],
    }
    for name, changed in ways.items():
        with open(os.path.join(folder, name + ".h264"), "wb") as file:
            file.write(b"".join(b"\x00\x00\x00\x01" + nal for unit in changed for nal in unit))


if __name__ == "__main__":
    main()
