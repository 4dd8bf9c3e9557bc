#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 and mkvmerge 74.0.0 (Debian 12): copying a turned MP4 into Matroska loses how it is turned, without a word.
# Matroska could say it (ProjectionPoseRoll), and FFmpeg reads it there; neither writes it from a matrix.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES mkvtoolnix=74.0.0-1+deb12u1
say "$(ffmpeg -version | head -n 1)"
say "$(mkvmerge --version)"

rotation() { ffprobe -v error -select_streams v -show_entries stream_side_data=rotation -of csv=p=0 "$1" | tr -dc '0-9-'; }
ff -f lavfi -i testsrc2=s=160x96:r=10:d=1 -c:v libx264 upright.mp4
ff -i upright.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
seen "MP4 says it is turned by" 90 "$(rotation turned.mp4)"
ffmpeg -nostdin -v warning -y -i turned.mp4 -c copy turned.mkv 2>words
seen "words when it is copied into Matroska" 0 "$(wc -l <words)"
seen "Matroska says it is turned by" "" "$(rotation turned.mkv)"
seen "and is shown as" 160x96 "$(ffmpeg -nostdin -v error -i turned.mkv -frames:v 1 -f rawvideo -pix_fmt gray - | wc -c | awk '{ print $1 == 160 * 96 ? "160x96" : "another size" }')"
mkvmerge -o merged.mkv turned.mp4 >words
seen "mkvmerge warns" 0 "$(grep -ci warning words || true)"
seen "and Matroska says it is turned by" "" "$(rotation merged.mkv)"
mkvpropedit -q merged.mkv --edit track:v1 --set projection-pose-roll=-90
seen "FFmpeg reads a roll of -90 as turned by" -90 "$(rotation merged.mkv)"
