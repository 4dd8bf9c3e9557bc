#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What verify and recover say of a signed recording after each kind of manipulation, and after none.
. "$(dirname "$0")/lib.sh"
small_clip 12
bauta key new --sign camera --no-passphrase
bauta key new --sign stranger --no-passphrase
# Plain masks, so that every run makes the same stream.
protect() { bauta protect --style solid --recipient other.pub --recipient own.pub --began 2026-11-24T10:00:00Z --regions regions.jsonl "$@"; }
raw() { ff -i "$1" -c copy "${1%.*}.h264"; }

protect --sign camera.key clip.avi signed.mp4 && raw signed.mp4
protect --sign camera.key clip.avi foreign.mp4 && raw foreign.mp4
protect clip.avi unsigned.mp4
expect 0 a_signed_recording_verifies verify --signer camera.pub signed.mp4
grep -q "authentic: 120 pictures" out.txt
ok $? and_all_of_it_is_authentic
for file in signed.mkv signed.ts fragmented.mp4; do
    ff -i signed.mp4 -c copy -movflags +frag_keyframe+empty_moov $file
    expect 0 "it_verifies_as_$file" verify --signer camera.pub $file
done
ff -i signed.mkv -c copy again.mp4
expect 0 it_verifies_after_a_way_through_two_containers verify --signer camera.pub again.mp4
for options in "--codec h265" "--encoder-options bf=3,x264-params=open_gop=1" "--encoder-options tune=zerolatency" \
    "--rotate 3" "--gop 0.1" "--threads 0"; do
    # shellcheck disable=SC2086 # words
    protect --sign camera.key $options clip.avi variant.mp4
    expect 0 "it_verifies_with_$(echo "$options" | tr -c 'a-z0-9\n' _)" verify --signer camera.pub variant.mp4
done
expect 4 a_stranger_s_signature_counts_for_nothing verify --signer stranger.pub signed.mp4
grep -q "unknown signer: 120" out.txt
ok $? and_verify_says_whose_it_is
expect 4 an_unsigned_recording_is_not_authentic verify --signer camera.pub unsigned.mp4
grep -q "unsigned: 120" out.txt
ok $? and_verify_says_that_it_is_unsigned
expect 1 an_x25519_key_is_no_signer verify --signer own.pub signed.mp4
expect 2 verify_needs_a_signer verify signed.mp4
expect 0 verify_speaks_json verify --json --signer camera.pub signed.mp4
/usr/bin/python3 -c 'import json; j = json.load(open("out.txt")); assert j["authentic"] and j["authentic_pictures"] == 120 and len(j["findings"]) == 6' 2>log.txt
ok $? with_a_finding_for_each_epoch

# The same by a verifier that was written from docs/format.md alone
independent() { /usr/bin/python3 "$HERE/../vectors/verifier.py" camera.pub "$1" >out.txt 2>log.txt; }
independent signed.h264 && grep -q "120 access units in 6 epochs" out.txt
ok $? an_independent_verifier_agrees
for options in "--codec h265" "--encoder-options bf=3,x264-params=open_gop=1" "--rotate 3"; do
    suffix=$([ "${options#*h265}" = "$options" ] && echo h264 || echo h265)
    # shellcheck disable=SC2086 # words
    protect --sign camera.key $options clip.avi "other.$suffix" && independent "other.$suffix"
    ok $? "it_agrees_with_$(echo "$options" | tr -c 'a-z0-9\n' _)"
done

mkdir tampered
/usr/bin/python3 "$HERE/tamper.py" signed.h264 foreign.h264 tampered 2>log.txt
ok $? the_manipulations_are_made
ff -i signed.mp4 -c:v libx264 -preset ultrafast tampered/transcoded.h264
ff -i signed.mp4 -c:v libx264 -preset ultrafast -udu_sei 1 tampered/transcoded_with_messages.h264

# tampered NAME VERIFY RECOVER WORDS...: exit statuses, and what verify must say, each word a line of its own
tampered() {
    name=$1 verified=$2 recovered=$3
    shift 3
    bauta verify --signer camera.pub "tampered/$name.h264"
    got=$?
    for words; do
        grep -qF -- "$words" out.txt || got="$got, and nothing of '$words'"
    done
    bauta recover --key own.key "tampered/$name.h264" back.mp4
    back=$?
    { cat out.txt; echo "verify $got, recover $back"; } >>log.txt
    cp log.txt "tampered/$name.log"
    [ "$got" = "$verified" ] && [ $back -eq "$recovered" ]
    ok $? "$name"
}
for name in picture_edited capsule_moved time_changed epochs_swapped signature_altered tail_cut; do
    ! independent "tampered/$name.h264"
    ok $? "the_independent_verifier_refuses_$name"
done
tampered untouched 0 0 "authentic: 120 pictures"
tampered picture_edited 4 5 "picture changed: 1 picture" "119 of 120"
tampered picture_removed 4 5 "pictures cut out: 1 picture" "119 of 119"
tampered epoch_removed 4 0 "epochs cut out: 1 epoch"
tampered epochs_swapped 4 0 "epoch moved: 1 epoch"
tampered epoch_doubled 4 5 "epoch moved: 1 epoch"
tampered capsule_removed 4 5 "recovery data changed: 1 picture"
tampered capsule_moved 4 5 "recovery data changed: 1 picture"
tampered capsule_of_another_file 4 5 "recovery data changed: 1 picture"
tampered message_of_another_picture 4 5 "recovery data swapped: 1 picture"
tampered message_removed 4 5 "recovery data stripped: 1 picture"
tampered header_bit_flipped 4 5 "recovery data changed: 1 picture"
tampered time_changed 4 0 "header changed"
tampered recipients_changed 4 0 "recipients changed"
tampered signature_removed 4 0 "unsigned: 20 pictures" "100 of 120"
tampered signature_altered 4 0 "forged signature: 20 pictures"
tampered tail_cut 4 0 "tail cut off" "100 of 100"
tampered tail_cut_in_an_epoch 4 5 "unsigned: 15 pictures"
tampered tail_forged 4 5 "unsigned: 8 pictures" "100 of 108"
mkdir alone && cp tampered/tail_forged.h264 alone
bauta verify --signer camera.pub alone
[ $? -eq 5 ] && grep -q "authentic but for its end, 100 of 108" out.txt && bauta verify --json --signer camera.pub alone
[ $? -eq 5 ] && grep -q '"authentic":false' out.txt && ! grep -q '"authentic":true' out.txt
ok $? nor_is_it_authentic_as_one_piece_of_many
tampered head_cut 4 0 "head cut off: 1 epoch"
tampered stripped 4 1 "unsigned: 120 pictures"
tampered transcoded 4 1 "unsigned"
tampered transcoded_with_messages 4 5 "picture changed" "parameters changed" "0 of 120"
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
