#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Several video tracks, and tracks that change on the way: the one that is asked for, or all; and no picture is lost when a
# stream begins in the middle, goes on under another number, or with other headers.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
awk 'BEGIN { for (i = 0; i < 200; i++) printf "{\"picture\":%d,\"regions\":[{\"target\":1,\"class\":\"body\",\"x\":32,\"y\":32,\"w\":32,\"h\":32}]}\n", i }' >regions.jsonl
bauta key new own --no-passphrase
protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
size() { ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 "$1" | tr -d '\n'; }

# two lenses
ff -f lavfi -i testsrc2=s=128x96:r=10:d=2 -f lavfi -i testsrc2=s=160x96:r=10:d=2 -f lavfi -i sine=440:d=2 -map 0 -map 1 -map 2 \
    -c:v libx264 -preset veryfast -c:a aac two.mkv
ff -i two.mkv -map 0 -c copy two.mp4
for in in two.mkv two.mp4; do
    protect $in best.mp4 && [ "$(size best.mp4)" = 128 ]
    ok $? "the_default_track_is_taken_from_${in#two.}"
    says "video track 2 (h264 160x96)" "and_the_other_is_named_${in#two.}"
    protect --track 1 $in first.mp4 && [ "$(size first.mp4)" = 128 ] && [ "$(pictures first.mp4)" = 20 ]
    ok $? "a_track_can_be_chosen_from_${in#two.}"
    expect 2 "a_track_that_is_not_there_is_an_error_${in#two.}" protect --recipient own.pub --regions regions.jsonl --track 3 $in none.mp4
    says "has no video track 3, but 2" "and_it_says_how_many_there_are_${in#two.}"
    absent none.mp4 "and_nothing_is_written_${in#two.}"
    rm -f all*.mp4
    bauta protect --recipient own.pub --mask face --track all $in all.mp4 && [ "$(size all.mp4)" = 128 ] && [ "$(size all-track2.mp4)" = 160 ]
    ok $? "all_tracks_are_protected_each_in_a_file_${in#two.}"
    ! grep -q "video track" log.txt
    ok $? "and_none_is_called_left_out_${in#two.}"
    bauta recover --key own.key all-track2.mp4 clear.mp4 && [ "$(pictures clear.mp4)" = 20 ]
    ok $? "and_recovered_${in#two.}"
done
mkdir pair
cp two.mkv pair/
bauta protect --recipient own.pub --mask face --track 1 -o pairs pair
expect 1 a_track_that_is_missing_beside_the_first_is_told protect --recipient own.pub --mask face --track all -o pairs pair
says "two.mkv is there already, but not all of its tracks are" and_said
rm pairs/two.mkv
bauta protect --recipient own.pub --mask face --track all -o pairs pair && [ -e pairs/two-track2.mkv ] &&
    bauta protect --recipient own.pub --mask face --track all -o pairs pair && grep -q "1 skipped" log.txt
ok $? and_all_that_are_there_are_skipped
expect 2 all_tracks_need_files protect --recipient own.pub --track all --format mkv two.mkv -
expect 2 all_tracks_have_no_one_report protect --recipient own.pub --track all --report r.jsonl two.mkv out.mkv
protect --track 2 two.mp4 sealed.mp4 && ff -i two.mp4 -i sealed.mp4 -map 0:0 -map 1:0 -c copy half_sealed.mp4
for track in 1 all; do
    expect 1 "originals_in_another_track_are_not_lost_with_track_$track" protect --recipient own.pub --mask face --track $track half_sealed.mp4 lost.mp4
    says "its video track 2 is protected already" "and_it_is_named_with_track_$track"
    absent lost.mp4 "and_nothing_is_written_with_track_$track"
done
expect 1 nor_with_the_best_one protect --recipient own.pub --mask face half_sealed.mp4 lost.mp4
echo older >over.mp4
cp two.mp4 over-track2.mp4
"$BAUTA" protect --quiet --recipient own.pub --mask face --track all --force over-track2.mp4 over.mp4 2>log.txt
[ $? -eq 2 ] && grep -q "which is the same file" log.txt && [ "$(cat over.mp4)" = older ]
ok $? all_files_are_checked_before_the_first_is_written
ff -i two.mp4 -f lavfi -i color=red:s=64x64:d=1 -map 0:0 -map 0:2 -map 1 -c copy -c:v:1 mjpeg -frames:v:1 1 -disposition:v:1 attached_pic cover.mp4
protect cover.mp4 nocover.mp4 && [ "$(size nocover.mp4)" = 128 ]
ok $? a_cover_picture_is_no_video_track
says "cover picture" and_is_left_out

