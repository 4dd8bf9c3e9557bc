#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole story on a real clip with real models: find, hide, keep, carry, show.
. "$(dirname "$0")/lib.sh"
small_clip 4

expect 0 protects_a_real_clip protect --recipient own.pub --report report.jsonl clip.avi masked.mp4
[ "$(wc -l <report.jsonl)" -eq 40 ]
ok $? reports_every_picture
grep -q '"class":"body"' report.jsonl && grep -q '"source":"detected"' report.jsonl
ok $? finds_people
ffmpeg -nostdin -v warning -i masked.mp4 -f null - >log.txt 2>&1 && [ ! -s log.txt ]
ok $? plays_without_a_warning
[ "$(pictures masked.mp4)" = 40 ]
ok $? keeps_every_picture
expect 0 recovers_with_the_key recover --key own.key masked.mp4 recovered.mp4
[ "$(pictures recovered.mp4)" = 40 ]
ok $? recovers_every_picture

expect 3 denies_a_stranger_key recover --key other.key masked.mp4 denied.mp4
absent denied.mp4 a_denied_recovery_writes_nothing
expect 0 inspects_without_a_key inspect --json masked.mp4
/usr/bin/python3 -c 'import json; j = json.load(open("out.txt")); assert j["protected_pictures"] == 40 and j["epochs"] == 2 and j["targets"] and j["recovery_bytes"] < j["stream_bytes"] and len(j["recipients"]) == 1' 2>log.txt
ok $? tells_pictures_epochs_targets_and_bytes
expect 0 detects_as_mot_rows detect --mot clip.avi
awk -F, 'NF != 10 || $1 < 1 || $1 > 40 { bad = 1 } END { exit bad || NR < 40 }' out.txt
ok $? mot_rows_have_ten_columns
expect 0 detects_as_json_lines detect --json clip.avi
[ "$(wc -l <out.txt)" -eq 40 ]
ok $? one_line_for_each_picture

# Recovered regions are as good as a plain encode, less half a decibel (measured more closely in bench/).
ff -i clip.avi -c:v libx264 -preset veryfast -crf 23 -g 20 -keyint_min 20 -sc_threshold 0 plain.mp4
bauta recover --lossless --key own.key masked.mp4 exact.mkv
/usr/bin/python3 "$HERE/region_psnr.py" report.jsonl clip.avi plain.mp4 exact.mkv masked.mp4 >log.txt 2>&1
ok $? recovered_regions_match_a_plain_encode_and_masked_ones_do_not
done_testing
