#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""units.py lost|doubled|swapped IN.h264 OUT.h264: NAL units 15 and 16 of every 50, SEI and slices alike, are left out, written
twice, or change places."""
import re
import sys

what, source, target = sys.argv[1:]
with open(source, "rb") as file:
    units = re.split(b"\x00\x00\x00?\x01", file.read())[1:]
out = []
for start in range(0, len(units), 50):
    part = units[start:start + 50]
    pair = part[15:17]
    changed = {"lost": [], "doubled": pair + pair, "swapped": pair[::-1]}[what]
    out += part[:15] + changed + part[17:]
with open(target, "wb") as file:
    file.write(b"".join(b"\x00\x00\x00\x01" + unit for unit in out))