# a stream that begins in the middle of a GOP of 12 s, its headers far away; with sound and without
ff -f lavfi -i testsrc2=s=128x96:r=10:d=16 -f lavfi -i sine=440:d=16 -c:v libx264 -preset veryfast -g 120 -sc_threshold 0 -bf 0 -c:a aac -b:a 32k \
    -muxdelay 0 long.ts
$python "$HERE/clocks.py" from:15 long.ts middle.ts
for out in mp4 mkv ts; do
    protect --audio none middle.ts middle_$out.$out && [ "$(pictures middle_$out.$out)" = 40 ]
    ok $? "a_stream_from_the_middle_is_found_for_$out"
    says "105 pictures stand before the first that can be decoded" "and_what_nobody_can_see_is_counted_for_$out"
    awk -v s="$(ffprobe -v error -show_entries format=start_time -of csv=p=0 middle_$out.$out)" 'BEGIN { exit !(s > -0.001 && s < 0.31) }'
    ok $? "and_the_first_picture_is_at_0_in_$out"
done
protect middle.ts heard.mp4 && [ "$(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 heard.mp4 | sort | tr '\n' ' ')" = "audio video " ]
ok $? its_sound_is_kept
"$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format mp4 - - <middle.ts >piped.mp4 2>log.txt && [ "$(pictures piped.mp4)" = 40 ]
ok $? and_found_in_a_pipe

# of a codec that is only decoded: what cannot be shown is counted, too
ff -f lavfi -i testsrc2=s=128x96:r=25:d=4 -c:v mpeg2video -g 50 -bf 2 -sc_threshold 1000000000 -muxdelay 0 old.ts
$python "$HERE/clocks.py" from:20 old.ts oldmiddle.ts
protect oldmiddle.ts oldmiddle.mp4 && [ "$(pictures oldmiddle.mp4)" = "$(pictures oldmiddle.ts)" ]
ok $? mpeg_2_from_the_middle_is_read
says "$((80 - $(pictures oldmiddle.ts))) pictures stand before the first that can be decoded" and_counted

# a protected one, from the middle
protect --gop 12 long.ts protected.ts
$python "$HERE/clocks.py" from:15 protected.ts later.ts
expect 5 a_protected_stream_from_the_middle_is_recovered recover --key own.key later.ts later.mp4
[ "$(pictures later.mp4)" = 40 ]
ok $? from_its_first_key_picture_on
expect 0 and_inspected inspect later.ts
bauta verify later.ts
[ $? -ne 1 ]
ok $? and_verified

# another PID, other headers
ff -f lavfi -i testsrc2=s=128x96:r=10:d=3 -c:v libx264 -preset veryfast -bf 0 -g 10 -muxdelay 0 a.ts
ff -f lavfi -i testsrc2=s=128x96:r=10:d=3 -c:v libx264 -preset veryfast -bf 0 -g 10 -coder 0 -muxdelay 0 -output_ts_offset 3 -mpegts_start_pid 0x200 b.ts
cat a.ts b.ts >pids.ts
expect 5 a_track_that_changes_its_pid_is_read_on protect --recipient own.pub --regions regions.jsonl pids.ts pids.mp4
[ "$(pictures pids.mp4)" = 59 ]
ok $? all_but_the_one_that_ffmpeg_gives_too_late
says "the picture before its track got another number is lost" and_that_is_said

