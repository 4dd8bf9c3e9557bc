#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Many files and folders in one run: what is done, passed over, refused and failed, and what is said of it.
. "$(dirname "$0")/lib.sh"
need_demo_clip
bauta key new own --no-passphrase
bauta key new other --no-passphrase
bauta key new camera --sign --no-passphrase

# Half a second of the demo clip, small: people are found in it by the detectors.
piece() { # piece START FILE OPTIONS...
    start=$1 file=$2
    shift 2
    ff -ss "$start" -i "$CLIP" -frames:v 5 -vf scale=320:240 "$@" "$file"
}
mkdir -p in/door in/.hidden in/none
piece 2 in/cam1.mp4 -c:v libx264
piece 4 in/door/cam1.mkv -c:v libx264
piece 6 in/door/cam2.avi -c:v mpeg4
piece 8 still.jpg -frames:v 1
echo "this is no video" >in/broken.mp4
cp still.jpg in/
cp in/cam1.mp4 in/.hidden/
echo notes >in/notes.txt
ln -s .. in/door/round
P="protect --recipient own.pub"

lines() { [ "$(grep -cF -- "$1" "${2:-log.txt}")" = "$3" ]; }
made() { (cd "$1" && find . -type f | sort | tr '\n' ' '); }

expect 5 a_folder_is_protected_and_one_failure_is_told $P --sign camera.key -o out in
[ "$(made out)" = "./cam1.mp4 ./door/cam1.mkv ./door/cam2.mp4 " ]
ok $? paths_and_containers_are_kept_where_they_can_be
says "in/door/cam2.avi: protected, 5 pictures, " each_file_has_its_line
says " -> out/door/cam2.mp4" and_its_output
says "in/broken.mp4: FAILED: not a video file" a_failure_is_said_in_its_line
says "bauta: 3 done, 1 failed: in/broken.mp4" and_once_more_at_the_end
says "1 still (named one by one" stills_in_folders_are_counted
says "2 files that are hidden or no video" other_files_and_hidden_ones_too
says "1 link to folders" folders_behind_links_too
[ "$(pictures out/cam1.mp4)" = 5 ] && [ "$(pictures out/door/cam2.mp4)" = 5 ]
ok $? they_hold_all_pictures

touch -d "2001-01-01" out/cam1.mp4
expect 5 a_second_run_goes_on $P -o out in
lines "is there already" log.txt 3 && lines "protected," log.txt 0
ok $? what_is_done_is_passed_over
says "out/cam1.mp4 is there already, but is older" an_output_older_than_its_input_is_named
says "bauta: 0 done, 3 skipped, 1 failed: in/broken.mp4" and_what_failed_is_named_again
rm in/broken.mp4
expect 0 nothing_to_do_is_done $P -o out in
cp in/cam1.mp4 cam9.mp4
expect 0 what_is_protected_is_not_protected_twice $P -o again out cam9.mp4
lines "skipped: carries recovery data already" log.txt 3
ok $? and_that_is_said
[ "$(made again)" = "./cam9.mp4 " ]
ok $? and_only_what_was_clear_is_made
expect 0 an_output_folder_inside_the_input_is_no_input $P -o in/masked in/door in/cam1.mp4
expect 0 and_not_in_the_next_run_either $P -o in/masked/ in
[ "$(made in/masked)" = "./cam1.mkv ./cam1.mp4 ./cam2.mp4 ./door/cam1.mkv ./door/cam2.mp4 " ]
ok $? and_is_not_walked
rm -r in/masked

