#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What erase and lock leave in a recording, who opens it still, and whether verify finds what was not erased.
. "$(dirname "$0")/lib.sh"
small_clip 8
bauta key new operator --no-passphrase
for name in camera authority; do bauta key new --sign $name --no-passphrase; done
# Plain masks, so that two runs can be compared to the bit.
bauta protect --style solid --gop 1 --recipient other.pub --recipient own.pub --sign camera.key --regions regions.jsonl clip.avi signed.h264
bauta recover --lossless --key own.key signed.h264 full.mkv
bauta recover --lossless --key own.key --class face signed.h264 none.mkv # nobody has a face there
sums full.mkv >full.txt
sums none.mkv >none.txt
bauta grant --key own.key --recipient operator.pub --reason theft signed.h264 -o earlier.grant
carriers() { /usr/bin/python3 "$HERE/carriers.py" "$@" 2>log.txt; }
erase() { bauta erase --sign authority.key --reason retention "$@"; }
# opened FILE: the pictures that the earlier grant opens
opened() { rm -f seen.mkv seen.txt; bauta recover --lossless --key operator.key --grant earlier.grant "$1" seen.mkv; [ -e seen.mkv ] && sums seen.mkv >seen.txt; }
of_certificate() { /usr/bin/python3 -c "import json; c = json.load(open('$1.json')); assert $2, c" 2>log.txt; }
verify() { expect "$1" "$2" verify --signer camera.pub --signer authority.pub "$3"; }

opened signed.h264 && cmp -s seen.txt full.txt
ok $? a_grant_opens_everything_before

expect 0 everything_is_erased erase --sign authority.key --reason retention --everything signed.h264 everything.h264
carriers left everything.h264 signed.h264
ok $? no_original_is_in_the_file
opened everything.h264
cmp -s seen.txt none.txt
ok $? the_earlier_grant_opens_nothing_of_it
expect 5 nor_does_a_recipient_s_key recover --key own.key everything.h264 out.mp4
expect 1 and_no_grant_can_be_made_again erase --sign authority.key --reason again --everything everything.h264 again.h264
verify 0 it_verifies everything.h264
grep -q "erased: 80 pictures" out.txt && grep -q "locked: 8 epochs.*earlier grant" out.txt
ok $? and_says_so
grep -q "0.000 s to .* 7.900 s  locked: 8 epochs" out.txt
ok $? of_all_of_its_time
of_certificate everything.h264 'c["everything"] and c["everybody"] and c["capsules"] == 240 and c["envelopes"] == 16 and c["epochs"] == 8 and c["capsule_bytes"] > 5000'
ok $? its_certificate_counts_what_is_gone
bauta protect --style solid --gop 1 --recipient own.pub --sign camera.key --regions regions.jsonl clip.avi signed.mp4
erase --everything signed.mp4 everything.mp4 && verify 0 so_it_does_in_a_container everything.mp4

expect 0 it_is_locked lock --sign authority.key --reason retention signed.h264 locked.h264
says "the originals are in it still" and_that_is_said
expect 3 a_recipient_s_key_opens_nothing recover --key own.key locked.h264 out.mp4
expect 3 nobody_can_make_a_grant grant --key own.key --recipient operator.pub --reason x locked.h264 -o no.grant
opened locked.h264 && cmp -s seen.txt full.txt
ok $? an_earlier_grant_opens_it_still_as_lock_says
of_certificate locked.h264 'not c["everything"] and c["certificate"] == "lock" and c["capsules"] == 0 and c["envelopes"] == 16'
ok $? its_certificate_claims_no_more
verify 0 what_is_locked_verifies locked.h264
"$BAUTA" lock --help | grep -q "earlier\|before"
ok $? its_help_says_so
expect 0 what_is_locked_can_be_erased erase --sign authority.key --reason retention --everything locked.h264 later.h264
carriers left later.h264 signed.h264
ok $? and_nothing_is_left_then
verify 0 and_it_verifies later.h264

