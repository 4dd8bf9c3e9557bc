# SPDX-License-Identifier: Apache-2.0
# Sourced by each finding: a temporary folder with pinned packages of Debian 12, and what is held against them.
set -eu
HERE=$(mktemp -d)
trap 'rm -rf "$HERE"' EXIT
cd "$HERE"
export DEBIAN_FRONTEND=noninteractive

# packages NAME=VERSION...: unpacks these, and what they depend on and the machine lacks, below $HERE/root, and puts
# their programs and libraries first.
packages() {
    mkdir -p root deb
    missing=$(apt-get -s -y --no-install-recommends install "$@" 2>/dev/null | awk '/^Inst / { print $2 }' | sort -u)
    for package in "$@"; do
        missing=$(echo "$missing" | grep -vx "${package%%=*}" || true)
    done
    # shellcheck disable=SC2086 # a list of words
    (cd deb && apt-get -q download "$@" $missing >log 2>&1) ||
        { echo "finding: these packages cannot be had: $*"; tail -n 1 deb/log; exit 77; }
    for file in deb/*.deb; do
        dpkg -x "$file" root
    done
    libraries=$(find "$HERE/root/usr/lib" "$HERE/root/lib" -name '*.so.*' -printf '%h\n' 2>/dev/null | sort -u | tr '\n' ':')
    export PATH="$HERE/root/usr/bin:$PATH" LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:-}"
}

say() { echo "$*"; }

# seen WHAT EXPECTED GOT: fails if it is not what was seen before.
seen() {
    if [ "$2" = "$3" ]; then
        say "as before: $1: $3"
    else
        say "CHANGED: $1: was $2, is $3"
        exit 1
    fi
}

ff() { ffmpeg -nostdin -v error -y "$@"; }

FFMPEG_VERSION=7:5.1.9-0+deb12u1
FFMPEG_PACKAGES="ffmpeg=$FFMPEG_VERSION"
for library in libavcodec59 libavdevice59 libavfilter8 libavformat59 libavutil57 libpostproc56 libswresample4 libswscale6; do
    FFMPEG_PACKAGES="$FFMPEG_PACKAGES $library=$FFMPEG_VERSION"
done
