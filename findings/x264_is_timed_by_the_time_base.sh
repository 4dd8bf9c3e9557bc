#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 with libx264 (Debian 12): the stream's own timing (VUI) comes from the encoder's time base, not from its
# frame rate. A program that encodes with a fine time base, as for a rate that varies, makes streams that call themselves
# so many pictures a second: 10 240 here, of 10.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

rate() { ffprobe -v error -show_entries stream=r_frame_rate -of csv=p=0 "$1"; }
ff -f lavfi -i testsrc2=s=160x96:r=10:d=1 -c:v libx264 usual.h264
ff -f lavfi -i testsrc2=s=160x96:r=10:d=1 -c:v libx264 -enc_time_base 1:10240 fine.h264
seen "pictures a second, by the stream, with the usual time base" 10/1 "$(rate usual.h264)"
seen "and with a time base of 1/10240" 10240/1 "$(rate fine.h264)"
