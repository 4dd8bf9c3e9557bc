#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What verify says of what a container adds to a signed recording: times, and what no signature covers.
. "$(dirname "$0")/lib.sh"
small_clip 6
bauta key new --sign camera --no-passphrase
bauta protect --style solid --recipient own.pub --regions regions.jsonl --sign camera.key clip.avi signed.mp4
ok $? a_recording_is_signed

# verify STATUS NAME FILE WORDS...: each word in a line of its own on standard output
verify() {
    want=$1 name=$2 file=$3
    shift 3
    bauta verify --signer "${SIGNER:-camera.pub}" "$file"
    got=$?
    for words; do
        grep -qF -- "$words" out.txt || got="$got, and nothing of '$words'"
    done
    cat out.txt >>log.txt
    [ "$got" = "$want" ] || echo "status $got, not $want" >>log.txt
    [ "$got" = "$want" ]
    ok $? "$name"
}

# ---- when pictures are shown ----

retime() { ff -i "$1" -c copy -bsf:v "setts=pts='$2':dts='$3'" "$4"; } # retime IN PTS DTS OUT
for kind in mp4 mkv ts; do
    retime signed.mp4 'PTS*2' 'DTS*2' half.$kind
done
retime signed.mp4 'if(eq(N,25),PTS+0.03/TB,PTS)' DTS late.mkv
retime signed.mp4 'if(gte(N,40),PTS+30/TB,PTS)' 'if(gte(N,40),DTS+30/TB,DTS)' paused.mp4
for file in half.mp4 half.mkv half.ts; do
    verify 4 "half_speed_shows_in_${file#*.}" $file \
        "shown at other times: 60 pictures, numbers 0 to 59: 6.000 s were signed, the file shows them in 12.000 s" \
        "0 of 60 pictures in 3 epochs"
done
verify 4 one_picture_at_another_time_shows_and_its_epoch_is_named late.mkv "shown at other times: 20 pictures, numbers 20 to 39" \
    "40 of 60 pictures"
verify 4 a_pause_shows paused.mp4 "shown at other times: 20 pictures, numbers 40 to 59: up to 30.000 s later than signed"
bauta verify --json --signer camera.pub half.mp4
/usr/bin/python3 -c '
import json
f = [f for f in json.load(open("out.txt"))["findings"] if f["finding"] == "shown at other times"]
assert len(f) == 3 and f[1]["first_picture"] == 20 and f[1]["last_picture"] == 39, f
assert abs(f[1]["signed_seconds"] - 2) < 0.01 and abs(f[1]["shown_seconds"] - 4) < 0.01, f' 2>>log.txt
ok $? json_tells_times_too
ff -i signed.mp4 -c copy -output_ts_offset 3600 later.mkv
ff -i signed.mp4 -c copy signed.ts && ff -i signed.ts -c copy between.mkv && ff -i between.mkv -c copy around.mov
for file in later.mkv signed.ts around.mov; do
    verify 0 "times_that_are_as_signed_verify_in_$file" $file "60 of 60 pictures"
done
for rate in 25 30000/1001 "24000/1001 -bf 3" "10 -vf setpts=N*N*0.001/TB -vsync vfr"; do
    # shellcheck disable=SC2086 # words
    ff -i clip.avi -vf scale=160:120 -r $rate -c:v libx264 -preset ultrafast source.mkv
    bauta protect --recipient own.pub --regions /dev/null --sign camera.key source.mkv rate.mp4
    ff -i rate.mp4 -c copy rate.mkv && ff -i rate.mkv -c copy rate.ts
    for file in rate.mp4 rate.mkv rate.ts; do
        verify 0 "a_rate_of_$(echo "$rate" | tr -c 'a-z0-9\n' _)_verifies_as_${file#*.}" $file "authentic"
    done
done

# Version 1 of manifests, which sign no times but the epochs' times of day: as a writer of before made them
old=$HERE/../vectors/signed
retime "$old/version1.mp4" 'PTS*2' 'DTS*2' old_half.mp4
ff -i "$old/version1.mp4" -c copy old.mkv
SIGNER=$old/camera.pub
verify 0 what_was_signed_before_times_were_verifies "$old/version1.mp4" "40 of 40 pictures"
verify 0 also_in_another_container old.mkv "40 of 40 pictures"
verify 4 and_its_times_of_day_are_held_against_the_file old_half.mp4 "shown at other times: 30 pictures, numbers 10 to 39"
unset SIGNER
# ---- what no signature covers ----

