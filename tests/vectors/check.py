#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every vector of this folder is what make.py makes of the format's text; TAP output."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def main():
    try:
        import cryptography  # noqa: F401
    except ImportError:
        print("1..0 # SKIP there is no python3-cryptography")
        return 0
    others = ("streams.json", "key_files.json")  # made by bauta and by other programs
    names = sorted(name for name in os.listdir(HERE) if name.endswith((".json", ".bin")) and name not in others)
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, os.path.join(HERE, "make.py"), made], check=True)
        print(f"1..{len(names) + 1}")
        same = [name in os.listdir(made) and read(made, name) == read(HERE, name) for name in names]
        same.append(sorted(os.listdir(made)) == names)
    for number, (name, good) in enumerate(zip([*names, "nothing is missing and nothing else"], same), 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
