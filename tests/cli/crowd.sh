#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A crowd: 150 people, body and head each, in one picture of 1920x1080, hidden and kept one by one. docs/adr/0009.
. "$(dirname "$0")/lib.sh"
VECTORS=$HERE/../vectors

people() { # people N PICTURES WIDTH HEIGHT COLUMNS SIZE: who walk a little, on stdout
    awk -v n="$1" -v pictures="$2" -v w="$3" -v h="$4" -v columns="$5" -v s="$6" 'BEGIN {
        for (k = 0; k < pictures; k++) {
            printf "{\"picture\":%d,\"width\":%d,\"height\":%d,\"regions\":[", k, w, h
            for (i = 0; i < n; i++) {
                x = 4 + (i % columns) * int((w - 8) / columns) + k * (1 + i % 3); y = 4 + int(i / columns) * (3 * s + 10)
                printf "%s{\"target\":%d,\"class\":\"body\",\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d}", i ? "," : "", i + 1, x, y, s, 3 * s
                printf ",{\"target\":%d,\"class\":\"head\",\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d}", i + 1, x + int(s / 4), y, s / 2, s / 2 }
            print "]}" } }'
}

bauta key new own --no-passphrase
bauta key new operator --no-passphrase
bauta key new --sign camera --no-passphrase
people 150 4 1920 1080 25 44 >crowd.jsonl
ff -f lavfi -i testsrc2=size=1920x1080:rate=10 -frames:v 4 -c:v ffv1 clear.mkv
expect 0 three_hundred_regions_are_hidden_one_by_one protect --preset ultrafast --recovery lossless --gop 0.2 --sign camera.key \
    --recipient own.pub --regions crowd.jsonl --report report.jsonl clear.mkv masked.mkv
says ': 4 pictures, 150 people' and_counted
! grep -q warning log.txt
ok $? and_no_picture_is_hidden_whole
[ "$(grep -o '"target"' report.jsonl | wc -l)" = 1200 ]
ok $? and_the_report_has_them_all
expect 0 everybody_comes_back recover --lossless --preset ultrafast --key own.key masked.mkv back.mkv
/usr/bin/python3 "$HERE/exact.py" crowd.jsonl clear.mkv back.mkv >log.txt 2>&1
ok $? bit_for_bit
expect 0 a_crowd_verifies verify --signer camera.pub masked.mkv
expect 0 inspect_sees_each inspect --json masked.mkv
[ "$(grep -o '"target"' out.txt | wc -l)" = 300 ]
ok $? and_names_them_all

# Rights are exact: one of them, and nobody else
only() { # only NUMBER: his own regions come back, and no other of the picture
    /usr/bin/python3 - "$1" clear.mkv masked.mkv one.mkv <<'END' 2>log.txt
import json, subprocess, sys
def read(name):
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", name, "-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
                         check=True, capture_output=True).stdout
    return [raw[at:at + 1920 * 1080] for at in range(0, len(raw), 1920 * 1080)]
def part(picture, r):
    return [picture[y * 1920 + r["x"]:y * 1920 + r["x"] + r["w"]] for y in range(r["y"], r["y"] + r["h"])]
clear, masked, one = (read(name) for name in sys.argv[2:])
for k, line in enumerate(open("crowd.jsonl")):
    for r in json.loads(line)["regions"]:
        mine = r["target"] == int(sys.argv[1])
        assert part(one[k], r) == part((clear if mine else masked)[k], r), r
END
}
expect 0 one_of_a_crowd_can_be_granted grant --key own.key --recipient operator.pub --target 77 --reason test masked.mkv -o one.grant
expect 0 who_holds_the_grant_opens_it recover --lossless --preset ultrafast --key operator.key --grant one.grant masked.mkv one.mkv
only 77
ok $? and_nobody_else
expect 0 one_of_a_crowd_is_erased erase --sign camera.key --reason "article 17" --target 149 masked.mkv erased.mkv
expect 0 which_verifies_as_that verify --signer camera.pub erased.mkv
grep -q 'erased: 4 pictures' out.txt && grep -q '4 of 4 pictures' out.txt
ok $? and_is_named
expect 5 the_others_are_there_still recover --lossless --preset ultrafast --key own.key erased.mkv back.mkv
says ': 8 regions stay masked' and_he_is_gone

# Too many even so
people 257 2 1920 1080 40 20 >crowd.jsonl
expect 0 more_people_than_that_are_hidden_whole protect --preset ultrafast --recipient own.pub --regions crowd.jsonl clear.mkv whole.mkv
says '4 of 4 pictures were hidden whole, and can be recovered: 2 with more people than can be hidden one by one, 2 without a line' and_that_is_said
expect 0 and_recoverable recover --preset ultrafast --key own.key whole.mkv back.mkv

# The reader that was written from the format's text
if /usr/bin/python3 -c 'import cryptography' 2>/dev/null; then
    people 65 1 384 288 13 8 >few.jsonl
    ff -f lavfi -i testsrc2=size=384x288:rate=10 -frames:v 1 -c:v ffv1 few.mkv
    bauta protect --recipient own.pub --regions few.jsonl few.mkv few.h264
    /usr/bin/python3 "$VECTORS/reader.py" own.key few.h264 few.yuv >few.txt 2>log.txt
    grep -q '"regions": 130, "shown": 130' few.txt
    ok $? a_crowd_is_read_by_the_format_s_text
    expect 0 and_by_the_program recover --lossless --key own.key few.h264 few_back.mkv
    ff -i few_back.mkv -f rawvideo few_back.yuv
    cmp few.yuv few_back.yuv >log.txt
    ok $? and_both_see_the_same
else
    skip a_crowd_is_read_by_the_format_s_text "there is no python3-cryptography"
fi
done_testing
