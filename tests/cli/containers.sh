#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every container and codec, remuxing, cutting, pipes, sound, and inputs that are converted on the way in.
. "$(dirname "$0")/lib.sh"
small_clip 6

protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }

protect clip.avi base.mp4
bauta recover --lossless --key own.key base.mp4 base.mkv
sums base.mkv >base.txt
[ "$(wc -l <base.txt)" -eq 60 ]
ok $? the_base_run_recovers

for out in masked.mkv masked.ts masked.h264 masked.mov; do
    protect clip.avi $out && bauta recover --lossless --key own.key $out recovered.mkv &&
        [ "$(sums recovered.mkv | wc -l)" -eq 60 ] && ffmpeg -nostdin -v warning -i $out -f null - >log.txt 2>&1
    ok $? "protects_and_recovers_${out#masked.}"
done
for out in masked.mp4 masked.mkv masked.ts masked.h265; do
    protect --codec h265 clip.avi $out && bauta recover --lossless --key own.key $out recovered.mkv &&
        [ "$(sums recovered.mkv | wc -l)" -eq 60 ] && ffmpeg -nostdin -v error -i $out -f null - >log.txt 2>&1
    ok $? "protects_and_recovers_h265_in_${out#masked.}"
done

# -c copy through other containers and back: the same originals, to the bit
ff -i base.mp4 -c copy a.mkv && ff -i a.mkv -c copy b.ts && ff -i b.ts -c copy c.mp4 &&
    ff -i c.mp4 -c copy -movflags frag_keyframe+empty_moov d.mp4
for file in a.mkv b.ts c.mp4 d.mp4; do
    bauta recover --lossless --key own.key $file again.mkv
    sums again.mkv | cmp -s - base.txt
    ok $? "remuxed_${file#*.}_gives_the_same_pictures_${file%%.*}"
done

# A cut at a random access point: what is left recovers
ff -ss 2 -i base.mp4 -c copy cut.mp4
bauta recover --lossless --key own.key cut.mp4 cut.mkv
status=$?
sums cut.mkv >cut.txt
tail -n "$(wc -l <cut.txt)" base.txt | cmp -s - cut.txt && [ "$(wc -l <cut.txt)" -eq 40 ] && [ $status -eq 0 ]
ok $? a_cut_at_a_random_access_point_recovers_all_that_is_left
bauta recover --lossless --key own.key --since 2 --until 3.95 base.mp4 span.mkv
sums span.mkv >span.txt
sums base.mp4 >masked.txt
{ sed -n 1,20p masked.txt; sed -n 21,40p base.txt; sed -n 41,60p masked.txt; } | cmp -s - span.txt
ok $? since_and_until_show_that_span_and_nothing_else

# One person, one class
bauta recover --lossless --key own.key --target 2 base.mp4 one.mkv && sums one.mkv >one.txt &&
    ! cmp -s one.txt base.txt && ! cmp -s one.txt masked.txt
ok $? one_target_can_be_recovered_alone
bauta recover --lossless --key own.key --class head base.mp4 head.mkv && sums head.mkv >head.txt &&
    ! cmp -s head.txt base.txt && ! cmp -s head.txt one.txt
ok $? one_class_can_be_recovered_alone

# On one thread and on several: the same pictures. Nothing is drawn by lot for solid masks.
protect --style solid clip.avi solid.mp4 && bauta recover --lossless --key own.key solid.mp4 solid.mkv &&
    sums solid.mp4 >solid_masked.txt && sums solid.mkv >solid.txt
protect --style solid --threads 0 clip.avi inline.mp4 &&
    bauta recover --lossless --threads 0 --key own.key inline.mp4 inline.mkv
sums inline.mp4 | cmp -s - solid_masked.txt && sums inline.mkv | cmp -s - solid.txt
ok $? threads_change_no_picture

# Standard input and output
"$BAUTA" protect --quiet --style solid --format ts --recipient own.pub --regions regions.jsonl - - <clip.avi >piped.ts \
    2>log.txt && "$BAUTA" recover --reason test --quiet --format mkv --lossless --key own.key - - <piped.ts >piped.mkv 2>>log.txt
sums piped.mkv | cmp -s - solid.txt
ok $? a_pipe_in_and_a_pipe_out_work

# Sound is copied, or left out
ff -i clip.avi -f lavfi -i sine=440:d=6 -c:v copy -c:a aac -shortest sound.mkv
protect sound.mkv sound.mp4 && bauta recover --key own.key sound.mp4 sound2.mp4
[ "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 sound2.mp4)" = aac ]
ok $? sound_is_copied
protect --no-audio sound.mkv silent.mp4
[ -z "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 silent.mp4)" ]
ok $? sound_can_be_left_out

# Other pictures are converted on the way in
for kind in "yuv420p10le libx264 1" "yuv422p libx264 1" "yuv444p libx264 1" "yuvj420p mjpeg 1" "gray ffv1 1" \
    "rgb24 ffv1 1"; do
    set -- $kind
    ff -i clip.avi -t 1 -pix_fmt "$1" -c:v "$2" -strict -1 kind.mkv
    protect kind.mkv kind.mp4 && [ "$(pictures kind.mp4)" = 10 ] &&
        [ "$(ffprobe -v error -select_streams v -show_entries stream=pix_fmt -of csv=p=0 kind.mp4 | sed 's/yuvj/yuv/')" = yuv420p ]
    ok $? "input_in_$1_is_converted"
done
ff -i clip.avi -t 1 -vf format=yuv444p,crop=301:203:200:100 -c:v ffv1 odd.mkv
protect odd.mkv odd.mp4 && [ "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 odd.mp4 | head -n 1)" = 302,204 ]
ok $? odd_sizes_are_made_even
done_testing
