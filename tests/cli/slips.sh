#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What one careless command must not do: write over its own input, a key, or anything that was there; protect what is
# protected; leave something behind when it is stopped; follow files that name others.
. "$(dirname "$0")/lib.sh"
small_clip 2
bauta key new --sign camera --no-passphrase
P="protect --quiet --recipient own.pub --regions regions.jsonl"
F="protect --recipient own.pub --detect-every 5 --preset ultrafast"
R="recover --quiet --key own.key --reason test"
bauta $P --sign camera.key clip.avi masked.mp4
bauta grant --key own.key --recipient other.pub --reason test masked.mp4 -o it.grant
cp masked.mp4 kept.mp4
ln -s masked.mp4 soft.mp4
ln masked.mp4 hard.mp4
mkdir folder

# refused STATUS WORDS NAME COMMAND...: as it is, and nothing that was there has changed
sha256sum masked.mp4 own.key own.pub it.grant camera.key regions.jsonl clip.avi >sums.txt
refused() {
    want=$1 words=$2 name=$3
    shift 3
    "$BAUTA" "$@" >out.txt 2>log.txt
    got=$?
    [ $got -eq "$want" ] && grep -qF -- "$words" log.txt && sha256sum --quiet -c sums.txt >>log.txt 2>&1 &&
        [ -z "$(find . -name '.bauta-*')" ] && [ -L soft.mp4 ]
    ok $? "$name"
}

# 1. The input, by any name, in every command that writes
E="--sign camera.key --reason test"
for path in masked.mp4 ./masked.mp4 soft.mp4 hard.mp4 "$PWD/folder/../masked.mp4"; do
    short=$(basename "$path" .mp4)
    for force in "" --force; do
        refused 2 "which is the same file" "recover_never_writes_over_its_input_${short}_$force" $R $force masked.mp4 "$path"
        refused 2 "which is the same file" "export_neither_${short}_$force" export --key own.key --reason test --clear 1 $force masked.mp4 "$path"
        refused 2 "which is the same file" "erase_neither_${short}_$force" erase $E --target 1 $force masked.mp4 "$path"
        refused 2 "which is the same file" "rewrap_neither_${short}_$force" rewrap --reason test --key own.key --add other.pub $force masked.mp4 "$path"
    done
done
refused 2 "clip.avi would be written over clip.avi" protect_never_writes_over_its_input $P --force --format mkv clip.avi clip.avi
"$BAUTA" $R --force - masked.mp4 <masked.mp4 2>log.txt
[ $? -eq 2 ] && grep -q "standard input, which is the same file" log.txt && cmp -s masked.mp4 kept.mp4
ok $? nor_over_what_standard_input_is
"$BAUTA" $R --format ts masked.mp4 - >>masked.mp4 2>log.txt
[ $? -eq 2 ] && grep -q "standard output would be written over masked.mp4" log.txt && cmp -s masked.mp4 kept.mp4
ok $? nor_into_itself_by_standard_output
mkdir same
cp masked.mp4 same/
refused 1 "is this file itself" nor_in_a_folder $R -o same same/masked.mp4 same/masked.mp4
for file in own.pub regions.jsonl; do
    refused 2 "which is the same file" "nor_over_${file}_that_it_reads" $P --force --format mkv clip.avi $file
done
refused 2 "which is the same file" nor_over_the_key_that_opens $R --force --format mkv masked.mp4 own.key
refused 2 "which is the same file" nor_the_report_over_the_video $P --report one.mp4 clip.avi one.mp4
refused 2 "cannot both go to standard output" nor_both_to_standard_output $P --report - --format ts clip.avi -

