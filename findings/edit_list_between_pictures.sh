#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12): `-ss T -c copy` into MP4 with T between two pictures writes an edit list that begins at T. Its
# own demuxer then moves the whole track so that the first shown picture has time 0, though by the edit list it comes
# later. Whoever reads the edit list itself (Mediabunny does) counts from another 0 than FFmpeg, and browsers that demux
# with it.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

# A picture each 0.1 s, one group of 5 s; cut at 1.35 s, between the pictures of 1.3 s and 1.4 s.
ff -f lavfi -i testsrc2=s=160x96:r=10:d=5 -c:v libx264 -bf 0 -g 50 whole.mp4
ff -ss 1.35 -i whole.mp4 -c copy cut.mp4

# The edit list, from the bytes: version 0, one entry of duration, media time, rate; and the media's time scale.
read -r scale media_time <<EOF
$(od -An -v -tu1 -w1 cut.mp4 | awk '
    { b[NR] = $1 }
    function u32(i) { return ((b[i] * 256 + b[i + 1]) * 256 + b[i + 2]) * 256 + b[i + 3] }
    function is(i, s) { return b[i] == ord[substr(s, 1, 1)] && b[i + 1] == ord[substr(s, 2, 1)] && b[i + 2] == ord[substr(s, 3, 1)] && b[i + 3] == ord[substr(s, 4, 1)] }
    END {
        for (i = 32; i < 127; i++) ord[sprintf("%c", i)] = i
        for (i = 1; i < NR - 24; i++) {
            if (is(i, "elst")) t = u32(i + 16)
            if (is(i, "mdhd")) s = u32(i + 16)
        }
        print s, t
    }')
EOF
seen "the edit begins in the media at, in ms" 1350 "$((media_time * 1000 / scale))"
seen "pictures in the file" 50 "$(ffprobe -v error -select_streams v -show_entries packet=pts -of csv=p=0 cut.mp4 | wc -l)"
seen "of them marked to be discarded" 14 "$(ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 cut.mp4 | grep -c D)"
# The first that is shown stood at 1.4 s, 50 ms behind the edit's start.
seen "the first shown picture is given the time" 0.000000 \
    "$(ffprobe -v error -select_streams v -show_entries frame=pts_time -of csv=p=0 cut.mp4 | head -n 1 | tr -d ,)"