only() { # only WORDS NAME: the line of what is not covered is this
    [ "$(grep '^not covered' out.txt)" = "not covered by any signature: $1" ]
    ok $? "$2"
}
verify 0 a_recording_as_it_was_made_verifies signed.mp4 "signed.mp4:" "60 of 60 pictures in 3 epochs are authentic: all of it is"
! grep -q "not covered" out.txt
ok $? and_all_of_it_is_covered
ff -f lavfi -i sine=d=6 -c:a aac sound.m4a
ff -i signed.mp4 -i sound.m4a -c copy sound.mp4
verify 0 a_recording_with_sound_verifies sound.mp4 ": all of it is"
only "sound (aac)" and_that_sound_is_not_covered_is_said
printf '1\n00:00:00,000 --> 00:00:03,000\nThe thief\n' >words.srt
printf ';FFMETADATA1\ntitle=Thief\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=3\ntitle=Theft\n' >chapters.txt
ff -i signed.mp4 -i words.srt -i chapters.txt -map 0:v -map 1 -map_chapters 2 -map_metadata 2 -c copy -c:s srt \
    -metadata:s:s language=eng words.mkv
verify 0 subtitles_and_chapters_change_nothing_that_is_signed words.mkv ": all of it is"
only "subtitles (subrip eng), chapters (1), tags (title)" and_are_named
ff -f lavfi -i testsrc=size=320x240:rate=10:duration=6 -c:v libx264 -preset ultrafast other.mp4
ff -i signed.mp4 -i other.mp4 -map 0:v -map 1:v -c copy tracks.mp4
verify 5 a_file_with_another_picture_track_is_not_all_of_it tracks.mp4 "not covered by any signature: video track 2 (h264 320x240)" \
    "60 of 60 pictures in 3 epochs are authentic, but not all that the file shows is signed"
says "also shows pictures that nobody signed" and_that_is_said
bauta verify --json --signer camera.pub tracks.mp4
/usr/bin/python3 -c '
import json
j = json.load(open("out.txt"))
assert j["file"] == "tracks.mp4" and j["not_covered"] == ["video track 2 (h264 320x240)"] and not j["authentic"], j' 2>>log.txt
ok $? as_json
ff -i signed.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
verify 0 a_turned_recording_verifies turned.mp4 "how pictures are turned ("
ff -i signed.mp4 -c copy -aspect 8:1 wide.mp4
verify 0 a_shape_of_pixels_that_only_the_container_tells_is_named wide.mp4 "how wide pixels are shown ("
ff -i signed.mp4 -c copy same.mkv
bauta verify --signer camera.pub same.mkv
! grep -q "how wide" out.txt
ok $? and_only_if_it_is_another
ff -i signed.mp4 -c copy raw.h264
verify 0 a_raw_stream_verifies raw.h264 "not covered by any signature: times (the file tells none)" ": all of it is"
mkdir raw old
piece() { /usr/bin/python3 "$HERE/pieces.py" "$@" 2>>log.txt; }
piece raw.h264 raw/a.h264 0:20 && piece raw.h264 raw/b.h264 20:60
bauta verify --signer camera.pub raw
[ $? -eq 0 ] && [ "$(grep -c "not covered: times (the file tells none)" out.txt)" = 2 ]
ok $? of_its_pieces_the_same_is_said
SIGNER=$old/camera.pub
verify 0 of_what_was_signed_before_times_were_they_are_not_covered "$old/version1.mp4" "times inside epochs (signed before times were)"
ff -i "$old/version1.mp4" -c copy version1.h264
n=$(ffprobe -v error -show_entries packet=flags -of csv=p=0 version1.h264 | awk '/K/ && NR > 1 { print NR - 1; exit }') # the second epoch
piece version1.h264 old/a.h264 0:$n && piece version1.h264 old/b.h264 $n:1000
bauta verify --signer "$SIGNER" old
grep -q "not covered: times inside epochs (signed before times were)" out.txt
ok $? in_pieces_as_well
unset SIGNER