# A part of them
expect 0 a_person_is_erased erase --sign authority.key --reason retention --target 2 signed.h264 part.h264
carriers left part.h264 signed.h264 2
ok $? no_original_of_the_person_is_left
verify 0 and_it_verifies part.h264
opened part.h264
bauta recover --lossless --key own.key --target 1 signed.h264 expected.mkv && sums expected.mkv | cmp -s - seen.txt
ok $? an_earlier_grant_opens_the_other_only
of_certificate part.h264 'c["targets"] == [2] and not c["everybody"] and c["capsules"] == 80 and c["envelopes"] == 0'
ok $? and_the_certificate_names_the_person
erase --class head signed.h264 part.h264 && opened part.h264
bauta recover --lossless --key own.key --class body signed.h264 expected.mkv && sums expected.mkv | cmp -s - seen.txt
ok $? an_earlier_grant_does_not_open_a_class
of_certificate part.h264 'c["classes"] == ["head"] and c["capsules"] == 80'
ok $? and_the_certificate_names_the_class
erase --since 2 --until 4 signed.h264 part.h264 && opened part.h264
{ sed -n 1,20p full.txt; sed -n 21,40p none.txt; sed -n 41,80p full.txt; } | cmp -s - seen.txt
ok $? an_earlier_grant_does_not_open_a_span
of_certificate part.h264 'c["since"] == 2 and c["until"] == 4 and not c["everything"] and c["capsules"] == 60'
ok $? and_the_certificate_names_the_span

expect 0 a_span_within_epochs_is_erased erase --sign authority.key --reason retention --since 2.5 --until 4 signed.h264 part.h264
says "part.h264: asked for 2.500 s to 4.000 s; gone is 2.000 s to 3.900 s, as it goes by whole epochs" and_what_is_really_gone_is_said
of_certificate part.h264 'c["since"] == 2.5 and c["until"] == 4 and c["first"] == 2 and c["last"] == 3.9'
ok $? and_stands_in_the_certificate

# Who erases from what nobody signed leaves no trace in it, and is told so
bauta protect --style solid --gop 1 --recipient own.pub --regions regions.jsonl clip.avi unsigned.mp4
erase --target 2 unsigned.mp4 silent.mp4
says "silent.mp4: nobody signed this recording: verify finds nothing of this, and only the certificate, silent.mp4.json, tells it" of_an_unsigned_recording_that_is_said
erase --target 2 signed.h264 part.h264
! grep -q "nobody signed" log.txt
ok $? and_of_a_signed_one_it_is_not

# Originals in other places of the file
mkdir hidden back
carriers hide signed.h264 hidden
ok $? originals_are_hidden_in_strange_places
for file in hidden/*.h264; do
    name=$(basename "$file" .h264)
    erase --everything "$file" out.h264
    got=$?
    [ $got -eq 0 ] && carriers left out.h264 signed.h264
    ok $? "nothing_is_left_of_an_original_$name"
    erase --target 2 "$file" out.h264
    got=$?
    [ $got -eq 0 ] && carriers left out.h264 signed.h264 2
    ok $? "nor_of_a_person_s_$name"
done
erase --everything hidden/of_an_unknown_version.h264 out.h264
says "1 message that cannot be read was taken out" what_cannot_be_read_is_counted
of_certificate out.h264 'c["unreadable_messages"] == 1'
ok $? and_stands_in_the_certificate
erase --everything hidden/many_times.h264 out.h264 && of_certificate out.h264 'c["capsules"] == 240 + 80 * 3'
ok $? copies_are_counted

# Who does not erase loses nothing, however much stands before it
bauta rewrap --key own.key --add operator.pub hidden/behind_many_others.h264 kept.h264
bauta recover --lossless --key operator.key kept.h264 seen.mkv && sums seen.mkv | cmp -s - full.txt
ok $? rewrap_loses_no_message
bauta lock --sign authority.key --reason retention hidden/behind_many_others.h264 kept.h264
opened kept.h264 && cmp -s seen.txt full.txt
ok $? nor_does_lock

# Nor takes the last recipient away without saying so
expect 1 the_last_recipient_is_not_removed rewrap --remove own.pub --remove other.pub signed.h264 nobody.h264
says "bauta lock does it" and_what_does_it_is_said
absent nobody.h264 and_nothing_is_written
expect 0 one_can_be_exchanged rewrap --key own.key --remove own.pub --remove other.pub --add operator.pub signed.h264 another.h264

# What says that it was erased, and was not
carriers back everything.h264 signed.h264 back
ok $? originals_are_put_back
for name in where_it_was twice_in_its_unit in_another_picture_s_unit in_another_epoch of_an_unknown_version; do
    verify 4 "verify_finds_an_erased_original_$name" "back/$name.h264"
    grep -q "erased, and still there" out.txt
    ok $? "and_says_so_of_one_$name"
done
[ -z "${KEEP:-}" ] || cp -r . "$KEEP"
done_testing
