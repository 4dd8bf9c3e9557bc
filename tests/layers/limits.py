#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Limits that stand in C and again in the player are the same number; TAP output.

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
# A control: another number, or none, is found.
header, script = "#define BT_A (4 << 20) /* so */\n", "const A = 5 << 20;\n"
good &= check("a_limit_that_parts_is_found", (value_in_c(header, "BT_A"), value_in_ts(script, "A")) == (4 << 20, 5 << 20)
              and value_in_c(header, "BT_B") is None and value_in_ts("const A = b;", "A") is None)
print(f"1..{number}")
sys.exit(not good)
