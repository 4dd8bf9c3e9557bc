#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How the output may be coded, and how the originals in it may be kept.
. "$(dirname "$0")/lib.sh"
small_clip 6
python=/usr/bin/python3

protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }

# Whatever the encoder does with its pictures, every original comes back, also after a cut.
coded() { # coded NAME OPTIONS...
    name=$1
    shift
    protect "$@" clip.avi coded.mp4 && bauta recover --lossless --key own.key coded.mp4 coded.mkv &&
        [ "$(pictures coded.mkv)" = 60 ] && [ "$(pictures coded.mp4)" = 60 ] &&
        ffmpeg -nostdin -v warning -i coded.mp4 -f null - >log.txt 2>&1 && [ ! -s log.txt ] &&
        $python "$HERE/region_psnr.py" regions.jsonl clip.avi clip.avi coded.mkv coded.mp4 25 >>log.txt 2>&1
    ok $? "recovers_all_of_$name"
    ff -ss 2 -i coded.mp4 -c copy -avoid_negative_ts make_zero cut.mp4 &&
        bauta recover --key own.key cut.mp4 cut.mkv && [ "$(pictures cut.mkv)" = 40 ]
    ok $? "recovers_all_that_a_cut_leaves_of_$name"
}
coded b_pictures_and_look_ahead --preset medium --encoder-options bf=3,b-pyramid=normal
coded several_slices --encoder-options slices=4
coded several_reference_pictures_and_field_coding --encoder-options refs=4,flags=+ildct
coded no_deblocking_and_cavlc --encoder-options x264-params=no-deblock=1:cabac=0
coded an_encoder_named --encoder libx264 --encoder-options preset=superfast,crf=20,forced-idr=1
coded h265_with_b_pictures --codec h265 --encoder-options x265-params=bframes=4:b-pyramid=1
coded h265_with_several_slices --codec h265 --preset ultrafast --encoder-options x265-params=slices=3

# In an open GOP the pictures that are shown before the random access point but coded after it cannot
# be decoded after a cut: they are not there, what is there recovers.
open_gop() { # open_gop NAME OPTIONS...
    name=$1
    shift
    protect --preset medium "$@" clip.avi open.mkv && bauta recover --key own.key open.mkv open2.mkv &&
        [ "$(pictures open2.mkv)" = 60 ]
    ok $? "recovers_all_of_$name"
    ff -ss 2.5 -i open.mkv -c copy cut.mkv
    bauta recover --key own.key cut.mkv cut2.mkv
    status=$?
    [ $status -eq 0 ] || [ $status -eq 5 ]
    ok $? "recovers_what_a_cut_leaves_of_$name"
}
open_gop open_gops --encoder-options forced-idr=0,x264-params=open-gop=1:bframes=3:b-adapt=0
open_gop h265_open_gops --codec h265 --encoder-options forced-idr=0,x265-params=open-gop=1:bframes=3:b-adapt=0:keyint=20

# How originals are kept
for codec in h264 h265; do
    protect --object-codec $codec --recovery lossless clip.avi lossless.mp4 &&
        bauta recover --lossless --key own.key lossless.mp4 lossless.mkv &&
        $python "$HERE/exact.py" regions.jsonl clip.avi lossless.mkv >log.txt 2>&1
    ok $? "lossless_recovery_in_${codec}_brings_every_sample_back"
    protect --object-codec $codec clip.avi lossy.mp4 && bauta recover --lossless --key own.key lossy.mp4 lossy.mkv &&
        ! $python "$HERE/exact.py" regions.jsonl clip.avi lossy.mkv >log.txt 2>&1 &&
        $python "$HERE/region_psnr.py" regions.jsonl clip.avi clip.avi lossy.mkv lossy.mp4 25 >>log.txt 2>&1
    ok $? "recovery_in_$codec"
    protect --object-codec $codec --recovery-crf 10 clip.avi fine.mp4 &&
        protect --object-codec $codec --recovery-crf 40 clip.avi coarse.mp4 &&
        [ "$(stat -c %s coarse.mp4)" -lt "$(stat -c %s lossy.mp4)" ] &&
        [ "$(stat -c %s lossy.mp4)" -lt "$(stat -c %s fine.mp4)" ]
    ok $? "recovery_crf_sets_the_quality_in_$codec"
done
ff -i clip.avi -vf crop=48:48:480:150 -t 1 -c:v ffv1 tiny.mkv
expect 1 h265_objects_of_a_tiny_picture_are_refused protect --recipient own.pub --regions regions.jsonl \
    --object-codec h265 tiny.mkv tiny.mp4
absent tiny.mp4 nothing_is_left_of_it

# What cannot be
refused() { # refused STATUS NAME WORDS OPTIONS...
    want=$1 name=$2 words=$3
    shift 3
    expect "$want" "$name" protect --recipient own.pub --regions regions.jsonl "$@" clip.avi none.mp4
    says "$words" "${name}_and_says_why"
    absent none.mp4 "${name}_and_leaves_nothing"
}
refused 1 an_unknown_encoder_is_refused "has no encoder" --encoder libx299
refused 1 an_encoder_of_another_codec_is_refused "H.264 cannot be made by libx265" --encoder libx265
refused 1 an_encoder_without_4_2_0_is_refused "are not taken by libx264rgb" --encoder libx264rgb
refused 2 an_unknown_option_is_refused "has no option" --encoder-options colour=blue
refused 2 options_that_are_none_are_refused "name=value" --encoder-options nonsense
refused 2 an_unknown_object_codec_is_refused "--object-codec" --object-codec av1
refused 2 an_unknown_recovery_is_refused "--recovery" --recovery perfect
refused 2 lossless_has_no_quality "--recovery-crf" --recovery lossless --recovery-crf 20
done_testing
