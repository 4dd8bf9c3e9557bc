#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What happens to a protected file on its way: joined, sent over RTP, coded anew, its units lost or doubled.
. "$(dirname "$0")/lib.sh"
small_clip 6
protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
recover() { bauta recover --lossless --key own.key "$@"; }

protect clip.avi a.mp4 && recover a.mp4 a.mkv && sums a.mkv >a.txt && sums a.mp4 >a_masked.txt
protect clip.avi b.mp4 && recover b.mp4 b.mkv && sums b.mkv >b.txt
bauta protect --recipient other.pub --regions regions.jsonl clip.avi foreign.mp4

# Joined
printf 'file a.mp4\nfile b.mp4\n' >list.txt
ff -f concat -i list.txt -c copy joined.mp4 && recover joined.mp4 joined.mkv && sums joined.mkv >joined.txt
cat a.txt b.txt | cmp -s - joined.txt
ok $? two_files_joined_are_recovered_whole
"$BAUTA" inspect --json joined.mp4 2>/dev/null | tee log.txt | grep -Eq '"n?_?streams": ?2'
ok $? and_inspect_names_both
ff -i a.mp4 -c copy a.h264 && ff -i b.mp4 -c copy b.h264 && cat b.h264 a.h264 >ba.h264 &&
    recover ba.h264 ba.mkv && sums ba.mkv >ba.txt
cat b.txt a.txt | cmp -s - ba.txt
ok $? raw_streams_joined_are_recovered_whole
printf 'file a.mp4\nfile foreign.mp4\n' >list.txt
ff -f concat -i list.txt -c copy mixed.mp4
expect 5 a_file_joined_to_another_s_is_recovered_in_part recover --lossless --key own.key mixed.mp4 mixed.mkv
says "regions stay masked: this key does not open them" and_what_the_key_does_not_open_is_counted
sums mixed.mkv | head -n 60 | cmp -s - a.txt
ok $? and_the_part_of_this_key_is_whole

# Over RTP, as cameras send it
if command -v gst-launch-1.0 >/dev/null 2>&1; then
    for codec in h264 h265; do
        protect --codec $codec clip.avi $codec.mp4 && recover $codec.mp4 $codec.mkv && sums $codec.mkv >$codec.txt
        gst-launch-1.0 -q filesrc location=$codec.mp4 ! qtdemux ! ${codec}parse config-interval=-1 ! \
            rtp${codec}pay mtu=1400 ! rtp${codec}depay ! ${codec}parse ! matroskamux ! \
            filesink location=rtp_$codec.mkv >gst.txt 2>&1 && recover rtp_$codec.mkv back.mkv &&
            sums back.mkv | cmp -s - $codec.txt
        ok $? "${codec}_keeps_its_originals_over_rtp"
    done
else
    skip originals_are_kept_over_rtp "there is no gst-launch-1.0"
fi

# Coded anew: most programs drop SEI; those that keep it carry capsules that belong to other pictures
ff -i a.mp4 -c:v libx264 -preset ultrafast anew.mp4
expect 1 a_file_coded_anew_has_no_originals recover --key own.key anew.mp4 none.mkv
says "holds no recovery data" and_it_is_said_so
absent none.mkv and_nothing_is_written
ff -i a.mp4 -c:v libx264 -preset ultrafast -udu_sei 1 kept.mp4
expect 5 a_file_coded_anew_with_its_messages_is_told_from_an_untouched_one recover --lossless --key own.key kept.mp4 kept.mkv
says "60 pictures, all of them, were coded anew" and_it_says_that_every_picture_is_another

# Units lost, doubled, in another order: python takes the access units of the raw stream apart
for what in lost doubled swapped; do
    /usr/bin/python3 "$HERE/units.py" $what a.h264 $what.h264
    bauta recover --lossless --key own.key $what.h264 $what.mkv
    status=$?
    sums $what.mkv >$what.txt
    [ $status -eq 5 ] && grep -q "warning" log.txt && [ -s $what.txt ]
    ok $? "a_stream_with_units_${what}_is_recovered_in_part_and_says_so"
    kept=$(sort -u a.txt | comm -12 - "$(sort -u $what.txt >sorted.txt && echo sorted.txt)" | wc -l)
    echo "$what: $kept of 60 pictures recovered in full" >>log.txt
    [ "$kept" -ge 20 ]
    ok $? "and_what_is_there_of_${what}_comes_back"
done
done_testing
