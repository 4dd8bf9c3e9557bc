#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""attack.py RESULTS.jsonl CURVES.dat: prints what bench_attack found as a table, and writes curves for attack.gp."""
import json
import sys

COLUMNS = ("plain", "masked", "pixels", "averaged_plain", "averaged_masked", "found")
CURVES = ("means", "mosaic", "noise")

with open(sys.argv[1], encoding="utf-8") as lines:
    head, *rows = map(json.loads, lines)
print(f"{head['people']} people, {head['pictures']} pictures, chance {head['chance']:.3f}, people found in "
      f"{head['detected']}\n")
print(f"{'':22}{'blocks':>7}{'gallery':>9}{'gallery masked':>18}{'averaged, gallery':>20}{'face':>9}")
print(f"{'':22}{'':7}{'plain':>9}{'network':>9}{'pixels':>9}{'plain':>11}{'masked':>9}{'found':>9}")
for row in rows:
    plain, masked, pixels, averaged_plain, averaged_masked, found = (row[c] for c in COLUMNS)
    print(f"{row['way']:22}{row['blocks'] or '':>7}{plain:9.3f}{masked:9.3f}{pixels:9.3f}{averaged_plain:11.3f}"
          f"{averaged_masked:9.3f}{found:9.3f}")
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for way in CURVES:
        out.write(f'"{way}"\n')
        for row in rows:
            if row["way"] == way:
                worst = max(row[c] for c in COLUMNS[:-1])
                out.write(f"{row['blocks']} {row['plain']} {worst}\n")
        out.write("\n\n")