# joined files whose tracks stand in another order: pictures come under the number of the sound, and must not leave with it
for kind in ts:mp2 mkv:aac mkv:pcm_s16le mkv:flac mp4:aac avi:pcm_s16le avi:mp2; do
    out=${kind%:*} sound=${kind#*:}
    [ $out = mp4 ] && how="-movflags frag_keyframe+empty_moov" || how=
    for order in "0 1 256" "1 0 512"; do
        set -- $order
        ff -f lavfi -i testsrc2=s=128x96:r=10:d=2 -f lavfi -i sine=440:d=2 -map "$1" -map "$2" -c:v libx264 -preset veryfast -g 10 -c:a $sound $how \
            $([ $out = ts ] && echo "-mpegts_start_pid $3") swap$1.$out
    done
    cat swap0.$out swap1.$out >swapped.$out
    protect swapped.$out swapped_out.mkv
    status=$?
    ff -i swapped_out.mkv -map 0:a -c copy -f data track.h264
    clear=$(ffmpeg -nostdin -v quiet -f h264 -i track.h264 -f framemd5 - | grep -c '^0,')
    [ $status -eq 5 ] && [ "$clear" -eq 0 ]
    ok $? "no_picture_leaves_as_${sound}_of_joined_$out"
done

# another codec in the middle: what is lost of it is told
ff -f lavfi -i testsrc2=s=128x96:r=10:d=3 -c:v libx265 -x265-params log-level=none -g 10 -muxdelay 0 -output_ts_offset 3 other.ts
cat a.ts other.ts >codecs.ts
expect 5 pictures_of_another_codec_are_missed protect --recipient own.pub --regions regions.jsonl codecs.ts codecs.mp4
[ "$(pictures codecs.mp4)" -ge 30 ]
ok $? and_those_before_are_there

# a cut file, and pixels that change their shape
head -c $(($(wc -c <a.ts) / 3 * 2 / 188 * 188 + 100)) a.ts >half.ts
expect 5 a_cut_stream_is_told protect --recipient own.pub --regions regions.jsonl half.ts half.mp4
says "damaged or cut short" and_what_it_is
tail -c +52 a.ts >inside.ts
expect 0 one_that_begins_inside_a_packet_is_whole protect --recipient own.pub --regions regions.jsonl inside.ts inside.mp4
ff -i a.ts -c copy -bsf:v h264_metadata=sample_aspect_ratio=4/3 wide.ts
cat a.ts wide.ts >shapes.ts
protect shapes.ts shapes.mp4 && [ "$(pictures shapes.mp4)" = 60 ]
ok $? pixels_that_change_their_shape_are_no_other_size
says "on its pixels have another shape" and_it_is_said

# units without a picture: the filler of a camera, and parameter sets that come alone
ff -i a.ts -c copy a.h264
$python - <<'PY'
import re
data = open("a.h264", "rb").read()
at = [m.start() for m in re.finditer(b"\0\0\1", data)] + [len(data)]
units = [data[a + 3:b].rstrip(b"\0") for a, b in zip(at, at[1:])]
out = b""
for unit in units:
    out += b"\0\0\0\1" + unit
    if unit[0] & 31 in (1, 5):
        out += b"\0\0\0\1\x09\xf0" + b"\0\0\0\1\x06\x05\x14" + bytes(range(1, 17)) + b"CAM1\x80"
open("sei.h264", "wb").write(out)
PY
expect 0 units_of_sei_alone_are_no_pictures protect --recipient own.pub --regions regions.jsonl sei.h264 sei.mp4
[ "$(pictures sei.mp4)" = 30 ] && ! grep -Eq 'decoded|damaged' log.txt
ok $? and_no_damage

# an MP4 whose index stands at its end, by a pipe that cannot go back
ff -f lavfi -i testsrc2=s=320x240:r=10:d=3 -c:v libx264 -preset ultrafast -qp 0 tail.mp4
ff -i tail.mp4 -c copy -movflags faststart head.mp4
[ "$(wc -c <tail.mp4)" -gt 200000 ] && "$BAUTA" protect --recipient own.pub --regions regions.jsonl --format mkv - none.mkv <tail.mp4 2>log.txt
[ $? -eq 1 ] && grep -q "is an MP4 whose index stands at its end: it can be read from a file, but through a pipe only with the index in front" log.txt
ok $? an_index_at_the_end_is_told_for_what_it_is
absent none.mkv and_nothing_is_left_of_that
bauta key new --sign sig --no-passphrase
for command in inspect "recover --key own.key --reason test --format mkv" "verify --signer sig.pub"; do
    # shellcheck disable=SC2086 # words
    "$BAUTA" $command - $([ "${command%% *}" = recover ] && echo none.mkv) <tail.mp4 >out.txt 2>log.txt
    [ $? -eq 1 ] && grep -q "index stands at its end" log.txt
    ok $? "${command%% *}_tells_it_too"
done
"$BAUTA" protect --recipient own.pub --regions regions.jsonl - out.mkv <head.mp4 2>log.txt && [ "$(pictures out.mkv)" = 30 ]
ok $? with_the_index_in_front_it_is_read

# a file that was encrypted for somebody's player
ff -i a.ts -c copy -encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff -encryption_kid 0123456789abcdef0123456789abcdef secret.mp4
expect 1 an_encrypted_file_is_told protect --recipient own.pub --regions regions.jsonl secret.mp4 none.mp4
says "is encrypted" and_why
absent none.mp4 and_nothing_is_left_of_it
done_testing
