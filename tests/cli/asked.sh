#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is asked for in vain is said, by recover and by export; an export's report tells what is shown in fact.
. "$(dirname "$0")/lib.sh"
small_clip 6
bauta key new operator --no-passphrase
bauta key new --sign officer --no-passphrase
bauta protect --style solid --gop 1 --recipient own.pub --regions regions.jsonl clip.avi masked.mp4
of_report() { /usr/bin/python3 -c "
import json
c = json.load(open('$1.json'))
p = {q['target']: q for q in c['people']}
assert $2, json.dumps(c)" 2>log.txt; }

# In vain
expect 5 nobody_has_that_number recover --key own.key --target 9999 masked.mp4 a.mp4
says "target 9999 is not in it" and_that_is_said
expect 5 nobody_of_two_has_that_number recover --key own.key --target 1 --target 9999 masked.mp4 b.mp4
says "target 9999 is not in it" and_which_is_said
expect 5 a_span_outside recover --key own.key --since 50 --until 60 masked.mp4 c.mp4
says "has no picture in the time that was asked for" and_said
expect 5 a_class_that_is_not_there recover --key own.key --class face masked.mp4 d.mp4
says "nobody of those who were asked for is in it" and_so_that
expect 2 since_after_until_is_refused recover --key own.key --since 4 --until 2 masked.mp4 no.mp4
says "--since lies after --until" and_why_is_said
expect 2 also_by_grant grant --key own.key --recipient operator.pub --reason x --since 4 --until 2 masked.mp4 -o no.grant
says "--since lies after --until" and_why_is_said_there
expect 2 and_by_erase erase --sign officer.key --reason x --since 4 --until 2 masked.mp4 no.mp4
expect 2 no_time_is_refused recover --key own.key --since 2 --until 2 masked.mp4 no.mp4
expect 2 also_by_grant grant --key own.key --recipient operator.pub --reason x --since 2 --until 2 masked.mp4 -o no.grant
expect 2 and_by_erase erase --sign officer.key --reason x --since 2 --until 2 masked.mp4 no.mp4
# From the one on, and before the other, in every command
bauta recover --lossless --key own.key masked.mp4 full.mkv && sums full.mkv >full.txt
bauta recover --lossless --key own.key --class face masked.mp4 none.mkv; sums none.mkv >none.txt
{ sed -n 1,20p none.txt; sed -n 21,40p full.txt; sed -n 41,60p none.txt; } >span.txt
bauta recover --lossless --key own.key --since 2 --until 4 masked.mp4 span.mkv && sums span.mkv | cmp -s - span.txt
ok $? recover_shows_no_picture_at_until
bauta grant --key own.key --recipient operator.pub --since 2 --until 4 --reason x masked.mp4 -o span.grant
bauta recover --lossless --key operator.key --grant span.grant masked.mp4 span.mkv && sums span.mkv | cmp -s - span.txt
ok $? nor_does_a_grant
expect 0 a_grant_of_less_than_epochs grant --key own.key --recipient operator.pub --since 2.5 --until 3.5 --reason x masked.mp4 -o less.grant
says "asked for 2.500 s to 3.500 s; granted is 2.000 s to 3.900 s, as it goes by whole epochs" says_what_it_is_about
expect 0 what_is_there_is_shown_without_a_word recover --key own.key --target 1 --since 1 --until 2 masked.mp4 e.mp4
! grep -q warning log.txt
ok $? and_nothing_is_said_in_vain
bauta grant --key own.key --recipient operator.pub --target 1 --reason x masked.mp4 -o one.grant
expect 5 of_two_one_is_not_granted recover --key operator.key --grant one.grant --target 1 --target 2 masked.mp4 f.mp4
says "target 2 stays masked everywhere" and_which_is_said
expect 0 what_is_granted_is_all_that_was_asked_for recover --key operator.key --grant one.grant masked.mp4 g.mp4

# The whole picture is not a person
for command in "recover --key own.key --target 0" "export --key own.key --clear 0"; do
    # shellcheck disable=SC2086 # words
    expect 2 "target_0_is_refused_by_${command%% *}" $command masked.mp4 no.mp4
    says "--whole-picture" and_it_says_what_is_needed
done
expect 2 target_0_is_not_granted_by_a_slip grant --key own.key --recipient operator.pub --reason x --target 0 masked.mp4 -o no.grant
absent no.grant and_no_grant_is_there
expect 2 nor_erased erase --sign officer.key --reason x --target 0 masked.mp4 no.mp4
expect 2 whole_picture_alone_is_refused export --key own.key --clear 1 --whole-picture masked.mp4 no.mp4

# An export that is complete, and says no more than it did
expect 0 one_person_is_exported export --key own.key --clear 2 --sign officer.key masked.mp4 two.mp4
of_report two.mp4 'c["complete"] and p[2]["asked"] and p[2]["pictures_clear"] == 60 and p[2]["clear"] == [[0.0, p[2]["clear"][0][1]]] and not c["sound"]'
ok $? its_report_says_where_that_person_is_clear
of_report two.mp4 'not p[1]["asked"] and p[1]["regions_clear"] == 0 and p[1]["regions_not_asked"] == 120 and p[1]["pictures_seen_in_part"] == 0'
ok $? and_that_nobody_else_is
expect 5 somebody_is_not_there export --key own.key --clear 2 --clear 77 masked.mp4 absent.mp4
says "target 77 is not in it" and_that_is_said_of_them
of_report absent.mp4 'not c["complete"] and p[77]["asked"] and p[77]["pictures"] == 0'
ok $? and_stands_in_the_report
expect 5 somebody_is_not_opened_by_the_grant export --key operator.key --grant one.grant --clear 1 --clear 2 masked.mp4 denied.mp4
says "target 2 stays masked in 60 of 60 pictures: 60 regions are not opened by any right" and_the_line_says_who
of_report denied.mp4 'not c["complete"] and c["clear"] == [1, 2] and p[2]["regions_denied"] == 60 and p[2]["regions_clear"] == 0 and p[1]["pictures_clear"] == 60'
ok $? and_the_report_does_not_claim_it
bauta grant --key own.key --recipient operator.pub --since 2 --until 4 --reason x masked.mp4 -o span.grant
expect 5 somebody_is_granted_for_a_span export --key operator.key --grant span.grant --clear 1 masked.mp4 span.mp4
of_report span.mp4 'not c["complete"] and p[1]["pictures_clear"] == 20 and len(p[1]["clear"]) == 1 and p[1]["clear"][0][0] == 2'
ok $? and_the_report_says_which

# Pictures hidden whole: those of which nothing is said
sed '21,30d' regions.jsonl >gap.jsonl
bauta protect --style solid --gop 1 --recipient own.pub --regions gap.jsonl clip.avi gap.mp4
expect 5 pictures_stay_hidden_whole export --key own.key --clear 2 gap.mp4 gap_two.mp4
says "10 pictures are hidden whole" and_that_is_told
of_report gap_two.mp4 'not c["complete"] and p[0]["whole_picture"] and p[0]["pictures"] == 10 and p[0]["pictures_clear"] == 0 and p[2]["pictures_clear"] == 50'
ok $? and_reported
expect 0 they_are_shown_for_who_says_so export --key own.key --clear 2 --clear 0 --whole-picture gap.mp4 gap_all.mp4
says "10 pictures are shown whole, with everybody in them" and_what_that_means_is_said
of_report gap_all.mp4 'c["complete"] and p[0]["pictures_clear"] == 10 and p[0]["asked"]'
ok $? and_the_report_has_it

# Others before whom somebody clear stands
sed 's/"x":[0-9]*,"y":200,"w":50/"x":480,"y":170,"w":50/' regions.jsonl >close.jsonl
bauta protect --style solid --gop 1 --recipient own.pub --regions close.jsonl clip.avi close.mp4
bauta export --key own.key --clear 1 close.mp4 close_one.mp4 && bauta export --key own.key --clear 2 close.mp4 close_two.mp4
/usr/bin/python3 -c "
import json
n = [sum(q['pictures_seen_in_part'] for q in json.load(open(f))['people']) for f in ('close_one.mp4.json', 'close_two.mp4.json')]
assert max(n) > 0, n" 2>log.txt
ok $? who_is_seen_in_part_is_reported

# Sound
ff -f lavfi -i "sine=frequency=440:duration=6" -i masked.mp4 -map 1:v -map 0:a -c:v copy -c:a aac -shortest heard.mp4
bauta export --key own.key --clear 2 heard.mp4 voice.mp4
says "a voice identifies" sound_that_stays_is_said
of_report voice.mp4 'c["sound"]'
ok $? and_stands_in_the_report_too
bauta export --key own.key --clear 2 --audio none heard.mp4 silent.mp4
of_report silent.mp4 'not c["sound"]'
ok $? and_that_it_was_left_out
# Intra refresh, one random-access point only: cut within a refresh, and with a hole. Every picture is shown or counted.
bauta protect --style solid --gop 100 --recipient own.pub --regions regions.jsonl --encoder-options "bf=0,x264-params=intra-refresh=1:keyint=12" clip.avi refresh.h264
for at in 5 15 20 27; do
    /usr/bin/python3 "$HERE/pieces.py" refresh.h264 cut.h264 "$at:60" 2>ff.txt
    rm -f cut.mp4
    expect 5 "a_cut_within_a_refresh_at_$at" recover --key own.key cut.h264 cut.mp4
    lost=$(sed -n 's/.*: \([0-9]*\) pictures could not be decoded.*/\1/p' log.txt)
    [ "$((lost + $(pictures cut.mp4)))" -eq "$((60 - at))" ]
    ok $? "all_after_${at}_are_shown_or_counted"
    says "$at pictures are not in the file" "and_those_before_${at}_are_counted_too"
done
/usr/bin/python3 "$HERE/pieces.py" refresh.h264 hole.h264 0:20 25:60 2>ff.txt
rm -f hole.mp4
expect 5 a_hole_within_a_refresh recover --key own.key hole.h264 hole.mp4
says "5 pictures are not in the file" and_what_is_not_there_is_counted
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