# Never onto a file of another's, nor of the input's own
cp in/cam1.mp4 before.mp4
expect 1 the_folder_of_the_input_is_refused $P -o in in/cam1.mp4
says "is this file itself" and_says_why
cmp -s in/cam1.mp4 before.mp4
ok $? and_the_input_is_as_it_was
mkdir taken && cp still.jpg taken/cam1.mp4
expect 5 a_file_that_is_not_ours_is_not_written_over $P -o taken in/cam1.mp4 in/door/cam2.avi
says "taken/cam1.mp4 is there already, and was not made by this command" and_it_says_so
cmp -s taken/cam1.mp4 still.jpg && [ -e taken/cam2.mp4 ]
ok $? and_it_stays_as_it_was
mkdir a b && cp in/cam1.mp4 a/x.mp4 && cp in/door/cam2.avi b/x.avi
expect 1 two_with_one_output_are_both_refused $P -o one a/x.mp4 b/x.avi
lines "one/x.mp4 would be the output of" log.txt 2 && [ -z "$(made one)" ]
ok $? and_nothing_is_made_of_either
expect 0 one_named_twice_is_done_once $P -o one a/x.mp4 ./a/x.mp4 a/x.mp4
says "bauta: 1 done" and_counted_once
expect 0 several_folders_keep_their_names $P -o both a b/
[ "$(made both)" = "./a/x.mp4 ./b/x.mp4 " ]
ok $? as_folders_of_the_output

# One file, and what is for one file only
expect 0 one_file_goes_where_o_says $P -o single.mp4 in/cam1.mp4
[ "$(pictures single.mp4)" = 5 ]
ok $? and_is_whole
expect 0 format_names_the_container $P --format ts -o formats in/cam1.mp4
[ "$(made formats)" = "./cam1.ts " ]
ok $? in_the_name_too
refused() { # refused STATUS NAME WORDS COMMAND...
    want=$1 name=$2 words=$3
    shift 3
    expect "$want" "$name" "$@"
    says "$words" "${name}_and_says_why"
    absent none "${name}_and_leaves_nothing"
}
refused 1 a_folder_without_o_is_refused "say with -o DIR" $P in none.mp4
refused 2 several_into_a_file_are_refused "names a file" $P -o none.mp4 in/cam1.mp4 in/door/cam2.avi
refused 2 three_without_a_folder_are_refused "any number of IN and -o DIR" $P a/x.mp4 b/x.avi none.mp4
refused 2 regions_are_for_one_file "--regions is for one file" $P --regions r.jsonl -o none in
refused 2 a_report_is_of_one_file "--report is for one file" $P --report r.jsonl -o none in
refused 2 one_time_of_day_is_of_one_file "--began is for one file" $P --began 2026-11-24T10:00:00Z -o none in
refused 2 standard_input_has_no_name "standard input goes alone" $P -o none - in/cam1.mp4
refused 2 an_unknown_container_is_refused "is no container" $P --format avi -o none in
refused 2 inspect_needs_something "needs a file or a folder" inspect
for i in 1 2 3 4; do for j in 0 1 2 3 4 5 6 7 8 9; do cp in/notes.txt "many$i$j.mp4"; done; done
expect 1 forty_files_are_forty inspect many*.mp4
[ "$(wc -l <out.txt)" = 40 ]
ok $? and_have_forty_lines
expect 1 a_folder_without_video_is_said $P -o nothing in/none
says "there is no video" in_words

# Stills: in as a video of one picture, never out
expect 0 a_still_becomes_a_video_of_one_picture $P -o stills still.jpg
[ "$(pictures stills/still.mp4)" = 1 ] && grep -q "protected, 1 picture, " log.txt
ok $? and_holds_it
expect 0 which_is_recovered recover --key own.key stills/still.mp4 still.clear.mp4
refused 2 no_still_is_written_with_o "no place for recovery data" $P -o none.jpg still.jpg

