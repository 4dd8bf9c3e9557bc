#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# FFmpeg 5.1.9 (Debian 12), RTSP: of several digest challenges (RFC 7235, section 4.1) it takes the last, known or not: a camera that
# offers MD5 before SHA-256 gets no answer at all, and one that offers them the other way round does. It knows the parameters' names in
# small letters only, and none with a space before "=", though the standard has names in any case and wants such spaces accepted
# (section 2.1): then it answers to an empty realm or nonce, as if the password were wrong.
SOURCE=$(cd "$(dirname "$0")" && pwd)
. "$SOURCE/lib.sh"
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "$(ffmpeg -version | head -n 1)"

answer() { # answer CHALLENGE...: the realm and the nonce that it answers to
    : >served
    python3 "$SOURCE/lib_rtsp.py" "$@" >served &
    server=$!
    until [ -s served ]; do sleep 0.1; done
    ff -rtsp_transport tcp -i "rtsp://somebody:something@127.0.0.1:$(head -n 1 served)/x" -f null - 2>said && echo "it is let in"
    kill $server
    sed -n '2,$ { /^-$/! s/.*realm="\([^"]*\)", nonce="\([^"]*\)".*/realm "\1", nonce "\2"/p }' served | grep . || echo none
}
md5='Digest realm="camera", nonce="5e1f", algorithm=MD5'
sha='Digest realm="camera", nonce="5e1f", algorithm=SHA-256'
seen "MD5 alone" 'realm "camera", nonce "5e1f"' "$(answer "$md5")"
seen "SHA-256, then MD5" 'realm "camera", nonce "5e1f"' "$(answer "$sha" "$md5")"
seen "MD5, then SHA-256" none "$(answer "$md5" "$sha")"
seen "names in capital letters" 'realm "", nonce ""' "$(answer 'Digest REALM="camera", NONCE="5e1f"')"
seen "a space before and after =" 'realm "", nonce ""' "$(answer 'Digest realm = "camera", nonce = "5e1f"')"
