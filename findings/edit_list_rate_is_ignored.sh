#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12): an edit list whose one entry has the media rate 0.5 (ISO/IEC 14496-12, 8.6.6: half speed) is read
# without a word, at full speed: times, durations and pictures are those of rate 1. Whoever remuxes such a file has a file
# that plays at another speed than the one before by the standard, and no tool on the way has said so.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

ff -f lavfi -i testsrc2=s=160x96:r=10:d=3 -c:v libx264 -bf 0 whole.mp4
# elst: tag, version and flags, n, duration, media time, rate 16.16
at=$(LC_ALL=C grep -abo elst whole.mp4 | head -n 1 | cut -d : -f 1)
cp whole.mp4 slow.mp4
printf '\000\000\200\000' | dd of=slow.mp4 bs=1 seek=$((at + 20)) conv=notrunc 2>/dev/null
rate() { od -An -v -tu1 -j $((at + 20)) -N 4 "$1" | tr -s ' ' | sed 's/^ //'; }
seen "the rate, as muxed" "0 1 0 0" "$(rate whole.mp4)"
seen "the rate, changed" "0 0 128 0" "$(rate slow.mp4)"
told() { ffprobe -v warning -show_entries packet=pts_time,duration_time:format=duration -of csv=p=0 "$1" 2>&1 | md5sum; }
seen "times, durations and warnings of both are the same" "$(told whole.mp4)" "$(told slow.mp4)"
