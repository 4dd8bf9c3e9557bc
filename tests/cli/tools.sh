#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Other people's tools on a signed recording: whatever they put beside its pictures, it is read as before (docs/interop.md).
. "$(dirname "$0")/lib.sh"
small_clip 3
bauta key new --sign camera --no-passphrase
for codec in h264 h265; do
    bauta protect --codec $codec --gop 1 --recipient own.pub --sign camera.key --regions regions.jsonl clip.avi $codec.mp4
    bauta recover --lossless --key own.key --reason test $codec.mp4 $codec.mkv
    sums $codec.mkv >$codec.txt
done

# whole FILE NAME CODEC: all pictures, epochs, originals and signatures are there
whole() {
    bauta inspect --json "$1" && grep -q '"pictures": 30,' out.txt && grep -q '"protected_pictures": 30,' out.txt &&
        grep -q '"epochs": 3,' out.txt && grep -q '"damaged_messages": 0,' out.txt
    ok $? "$2_keeps_all_pictures_and_epochs"
    bauta verify --signer camera.pub "$1"
    ok $? "$2_stays_authentic"
    bauta recover --lossless --key own.key --reason test "$1" back.mkv && sums back.mkv | cmp -s - "$3.txt"
    ok $? "$2_keeps_its_originals"
    bauta erase --sign camera.key --reason test --everything "$1" "erased.${1##*.}" &&
        bauta inspect --json "erased.${1##*.}" && grep -q '"recipients": \[\],' out.txt
    ok $? "$2_can_be_locked_for_good"
    rm -f back.mkv erased.*
}

ff -i h264.mp4 -c copy -bsf:v h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+Hello merged.mp4
whole merged.mp4 sei_merged_with_another_s_by_h264_metadata h264
ff -i h264.mp4 -c copy -bsf:v h264_metadata=aud=insert:delete_filler=1 delimited.mp4
whole delimited.mp4 a_delimiter_before_each_picture h264
ff -i h265.mp4 -c copy -bsf:v hevc_metadata=aud=insert delimited5.mp4
whole delimited5.mp4 a_delimiter_before_each_picture_of_h265 h265
ff -i h264.mp4 -c copy -bsf:v h264_mp4toannexb,dump_extra=freq=all repeated.ts
whole repeated.ts parameter_sets_before_every_picture h264

if command -v node >/dev/null; then
    node --input-type=module -e '
        const [module, from, to] = process.argv.slice(1);
        const { withoutSlices } = await import(module);
        const { readFileSync, writeFileSync } = await import("node:fs");
        writeFileSync(to, withoutSlices(readFileSync(from)));' "$HERE/../player/samples.mjs" h264.mp4 seionly.mp4
    whole seionly.mp4 samples_of_nothing_but_sei h264
else
    skip samples_of_nothing_but_sei "there is no node"
fi

if command -v mkvmerge >/dev/null; then
    for codec in h264 h265; do
        mkvmerge -q -o merged-$codec.mkv $codec.mp4
        bauta inspect --json merged-$codec.mkv && grep -q '"epochs": 3,' out.txt && bauta verify --signer camera.pub merged-$codec.mkv
        ok $? "a_${codec}_file_is_kept_by_mkvmerge"
    done
    ff -i h265.mp4 -c copy -f hevc raw.hevc
    mkvmerge -q -o private.mkv --default-duration 0:10fps raw.hevc
    bauta inspect --json private.mkv && grep -q '"epochs": 3,' out.txt && grep -q '"protected_pictures": 30,' out.txt
    ok $? "what_mkvmerge_repeats_from_codec_private_is_no_epoch"
    bauta verify --signer camera.pub private.mkv
    ok $? "and_leaves_the_recording_authentic"
    bauta recover --lossless --key own.key --reason test private.mkv back.mkv && sums back.mkv | cmp -s - h265.txt
    ok $? "and_its_originals_come_back"
else
    skip what_mkvmerge_repeats_from_codec_private_is_no_epoch "there is no mkvmerge"
fi

# A control: what changes slices is told.
ff -i h264.mp4 -c copy -bsf:v h264_redundant_pps changed.mp4
expect 4 slices_written_anew_are_told verify --signer camera.pub changed.mp4
done_testing
