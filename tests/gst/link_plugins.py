#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""link_plugins.py FOLDER LIST SYSTEM_FOLDER: makes FOLDER hold links to those GStreamer plugins of SYSTEM_FOLDER that LIST
names, one a line, and nothing else. Tests find these plugins only, whatever else a machine has: GStreamer loads every
plugin that it finds when it makes its registry, some of them load further libraries, and some of those leak.
A plugin that is not installed is left out; the test that needs it names the element."""
import os
import sys

folder, list_path, system = sys.argv[1:]
with open(list_path, encoding="ascii") as lines:
    files = [f"libgst{name}.so" for name in lines.read().split()]
os.makedirs(folder, exist_ok=True)
for name in os.listdir(folder):
    os.unlink(os.path.join(folder, name))
for name in files:
    if os.path.exists(os.path.join(system, name)):
        os.symlink(os.path.join(system, name), os.path.join(folder, name))
