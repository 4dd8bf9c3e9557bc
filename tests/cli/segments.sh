#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A folder, or several files, of pieces of recordings: verify judges each recording as a whole.
. "$(dirname "$0")/lib.sh"
small_clip 12
bauta key new --sign camera --no-passphrase
# Plain masks.
protect() { bauta protect --style solid --recipient own.pub --regions regions.jsonl --sign camera.key "$@"; }
split() { ff -i "$1" -c copy -f segment -segment_time 4 -reset_timestamps 1 "$2/$3-%d.${4:-mp4}"; }
mkdir held live
protect --encoder-options bf=0 clip.avi whole.mp4 && split whole.mp4 held cam
ok $? a_recording_is_split
protect --encoder-options tune=zerolatency clip.avi zero.mp4 && split zero.mp4 live cam
ok $? and_one_that_is_coded_as_live
[ "$(find held live -name 'cam-?.mp4' | wc -l)" = 6 ]
ok $? into_three_pieces_each

# verify STATUS NAME ARGUMENTS... -- WORDS...: each word in a line of its own on standard output
verify() {
    want=$1 name=$2 arguments=""
    shift 2
    while [ "$1" != -- ]; do
        arguments="$arguments $1"
        shift
    done
    shift
    # shellcheck disable=SC2086 # words
    bauta verify --signer camera.pub $arguments
    got=$?
    for words; do
        grep -qF -- "$words" out.txt || got="$got, and nothing of '$words'"
    done
    cat out.txt >>log.txt
    [ "$got" = "$want" ] || echo "status $got, not $want" >>log.txt
    [ "$got" = "$want" ]
    ok $? "$name"
}
copy() { rm -rf now && mkdir now && cp "$@" now; } # copy FILE...: a folder of these

whole="authentic, 120 of 120 pictures in 6 epochs"
for kind in held live; do
    verify 0 "a_folder_of_pieces_is_whole_$kind" $kind -- "$kind/cam-0.mp4: authentic, 40 pictures, piece 1 of 3" \
        "3 files, $kind/cam-0.mp4 to $kind/cam-2.mp4: $whole"
    ! grep -q "goes on" out.txt
    ok $? "and_neither_begins_nor_ends_anywhere_else"
    verify 0 "as_a_list_it_is_too_in_any_order_$kind" $kind/cam-2.mp4 $kind/cam-0.mp4 $kind/cam-1.mp4 -- "$whole"
    copy $kind/cam-0.mp4 $kind/cam-2.mp4
    verify 5 "a_missing_piece_in_the_middle_is_found_$kind" now whole.mp4 -- "2 epochs are missing before now/cam-2.mp4" "NOT AUTHENTIC"
    verify 4 "also_as_a_list_$kind" $kind/cam-0.mp4 $kind/cam-2.mp4 -- "NOT AUTHENTIC, 40 pictures, piece 2 of 2; epochs cut out" \
        "2 epochs are missing before $kind/cam-2.mp4"
    copy $kind/cam-1.mp4 $kind/cam-2.mp4
    verify 0 "without_the_first_it_begins_there_$kind" now -- "begins here: the recording goes on before" \
        "authentic, 80 of 80 pictures in 4 epochs"
    copy $kind/cam-0.mp4 $kind/cam-1.mp4 $kind/cam-2.mp4
    mv now/cam-0.mp4 now/x && mv now/cam-2.mp4 now/cam-0.mp4 && mv now/x now/cam-2.mp4
    verify 0 "names_that_were_swapped_change_nothing_$kind" now -- "now/cam-2.mp4: authentic, 40 pictures, piece 1 of 3" "$whole"
    copy $kind/cam-0.mp4 $kind/cam-1.mp4 $kind/cam-2.mp4
    cp now/cam-1.mp4 now/cam-9.mp4
    verify 0 "a_piece_that_is_there_twice_is_a_copy_$kind" now -- "now/cam-9.mp4: authentic, 40 pictures, a copy of piece 2 of 3" "$whole"
    /usr/bin/python3 "$HERE/flip.py" now/cam-9.mp4 2>>log.txt
    verify 5 "a_copy_that_was_altered_is_found_$kind" now -- "now/cam-9.mp4: NOT AUTHENTIC, 40 pictures, a copy of piece 2 of 3" \
        "now/cam-1.mp4: authentic, 40 pictures, piece 2 of 3"
    /usr/bin/python3 "$HERE/flip.py" now/cam-1.mp4 2>>log.txt && rm now/cam-9.mp4
    verify 4 "so_is_a_piece_$kind" now -- "now/cam-1.mp4: NOT AUTHENTIC" "now/cam-2.mp4: authentic, 40 pictures, piece 3 of 3"
