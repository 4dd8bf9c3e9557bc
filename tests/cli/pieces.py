#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pieces.py IN.h264 OUT.h264 FROM:TO...: these access units of a stream, before them its parameter sets."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from tamper import access_units  # noqa: E402, beside this file

units = access_units(sys.argv[1])
out = [nal for nal in units[0] if nal[0] & 31 in (7, 8)]
for piece in sys.argv[3:]:
    first, last = map(int, piece.split(":"))
    out += [nal for unit in units[first:last] for nal in unit]
with open(sys.argv[2], "wb") as file:
    file.write(b"".join(b"\x00\x00\x00\x01" + nal for nal in out))