# 2. What is there
echo precious >there.mp4
refused 1 "there.mp4: exists already and is not overwritten" what_is_there_is_not_replaced $R masked.mp4 there.mp4
[ "$(cat there.mp4)" = precious ] && grep -q -- "--force replaces it" log.txt
ok $? and_how_it_would_be_is_said
echo precious >there.jsonl
refused 1 "there.jsonl: exists already" nor_a_report $P --report there.jsonl clip.avi new.mp4
echo precious >new.mp4.json
refused 1 "new.mp4.json: exists already" nor_a_certificate erase $E --target 1 masked.mp4 new.mp4
rm new.mp4.json
"$BAUTA" $R --force masked.mp4 there.mp4 2>log.txt && [ "$(pictures there.mp4)" = 20 ]
ok $? but_with_force
cp "$HERE/../vectors/keys/certtool-clear.key" certtool.key # begins with words
sha256sum certtool.key >>sums.txt
for file in camera.key it.grant camera.pub certtool.key; do
    for force in "" --force; do
        refused 1 "$file: " "never_${file}_$force" $P $force --format mkv clip.avi $file
    done
done
echo "correct horse battery" >phrase.txt && chmod 600 phrase.txt && sha256sum phrase.txt >>sums.txt
refused 1 "phrase.txt: may be a passphrase" never_a_passphrase $P --force --format mkv clip.avi phrase.txt
refused 1 "phrase.txt: may be a passphrase" nor_by_a_report $P --force --report phrase.txt clip.avi new.mp4
bauta erase $E --target 1 masked.mp4 erased.mp4 && cp "$XDG_STATE_HOME/bauta/audit.db" log.db
for file in erased.mp4.json.sig log.db; do
    cp $file before
    "$BAUTA" $P --force --format mkv clip.avi $file 2>log.txt
    [ $? -eq 1 ] && grep -q "which is never overwritten" log.txt && cmp -s $file before
    ok $? "never_${file}"
done
refused 1 "erased.mp4.json.sig: exists already" nor_a_signature_by_its_own_command erase --force $E --target 1 masked.mp4 erased.mp4
refused 1 "it.grant: exists already" nor_a_grant_by_its_own_command grant --key own.key --recipient other.pub --reason x masked.mp4 -o it.grant
mkfifo pipe.ts
refused 1 "write pipe:pipe.ts if it shall be written into" a_pipe_is_written_into_only_on_purpose $R --force masked.mp4 pipe.ts
refused 1 "is a link" nothing_is_written_through_a_link $P --force clip.avi soft.mp4
refused 1 "folder: is a folder" nor_over_a_folder $P --force --format mp4 clip.avi folder
cat pipe.ts >piped.ts &
"$BAUTA" $R masked.mp4 pipe:pipe.ts 2>log.txt && wait && [ "$(pictures piped.ts)" = 20 ]
ok $? and_then_is

mkdir first second && ff -i clip.avi -c copy first/v.mkv && cp first/v.mkv second/v.mkv && cp masked.mp4 second/w.mp4
bauta $F -o none --force first/v.mkv # the same run where nothing is in the way
"$BAUTA" $F --force -o second first/v.mkv second/v.mkv 2>log.txt
[ $? -ne 0 ] && grep -q "which is read, too" log.txt && cmp -s first/v.mkv second/v.mkv
ok $? of_many_none_is_written_over_another_that_is_read
cp clip.avi second/w.avi
"$BAUTA" $R --force -o second second 2>log.txt
cmp -s second/w.mp4 masked.mp4
ok $? nor_over_what_is_sealed
mkfifo report.mp4
refused 1 "report.mp4: is no regular file, which the report could name" what_a_report_names_is_read_twice export --key own.key --reason test --clear 1 report.mp4 new.mp4
refused 2 "export works on files" an_export_is_a_file export --key own.key --reason test --clear 1 masked.mp4 pipe:pipe.ts
bauta export --key own.key --reason test --clear 1 --sign camera.key masked.mp4 signed.mp4
refused 1 "signed.mp4.json.sig: exists already" a_signed_report_is_not_replaced export --force --key own.key --reason test --clear 1 masked.mp4 signed.mp4

