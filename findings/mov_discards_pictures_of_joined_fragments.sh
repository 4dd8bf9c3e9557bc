#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12): of two fragmented MP4 files that are joined (cat) its demuxer gives all samples, but the times
# of the second file begin anew, and the samples of its first fragment are marked to be discarded: players leave them
# out, though nothing hides them.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

flags() { ffprobe -v error -show_entries packet=flags -of csv=p=0 "$1"; }
# Two groups of ten pictures, a fragment each.
ff -f lavfi -i testsrc2=s=160x96:r=10:d=2 -c:v libx264 -g 10 -movflags frag_keyframe+empty_moov one.mp4
cat one.mp4 one.mp4 >two.mp4
seen "samples of one file" 20 "$(flags one.mp4 | wc -l)"
seen "of them to be discarded" 0 "$(flags one.mp4 | grep -c D || true)"
seen "samples of two files that are joined" 40 "$(flags two.mp4 | wc -l)"
seen "of them to be discarded" 10 "$(flags two.mp4 | grep -c D)"
seen "they are samples" "21 to 30" "$(flags two.mp4 | awk '/D/ { if (!a) a = NR; b = NR } END { print a " to " b }')"
seen "pictures that ffmpeg shows" 30 "$(ff -i two.mp4 -vsync passthrough -f framemd5 - | grep -vc '^#')"