# edits FILE OUT ENTRY...: replaces the edit list; an entry is DURATION:START:RATE in pictures, START -1: nothing is shown
edits() { /usr/bin/python3 "$HERE/edit_list.py" "$@" 2>>log.txt; }
edits signed.mp4 hidden.mp4 55:5:1
verify 5 an_edit_list_that_hides_the_first_pictures_is_not_all_of_it hidden.mp4 "not covered by any signature: edit list (hides 5 pictures)" \
    "but not all that the file shows is signed"
edits signed.mp4 short.mp4 30:0:1
verify 5 nor_is_one_that_hides_the_last_ones short.mp4 "edit list (hides 30 pictures)" "but not all that the file shows is signed"
edits signed.mp4 less.mp4 35:25:1
verify 4 one_that_leaves_out_an_epoch_takes_it_away less.mp4 "head cut off" "edit list (hides 5 pictures)"
edits signed.mp4 again.mp4 20:40:1 40:0:1
verify 4 one_that_shows_the_end_first_moves_it again.mp4 "epoch moved" "shows pieces, pauses, or another speed)"
edits signed.mp4 held.mp4 20:0:1 20:-1:1 40:20:1
verify 4 nor_does_one_that_pauses_show_what_was_signed held.mp4 "shows pieces, pauses, or another speed)"
edits signed.mp4 slow.mp4 60:0:0.5
verify 5 one_at_half_speed_is_not_all_of_it slow.mp4 "edit list (shows pieces, pauses, or another speed)"

# Other signers end with a unit of nothing but SEI (Axis signed video)
bauta protect --style solid --encoder-options bf=0 --recipient own.pub --regions regions.jsonl --sign camera.key clip.avi plain.h264
cp plain.h264 ended.h264
ff -f lavfi -i color=black:s=768x576:r=10 -frames:v 1 -c:v libx264 -preset ultrafast -bsf:v filter_units=remove_types=6 black.h264
cat black.h264 >>ended.h264
ff -r 10 -i ended.h264 -c copy more.mp4
/usr/bin/python3 "$HERE/sei_only.py" more.mp4 black.h264 sei.mp4 2>>log.txt && ff -i sei.mp4 -c copy sei.mkv
[ "$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 sei.mp4)" = 61 ]
ok $? a_last_unit_of_nothing_but_sei_is_made
verify 4 a_picture_there_is_found more.mp4 "unsigned: 1 picture" "60 of 61 pictures"
for file in sei.mp4 sei.mkv; do
    verify 0 "it_is_no_picture_in_$file" $file "60 of 60 pictures in 3 epochs are authentic: all of it is"
done

# ---- words that are true ----

bauta protect --style solid --recipient own.pub --regions regions.jsonl clip.avi unsigned.mp4
verify 4 an_unsigned_recording_is_not_authentic unsigned.mp4 "unsigned: 60 pictures"
says "unsigned.mp4: is not signed, or its signatures were taken away" and_the_words_are_true
! grep -q "as its signer wrote it" log.txt
ok $? and_no_others
verify 4 nor_is_a_clip_that_was_never_protected other.mp4 "unsigned: 60 pictures"
says "is not signed" and_that_is_said_too
bauta key new --sign stranger --no-passphrase
SIGNER=stranger.pub
verify 4 one_by_somebody_else_is_not signed.mp4 "unknown signer: 60 pictures"
says "is signed by somebody else than the signers that were given" which_is_said_as_well
unset SIGNER
head -c 1000 signed.mp4 >torn.mp4
expect 5 one_that_cannot_be_read_does_not_stop_the_others verify --signer camera.pub torn.mp4 signed.mp4 sound.mp4
grep -q "^signed.mp4: authentic, 60 of 60 pictures in 3 epochs$" out.txt &&
    grep -q "^sound.mp4: authentic, 60 of 60 pictures in 3 epochs; not covered: sound (aac)$" out.txt && grep -q "^torn.mp4: FAILED" out.txt
ok $? each_has_its_line
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
