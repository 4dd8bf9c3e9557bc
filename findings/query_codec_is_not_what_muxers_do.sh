#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12): avformat_query_codec() tells whether a container can hold a codec, by its table of tags. The
# muxers do otherwise: Matroska holds A-law though it says no, MOV refuses Opus though it says yes, and MPEG-TS, which
# has no table and so no answer, takes anything, also what its reader then knows as mere data.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

query() { # query MUXER CODEC: 1 yes, 0 no, ? not told
    python3 - "$@" <<'PYTHON'
import ctypes, sys
format, codec = ctypes.CDLL("libavformat.so.59"), ctypes.CDLL("libavcodec.so.59")
class Descriptor(ctypes.Structure):
    _fields_ = [("id", ctypes.c_int)]
format.av_guess_format.restype = ctypes.c_void_p
format.avformat_query_codec.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
codec.avcodec_descriptor_get_by_name.restype = ctypes.POINTER(Descriptor)
muxer = format.av_guess_format(sys.argv[1].encode(), None, None)
answer = format.avformat_query_codec(muxer, codec.avcodec_descriptor_get_by_name(sys.argv[2].encode()).contents.id, 0)
print(answer if answer >= 0 else "?")
PYTHON
}
holds() { # holds FILE ENCODER RATE: what its reader calls the sound that the muxer took; refused
    ff -f lavfi -i testsrc2=s=64x64:r=10:d=1 -f lavfi -i "sine=440:d=1:r=$3" -c:v libx264 -c:a "$2" -strict -2 "$1" 2>words ||
        { echo refused; return; }
    ffprobe -v error -show_entries stream=index,codec_type,codec_name -of csv=p=0 "$1" | grep '^1,' | head -n 1 | cut -d, -f2,3
}
seen "A-law in Matroska, by the table" 0 "$(query matroska pcm_alaw)"
seen "by the muxer" pcm_alaw,audio "$(holds one.mkv pcm_alaw 8000)"
seen "Opus in MOV, by the table" 1 "$(query mov opus)"
seen "by the muxer" refused "$(holds one.mov libopus 48000)"
seen "AC-3 in MPEG-TS, by the table" '?' "$(query mpegts ac3)"
seen "by the muxer" ac3,audio "$(holds one.ts ac3 48000)"
seen "A-law in MPEG-TS, by the table" '?' "$(query mpegts pcm_alaw)"
seen "by the muxer" bin_data,data "$(holds one.ts pcm_alaw 8000)"
