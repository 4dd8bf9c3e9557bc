#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whom a number names: in two recordings that were joined it can be two people; it may be nobody's; and who was hidden with
# the whole picture is not taken out by number. Each is said, and the exit status tells it.
. "$(dirname "$0")/lib.sh"
small_clip 4
bauta key new operator --no-passphrase
bauta key new --sign authority --no-passphrase
P="protect --style solid --gop 1 --recipient own.pub"
bauta $P --regions regions.jsonl clip.avi one.h264
bauta $P --regions regions.jsonl clip.avi two.h264
cat one.h264 two.h264 >joined.h264
awk 'NR <= 10 || NR > 20' regions.jsonl >gaps.jsonl # pictures 10 to 19 are hidden whole
bauta $P --regions gaps.jsonl clip.avi whole.h264
json() { /usr/bin/python3 -c "import json; j = json.load(open('$1.json')); assert $2, j" 2>>log.txt; }
E="export --key own.key --reason test"
ERASE="erase --sign authority.key --reason retention"

# 1. Two recordings in one file
expect 5 a_number_of_two_streams_is_not_one_person $E --clear 1 joined.h264 out.mp4
says "target 1 is in 2 of them" and_that_is_said
json out.mp4 'not j["complete"] and [p["target"] for p in j["people"]] == [1, 1, 2, 2] and all(p["pictures"] == 40 for p in j["people"])'
ok $? each_of_them_has_an_entry
json out.mp4 'len({p["stream"] for p in j["people"] if p["target"] == 1}) == 2'
ok $? that_names_its_stream
expect 5 nor_is_it_when_it_is_erased $ERASE --target 1 joined.h264 erased.h264
says "target 1 is in 2 of them" and_that_is_said
json erased.h264 'not j["complete"] and [p["capsules"] for p in j["people"]] == [80, 80] and len({p["stream"] for p in j["people"]}) == 2'
ok $? and_the_certificate_names_both
expect 5 nor_when_it_is_granted grant --key own.key --recipient operator.pub --reason x --target 1 joined.h264 -o it.grant
says "target 1 is in 2 of them" and_that_is_said
expect 0 in_one_recording_it_is $E --clear 1 one.h264 out.mp4
json out.mp4 'j["complete"] and len(j["people"]) == 2 and j["people"][0]["stream"] == j["stream"]'
ok $? and_its_entry_names_the_stream
expect 0 everything_of_both_is_erased_without_a_word $ERASE --everything joined.h264 erased.h264

# 2. Nobody's number
expect 5 somebody_who_is_not_there_is_not_erased $ERASE --target 1 --target 99 one.h264 erased.h264
says "nothing of target 99 is erased" and_that_is_said
json erased.h264 'not j["complete"] and j["targets"] == [1] and j["targets_asked"] == [1, 99] and j["capsules"] == 80'
ok $? and_the_certificate_does_not_name_them_as_erased
expect 1 and_alone_nothing_is_done $ERASE --target 99 one.h264 erased99.h264
expect 1 nor_granted grant --key own.key --recipient operator.pub --reason x --target 1 --target 99 one.h264 -o no.grant
says "target 99 is not in it" and_that_is_said
absent no.grant and_no_grant_names_them
expect 0 all_who_are_there_are_erased $ERASE --target 1 --target 2 one.h264 erased.h264
json erased.h264 'j["complete"] and j["targets"] == [1, 2]'
ok $? and_the_certificate_says_so

# 3. Hidden with the whole picture
expect 5 who_is_in_whole_pictures_stays_there $ERASE --target 1 whole.h264 erased.h264
says "10 pictures are hidden whole" and_that_is_said
json erased.h264 'not j["complete"] and j["whole_pictures_left"] == 10 and j["capsules"] == 60'
ok $? and_the_certificate_counts_them
expect 0 as_recover_shows recover --key own.key --target 0 --whole-picture erased.h264 out.mp4
expect 0 not_in_another_time $ERASE --target 1 --until 1 whole.h264 erased.h264
json erased.h264 'j["complete"] and j["whole_pictures_left"] == 0'
ok $? and_the_certificate_says_so
expect 0 with_the_whole_pictures_it_is_done $ERASE --target 1 --target 0 --whole-picture whole.h264 erased.h264
json erased.h264 'j["complete"] and j["whole_pictures_left"] == 0 and j["targets"] == [1, 0]'
ok $? and_the_certificate_says_so
expect 1 if_nothing_else_is_there_nothing_is_done $ERASE --target 1 --since 1 --until 2 whole.h264 no.h264
says "hidden whole" and_why_is_said

# 4. One recording whose key was changed on the way: the numbers go on, signed or not
bauta $P --rotate 1 --regions regions.jsonl clip.avi rotated.h264
bauta $P --rotate 1 --sign authority.key --regions regions.jsonl clip.avi signed.h264
for run in rotated signed; do
    expect 0 "a_number_is_one_person_in_all_streams_of_a_run_$run" $E --clear 1 $run.h264 out.mp4
    json out.mp4 'j["complete"] and len({p["stream"] for p in j["people"]}) == 4 and len({p["stream"][8:] for p in j["people"]}) == 1 and sum(p["pictures_clear"] for p in j["people"] if p["asked"]) == 40'
    ok $? "with_an_entry_for_each_stream_$run"
    ! grep -q "of them" log.txt
    ok $? "and_no_word_of_several_$run"
    expect 0 "nor_when_it_is_granted_$run" grant --key own.key --recipient operator.pub --reason x --target 1 $run.h264 -o it.grant
    expect 0 "and_the_grant_opens_all_of_it_$run" recover --key operator.key --grant it.grant --target 1 $run.h264 out.mp4
    expect 0 "nor_when_it_is_erased_$run" $ERASE --target 1 $run.h264 erased.h264
    json erased.h264 'j["complete"] and sum(p["capsules"] for p in j["people"]) == 80'
    ok $? "and_the_certificate_is_complete_$run"
    expect 0 "what_was_erased_is_one_run_still_$run" $E --clear 2 erased.h264 out.mp4
    expect 0 "so_is_what_was_rewrapped_$run" rewrap --key own.key --add operator.pub --sign authority.key --reason x $run.h264 rewrapped.h264
    expect 0 "for_who_comes_new_as_well_$run" export --key operator.key --reason test --clear 1 rewrapped.h264 out.mp4
    bauta inspect --json $run.h264
    /usr/bin/python3 -c 'import json; j = json.load(open("out.txt")); assert (j["streams"], j["runs"]) == (4, 1), j' 2>>log.txt
    ok $? "inspect_counts_one_run_$run"
    bauta inspect $run.h264 && grep -q "of the same run" out.txt
    ok $? "and_says_so_$run"
done
cat rotated.h264 signed.h264 >joined.h264
expect 5 two_runs_that_are_joined_are_two $E --clear 1 joined.h264 out.mp4
says "target 1 is in 2 of them" and_that_is_said_of_the_runs
json out.mp4 'not j["complete"] and len({p["stream"] for p in j["people"]}) == 8'
ok $? whose_streams_are_all_named
bauta inspect --json joined.h264
/usr/bin/python3 -c 'import json; j = json.load(open("out.txt")); assert (j["streams"], j["runs"]) == (8, 2), j' 2>>log.txt
ok $? inspect_counts_them
done_testing
