#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Originals in places where nobody looks for them.

carriers.py hide SIGNED.h264 FOLDER: writes the stream to FOLDER/NAME.h264 with a picture's message somewhere else, too.
carriers.py back ERASED.h264 SIGNED.h264 FOLDER: puts into an erased stream what was erased, in one way each.
carriers.py left FILE SIGNED.h264 [TARGET...]: ends with 0 if no part of a capsule, of these targets or of all, is in FILE."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "vectors")]
sys.dont_write_bytecode = True
import reader  # noqa: E402, beside this file
from tamper import AT, PICTURE, STREAM, UUID, access_units, change, find, read_message, write_message  # noqa: E402

WINDOW = 16  # bytes of a capsule that cannot be there by chance


def write(folder, ways):
    for name, units in ways.items():
        with open(os.path.join(folder, name + ".h264"), "wb") as file:
            file.write(b"".join(b"\x00\x00\x00\x01" + nal for unit in units for nal in unit))


def beside(units, at, nal):
    """The unit with one more NAL unit before its slice."""
    return units[:at] + [units[at][:-1] + [nal, units[at][-1]]] + units[at + 1:]


def filler(message):
    return b"\x0c" + re.sub(b"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", UUID + message + b"\x80")


def cut_short(message):
    nal = write_message(message)
    return nal[:len(nal) * 2 // 3]


def places(units, message):
    """All ways to have this message in the stream beside what its pictures own."""
    return {
        "twice_in_its_unit": beside(units, AT, write_message(message)),
        "in_another_picture_s_unit": beside(units, AT + 1, write_message(message)),
        "in_another_epoch": beside(units, 5, write_message(message)),
        "of_an_unknown_version": beside(units, AT, write_message(message[:1] + b"\x02" + message[2:])),
        "of_an_unknown_type": beside(units, AT, write_message(b"\x09" + message[1:])),
        "as_a_manifest": beside(units, AT, write_message(b"\x03" + message[1:])),
        "as_an_amendment": beside(units, AT, write_message(b"\x04" + message[1:])),
        "cut_short": beside(units, AT, cut_short(message)),
        "in_filler": beside(units, AT, filler(message)),
        "many_times": units[:AT] + [units[AT][:-1] + [write_message(message)] * 80 + units[AT][-1:]] + units[AT + 1:],
    }


def hide(source, folder):
    units = access_units(source)
    starts = [i for i, unit in enumerate(units) if find(unit, STREAM) is not None]
    ways = places(units, read_message(units[AT][find(units[AT], PICTURE)]))
    ways["a_head_missing"] = change(units, starts[1], STREAM, lambda m: None)
    ways["all_heads_missing"] = [[nal for nal in unit if (read_message(nal) or b"\0")[0] != STREAM] for unit in units]
    own = find(units[AT], PICTURE)
    many = [write_message(b"\x04\x01" + bytes([i]) * 20) for i in range(100)]  # that nobody can read
    ways["behind_many_others"] = units[:AT] + [units[AT][:own] + many + units[AT][own:]] + units[AT + 1:]
    ways["its_own_of_an_unknown_version"] = change(units, AT, PICTURE, lambda m: m[:1] + b"\x02" + m[2:])
    write(folder, ways)


def back(erased, source, folder):
    units, signed = access_units(erased), access_units(source)
    message = read_message(signed[AT][find(signed[AT], PICTURE)])
    ways = places(units, message)
    ways["where_it_was"] = change(units, AT, PICTURE, lambda m: message)
    write(folder, ways)


def left(path, source, targets):
    with open(path, "rb") as file:
        data = file.read().replace(b"\x00\x00\x03", b"\x00\x00")
    there = {data[i:i + WINDOW] for i in range(len(data) - WINDOW + 1)}
    for unit in access_units(source):
        for region in reader.parse_picture(read_message(unit[find(unit, PICTURE)]))["regions"]:
            capsule = region["capsule"].replace(b"\x00\x00\x03", b"\x00\x00")
            parts = (capsule[i:i + WINDOW] for i in range(0, len(capsule) - WINDOW + 1, WINDOW))
            if (not targets or region["target"] in targets) and any(part in there for part in parts):
                sys.exit(f"an original of target {region['target']} is in {path}")


if sys.argv[1] == "hide":
    hide(*sys.argv[2:])
elif sys.argv[1] == "back":
    back(*sys.argv[2:])
else:
    left(sys.argv[2], sys.argv[3], [int(target) for target in sys.argv[4:]])