# The other commands
expect 0 all_are_inspected inspect out
[ "$(wc -l <out.txt)" = 3 ] && grep -q "^out/door/cam2.mp4: h264 320x240, 5 of 5 pictures protected, " out.txt
ok $? one_line_each
expect 5 one_without_recovery_data_is_told inspect --json out in/cam1.mp4
/usr/bin/python3 -c '
import json, sys
lines = [json.loads(line) for line in open("out.txt")]
assert [line["file"] for line in lines] == ["out/cam1.mp4", "out/door/cam1.mkv", "out/door/cam2.mp4", "in/cam1.mp4"]
assert lines[0]["pictures"] == 5 and "holds no recovery data" in lines[3]["error"]' 2>>log.txt
ok $? as_json_one_object_a_line
inspect_one=$("$BAUTA" inspect --json out/cam1.mp4 | /usr/bin/python3 -c 'import json, sys; print("file" in json.load(sys.stdin))')
[ "$inspect_one" = False ]
ok $? of_one_file_as_ever
expect 0 all_are_verified verify --signer camera.pub out
lines "authentic, 5 of 5 pictures in 1 epoch" out.txt 3
ok $? each_in_a_line
expect 5 one_that_is_not_signed_is_told verify --signer camera.pub out in/cam1.mp4
grep -q "^in/cam1.mp4: NOT AUTHENTIC, 0 of 5 pictures in 1 epoch; unsigned$" out.txt
ok $? with_what_was_found
says "bauta: 3 done, 1 failed: in/cam1.mp4" and_at_the_end
expect 4 nothing_authentic_is_tampered verify --signer camera.pub again/cam9.mp4 single.mp4
expect 0 all_are_recovered recover --key own.key --reason many -o clear out
[ "$(made clear)" = "./cam1.mp4 ./door/cam1.mkv ./door/cam2.mp4 " ] && [ "$(pictures clear/door/cam1.mkv)" = 5 ]
ok $? with_their_paths
bauta audit list && lines "out/door/cam2.mp4 > clear/door/cam2.mp4" out.txt 2 && ! grep -q 'out/cam1.mp4 > out' out.txt
ok $? each_has_its_own_rows_in_the_log
expect 0 they_are_not_recovered_twice recover --key own.key --reason many -o clear out
lines "skipped: clear/" log.txt 3
ok $? and_that_is_said_of_each
for run in first second; do
    expect 5 "what_is_recovered_in_part_is_told_in_the_${run}_run" recover --key own.key --reason many --target 9999 -o parts out/cam1.mp4 out/door/cam1.mkv
    says "recovered in part, 5 pictures" "with_the_sentence_in_the_${run}"
    says "2 incomplete: out/cam1.mp4, out/door/cam1.mkv" "and_at_the_end_of_the_${run}"
done
[ "$(made parts)" = "./cam1.mkv ./cam1.mkv.incomplete ./cam1.mp4 ./cam1.mp4.incomplete " ]
ok $? a_note_stands_beside_it
expect 0 made_again_it_is_complete recover --key own.key --reason many --force -o parts out/cam1.mp4 out/door/cam1.mkv
expect 0 and_is_passed_over_then recover --key own.key --reason many -o parts out/cam1.mp4 out/door/cam1.mkv
[ "$(made parts)" = "./cam1.mkv ./cam1.mp4 " ]
ok $? without_a_note
echo mine >parts/cam1.mp4.incomplete && rm parts/cam1.mp4
expect 5 a_file_of_that_name_is_left_alone recover --key own.key --reason many --target 9999 -o parts out/cam1.mp4
[ "$(cat parts/cam1.mp4.incomplete)" = mine ] && grep -q "parts/cam1.mp4.incomplete cannot be written" log.txt
ok $? and_that_is_said
expect 3 a_key_of_nobody_is_denied recover --key other.key -o denied out
says "out/cam1.mp4: FAILED: this key opens nothing in it" with_each_reason
[ -z "$(made denied)" ]
ok $? and_opens_nothing

# Stopped in the middle: what is done stays, what is half goes, what comes after is not begun
mkfifo slow.avi
ff -ss 2 -i "$CLIP" -t 4 -c copy -an clip.avi
(cat clip.avi; exec sleep 60) >slow.avi &
feeder=$!
"$BAUTA" $P -o stopped in/cam1.mp4 slow.avi in/door/cam2.avi >out.txt 2>log.txt &
victim=$!
while [ ! -e stopped/cam1.mp4 ] && kill -0 $victim; do sleep 0.1; done # then it is at the next
until_it_waits $victim
kill -TERM $victim 2>/dev/null
until_it_took_term $victim
kill $feeder 2>/dev/null
wait $victim 2>/dev/null
status=$?
[ $status -eq 5 ] || [ $status -eq 1 ] # 1: what it was at did not end by itself within a second
ok $? a_stopped_run_is_not_done
words="bauta: stopped: 1 done, 2 not done"
[ $status -eq 5 ] || words="bauta: stopped; what was not complete is gone"
says "$words" and_tells_how_far_it_came
[ "$(made stopped)" = "./cam1.mp4 " ]
ok $? and_leaves_nothing_half
done_testing
