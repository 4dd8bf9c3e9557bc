#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Limits that stand in C and again in the player are the same number, and so are numbers of documents; TAP output.

usage: limits.py SOURCE_ROOT
"""
import os
import re
import sys

ROOT = sys.argv[1]
PAIRS = [  # C file, name, TypeScript file, name
    ("src/crypto/key_cost.h", "BT_PBKDF2_MOST", "player/crypto/key_cost.ts", "MOST_ITERATIONS"),
    ("src/crypto/key_cost.h", "BT_SCRYPT_MEMORY_MOST", "player/crypto/key_cost.ts", "MOST_SCRYPT_MEMORY"),
    ("src/crypto/key_cost.h", "BT_SCRYPT_P_MOST", "player/crypto/key_cost.ts", "MOST_SCRYPT_P"),
    ("src/crypto/key_cost.h", "BT_SCRYPT_WORK_MOST", "player/crypto/key_cost.ts", "MOST_SCRYPT_WORK"),
    ("src/base/limits.h", "BT_MAX_COVER", "player/engine/opener.ts", "MOST_COVERED"),
    ("src/base/limits.h", "BT_MAX_OPENED", "player/engine/opener.ts", "MOST_OPENED"),
    ("src/base/limits.h", "BT_LEAST_OPENED", "player/engine/opener.ts", "LEAST_OPENED"),
    ("src/base/limits.h", "BT_MAX_OBJECT_SIZE", "player/format/record.ts", "MAX_UNIT_BYTES"),
    ("src/base/limits.h", "BT_MAX_REGIONS", "player/format/messages.ts", "MAX_WIDE"),
    ("src/recovery/wire.h", "BT_MAX_NARROW_REGIONS", "player/format/messages.ts", "MAX_NARROW"),
    ("include/bauta/target.h", "BAUTA_TARGET_AREA", "player/page/words.ts", "FIRST_WINDOW"),
]
# Document, pattern, source file, pattern: each gives numbers, and all of them are the same.
NUMBER = r"(\d+(?:\.\d+)?)"
DETECTION, DETECTOR, TRACKER, SETTING = "docs/detection.md", "src/detect/detector.c", "src/track/tracker.c", "src/base/setting.c"
TOLD = [
    (DETECTION, rf"weak ones, down to {NUMBER}", DETECTOR, rf"\.weak_body = {NUMBER}f"),
    (DETECTION, rf"\| body, weaker: from {NUMBER}", DETECTOR, rf"\.weak_body = {NUMBER}f"),
    (DETECTION, rf"\| face, in a head area \| {NUMBER}", DETECTOR, rf"\.crop_face = {NUMBER}f"),
    (DETECTION, rf"\| sure face \| {NUMBER}", DETECTOR, rf"\.sure_face = {NUMBER}f"),
    (DETECTION, rf"Strong detections \((?:from )?{NUMBER}", TRACKER, rf"\.strong = {NUMBER}f"),
    (DETECTION, rf"\| body, to begin a track \| {NUMBER}", TRACKER, rf"\.begin = {NUMBER}f"),
    (DETECTION, rf"seen clearly \({NUMBER}\)", TRACKER, rf"\.sure = {NUMBER}f"),
    (DETECTION, rf"never \w+ with {NUMBER}", TRACKER, rf"\.still = {NUMBER}f"),
    (DETECTION, rf"\| body, to have its head area looked at \| {NUMBER}", SETTING, rf'"body-score", NONE, \S+ \S+ {NUMBER}'),
    (DETECTION, rf"\| face, whole picture \| {NUMBER}", SETTING, rf'"face-score", NONE, \S+ \S+ {NUMBER}'),
    (DETECTION, rf"Masks stay for {NUMBER} s", SETTING, rf'"hold", SECONDS, \S+ \S+ {NUMBER}'),
]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as text:
        return text.read()


def evaluate(expression):
    """A product, shift or power of whole numbers; None: it is something else."""
    plain = re.sub(r"UINT64_C\((\w+)\)", r"\1", expression)
    plain = re.sub(r"\b(0[xX][0-9a-fA-F]+|\d[\d_]*)[uUlL]*\b", lambda m: str(int(m[1].replace("_", ""), 0)), plain)
    return eval(plain) if re.fullmatch(r"[\d\s()*<]+", plain) else None  # digits and operators only


def value_in_c(text, name):
    found = re.search(rf"^#define {name}\s+(.*?)\s*(/\*.*)?$", text, re.M)
    return evaluate(found[1]) if found else None


def value_in_ts(text, name):
    found = re.search(rf"^(?:export )?const {name} = ([^;]*);", text, re.M)
    return evaluate(found[1]) if found else None


def numbers_in(text, pattern):
    """What is found, over the ends of lines too."""
    return {float(found) for found in re.findall(pattern, " ".join(text.split()))}


def told_right(document, pattern, source, source_pattern):
    here, there = numbers_in(document, pattern), numbers_in(source, source_pattern)
    return len(there) == 1 and here == there


number = 0


def check(name, good, why=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not good:
        print(f"# {why}")
    return good


good = True
for c_file, c_name, ts_file, ts_name in PAIRS:
    here, there = value_in_c(read(c_file), c_name), value_in_ts(read(ts_file), ts_name)
    good &= check(f"{c_name} is {ts_name}", here is not None and here == there,
                  f"{c_file} has {here}, {ts_file} has {there}")
for document, pattern, source, source_pattern in TOLD:
    here, there = numbers_in(read(document), pattern), numbers_in(read(source), source_pattern)
    name = re.search(r"[a-z][\w-]+", source_pattern)[0]
    good &= check(f"{document} has the {name} of {source}", told_right(read(document), pattern, read(source), source_pattern),
                  f"{document} has {sorted(here)}, {source} has {sorted(there)}")
# A control: another number, or none, is found.
header, script = "#define BT_A (4 << 20) /* so */\n", "const A = 5 << 20;\n"
good &= check("a_limit_that_parts_is_found", (value_in_c(header, "BT_A"), value_in_ts(script, "A")) == (4 << 20, 5 << 20)
              and value_in_c(header, "BT_B") is None and value_in_ts("const A = b;", "A") is None)
rows = ("down\nto 0.1, and down to 0.10", rf"down to {NUMBER}"), (".weak = 0.1f", rf"\.weak = {NUMBER}f")
good &= check("a_number_of_a_document_that_parts_is_found", told_right(*rows[0], *rows[1])
              and not told_right(rows[0][0] + " down to 0.2", rows[0][1], *rows[1])
              and not told_right("", rows[0][1], *rows[1]) and not told_right(*rows[0], "", rows[1][1]))
print(f"1..{number}")
sys.exit(not good)
