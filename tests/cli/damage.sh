#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files damaged at random, in every container: each is read to its end or refused, and no region ever shows other
# pixels than its own. usage: damage.sh BAUTA_PROGRAM DAMAGE_PROGRAM [FILES]     FILES of each kind, 15 if not told
. "$(dirname "$0")/lib.sh"
need_demo_clip
DAMAGE=$2 files=${3:-15}

ff -i "$CLIP" -t 1.6 -an -vf scale=384:288 -c:v ffv1 clip.mkv
awk 'BEGIN { for (i = 0; i < 16; i++) printf "{\"picture\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":%d,\"y\":74,\"w\":22,\"h\":46},{\"target\":1,\"class\":\"head\",\"x\":%d,\"y\":74,\"w\":12,\"h\":12}," \
    "{\"target\":2,\"class\":\"body\",\"x\":%d,\"y\":80,\"w\":26,\"h\":56}]}\n", i, 200 + 3 * i, 205 + 3 * i, 250 - 3 * i }' >regions.jsonl
bauta key new own --no-passphrase
protect() { bauta protect --gop 0.8 --recipient own.pub --regions regions.jsonl "$@"; }

try() { # try KEY FILE NAME
    "$DAMAGE" "$1" "$2" "$files" >counts.txt 2>log.txt
    ok $? "$3_$files"
    sed 's/^/# /' counts.txt
}

for stream in "$HERE"/../vectors/streams/*.h26?; do
    try - "$stream" "damaged_vector_$(basename "$stream" | tr . _)"
done
for out in a.mp4 a.mkv a.ts a.h264; do
    protect clip.mkv $out
    try own.key $out "damaged_${out#a.}"
done
ff -i a.mp4 -c copy -movflags frag_keyframe+empty_moov fragmented.mp4
try own.key fragmented.mp4 damaged_fragmented_mp4
for out in b.mp4 b.mkv b.ts; do
    protect --codec h265 --object-codec h265 --preset ultrafast clip.mkv $out
    try own.key $out "damaged_h265_${out#b.}"
done
protect --recovery lossless --encoder-options slices=4 clip.mkv c.mkv
try own.key c.mkv damaged_lossless_mkv
done_testing
