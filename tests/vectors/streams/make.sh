#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How the streams of this folder came about: drawn pictures, two people who cross, each stream through the program with
# other settings. They are fixed: a reader of version 1 reads them for ever, so this makes new ones, for new names
# only. usage: make.sh BAUTA_PROGRAM FOLDER
set -eu
bauta=$1
cd "$2"
[ -e reader.key ] || "$bauta" key new reader --no-passphrase
rm -f other.key other.pub
"$bauta" key new other --no-passphrase
awk 'BEGIN { for (n = 0; n < 20; n++) { a = 12 + 6 * n; b = 130 - 5 * n; printf "{\"picture\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":%d,\"y\":24,\"w\":32,\"h\":88},{\"target\":1,\"class\":\"face\",\"x\":%d,\"y\":26,\"w\":16,\"h\":20}", n, a, a + 8
    if (n < 9 || n > 11) printf ",{\"target\":2,\"class\":\"body\",\"x\":%d,\"y\":32,\"w\":30,\"h\":90},{\"target\":2,\"class\":\"head\",\"x\":%d,\"y\":34,\"w\":18,\"h\":20}", b, b + 6
    printf ",{\"target\":9,\"class\":\"body\",\"x\":150,\"y\":90,\"w\":42,\"h\":38}]}\n" } }' >regions.jsonl
ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=192x128:rate=10 -frames:v 20 -c:v ffv1 clear.mkv

protect() { # protect NAME OPTIONS
    name=$1
    shift
    [ -e "$name" ] || "$bauta" protect --quiet --recipient other.pub --recipient reader.pub --regions regions.jsonl \
        --crf 33 "$@" clear.mkv "$name"
}
protect reordered.h264 --encoder-options slices=2 --gop 0.8
protect h265.h265 --codec h265 --object-codec h265 --gop 0.8
protect lossless.h264 --preset ultrafast --recovery lossless --gop 2
protect mixed.h265 --codec h265 --preset ultrafast --object-codec h264 --gop 1
rm -f regions.jsonl clear.mkv other.key other.pub
