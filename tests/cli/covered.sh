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
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
