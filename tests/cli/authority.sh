#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who may see whom: grants, approvals, rotation, recipients that change, export, erasure, and the log of it all.
. "$(dirname "$0")/lib.sh"
small_clip 12
# Plain masks, so that two runs can be compared to the bit.
protect() { bauta protect --style solid --regions regions.jsonl "$@"; }
for name in operator a b c; do bauta key new $name --no-passphrase; done
bauta key new --sign authority --no-passphrase
protect --recipient own.pub --began 2026-11-24T10:00:00Z clip.avi masked.mp4
bauta recover --lossless --key own.key masked.mp4 full.mkv
bauta recover --lossless --key own.key --target 9 masked.mp4 none.mkv
sums full.mkv >full.txt && sums none.mkv >none.txt
ask() { bauta grant --key own.key --recipient operator.pub --reason "theft" "$@" masked.mp4 -o it.grant; }
use() { bauta recover --lossless --key operator.key --grant it.grant masked.mp4 "$1" && sums "$1" >used.txt; }
lines() { sed -n "$1,$2p" "$3"; }

# Time
expect 0 a_grant_is_given grant --key own.key --recipient operator.pub --reason theft --case 7 --since 4 --until 8 masked.mp4 -o it.grant
expect 3 the_operator_alone_sees_nothing recover --key operator.key masked.mp4 out.mp4
use time.mkv && lines 41 80 used.txt >got.txt && lines 41 80 full.txt | cmp -s - got.txt
ok $? a_stretch_of_time_is_shown_in_full
{ lines 1 40 used.txt; lines 81 120 used.txt; } >got.txt && { lines 1 40 none.txt; lines 81 120 none.txt; } | cmp -s - got.txt
ok $? and_nothing_before_or_after_it
ask --since 2026-11-24T10:00:04Z --until 2026-11-24T10:00:08Z && cp used.txt by_time.txt && use utc.mkv && cmp -s used.txt by_time.txt
ok $? the_same_by_the_clock
expect 1 a_time_that_is_not_in_the_recording_is_refused grant --key own.key --recipient operator.pub --reason x --since 50 masked.mp4 -o no.grant
absent no.grant and_no_grant_is_written

# People and classes
ask --target 2 && use one.mkv
bauta recover --lossless --key own.key --target 2 masked.mp4 expected.mkv && sums expected.mkv | cmp -s - used.txt
ok $? one_person_is_shown_and_nobody_else
ask --class head && use head.mkv
bauta recover --lossless --key own.key --class head masked.mp4 expected.mkv && sums expected.mkv | cmp -s - used.txt
ok $? one_class_is_shown_and_no_other
ask --target 1 --class body --since 4 --until 8 && use bounded.mkv
bauta recover --lossless --key own.key --target 1 --class body --since 4 --until 7.95 masked.mp4 expected.mkv && sums expected.mkv | cmp -s - used.txt
ok $? all_bounds_at_once
expect 1 somebody_who_is_not_there_cannot_be_granted grant --key own.key --recipient operator.pub --reason x --target 77 masked.mp4 -o no.grant

# Whose it is
expect 3 another_key_does_not_open_a_grant recover --key other.key --grant it.grant masked.mp4 out.mp4
absent out.mp4 and_writes_nothing
expect 3 who_is_no_recipient_cannot_grant grant --key other.key --recipient operator.pub --reason x masked.mp4 -o no.grant
protect --recipient own.pub clip.avi foreign.mp4
expect 3 a_grant_opens_no_other_recording recover --key operator.key --grant it.grant foreign.mp4 out.mp4
faketime '2 hours ago' "$BAUTA" grant --quiet --audit then.db --key own.key --recipient operator.pub --reason x \
    --expires "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)" masked.mp4 -o short.grant 2>log.txt
expect 3 an_expired_grant_is_refused recover --key operator.key --grant short.grant masked.mp4 out.mp4
says "has expired" and_says_so
ask --sign authority.key
expect 0 a_signed_grant_says_who_signed show --signer authority.pub it.grant
ask
expect 4 an_unsigned_one_is_not_taken_for_signed show --signer authority.pub it.grant
expect 2 a_grant_needs_a_reason grant --key own.key --recipient operator.pub masked.mp4 -o no.grant