# 3. Rights
umask 022
"$BAUTA" $R masked.mp4 clear.mp4 2>log.txt && [ "$(stat -c %a clear.mp4)" = 600 ]
ok $? what_shows_originals_is_its_owner_s
"$BAUTA" $R --mode 0640 masked.mp4 clear2.mp4 2>log.txt && [ "$(stat -c %a clear2.mp4)" = 640 ]
ok $? unless_another_mode_is_asked_for
"$BAUTA" export --quiet --key own.key --reason test --clear 1 masked.mp4 exported.mp4 2>log.txt
[ "$(stat -c %a exported.mp4)" = 600 ]
ok $? and_so_is_an_export
[ "$(stat -c %a masked.mp4)" = 644 ] && [ "$(stat -c %a "$XDG_STATE_HOME/bauta/audit.db")" = 600 ]
ok $? what_is_masked_is_as_usual_and_the_log_is_its_owner_s
(umask 077 && bauta erase $E --target 1 masked.mp4 private.mp4 && bauta key new --no-passphrase private && bauta key new --no-passphrase third &&
    bauta key group --members private.pub,third.pub,other.pub --threshold 2 private && bauta protect $(echo $P | cut -d " " -f 2- | sed s/own.pub/private.group/) clip.avi shared.mp4 &&
    bauta grant --group private.group --recipient own.pub --reason test shared.mp4 -o private.grant)
[ "$(stat -c %a private.mp4.json.sig private.pub private.group private.grant | sort -u)" = 600 ]
ok $? signatures_keys_and_grants_heed_the_umask
bauta approve --key private.key private.grant && [ "$(stat -c %a private.grant)" = 600 ] && chmod 640 private.grant &&
    bauta approve --key third.key private.grant && [ "$(stat -c %a private.grant)" = 640 ]
ok $? and_an_approval_changes_no_rights
for day in 2027-02-29 2027-02-31 2027-04-31 2100-02-29 2027-00-10; do
    refused 2 "--expires wants a time" "there_is_no_$day" grant --key own.key --recipient other.pub --reason test --expires ${day}T00:00:00Z masked.mp4 -o none.grant
done
bauta grant --key own.key --recipient other.pub --reason test --expires 2096-02-29T00:00:00Z masked.mp4 -o leap.grant
ok $? but_2096_02_29
refused 2 "--began wants a time" nor_does_a_recording_begin_then $P --began 2027-02-31T00:00:00Z clip.avi new.mp4
refused 2 "--mode wants rights" a_mode_that_is_none_is_refused $R --mode 0999 masked.mp4 none.mp4

# 4. Protected already
refused 1 "is protected already" what_is_protected_is_not_protected_again $P masked.mp4 again.mp4
refused 1 "is protected already" nor_with_force $P --force masked.mp4 again.mp4
[ ! -e again.mp4 ] && "$BAUTA" $P --format mkv - - <masked.mp4 >again.mkv 2>log.txt
[ $? -eq 1 ] && grep -q "is protected already" log.txt
ok $? nor_by_a_pipe
bauta recover --key own.key masked.mp4 half.ts && ff -i clip.avi -c:v libx264 -r 10 -bsf:v h264_mp4toannexb clear.ts &&
    ff -i masked.mp4 -c copy -bsf:v h264_mp4toannexb masked.ts && cat clear.ts masked.ts >joined.ts
refused 1 "is protected already" nor_where_only_the_end_of_it_is $P joined.ts again.mp4
mkdir in && cp clip.avi in/a.avi
bauta $F -o out in && sha256sum out/a.mp4 >out.txt2 && bauta $F -o out in && sha256sum --quiet -c out.txt2 >>log.txt
ok $? a_batch_that_runs_twice_loses_nothing
bauta $F -o out2 out && [ -z "$(find out2 -type f)" ] && grep -q "carries recovery data already" log.txt
ok $? nor_one_over_its_own_outputs

