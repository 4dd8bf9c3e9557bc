#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flip.py FILE: changes a bit in its middle."""
import sys

with open(sys.argv[1], "r+b") as file:
    data = file.read()
    at = len(data) // 2
    file.seek(at)
    file.write(bytes([data[at] ^ 1]))