# A grant whose text was altered: base64 carries the statement, so the reason can be found and changed
ask --sign authority.key && /usr/bin/python3 - it.grant <<'PY'
import base64, re, sys
text = open(sys.argv[1]).read()
body = base64.b64decode("".join(text.splitlines()[1:-1]))
body = body.replace(b"theft", b"murde")
lines = re.findall(".{1,64}", base64.b64encode(body).decode())
open(sys.argv[1], "w").write("\n".join(["-----BEGIN BAUTA GRANT-----", *lines, "-----END BAUTA GRANT-----", ""]))
PY
expect 4 a_grant_with_another_reason_does_not_open recover --key operator.key --grant it.grant masked.mp4 out.mp4
expect 4 and_its_signature_does_not_verify show --signer authority.pub it.grant
head -c 300 it.grant >half.grant
expect 1 half_a_grant_is_refused recover --key operator.key --grant half.grant masked.mp4 out.mp4

# Four eyes: every subset of three members of whom two must agree
expect 0 a_group_is_made key group --members a.pub,b.pub,c.pub --threshold 2 four
expect 2 a_group_cannot_hold_somebody_twice key group --members a.pub,a.pub,b.pub --threshold 2 twice
weak() { # weak NAME [PUB]: a public key of small order, or that of PUB with the bit set that X25519 does not look at
    /usr/bin/python3 - "$@" <<'PY'
import base64, sys
raw = bytearray(32)
if len(sys.argv) > 2:
    raw = bytearray(base64.b64decode("".join(open(sys.argv[2]).read().split("\n")[1:-2]))[-32:])
    raw[31] |= 0x80
der = bytes.fromhex("302a300506032b656e032100") + raw
with open(sys.argv[1], "w") as file:
    file.write("-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode())
PY
}
weak weak.pub
expect 1 a_weak_member_is_refused_when_the_group_is_made key group --members a.pub,weak.pub,b.pub --threshold 2 weak
says "weak.pub: a weak X25519 public key" and_by_name
absent weak.group and_there_is_no_group
expect 1 nothing_is_sealed_to_a_weak_key protect --recipient weak.pub --regions regions.jsonl clip.avi weak.mp4
says "weak.pub: a weak X25519 public key" nor_to_one_that_is_named
weak twin.pub a.pub
expect 1 nobody_is_two_members_in_two_forms key group --members a.pub,twin.pub,b.pub --threshold 2 twice
expect 2 one_cannot_be_enough key group --members a.pub,b.pub --threshold 1 one
protect --recipient four.group clip.avi grouped.mp4
for one in a b c own; do
    bauta recover --key $one.key grouped.mp4 out.mp4
    [ $? -eq 3 ]
    ok $? "${one}_alone_opens_nothing"
done
for subset in "" a b c "a b" "b a" "a c" "c b" "a b c"; do
    bauta grant --group four.group --recipient operator.pub --reason inquiry grouped.mp4 -o group.grant
    n=0
    for member in $subset; do
        bauta approve --key $member.key group.grant && n=$((n + 1))
    done
    bauta recover --lossless --key operator.key --grant group.grant grouped.mp4 grouped.mkv
    got=$?
    [ $got -eq 3 ] && [ $n -lt 2 ] || { [ $got -eq 0 ] && [ $n -eq 2 ] && sums grouped.mkv | cmp -s - full.txt; }
    ok $? "approvals_of_$(echo "${subset:-nobody}" | tr ' ' _)_open_$([ $n -eq 2 ] && echo everything || echo nothing)"
done
# Somebody puts an own key into the copy of the group that a request has, to be passed a share
bauta grant --group four.group --recipient operator.pub --reason inquiry grouped.mp4 -o group.grant
/usr/bin/python3 - group.grant c.pub other.pub <<'PY'
import base64, re, subprocess, sys
grant, member, own = sys.argv[1:]
raw = lambda path: subprocess.run(["openssl", "pkey", "-pubin", "-in", path, "-outform", "DER"], check=True, capture_output=True).stdout[-32:]
body = base64.b64decode("".join(open(grant).read().splitlines()[1:-1]))
assert raw(member) in body
lines = re.findall(".{1,64}", base64.b64encode(body.replace(raw(member), raw(own))).decode())
open(grant, "w").write("\n".join(["-----BEGIN BAUTA GRANT-----", *lines, "-----END BAUTA GRANT-----", ""]))
PY
expect 4 no_share_is_passed_to_a_group_that_was_altered approve --key a.key group.grant
bauta grant --group four.group --recipient operator.pub --reason inquiry grouped.mp4 -o group.grant
bauta approve --key a.key group.grant
expect 1 nobody_approves_twice approve --key a.key group.grant
expect 3 a_stranger_cannot_approve approve --key other.key group.grant
expect 3 a_recording_that_is_not_the_group_s_cannot_be_asked_for grant --group four.group --recipient operator.pub --reason x masked.mp4 -o no.grant

# Keys that change
protect --recipient own.pub --rotate 3 clip.avi rotated.mp4
"$BAUTA" inspect --json rotated.mp4 2>/dev/null | tee log.txt | grep -q '"streams": 3'
ok $? keys_are_rotated
bauta recover --lossless --key own.key rotated.mp4 rotated.mkv && sums rotated.mkv | cmp -s - full.txt
ok $? and_all_of_it_is_recovered
bauta grant --key own.key --recipient operator.pub --reason x rotated.mp4 -o it.grant && bauta recover --lossless --key operator.key --grant it.grant rotated.mp4 rotated.mkv && sums rotated.mkv | cmp -s - full.txt
ok $? and_one_grant_covers_all_its_keys
expect 5 who_never_comes_is_told protect --style solid --regions regions.jsonl --recipient own.pub --recipient b.pub,from=60 clip.avi never.mp4
says "--recipient b.pub,from=60 never applied: no epoch of the recording begins in that time" by_name
expect 3 and_opens_nothing recover --key b.key never.mp4 out.mp4
expect 5 nor_does_who_comes_in_the_last_epoch protect --style solid --regions regions.jsonl --recipient own.pub --recipient b.pub,from=11 clip.avi never.mp4
protect --recipient a.pub,until=6 --recipient b.pub,from=4 clip.avi changing.mp4
bauta recover --lossless --key a.key changing.mp4 early.mkv
sums early.mkv | lines 1 60 - >got.txt && lines 1 60 full.txt | cmp -s - got.txt
ok $? who_leaves_sees_what_came_before
sums early.mkv | lines 61 120 - >got.txt && lines 61 120 none.txt | cmp -s - got.txt
ok $? and_nothing_after
bauta recover --lossless --key b.key changing.mp4 late.mkv
sums late.mkv | lines 41 120 - >got.txt && lines 41 120 full.txt | cmp -s - got.txt
ok $? who_comes_sees_what_came_after
sums late.mkv | lines 1 40 - >got.txt && lines 1 40 none.txt | cmp -s - got.txt
ok $? and_nothing_before
protect --sign authority.key --recipient own.pub clip.avi signed.mp4
asks_why() { # asks_why COMMAND...: it is refused without a reason, and with a blank one
    for blank in "" " "; do
        "$BAUTA" "$@" ${blank:+--reason "$blank"} signed.mp4 no.mp4 2>log.txt
        [ $? -eq 2 ] && grep -qF "$1 needs --reason: it is written into the audit log" log.txt && [ ! -e no.mp4 ]
        ok $? "$1_asks_why${blank:+_and_takes_no_blank}"
    done
}
asks_why rewrap --key own.key --add operator.pub
asks_why lock --sign authority.key
asks_why erase --sign authority.key --everything
expect 0 a_recording_is_given_to_another rewrap --key own.key --add operator.pub --remove own.pub --sign authority.key --reason move signed.mp4 moved.mp4
sums signed.mp4 >signed.txt && sums moved.mp4 | cmp -s - signed.txt
ok $? and_no_picture_is_coded_anew
expect 3 who_was_taken_away_sees_nothing recover --key own.key moved.mp4 out.mp4
bauta recover --lossless --key operator.key moved.mp4 moved.mkv && sums moved.mkv | cmp -s - full.txt
ok $? and_who_was_added_everything
expect 0 and_it_verifies verify --signer authority.pub moved.mp4
grep -q "rewrapped: 6 epochs.*\"move\"" out.txt
ok $? and_says_by_whom_and_why
expect 3 a_stranger_gives_nothing_away rewrap --key other.key --add other.pub signed.mp4 no.mp4
absent no.mp4 and_nothing_is_written_then

# Erasure
expect 0 a_person_is_erased erase --sign authority.key --reason "article 17" --target 2 signed.mp4 erased.mp4
sums erased.mp4 | cmp -s - signed.txt
ok $? and_the_pictures_stay
expect 5 the_person_is_gone recover --lossless --key own.key erased.mp4 erased.mkv
bauta recover --lossless --key own.key --target 1 masked.mp4 expected.mkv && sums expected.mkv >expected.txt
sums erased.mkv | cmp -s - expected.txt
ok $? and_the_others_are_not
expect 0 what_was_erased_verifies_as_that verify --signer authority.pub erased.mp4
grep -q "erased: 120 pictures.*article 17" out.txt && grep -q "120 of 120" out.txt
ok $? and_by_whom_and_why
openssl pkeyutl -verify -rawin -pubin -inkey authority.pub -sigfile erased.mp4.json.sig -in erased.mp4.json >log.txt 2>&1
ok $? its_certificate_verifies_by_openssl
bauta key new --sign nobody --no-passphrase
bauta erase --sign nobody.key --reason sabotage --target 2 signed.mp4 sabotage.mp4
expect 4 an_erasure_by_somebody_else_is_a_fault verify --signer authority.pub sabotage.mp4
expect 0 a_stretch_is_erased erase --sign authority.key --reason retention --since 4 --until 8 erased.mp4 stretch.mp4
expect 0 two_erasures_verify verify --signer authority.pub stretch.mp4
expect 0 a_recording_is_locked lock --sign authority.key --reason retention signed.mp4 locked.mp4
expect 3 and_no_recipient_opens_it recover --key own.key locked.mp4 out.mp4
expect 0 and_it_verifies_still verify --signer authority.pub locked.mp4
grep -q "locked: 6 epochs" out.txt
ok $? and_says_that_it_is_locked
expect 0 everything_is_erased erase --sign authority.key --reason retention --everything signed.mp4 empty.mp4
expect 5 and_nobody_opens_it recover --key own.key empty.mp4 out.mp4
expect 0 and_that_verifies verify --signer authority.pub empty.mp4
expect 1 who_is_not_there_cannot_be_erased erase --sign authority.key --reason x --target 77 signed.mp4 no.mp4

# Subject access
expect 0 one_person_is_exported export --key own.key --clear 2 --sign authority.key --reason SAR --case 12 --crf 0 masked.mp4 sar.mp4
"$BAUTA" inspect sar.mp4 >/dev/null 2>log.txt
says "holds no recovery data" and_the_file_holds_nobody_else_s_originals
openssl pkeyutl -verify -rawin -pubin -inkey authority.pub -sigfile sar.mp4.json.sig -in sar.mp4.json >log.txt 2>&1 &&
    [ "$(sha256sum <sar.mp4 | cut -d' ' -f1)" = "$(/usr/bin/python3 -c 'import json; print(json.load(open("sar.mp4.json"))["result"]["sha256"])')" ]
ok $? and_its_report_is_signed_and_names_it
bauta recover --lossless --key own.key --target 2 masked.mp4 expected.mkv
ffmpeg -nostdin -v error -i sar.mp4 -i expected.mkv -lavfi "[0:v][1:v]psnr=stats_file=-" -f null - 2>/dev/null | awk -F'psnr_avg:' '{ split($2, a, " "); if (a[1] != "inf" && a[1] < 50) bad = 1 } END { exit bad || NR != 120 }'
ok $? and_shows_exactly_that_person

# The log
expect 0 the_log_is_whole audit verify
expect 0 it_is_listed audit list
for action in "key  " "key sign" "key group" grant request approve recover export erase lock rewrap; do
    grep -q "$action" out.txt
    ok $? "it_has_$(echo "$action" | tr ' ' _ | sed 's/_*$//')"
done
grep -q "denied" out.txt && grep -q "partial" out.txt && grep -q "failed" out.txt && grep -q "approved by: " out.txt
ok $? and_what_was_refused_partial_or_failed
expect 0 it_is_exported audit export
/usr/bin/python3 -c 'import json; rows = [json.loads(l) for l in open("out.txt")]; assert [r["sequence"] for r in rows] == list(range(1, len(rows) + 1)) and all(r["who"] for r in rows)' 2>log.txt
ok $? as_lines_of_json
LOG=$XDG_STATE_HOME/bauta/audit.db
expect 0 its_head_is_signed audit head --sign authority.key -o head.pem
expect 0 and_verifies audit verify --head head.pem --signer authority.pub
# meddle NAME SQL: in a copy, past the triggers that forbid it
meddle() {
    cp "$LOG" meddled.db
    /usr/bin/python3 -c 'import sqlite3, sys; d = sqlite3.connect("meddled.db"); d.executescript("DROP TRIGGER no_update; DROP TRIGGER no_delete;" + sys.argv[1]); d.commit()' "$2"
    expect 4 "$1" audit verify --audit meddled.db
}
meddle a_changed_row_is_found "UPDATE rows SET who = 'nobody' WHERE sequence = 9"
meddle a_changed_time_is_found "UPDATE rows SET utc_ms = utc_ms + 1 WHERE sequence = 9"
meddle a_removed_row_is_found "DELETE FROM rows WHERE sequence = 9"
meddle a_first_row_removed_is_found "DELETE FROM rows WHERE sequence = 1"
meddle two_rows_that_change_places_are_found "UPDATE rows SET sequence = -1 WHERE sequence = 9; UPDATE rows SET sequence = 9 WHERE sequence = 10; UPDATE rows SET sequence = 10 WHERE sequence = -1"
cp "$LOG" short.db
/usr/bin/python3 -c 'import sqlite3; d = sqlite3.connect("short.db"); d.executescript("DROP TRIGGER no_delete; DELETE FROM rows WHERE sequence > 20"); d.commit()'
expect 4 rows_taken_off_the_end_are_found_by_the_head audit verify --audit short.db --head head.pem --signer authority.pub
says "taken off its end" and_it_says_so
expect 4 a_head_by_somebody_else_counts_for_nothing audit verify --head head.pem --signer nobody.pub
/usr/bin/python3 -c 'import sqlite3; sqlite3.connect("'"$LOG"'").execute("DELETE FROM rows")' 2>log.txt
says "append-only" the_database_itself_forbids_deletion
# two at once, one killed in the middle, a full disk
before=$(bauta audit export; wc -l <out.txt)
for n in 1 2 3 4 5 6 7 8; do "$BAUTA" key new "many$n" --no-passphrase --quiet & done
wait
after=$(bauta audit export; wc -l <out.txt)
[ "$((after - before))" -eq 16 ]
ok $? eight_writers_at_once_lose_nothing
expect 0 and_the_chain_holds audit verify
i=0
while [ $i -lt 8 ]; do
    "$BAUTA" recover --force --reason test --quiet --key own.key masked.mp4 killed.mp4 2>/dev/null &
    victim=$!
    /usr/bin/python3 -c "import time; time.sleep(0.02 * $i)"
    kill -9 $victim 2>/dev/null
    wait $victim 2>/dev/null
    i=$((i + 1))
done
expect 0 writers_that_are_killed_break_nothing audit verify
mkdir full && if mount -t tmpfs -o size=64k tmpfs full 2>/dev/null; then
    bauta key new --audit full/audit.db --no-passphrase fits
    head -c 60000 /dev/zero >full/filler 2>/dev/null
    expect 1 on_a_full_disk_nothing_is_done_unrecorded recover --audit full/audit.db --key own.key masked.mp4 unrecorded.mp4
    absent unrecorded.mp4 and_nothing_is_written_either
    rm full/filler
    expect 0 and_the_log_is_whole_afterwards audit verify --audit full/audit.db
    umount full
else
    ulimit_run() { ( ulimit -f 8; "$BAUTA" "$@" >out.txt 2>log.txt ); }
    ulimit_run recover --audit full/audit.db --key own.key masked.mp4 unrecorded.mp4
    [ ! -e unrecorded.mp4 ]
    ok $? on_a_full_disk_nothing_is_done_unrecorded
fi
expect 1 a_file_that_is_no_log_is_refused audit verify --audit masked.mp4
done_testing