# 5. Stopped: within a second, also while the input waits, and nothing is left
ends_at() { # ends_at SIGNAL PROCESS
    before=$(date +%s%N)
    kill -$1 $2
    wait $2
    status=$?
    took_ms=$((($(date +%s%N) - before) / 1000000))
}
stopped() { # stopped SIGNAL NAME COMMAND...
    signal=$1 name=$2
    shift 2
    rm -rf stop && mkdir stop
    rm -f slow.fifo && mkfifo slow.fifo
    (head -c 20000 masked.mp4; exec sleep 20) >slow.fifo 2>/dev/null &
    feeder=$!
    env --default-signal=INT,QUIT "$BAUTA" "$@" >out.txt 2>log.txt & # a shell lets what is behind ignore them
    victim=$!
    until_it_waits $victim
    ends_at $signal $victim
    kill $feeder 2>/dev/null
    wait $feeder 2>/dev/null
    echo "$took_ms ms, exit status $status, left: $(ls -A stop)" >>log.txt
    [ $status -eq 1 ] && [ $took_ms -lt 1000 ] && [ -z "$(ls -A stop)" ]
    ok $? "$name"
}
for signal in INT TERM HUP QUIT; do
    stopped $signal "protect_ends_at_$signal" $P slow.fifo stop/out.mp4
done
stopped INT recover_ends_while_its_input_waits $R slow.fifo stop/out.mp4
stopped TERM verify_ends_while_its_input_waits verify --signer camera.pub slow.fifo
stopped INT inspect_ends_while_its_input_waits inspect slow.fifo
stopped TERM erase_ends_while_its_input_waits erase $E --target 1 slow.fifo stop/out.mp4
stopped HUP rewrap_ends_while_its_input_waits rewrap --reason test --key own.key --add other.pub slow.fifo stop/out.mp4
stopped TERM detect_ends_while_its_input_waits detect slow.fifo
cp "$HERE/../vectors/keys/openssl-iterations-most.key" slow.key # ten million iterations
echo "open sesame" >slow.pass
chmod 600 slow.key slow.pass
mkfifo stop.fifo
"$BAUTA" recover --quiet --reason test --key slow.key --passphrase-file slow.pass masked.mp4 slow.mp4 2>log.txt &
victim=$!
# A tenth of a second of its own is gone: it derives.
until [ "$(awk '{ print $14 + $15 }' "/proc/$victim/stat")" -ge "$(($(getconf CLK_TCK) / 10))" ] || ! kill -0 $victim; do sleep 0.05; done
ends_at TERM $victim
[ $status -eq 1 ] && [ $took_ms -lt 1000 ] && [ ! -e slow.mp4 ]
ok $? and_so_it_does_while_a_key_is_derived
echo "a run that was killed" >.bauta-99999-0123456789abcdef.part
echo "one that runs" >.bauta-99999-fedcba9876543210.part
/usr/bin/python3 -c 'import fcntl, sys; f = open(".bauta-99999-fedcba9876543210.part"); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()' <stop.fifo >held.txt &
holder=$!
exec 9>stop.fifo
until [ -s held.txt ] || ! kill -0 $holder 2>/dev/null; do sleep 0.1; done
echo notes >.bauta-2026-1.part
"$BAUTA" $R masked.mp4 next.mp4 2>log.txt && [ ! -e .bauta-99999-0123456789abcdef.part ] && [ -e .bauta-99999-fedcba9876543210.part ] && [ -e .bauta-2026-1.part ]
ok $? what_a_killed_run_left_goes_with_the_next_and_what_is_in_use_stays
exec 9>&-
wait $holder
mv .bauta-99999-fedcba9876543210.part held.part
rm .bauta-2026-1.part
LEFT=.bauta-99999-0123456789abcdef.part
cp masked.mp4 $LEFT
for run in "$R" "export --key own.key --reason test --clear 1" "erase $E --target 1" "rewrap --key own.key --add other.pub" "lock $E"; do
    "$BAUTA" $run $LEFT rescued.mp4 2>log.txt
    [ $? -eq 2 ] && grep -q "rename it first" log.txt && cmp -s masked.mp4 $LEFT
    ok $? "${run%% *}_never_removes_what_it_reads"
