#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input and bad luck: a clear sentence, the right exit status, and no output file.
. "$(dirname "$0")/lib.sh"
small_clip 6
bauta protect --recipient own.pub --regions regions.jsonl clip.avi good.mp4

p() { # p STATUS NAME WORDS COMMAND...: it fails so, says so, and writes no out.mp4
    status=$1 name=$2 words=$3
    shift 3
    expect "$status" "$name" "$@"
    says "$words" "${name}_and_says_so"
    absent out.mp4 "${name}_and_writes_nothing"
}

P="protect --recipient own.pub --regions regions.jsonl"
p 1 no_such_file_is_refused "missing.avi: " $P missing.avi out.mp4
echo "this is no video" >text.mp4
p 1 a_text_is_refused "text.mp4: not a video file" $P text.mp4 out.mp4
: >empty.mp4
p 1 an_empty_file_is_refused "empty.mp4: " $P empty.mp4 out.mp4
ff -f lavfi -i sine=440:d=1 -c:a aac sound.mp4
p 1 a_file_with_sound_only_is_refused "sound.mp4: holds no video" $P sound.mp4 out.mp4
p 1 a_folder_is_refused ".: " $P . out.mp4
p 2 an_unknown_container_is_refused "out.xyz: no container of that name" $P clip.avi out.xyz
p 2 a_raw_stream_of_the_other_codec_is_refused "cannot hold" $P clip.avi out.h265
p 2 a_still_is_not_written "no place for recovery data" $P clip.avi out.jpg
says "ffmpeg -i one.mp4 -frames:v 1" and_a_way_to_one_is_named
absent out.jpg and_no_still_is_left
p 2 a_still_is_not_recovered "take a still out of it" recover --key own.key good.mp4 out.PNG
set --
while [ $# -lt 40 ]; do set -- "$@" clip.avi; done
p 2 surplus_arguments_are_counted_all "takes 2 arguments, not 40" export --key own.key --clear 1 "$@"
p 1 an_unknown_preset_is_refused "encoder cannot be opened" $P --preset warp clip.avi out.mp4
p 2 no_recipient_is_refused "at least one --recipient" protect clip.avi out.mp4
p 2 an_unknown_option_is_refused "does not know --frobnicate" $P --frobnicate clip.avi out.mp4
p 1 a_private_key_is_no_recipient "own.key: not an X25519 public key" protect --recipient own.key clip.avi out.mp4
p 1 a_missing_recipient_is_refused "none.pub: " protect --recipient none.pub clip.avi out.mp4
echo '{"picture":0,"regions":[{"target":1,"class":"car","x":1,"y":1,"w":9,"h":9}]}' >bad.jsonl
p 1 bad_regions_are_refused 'bad.jsonl: line 1: "class"' protect --recipient own.pub --regions bad.jsonl clip.avi out.mp4
mkdir -p data/models data/lib
p 1 a_missing_runtime_is_refused "libonnxruntime.so.1" protect --data data --recipient own.pub clip.avi out.mp4
p 1 a_model_that_is_none_is_refused "text.mp4: " protect --body-model text.mp4 --recipient own.pub clip.avi out.mp4
p 1 a_model_that_is_missing_is_refused "none.onnx: " protect --body-model none.onnx --recipient own.pub clip.avi out.mp4

p 1 a_video_without_recovery_data_is_refused "holds no recovery data" recover --key own.key clip.avi out.mp4
ff -i clip.avi -c:v libx264 bare.mp4
p 1 an_unprotected_h264_is_refused "holds no recovery data" recover --key own.key bare.mp4 out.mp4
p 3 a_stranger_key_is_denied "not one of its recipients" recover --key other.key good.mp4 out.mp4
echo secret >word.txt
echo wrong >wrong.txt
chmod 644 word.txt
expect 3 a_passphrase_that_others_can_read_is_refused key new locked --passphrase-file word.txt
says "word.txt: others than its owner can read or change it: chmod 600 it" and_says_so
absent locked.key and_no_key_is_made
chmod 600 word.txt wrong.txt
expect 0 one_that_is_its_owners_alone_is_taken key new locked --passphrase-file word.txt
mkfifo pipe
cat word.txt >pipe &
p 3 a_pipe_has_no_others "not one of its recipients" recover --key locked.key --passphrase-file pipe good.mp4 out.mp4
chmod 620 word.txt
p 3 what_others_can_change_is_no_secret "word.txt: others than its owner" recover --key locked.key --passphrase-file word.txt good.mp4 out.mp4
chmod 600 word.txt
p 3 a_wrong_passphrase_is_denied "passphrase is wrong" recover --key locked.key --passphrase-file wrong.txt good.mp4 out.mp4
p 3 a_missing_passphrase_is_denied "needs its passphrase" recover --key locked.key good.mp4 out.mp4
openssl genrsa -out rsa.key 2048 2>/dev/null
p 1 an_rsa_key_is_refused "not an X25519 private key, but a key of type RSA" recover --key rsa.key good.mp4 out.mp4
p 1 a_public_key_does_not_recover "own.pub: not an X25519 private key" recover --key own.pub good.mp4 out.mp4
expect 1 a_key_is_never_overwritten key new own --no-passphrase
says "exists already" "and_it_says_so"
[ "$(stat -c %a own.key)" = 600 ]
ok $? a_private_key_is_for_its_owner_only

# Cut short: what is there is recovered, what is missing is said
head -c $(($(stat -c %s good.mp4) * 6 / 10)) good.mp4 >cut.mp4
expect 5 a_truncated_file_is_recovered_as_far_as_it_goes recover --key own.key cut.mp4 part.mp4
says "cut short" and_what_is_missing_is_said
n=$(pictures part.mp4)
[ "$n" -gt 10 ] && [ "$n" -lt 60 ]
ok $? and_its_pictures_are_there
head -c $(($(stat -c %s clip.avi) * 6 / 10)) clip.avi >cut.avi
expect 5 a_truncated_input_is_protected_as_far_as_it_goes $P cut.avi cutmasked.mp4
ff -i clip.avi -c:v libx264 late.mp4
head -c $(($(stat -c %s late.mp4) * 6 / 10)) late.mp4 >cut.mp4
p 1 an_mp4_without_its_index_is_told_as_such "cut.mp4: has no index of an MP4" $P cut.mp4 out.mp4
# What FFmpeg passes over: an index of a fragment that is cut (or refuses the whole file), and blocks of what was recorded live.
ff -i clip.avi -c:v libx264 -g 10 -movflags +frag_keyframe+empty_moov fragments.mp4
expect 0 whole_fragments_are_whole $P fragments.mp4 whole.mp4
n=$(pictures whole.mp4)
for bytes in 4 40 100 140 400; do
    head -c $(($(grep -abo moof fragments.mp4 | tail -1 | cut -d: -f1) + bytes)) fragments.mp4 >cut.mp4
    expect 5 "a_cut_in_a_fragments_index_is_told_at_$bytes" $P cut.mp4 part.mp4
    [ "$(pictures part.mp4)" -ge $((n - 10)) ]
    ok $? and_what_is_there_is_protected
done
for more in "what a recorder leaves behind the last box" ""; do
    cp fragments.mp4 more.mp4
    echo "$more" >>more.mp4
    expect 0 "other_bytes_behind_an_mp4_are_no_cut_${#more}" $P more.mp4 whole.mp4
done
for live in 0 1; do
    ffmpeg -nostdin -v error -i clip.avi -c:v libx264 -g 10 -f matroska -live $live pipe:1 >live.mkv
    expect 0 "matroska_without_a_duration_is_whole_$live" $P live.mkv whole.mp4
    for tenth in 3 6 9; do
        head -c $(($(stat -c %s live.mkv) * tenth / 10)) live.mkv >cut.mkv
        expect 5 "and_a_cut_in_a_block_of_it_is_told_${live}_$tenth" $P cut.mkv part.mp4
    done
done

# A damaged byte in the middle of every second: never a crash, never success without a word
cp good.mp4 hurt.mp4
size=$(stat -c %s good.mp4)
for i in 3 4 5 6 7 8; do
    printf 'XXXX' | dd of=hurt.mp4 bs=1 seek=$((size * i / 10)) conv=notrunc 2>/dev/null
done
expect 5 a_damaged_file_is_recovered_in_part recover --key own.key hurt.mp4 healed.mp4

# Places that cannot be written
p 1 a_missing_folder_is_refused "nowhere/out.mp4: cannot be written" $P clip.avi nowhere/out.mp4
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
    expect 1 a_full_disk_ends_the_run $P clip.avi small/out.mp4
    says "No space left on device" and_a_full_disk_is_named
    [ -z "$(ls small)" ]
    ok $? and_nothing_is_left_on_it
    umount small
else
    skip a_full_disk_ends_the_run "needs root to mount a small file system"
fi

# Killed in the middle: nothing under the final name
mkfifo slow.avi
(cat clip.avi; sleep 60) >slow.avi &
feeder=$!
"$BAUTA" $P slow.avi killed.mp4 >/dev/null 2>&1 &
victim=$!
until_it_waits $victim
kill -9 $victim 2>/dev/null
wait $victim 2>/dev/null
kill $feeder 2>/dev/null
[ ! -e killed.mp4 ]
ok $? a_killed_run_leaves_nothing_under_the_final_name
mkfifo slow2.avi
(cat clip.avi; sleep 60) >slow2.avi &
feeder=$!
"$BAUTA" $P slow2.avi stopped.mp4 >/dev/null 2>log.txt &
victim=$!
until_it_waits $victim
kill -TERM $victim 2>/dev/null
until_it_took_term $victim
kill $feeder 2>/dev/null
wait $victim 2>/dev/null
absent stopped.mp4 a_stopped_run_cleans_up_behind_itself
done_testing
