#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ranges and defaults that people read are those of the library's table: docs/live.md, --help, gst-inspect; as TAP.

usage: settings_docs.py BUILD_FOLDER SOURCE_ROOT
"""
import os
import re
import subprocess
import sys

BUILD, ROOT = sys.argv[1:]
DOOR = os.path.join(BUILD, "tests/live/settings")
ENVIRONMENT = dict(os.environ, GST_PLUGIN_PATH=f"{BUILD}/gst", GST_REGISTRY=f"{BUILD}/tests/live/registry.bin")
OPTIONS = {"epoch": "gop", "longest-gap": None, "detector-threads": None, "recovery-qp": None}
KEYS = {"crf": "quality", "recovery-crf": None}
NO_PROPERTY = ("crf", "recovery-crf")
count, failed = 0, 0


def check(name, got, want):
    global count, failed
    count += 1
    failed += got != want
    print(f"{'ok' if got == want else 'not ok'} {count} - {name}")
    if got != want:
        print(f"# {got!r}, not {want!r}")


def run(*words):
    return subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout


def text(number):
    return f"{float(number):.10g}"


def read_table():
    """Rows by name and whether of pictures: those of a name with more than one row are lists."""
    rows = {}
    for line in run(DOOR).splitlines():
        _, name, unit, *numbers, _ = line.split()
        least, most, standard, live = map(float, numbers)
        here = 1000 if unit == "1" and name != "rotate" else 1
        rows.setdefault(name, []).append({"range": (text(least), text(most)), "default": text(standard),
                                          "here": (text(least * here), text(most * here)),
                                          "live": text(live * here)})
    return rows


def doc_rows():
    """The table of docs/live.md: what stands here, and on the command line, by name."""
    part = open(f"{ROOT}/docs/live.md", encoding="utf-8").read().split("### Numbers")[1].split("\n## ")[0]
    here, there = {}, {}
    for line in re.findall(r"^\| (.*) \|$", part, re.M)[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 8:
            continue
        for key in re.findall(r"`([a-z-]+)`", cells[0]):
            here[key] = cells[1:4]
        for key in re.findall(r"`--([a-z-]+)`", cells[4]):
            there[key] = cells[5:8]
    return here, there


def help_ranges():
    """`(LEAST to MOST; default D)` of each option of the commands that have numbers."""
    found = {}
    for command in ("protect", "recover", "export", "detect"):
        lines = run(f"{BUILD}/bauta", command, "--help").replace("\n" + " " * 29, " ")
        for option, words in re.findall(r"^  --([a-z-]+)(.*)$", lines, re.M):
            found.setdefault(option, words)
    return found


table, (here, there), helps = read_table(), doc_rows(), help_ranges()
properties = {}
for line in run(DOOR, "properties").splitlines():
    name, default, blurb = line.split(" ", 2)
    properties[name] = (default, blurb)
keys, options, own = set(), set(), set()
for name, rows in table.items():
    live, file = rows[-1 if name == "lookahead" else 0], rows[0]
    key, option = KEYS.get(name, name), OPTIONS.get(name, name)
    if key:
        keys.add(key)
        check(f"docs/live.md tells {key}", here.get(key), [*live["here"], live["live"]])
    if option:
        options.add(option)
        check(f"docs/live.md tells --{option}", there.get(option, [])[:2], list(file["range"]))
        check(f"--help tells what --{option} may be", f"({file['range'][0]} to {file['range'][1]}" in
              helps.get(option, ""), True)
        if name not in ("lookahead", "recovery-crf", "crf"):
            check(f"docs/live.md tells the default of --{option}", there[option][2], file["default"])
            check(f"--help tells the default of --{option}", f"; default {file['default']})" in helps[option], True)
            check(f"--help tells no other default of --{option}", helps[option].count("default"), 1)
    if name not in NO_PROPERTY:
        own.add(name)
        check(f"bautaprotect has the default of {name}", properties[name][0], live["live"])
        check(f"gst-inspect tells what {name} may be",
              properties[name][1].endswith(f"({live['here'][0]} to {live['here'][1]})"), True)
example = dict(re.findall(r"^#? ?([a-z-]+) = (\S+)$", open(f"{ROOT}/apps/live/bauta-live.conf", encoding="utf-8").read(), re.M))
for key in sorted(set(example) & keys):
    check(f"bauta-live.conf shows the default of {key}", example[key], here[key][2])
check("docs/live.md tells sub-recovery-qp", here.get("sub-recovery-qp"), here["recovery-qp"])
keys.add("sub-recovery-qp")
standards = [row["default"] for row in table["crf"]]
check("docs/live.md tells the defaults of --crf", re.findall(r"\d[\d.]*", there["crf"][2].replace("H.265", "")),
      standards)
check("--help tells the defaults of --crf", "default: protect {}, h265 {}; recover, export {})".format(*standards)
      in helps["crf"], True)
check("docs/live.md tells of no others here", set(here), keys)
check("docs/live.md tells of no other options", set(there), options)
check("bautaprotect has no numbers but the table's", set(properties), own)
print(f"1..{count}")
sys.exit(failed > 0)