done
copy held/cam-0.mp4 held/cam-1.mp4
verify 0 without_the_last_it_ends_there now -- "ends here: the recording goes on after" "authentic, 80 of 80 pictures in 4 epochs"
copy held/cam-1.mp4
verify 0 one_piece_in_a_folder_begins_and_ends_there now -- "begins here: the recording goes on before" "ends here: the recording goes on after"
verify 4 one_file_alone_is_judged_as_it_is held/cam-1.mp4 -- "head cut off" "tail cut off"

# Several cameras, several kinds of files, and none
rm -rf now && mkdir now now/side && cp held/*.mp4 now && cp live/cam-0.mp4 now/side/z.mp4 && cp live/cam-1.mp4 now/a.mp4 &&
    cp live/cam-2.mp4 now/side/m.mp4 && echo nothing >now/torn.mkv
verify 5 each_recording_has_its_line_whatever_its_files_are_called now -- "3 files, now/cam-0.mp4 to now/cam-2.mp4: $whole" \
    "3 files, now/side/z.mp4 to now/side/m.mp4: $whole" "now/torn.mkv: FAILED"
rm now/torn.mkv
verify 0 and_all_are_whole now -- "now/a.mp4: authentic, 40 pictures, piece 2 of 3"
bauta verify --json --signer camera.pub now
/usr/bin/python3 -c '
import json
lines = [json.loads(line) for line in open("out.txt")]
assert sum("file" in line and line["authentic"] for line in lines) == 6, lines
last = [line for line in lines if "recording" in line]
assert len(last) == 2 and all(line["authentic"] and len(line["files"]) == 3 and not line["goes_on_before"] for line in last), last' 2>>log.txt
ok $? in_json_too
for kind in mkv ts; do
    mkdir $kind && split whole.mp4 $kind cam $kind
    verify 0 "pieces_of_${kind}_are_one_recording" $kind -- "$whole"
done
ff -i held/cam-1.mp4 -c copy -bsf:v "setts=pts=PTS*2:dts=DTS*2" slow.mp4 && copy held/*.mp4 && cp slow.mp4 now/cam-1.mp4
verify 4 one_piece_at_half_speed_is_found now -- "now/cam-1.mp4: NOT AUTHENTIC, 40 pictures, piece 2 of 3; shown at other times"

# A new key on the way is no end of the recording
protect --rotate 3 --encoder-options tune=zerolatency clip.avi rotated.mp4 && mkdir rotated && split rotated.mp4 rotated cam
verify 0 keys_that_change_do_not_end_it rotated -- "3 files, rotated/cam-0.mp4 to rotated/cam-2.mp4: $whole"
mkdir short && ff -i rotated.mp4 -c copy -f segment -segment_time 2 -reset_timestamps 1 short/cam-%d.mp4
protect --rotate 3 --encoder-options bf=0 clip.avi later.mp4 && mkdir later &&
    ff -i later.mp4 -c copy -f segment -segment_time 2 -reset_timestamps 1 later/cam-%d.mp4
for kind in short later; do # each stream has two pieces
    for piece in 1 2 3 4; do
        copy $kind/cam-?.mp4 && rm now/cam-$piece.mp4
        verify 4 "without_piece_${piece}_where_the_key_changes_it_is_one_recording_$kind" now -- "5 files, now/cam-0.mp4 to now/cam-5.mp4: NOT AUTHENTIC" \
            "; at least 1 epoch is missing before now/cam-$((piece + 1)).mp4" "now/cam-$((piece + 1)).mp4: NOT AUTHENTIC, 20 pictures, piece $((piece + 1)) of 5; epochs cut out"
    done
    copy $kind/cam-0.mp4 $kind/cam-5.mp4
    verify 4 "without_a_whole_stream_it_is_too_$kind" now -- "2 files, now/cam-0.mp4 to now/cam-5.mp4: NOT AUTHENTIC" "; at least 2 epochs are missing before now/cam-5.mp4"
    bauta verify --json --signer camera.pub now
    grep -q '"missing_epochs":2,"missing_epochs_is_least":true' out.txt && grep -q '"count_is_least":true' out.txt
    ok $? "in_json_too_$kind"
    copy $kind/cam-0.mp4 $kind/cam-1.mp4 $kind/cam-2.mp4
    verify 0 "it_may_end_where_the_key_has_changed_$kind" now -- "3 files, now/cam-0.mp4 to now/cam-2.mp4: authentic" "ends here: the recording goes on after"
    copy $kind/cam-3.mp4 $kind/cam-4.mp4 $kind/cam-5.mp4
    verify 0 "and_begin_where_it_had_$kind" now -- "3 files, now/cam-3.mp4 to now/cam-5.mp4: authentic" "begins here: the recording goes on before"
done
# Two that nothing has in common are two
copy later/cam-?.mp4 && for piece in 0 1 2 3 4 5; do cp "short/cam-$piece.mp4" "now/b-$piece.mp4"; done
verify 0 two_runs_are_two_recordings now -- "6 files, now/cam-0.mp4 to now/cam-5.mp4: $whole" "6 files, now/b-0.mp4 to now/b-5.mp4: $whole"
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
