#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# GStreamer 1.22.0 (Debian 12), rtspsrc: gives one and the same answer to a digest challenge eight times, one after the other, before
# it says "Unauthorized"; FFmpeg 5.1.9 gives it once. Many cameras lock an account after five or so wrong passwords: one start with a
# wrong password, or with a challenge that rtspsrc does not know, such as RFC 7616's SHA-256, is enough. To that one it answers by MD5.
SOURCE=$(cd "$(dirname "$0")" && pwd)
. "$SOURCE/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES gstreamer1.0-tools=1.22.0-2+deb12u1 libgstreamer1.0-0=1.22.0-2+deb12u1 \
    gstreamer1.0-plugins-good=1.22.0-5+deb12u4 gstreamer1.0-plugins-base=1.22.0-3+deb12u7
plugins=$(find "$HERE/root" -name libgstrtsp.so -printf '%h\n' | head -n 1)
export GST_PLUGIN_PATH="$plugins" GST_REGISTRY="$HERE/registry.bin"
say "$(gst-launch-1.0 --version | head -n 1)"
say "$(ffmpeg -version | head -n 1)"

client() { # client NAME ADDRESS
    case $1 in
    gstreamer) timeout 60 gst-launch-1.0 -q rtspsrc "location=$2" user-id=somebody user-pw=something protocols=tcp ! fakesink ;;
    ffmpeg) timeout 60 ffmpeg -nostdin -v error -rtsp_transport tcp -i "rtsp://somebody:something@${2#rtsp://}" -f null - ;;
    esac >said 2>&1 && say "CHANGED: it is let in" && exit 1
    grep -q 'Unauthorized' said
}
answers() { # answers CLIENT CHALLENGE: how many, how many different ones, how many digits the response has
    : >served
    python3 "$SOURCE/lib_rtsp.py" "$2" >served &
    server=$!
    until [ -s served ]; do sleep 0.1; done
    client "$1" "rtsp://127.0.0.1:$(head -n 1 served)/x" || { echo "it fails otherwise"; sed 's/^/  /' said; }
    kill $server
    sed -n '2,$ { /^-$/! s/.*response="\([0-9a-f]*\)".*/\1/p }' served >given
    echo "$(wc -l <given) given, $(sort -u given | wc -l) different, of $(awk '{ print length }' given | sort -u) digits"
}
seen "a wrong password, MD5, rtspsrc" "8 given, 1 different, of 32 digits" "$(answers gstreamer 'Digest realm="camera", nonce="5e1f"')"
seen "a wrong password, MD5, FFmpeg" "1 given, 1 different, of 32 digits" "$(answers ffmpeg 'Digest realm="camera", nonce="5e1f"')"
sha='Digest realm="camera", nonce="5e1f", qop="auth", algorithm=SHA-256'
seen "SHA-256 alone, rtspsrc" "8 given, 1 different, of 32 digits" "$(answers gstreamer "$sha")"
seen "SHA-256 alone, FFmpeg" "0 given, 0 different, of  digits" "$(answers ffmpeg "$sha")"
