#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# People who cross: recovered together they leave neither a masked pixel nor a line; recovered alone, nobody else shows.
. "$(dirname "$0")/lib.sh"
need_demo_clip
ff -i "$CLIP" -t 6 -c copy -an clip.avi
awk 'BEGIN { for (i = 0; i < 60; i++) printf "{\"picture\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":%d,\"y\":150,\"w\":60,\"h\":130},{\"target\":1,\"class\":\"head\",\"x\":%d,\"y\":152,\"w\":30,\"h\":32}," \
    "{\"target\":2,\"class\":\"body\",\"x\":%d,\"y\":164,\"w\":70,\"h\":140},{\"target\":2,\"class\":\"face\",\"x\":%d,\"y\":170,\"w\":34,\"h\":36}," \
    "{\"target\":3,\"class\":\"body\",\"x\":520,\"y\":300,\"w\":50,\"h\":120}]}\n", \
    i, 200 + 4 * i, 215 + 4 * i, 420 - 4 * i, 438 - 4 * i }' >regions.jsonl
bauta key new own --no-passphrase
n_tests=0
for codec in h264 h265; do
    ff -i clip.avi -c:v libx${codec#h} -preset veryfast -crf "$([ $codec = h264 ] && echo 23 || echo 28)" plain.mkv
    bauta protect --codec $codec --recipient own.pub --regions regions.jsonl --report report.jsonl clip.avi masked.mkv &&
        bauta recover --lossless --key own.key masked.mkv all.mkv &&
        bauta recover --lossless --key own.key --target 1 masked.mkv one.mkv
    ok $? "crossing_people_are_recovered_from_$codec"
    /usr/bin/python3 "$HERE/seams.py" report.jsonl clip.avi plain.mkv masked.mkv all.mkv one.mkv 1 >seams.txt 2>log.txt
    [ $? -le 1 ] && [ "$(grep -c "ok " seams.txt)" = 11 ]
    ok $? "the_pictures_of_${codec}_are_measured"
    awk -v n=$n_tests -v codec=$codec '/^(not )?ok / { sub(/[0-9]+ - /, ++n " - " codec "_") } { print }' seams.txt
    n_tests=$((n_tests + 11))
done
done_testing
