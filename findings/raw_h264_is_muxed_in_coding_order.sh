#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12): a raw H.264 stream with B-pictures, put into MP4 by `-c copy`, is timed in the order in which its
# pictures are coded: each has its time of decoding as its time of presentation, and the first two are marked as hidden by
# the edit list. The stream tells the right order (decoded from the raw file, no picture is out of place). Into Matroska the
# same stream does not go at all, for want of times. So a raw stream is no way to carry a recording whose times matter.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

# 30 pictures, two of three B
ff -f lavfi -i testsrc2=s=160x96:r=10:d=3 -c:v libx264 -bf 2 -x264-params b-adapt=0 whole.mp4
ff -i whole.mp4 -c copy raw.h264
ff -framerate 10 -i raw.h264 -c copy again.mp4 2>log.txt
count() { ffprobe -v error -select_streams v -show_entries packet=pts_time,dts_time,flags -of csv=p=0 "$1" | tr -d ' ' | awk -F, "$2"; }
other='$1 != $2 { n++ } END { print n + 0 }' hidden='$3 ~ /D/ { n++ } END { print n + 0 }'
seen "pictures that are shown at another time than they are decoded, as encoded" 30 "$(count whole.mp4 "$other")"
seen "the same after raw H.264" 0 "$(count again.mp4 "$other")"
seen "pictures that the edit list hides, as encoded" 0 "$(count whole.mp4 "$hidden")"
seen "the same after raw H.264" 2 "$(count again.mp4 "$hidden")"
sums() { ffmpeg -nostdin -v error -i "$1" -f framemd5 - | grep -v '^#' | awk '{ print $NF }' | md5sum; }
seen "what the raw stream decodes to is as encoded" "$(sums whole.mp4)" "$(sums raw.h264)"
ff -framerate 10 -i raw.h264 -c copy again.mkv 2>log.txt && status=0 || status=1
seen "and it goes into Matroska" 1 "$status"
