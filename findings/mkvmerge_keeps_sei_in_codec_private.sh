#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mkvmerge 74.0.0 and FFmpeg 5.1.9 (Debian 12): of a raw H.265 stream mkvmerge takes the SEI that stands beside the first
# parameter sets into the track's CodecPrivate (an array of hvcC, which ISO/IEC 14496-15 allows for SEI about the whole
# stream); FFmpeg's hevc_mp4toannexb then puts it before every key picture, though it was about the first alone.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES mkvtoolnix=74.0.0-1+deb12u1
say "$(mkvmerge --version)"
say "$(ffmpeg -version | head -n 1)"

# Units of a byte stream by their type: 39 is SEI, 19 and 20 are IDR pictures (H.265, table 7-1).
types() {
    od -An -v -tu1 -w1 "$1" | awk '
        { if (code) { print int($1 / 2) % 64; code = 0 } else if ($1 == 1 && z >= 2) code = 1; z = $1 == 0 ? z + 1 : 0 }'
}

# Four groups; x265 writes one SEI unit, its own name, beside the parameter sets of each.
ff -f lavfi -i testsrc2=s=160x96:r=10:d=4 -c:v libx265 -x265-params keyint=10:min-keyint=10:no-open-gop=1:log-level=none raw.hevc
seen "key pictures in the stream" 4 "$(types raw.hevc | grep -cx -e 19 -e 20)"
seen "SEI units in the stream" 4 "$(types raw.hevc | grep -cx 39)"
mkvmerge -q -o made.mkv --default-duration 0:10fps raw.hevc
ff -i made.mkv -c copy -f hevc back.hevc
seen "key pictures that come back" 4 "$(types back.hevc | grep -cx -e 19 -e 20)"
seen "SEI units that come back" 8 "$(types back.hevc | grep -cx 39)"