done
mv $LEFT left.part
"$BAUTA" $R --format mp4 left.part rescued.mp4 2>log.txt
ok $? but_reads_it_under_another_name


# A certificate that is there goes only when its file does.
"$BAUTA" rewrap --reason test --key own.key --add other.pub masked.mp4 certified.mp4 2>log.txt
sha256sum certified.mp4 certified.mp4.json >certified.txt
if unshare -rm true 2>/dev/null; then # a file that is mounted cannot be replaced
    cp certified.mp4 mounted.mp4
    unshare -rm sh -c 'mount --bind mounted.mp4 certified.mp4 && "$@"' sh "$BAUTA" rewrap --reason test --force --key own.key --add other.pub masked.mp4 certified.mp4 2>log.txt
    [ $? -eq 1 ] && sha256sum --quiet -c certified.txt >>log.txt 2>&1 && [ -z "$(find . -name '.bauta-*')" ]
    ok $? a_certificate_is_not_replaced_by_one_whose_file_has_not_come
fi
printf '{correct horse\n' >braces.txt
chmod 600 braces.txt
"$BAUTA" $R --force --format mp4 masked.mp4 braces.txt 2>log.txt
[ $? -eq 1 ] && grep -q correct braces.txt
ok $? a_passphrase_that_looks_like_json_is_not_replaced_either

# 6. One input is one file
printf "ffconcat version 1.0\nfile 'masked.mp4'\n" >list.ffconcat
printf '#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2,\nmasked.mp4\n#EXT-X-ENDLIST\n' >list.m3u8
cp list.ffconcat list.mp4
ff -i clip.avi -frames:v 2 still%03d.png
for file in list.ffconcat list.m3u8 list.mp4; do
    refused 1 "names other files" "verify_does_not_follow_$file" verify --signer camera.pub $file
    refused 1 "names other files" "protect_does_not_follow_$file" $P $file new.mp4
done
refused 1 "still%03d.png: No such file" nor_a_row_of_stills $P still%03d.png new.mp4

# 7. The log is a file, and its listing cannot be forged
for log in "" :memory: "file:mem?mode=memory" /dev/null soft.mp4 folder; do
    refused 1 "nothing is done that cannot be written into the audit log" "no_log_in_$(echo "$log" | tr -c 'a-z\n' _)" \
        $R --audit "$log" masked.mp4 new.mp4
done
name=$(printf 'two\n  99  lines.mp4')
cp masked.mp4 "$name"
"$BAUTA" recover --quiet --key own.key --reason "$(printf 'a\n  100  2026-01-01T00:00:00Z recover done \033[31m')" "$name" new.mp4 2>log.txt
"$BAUTA" audit list >out.txt 2>log.txt
grep -qF 'two\n  99  lines.mp4' out.txt && grep -qF 'why: a\n  100  2026-01-01T00:00:00Z recover done \x1b[31m' out.txt &&
    ! grep -q "^ *99 \|^ *100 " out.txt
