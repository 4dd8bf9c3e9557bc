#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 with libx264 (Debian 12): pictures of which the bottom field comes first reach x264 with that order only
# when its encoder is open already, as if the top field came first. Coded without loss (qp 0) pictures may come out as
# others, and nothing is said; which ones depends on what they show: of a moving test picture all but the first, of still bars none.
# -x264-params bff=1 tells it in time.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

source() { # source PICTURE
    ff -f lavfi -i "$1=s=160x128:r=50:d=0.2" -vf tinterlace=interleave_bottom,fieldorder=bff,format=yuv420p -c:v rawvideo source.nut
}
coded() { # coded OPTIONS...: how many of five pictures come back as they were
    ff -i source.nut -c:v libx264 -qp 0 -flags +ildct+ilme "$@" coded.mkv
    for file in source.nut coded.mkv; do
        ff -i "$file" -f framemd5 - | grep -v '^#' | awk '{ print $NF }' >"$file.sums"
    done
    paste source.nut.sums coded.mkv.sums | awk '$1 == $2' | wc -l
}
source testsrc2
seen "of five pictures come back as they were, top field first" 5 "$(coded -top 1)"
seen "bottom field first" 1 "$(coded -top 0)"
seen "of which the stream tells, for each picture, that the bottom field is first" 5 \
    "$(ffprobe -v error -show_entries frame=top_field_first -of csv=p=0 coded.mkv | grep -c '^0')"
seen "bottom field first, with bff=1" 5 "$(coded -top 0 -x264-params bff=1)"
source smptebars
seen "of five pictures of still bars come back as they were, bottom field first" 5 "$(coded -top 0)"
