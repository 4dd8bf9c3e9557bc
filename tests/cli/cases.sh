#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Small files of kinds that people report trouble with, and that ffmpeg does not write: each as it plays.
. "$(dirname "$0")/lib.sh"
CASES=${BAUTA_SHARED:-none}/../cases
if [ ! -d "$CASES/dav" ]; then
    skip the_cases_of_the_field "no cases here"
    done_testing
    exit 0
fi
bauta key new own --no-passphrase
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"picture\":%d,\"regions\":[{\"target\":1,\"class\":\"body\"," \
    "\"x\":32,\"y\":32,\"w\":64,\"h\":64}]}\n", i }' >regions.jsonl
protect() { bauta protect --preset ultrafast --recipient own.pub --regions regions.jsonl "$@"; }
tag() { ffprobe -v error -show_entries "format=start_time,duration:format_tags=creation_time" -of csv=p=0 "$1"; }

# A recorder's DHAV, whose clock counts from 1970
for out in mp4 mkv; do
    protect "$CASES/dav/in.dav" dav.$out && [ "$(pictures dav.$out)" = 60 ] &&
        [ "$(tag dav.$out)" = "0.000000,6.000000,2026-03-01T10:00:00.000000Z" ]
    ok $? "a_recorder_s_time_of_day_is_kept_and_its_clock_begins_at_0_in_$out"
done
bauta key new other --no-passphrase
ask() { bauta grant --key own.key --recipient other.pub --reason theft --since "$1" --until "$2" dav.ts -o it.grant; }
protect "$CASES/dav/in.dav" dav.ts && ask 2026-03-01T10:00:01Z 2026-03-01T10:00:03Z && ! ask 2026-03-01T11:00:00Z 2026-03-01T12:00:00Z
ok $? and_counts_for_grants_where_the_container_cannot_tell_it

# Other headers in the middle, and none where one would begin
protect "$CASES/stsd264/in.mp4" out.mp4 && [ "$(pictures out.mp4)" = 60 ] &&
    ffmpeg -nostdin -v error -i "$CASES/stsd264/in.mp4" -i out.mp4 -lavfi \
        "[0:v]crop=200:200:110:30[a];[1:v]crop=200:200:110:30[b];[a][b]psnr=stats_file=psnr.txt" -f null - 2>>ff.txt &&
    [ "$(sed 's/.*psnr_avg:\([^ ]*\).*/\1/' psnr.txt | awk '$1 == "inf" || $1 > 25' | wc -l)" = 60 ]
ok $? all_pictures_of_two_sample_descriptions_are_right
protect "$CASES/gdr/in.264" out.mp4 && [ "$(pictures out.mp4)" = "$(pictures "$CASES/gdr/in.264")" ]
ok $? pictures_without_any_idr_are_all_there
done_testing