ok $? names_and_reasons_stay_on_their_line
# A name that would write a line of its own, and colour it, in whatever a command says of it
evil=$(printf 'evil\nbauta: all is well \033[31m')
cp clip.avi "$evil.avi" && cp masked.mp4 "$evil.mp4" && cp it.grant "$evil.grant" && cp own.pub "$evil.pub"
head -c $(($(wc -c <masked.mp4) * 2 / 3)) masked.mp4 >"$evil cut.mp4" && ff -i masked.mp4 -c copy cut.ts && head -c 60000 cut.ts >"$evil.ts"
mkdir "$evil" && cp "$evil.mp4" "$evil"
quiet() { # quiet NAME COMMAND...: nothing that it says leaves its line
    name=$1
    shift
    "$BAUTA" "$@" >evil.txt 2>&1
    cp evil.txt log.txt
    [ -s evil.txt ] && ! grep -q "$(printf '\033')" evil.txt && ! grep -q "^bauta: all is well" evil.txt
    ok $? "no_name_writes_lines_in_$name"
}
E2="--key own.key --reason test"
quiet protect protect --recipient own.pub --regions regions.jsonl "$evil.avi" "$evil out.mp4"
quiet protect_again protect --recipient own.pub --regions regions.jsonl "$evil.mp4" new.mp4
quiet protect_regions protect --recipient own.pub --regions "$evil.avi" clip.avi new.mp4
quiet protect_report protect --recipient own.pub --regions regions.jsonl --report "$evil/no/r.jsonl" clip.avi new.mp4
quiet recover recover $E2 --target 1 --target 9 "$evil.mp4" "$evil seen.mp4"
quiet recover_cut recover $E2 "$evil.ts" "$evil seen.ts"
quiet recover_many recover $E2 -o "$evil made" "$evil.mp4" "$evil.ts"
quiet recover_folder recover $E2 "$evil" seen.mp4
quiet export export $E2 --clear 1 --clear 9 "$evil.mp4" "$evil clear.mp4"
quiet erase erase $E --target 1 --target 9 "$evil.mp4" "$evil less.mp4"
quiet lock lock $E "$evil.mp4" "$evil locked.mp4"
quiet rewrap rewrap --reason test --key own.key --add "$evil.pub" --add other.pub "$evil.mp4" "$evil wrapped.mp4"
quiet verify verify --signer camera.pub "$evil.mp4"
quiet verify_cut verify --signer camera.pub "$evil.ts"
quiet verify_many verify --signer camera.pub "$evil.ts" "$evil.mp4" "$evil cut.mp4"
quiet verify_folder verify --signer camera.pub "$evil"
quiet inspect inspect "$evil.ts"
quiet inspect_many inspect "$evil.ts" "$evil.mp4"
quiet grant grant --key own.key --recipient other.pub --reason test "$evil.mp4" -o "$evil new.grant"
quiet grant_nobody grant --key own.key --recipient other.pub --target 9 --reason test "$evil.mp4" -o "$evil no.grant"
quiet show show "$evil.grant"
quiet show_signer show --signer camera.pub "$evil.grant"
quiet approve approve --key own.key "$evil.grant"
quiet detect detect "$evil"
quiet score score --truth "$evil.avi" --report "$evil.mp4"
quiet key_new key new "$evil.pub"
quiet no_command "$evil"
quiet no_option recover "--$evil"
quiet no_number protect --recipient own.pub --crf "$evil" clip.avi new.mp4
quiet no_key recover --key "$evil.avi" --reason test masked.mp4 seen.mp4
quiet audit audit list

long=$(printf './%.0s' $(seq 749))xä.mp4 # its 1500th byte is the first of two
cp masked.mp4 xä.mp4
"$BAUTA" recover $E2 "$long" cut.mp4 2>log.txt && "$BAUTA" audit export >out.txt 2>>log.txt && ! grep -q 'xc3' out.txt && grep -q '/x > cut.mp4' out.txt
ok $? a_long_name_is_cut_between_characters
odd=$(printf 'odd\377.mp4')
cp masked.mp4 "$odd"
"$BAUTA" export --quiet --key own.key --reason "$(printf 'why\376')" --clear 1 "$odd" odd_clear.mp4 2>log.txt
grep -qF '"name": "odd\\xff.mp4"' odd_clear.mp4.json && grep -qF '"reason": "why\\xfe"' odd_clear.mp4.json &&
    "$BAUTA" audit export >out.txt 2>log.txt && grep -qF 'odd\\xff.mp4' out.txt
ok $? what_is_no_utf8_is_reported_and_exported
refused 2 "recover needs --reason" who_recovers_says_why recover --key own.key masked.mp4 new2.mp4
refused 2 "recover needs --reason" and_not_by_nothing recover --key own.key --reason " " masked.mp4 new2.mp4
refused 2 "export needs --reason" and_who_exports export --key own.key --clear 1 masked.mp4 new2.mp4
"$BAUTA" recover --quiet --key other.key --grant it.grant masked.mp4 granted.mp4 2>log.txt
ok $? a_grant_says_it_itself
done_testing
