#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Streams that other projects made to break decoders and parsers: each is protected, recovered and
# inspected, or refused in a sentence that names it. Never a crash, never an output after a refusal.
. "$(dirname "$0")/lib.sh"
files=${BAUTA_SHARED:+$BAUTA_SHARED/conformance}
if [ ! -d "${files:-none}" ]; then
    skip hostile_files_are_protected_or_refused "needs the clips of shared/data (BAUTA_SHARED)"
    done_testing
    exit
fi
bauta key new own --no-passphrase
awk 'BEGIN { print "{\"picture\":0,\"regions\":[{\"target\":1,\"class\":\"face\",\"x\":2,\"y\":2,\"w\":12,\"h\":12}]}"
    for (n = 1; n < 9999; n++) printf "{\"picture\":%d,\"regions\":[]}\n", n }' >regions.jsonl

# The exit status is a refusal or "done in part" with words, or done; sanitizers end with another one.
well() { # well STATUS FILE
    case $1 in
    0) ;;
    1 | 5) grep -qF -- "$(basename "$2"): " log.txt ;;
    *) echo "exit status $1" >>log.txt; false ;;
    esac
}

there() { [ -e "$1" ] || [ -e "$1.part" ]; }

try() { # try FILE
    bauta protect --preset ultrafast --recipient own.pub --regions regions.jsonl "$1" out.mkv
    status=$?
    well $status "$1" || return 1
    if [ $status -eq 1 ]; then
        ! there out.mkv || return 1
    else
        [ -s out.mkv ] || return 1
        bauta recover --preset ultrafast --key own.key out.mkv back.mkv
        well $? out.mkv || return 1
        [ "$(pictures out.mkv)" = "$(pictures back.mkv)" ] || { echo "pictures are lost" >>log.txt; return 1; }
    fi
    bauta inspect "$1"
    well $? "$1" || return 1
    bauta recover --preset ultrafast --key own.key "$1" none.mkv
    [ $? -eq 1 ] && well 1 "$1" && ! there none.mkv
}

for file in "$files"/*/*; do
    try "$file"
    ok $? "$(basename "$(dirname "$file")")_$(basename "$file" | tr -c 'A-Za-z0-9\n' _)"
    rm -f out.mkv back.mkv none.mkv
done
done_testing
