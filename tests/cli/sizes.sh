#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pictures that change on the way: their size, sample range, colour matrix; and those that are more than 8-bit 4:2:0.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
bauta key new own --no-passphrase
bauta key new two --no-passphrase
bauta key new --sign sig --no-passphrase
awk 'BEGIN { for (i = 0; i < 90; i++) printf "{\"picture\":%d,\"regions\":[{\"target\":1,\"class\":\"body\"," \
    "\"x\":32,\"y\":32,\"w\":64,\"h\":64}]}\n", i }' >regions.jsonl
protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
size() { ffprobe -v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0 "$1" | head -n 1; }
scene() { # scene SIZE HERTZ FILE OPTIONS...: two seconds with sound
    s=$1 hertz=$2 out=$3
    shift 3
    ff -f lavfi -i "testsrc2=s=$s:r=10:d=2" -f lavfi -i "sine=frequency=$hertz:duration=2" -c:v libx264 -g 10 \
        -c:a aac -b:a 32k "$@" "$out"
}
scene 320x240 440 a.ts -bf 2
scene 176x144 880 b.ts -bf 2
scene 320x240 220 c.ts -bf 2
printf 'file a.ts\nfile b.ts\nfile c.ts\n' >list.txt
for kind in ts mkv; do ff -f concat -i list.txt -c copy in.$kind; done
for f in a b c; do ff -i $f.ts -an -c copy $f.264; done
cat a.264 b.264 c.264 >in.264

# Protected in parts: every picture once, in its own size, each file from 0
parts_hold() { # parts_hold BASE ENDING: 20 pictures each
    [ "$(size "$1.$2") $(size "$1-part2.$2") $(size "$1-part3.$2")" = "320,240 176,144 320,240" ] &&
        [ "$(pictures "$1.$2") $(pictures "$1-part2.$2") $(pictures "$1-part3.$2")" = "20 20 20" ]
}
for kind in ts mkv 264; do
    for threads in 0 1; do
        [ $kind$threads = mkv0 ] && continue
        rm -f out*
        protect --threads $threads --sign sig.key --report out.jsonl in.$kind out.mkv && parts_hold out mkv &&
            grep -q "change from 320x240 to 176x144 after 2.* s: what comes goes into out-part2.mkv" log.txt
        ok $? "a_${kind}_that_changes_its_size_is_protected_in_parts_with_threads_$threads"
    done
    n_right=0
    for f in out out-part2 out-part3; do
        bauta verify --signer sig.pub $f.mkv && bauta recover --lossless --key own.key $f.mkv $f.back.mkv &&
            [ "$(pictures $f.back.mkv)" = 20 ] && n_right=$((n_right + 1))
    done
    [ $n_right = 3 ]
    ok $? "and_each_part_of_the_${kind}_verifies_and_is_recovered"
done
starts_at_0() {
    ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 "$1" | sort -n | head -n 1 |
        awk '{ exit !($1 < 0.05) }'
}
protect in.mkv timed.mp4 && starts_at_0 timed.mp4 && starts_at_0 timed-part2.mp4 && starts_at_0 timed-part3.mp4
ok $? each_part_has_a_clock_that_starts_at_0
$python - <<'P' >log.txt 2>&1
import json
lines = [json.loads(line) for line in open("out.jsonl")]
assert [l["picture"] for l in lines] == list(range(60)), "numbers"
assert all(a["pts"] < b["pts"] for a, b in zip(lines, lines[1:])), "times"
assert [l.get("part", 1) for l in lines] == [1] * 20 + [2] * 20 + [3] * 20, "parts"
assert lines[20]["part_pts"] == 0 and abs(lines[20]["pts"] - 2) < 0.1, lines[20]
assert lines[20]["width"] == 176 and lines[40]["width"] == 320, "sizes"
P
ok $? pictures_and_times_of_a_report_go_on_counting_through_the_parts
tone() { # tone FILE: the pitch of its sound, by zero crossings
    ffmpeg -nostdin -v error -i "$1" -map 0:a -ac 1 -ar 16000 -ss 0.3 -t 1.2 -f s16le - 2>>ff.txt |
        $python -c 'import numpy as n,sys
s=n.frombuffer(sys.stdin.buffer.read(),n.int16).astype(int)
print(round(float(((s[1:]>0)!=(s[:-1]>0)).sum())/2/(len(s)/16000)/10)*10)'
}
echo "$(tone timed.mp4) $(tone timed-part2.mp4) $(tone timed-part3.mp4)" >log.txt
grep -qx "440 880 220" log.txt
ok $? sound_lies_in_the_part_in_whose_time_it_lies

# All in the first size; and not at all
protect --on-size-change scale --report out.jsonl in.mkv scaled.mp4 && [ "$(size scaled.mp4)" = 320,240 ] &&
    [ "$(pictures scaled.mp4)" = 60 ] && [ ! -e scaled-part2.mp4 ] &&
    grep -q "all are brought to the size of the first" log.txt
ok $? scaled_to_the_first_size_they_are_one_file
bauta recover --lossless --key own.key scaled.mp4 back.mkv && [ "$(pictures back.mkv)" = 60 ]
ok $? which_is_recovered
ffmpeg -nostdin -v error -ss 3 -i back.mkv -frames:v 1 -f rawvideo -pix_fmt gray - | $python -c 'import sys
d=sys.stdin.buffer.read(); rows=[d[y*320:y*320+320] for y in range(240)]
column=[max(r[x] for r in rows) for x in range(320)]
black=sum(c<20 for c in column)
sys.exit(not 20 <= black <= 32)' # 176x144 in 320x240 is 293 wide
ok $? in_their_own_shape_with_black_beside
expect 1 with_stop_a_change_of_size_ends_the_run protect --recipient own.pub --regions regions.jsonl --on-size-change stop in.ts \
    stopped.mp4
says "change from 320x240 to 176x144 after 2" and_it_says_when_and_which_sizes
absent stopped.mp4 and_leaves_nothing
expect 2 another_word_is_refused protect --recipient own.pub --on-size-change shrink in.ts none.mp4
"$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --no-audio --format mkv in.ts - >pipe.mkv 2>log.txt &&
    [ "$(size pipe.mkv)" = 320,240 ] && [ "$(pictures pipe.mkv)" = 60 ]
ok $? standard_output_holds_one_size

# Names that nobody chose
cp in.ts mine-part2.ts
expect 1 a_part_is_never_written_over_the_input protect --recipient own.pub --regions regions.jsonl mine-part2.ts mine.ts
cmp -s in.ts mine-part2.ts
ok $? which_stays
absent mine.ts and_nothing_else_is_there
# A fault in a later part leaves none: a size that H.265 objects cannot have
ff -f lavfi -i testsrc2=s=32x32:r=10:d=1 -c:v libx264 tiny.264
cat a.264 tiny.264 >late.264
expect 1 what_cannot_be_protected_in_a_later_part_ends_the_run protect --recipient own.pub --regions regions.jsonl \
    --object-codec h265 late.264 late.mp4
absent late.mp4 and_no_part_stays
absent late-part2.mp4 nor_the_broken_one

# Areas are those of the first size
protect_found() { bauta protect --quiet --recipient own.pub --detect-every 10 --lookahead 0 "$@"; }
if [ -n "${BAUTA_DATA:-}" ]; then
    ff -f lavfi -i testsrc2=s=160x120:r=10:d=1 -c:v libx264 half.264 && cat a.264 half.264 >areas.264
    protect_found --data "$BAUTA_DATA" --always 160,120,160,120 --report areas.jsonl areas.264 areas.mp4
    tail -n 1 areas.jsonl | tee -a log.txt | grep -q '"x":8[0-9],"y":6[0-9]\|"x":7[0-9],"y":5[0-9]'
    ok $? areas_to_hide_are_carried_over_in_proportion
else
    skip areas_to_hide_are_carried_over_in_proportion "BAUTA_DATA is not set"
fi

# What was protected, joined: recovered and exported in parts or in one size
for codec in h264 h265; do
    for f in a b; do
        protect --codec $codec --sign sig.key $f.ts p$f.$codec.ts &&
            bauta recover --lossless --key own.key p$f.$codec.ts r$f.mkv && sums r$f.mkv >r$f.$codec.txt
    done
    printf 'file pa.%s.ts\nfile pb.%s.ts\n' $codec $codec >list.txt
    for kind in ts mkv mp4; do
        rm -f back*
        ff -f concat -i list.txt -c copy joined.$kind
        for threads in 0 1; do
            [ $codec$threads = h2650 ] && continue
            rm -f back*
            bauta recover --threads $threads --lossless --key own.key joined.$kind back.mkv && sums back.mkv >1.txt &&
                sums back-part2.mkv >2.txt && cmp -s 1.txt ra.$codec.txt && cmp -s 2.txt rb.$codec.txt
            ok $? "two_sizes_of_${codec}_joined_as_${kind}_are_recovered_in_parts_with_threads_$threads"
        done
        bauta recover --on-size-change scale --lossless --key own.key joined.$kind one.mkv && sums one.mkv >1.txt &&
            [ "$(wc -l <1.txt)" = 40 ] && head -n 20 1.txt | cmp -s - ra.$codec.txt
        ok $? "or_in_one_size_from_${codec}_in_$kind"
        bauta verify --signer sig.pub joined.$kind
        [ "$(grep -c 'authentic: 20 pictures' out.txt)" = 2 ]
        ok $? "and_both_are_authentic_in_${codec}_in_$kind"
    done
    for way in ts-mp4 mp4-ts mkv-mkv mkv-mp4 ts-mov; do
        kind=${way%-*} to=${way#*-}
        rm -f two.mkv two-part2.mkv
        bauta rewrap --key own.key --add two.pub --sign sig.key joined.$kind wrapped.$to && sums joined.$kind >1.txt &&
            sums wrapped.$to >2.txt && cmp -s 1.txt 2.txt && [ "$(wc -l <2.txt)" = 40 ] &&
            bauta recover --key two.key wrapped.$to two.mkv && [ "$(pictures two.mkv) $(pictures two-part2.mkv)" = "20 20" ]
        ok $? "rewrapped_from_${codec}_in_${kind}_to_${to}_they_stay_right"
    done
done
rm -f shown*
bauta export --key own.key --clear 1 --sign sig.key joined.ts shown.mp4 # of two recordings: the number is in both
[ $? -eq 5 ] && $python - <<'P' >log.txt 2>&1
import hashlib, json
report = json.load(open("shown.mp4.json"))
assert [p["name"] for p in report["parts"]] == ["shown.mp4", "shown-part2.mp4"], report
assert [(p["width"], p["height"], p["picture"]) for p in report["parts"]] == [(320, 240, 0), (176, 144, 20)], report
for part in report["parts"]:
    assert hashlib.sha256(open(part["name"], "rb").read()).hexdigest() == part["sha256"], part
assert not report["complete"] and len(report["people"]) == 2, report
assert report["pictures"] == 40 and report["result"]["name"] == "shown.mp4"
P
ok $? an_export_in_parts_has_one_report_that_names_all
[ -s shown.mp4.json.sig ]
ok $? and_one_signature
expect 1 a_recovery_that_must_not_change_its_size_stops recover --on-size-change stop --key own.key joined.ts none.mkv
absent none.mkv and_leaves_no_file
expect 3 a_key_that_opens_nothing_leaves_no_part recover --key two.key joined.ts none.mkv
absent none.mkv neither_the_first
absent none-part2.mkv nor_the_second

# Day and night
bars() { # bars FILE OPTIONS...
    out=$1
    shift
    ff -f lavfi -i smptebars=s=320x240:r=10:d=1 "$@" -c:v libx264 -qp 0 -f h264 "$out"
}
luma() { # luma FILE PICTURE: its least and largest sample, apart from the region
    ffmpeg -nostdin -v error -i "$1" -vf "select=eq(n\\,$2),crop=160:240:160:0,extractplanes=y" -frames:v 1 -f rawvideo - \
        2>>ff.txt | $python -c 'import sys; d=sys.stdin.buffer.read(); print(min(d), max(d))'
}
bars limited.264 -bsf:v h264_metadata=video_full_range_flag=0
bars full.264 -vf scale=out_range=pc -pix_fmt yuvj420p -color_range pc
cat limited.264 full.264 >night.264 && cat full.264 limited.264 >day.264
protect --crf 0 --encoder-options qp=0 night.264 night.mp4 && [ "$(pictures night.mp4)" = 20 ]
ok $? pictures_of_another_sample_range_are_protected
says "from 1.000 s on some pictures use the full sample range; they are converted to the limited range" and_it_is_said_once
echo "$(luma night.mp4 5) $(luma night.mp4 15)" >log.txt
awk '{ exit !(NF == 4 && $4 - $2 <= 2 && $2 - $4 <= 2) }' log.txt
ok $? and_look_as_those_before
protect --crf 0 --encoder-options qp=0 day.264 day.mp4 && echo "$(luma day.mp4 5) $(luma day.mp4 15)" >log.txt &&
    awk '{ exit !(NF == 4 && $4 - $2 <= 4 && $2 - $4 <= 4) }' log.txt
ok $? the_other_way_round_too
ff -f lavfi -i smptebars=s=320x240:r=10:d=1 -vf scale=out_color_matrix=bt709 -c:v libx264 -qp 0 -colorspace bt709 -f h264 709.264
ff -f lavfi -i smptebars=s=320x240:r=10:d=1 -vf scale=out_color_matrix=bt601 -c:v libx264 -qp 0 -colorspace smpte170m -f h264 601.264
cat 601.264 709.264 >matrix.264 && protect --crf 0 --encoder-options qp=0 matrix.264 matrix.mp4 && grep -q "another colour matrix" log.txt &&
    echo "$(luma matrix.mp4 5) $(luma matrix.mp4 15)" >log.txt && awk '{ exit !(NF == 4 && $4 - $2 <= 4 && $2 - $4 <= 4) }' log.txt
ok $? another_colour_matrix_is_converted_and_said

# What is more than 8-bit 4:2:0 is said; the samples are those of ffmpeg's own conversion, or the same where they can be
like_ffmpeg() { # like_ffmpeg PIXELS LEAST PSNR
    case $1 in
    nv12 | rgb24 | bgr0 | pal8 | ya8) codec=rawvideo ;;
    *) codec=ffv1 ;;
    esac
    ff -f lavfi -i testsrc2=s=320x240:r=5:d=1 -c:v $codec -pix_fmt "$1" kind.nut
    protect --crf 0 --encoder-options qp=0 kind.nut kind.mp4
    grep -q "pictures become 8-bit 4:2:0" log.txt && told=yes || told=no
    ffmpeg -nostdin -i kind.nut -i kind.mp4 -lavfi "[0:v]crop=160:240:160:0,format=$3[a];[1:v]crop=160:240:160:0,format=$3[b];[a][b]psnr" \
        -f null - 2>&1 | sed -n 's/.*PSNR.*min:\([a-z0-9.]*\).*/\1/p' >>log.txt
    tail -n 1 log.txt | awk -v least="$2" '{ exit !($1 == "inf" || $1 >= least) }' && [ $told = "$4" ]
    ok $? "$1_becomes_8_bit_4_2_0"
}
like_ffmpeg yuv420p 999 yuv420p no
like_ffmpeg nv12 999 yuv420p no
like_ffmpeg gray 999 gray no
like_ffmpeg ya8 999 yuv420p yes
like_ffmpeg yuv420p10le 55 yuv420p yes
like_ffmpeg gray10le 50 gray yes
like_ffmpeg gray12le 50 gray yes
like_ffmpeg yuv422p 50 yuv420p yes
like_ffmpeg yuv422p10le 50 yuv420p yes
like_ffmpeg yuv444p 50 yuv420p yes
like_ffmpeg yuv440p 50 yuv420p yes
like_ffmpeg yuv411p 38 yuv420p yes
like_ffmpeg rgb24 50 yuv420p yes
like_ffmpeg bgr0 50 yuv420p yes
like_ffmpeg pal8 45 yuv420p yes
label() { ffprobe -v error -select_streams v:0 -show_entries stream=color_range,color_space -of csv=p=0 "$1"; }
label kind.mp4 | tee log.txt | grep -q "tv,smpte170m"
ok $? colours_are_labelled_as_what_they_became
ff -f lavfi -i testsrc2=s=320x240:r=5:d=1 -c:v libx265 -pix_fmt gray -x265-params log-level=none:lossless=1 grey.mp4
protect --crf 0 --encoder-options qp=0 grey.mp4 grey8.mp4 && label grey8.mp4 | grep -q "^pc" &&
    echo "$(luma grey.mp4 2) $(luma grey8.mp4 2)" >log.txt && awk '{ exit !(NF == 4 && $1 == $3 && $2 == $4) }' log.txt
ok $? grey_pictures_of_full_range_keep_their_samples_and_their_label
ff -f lavfi -i testsrc2=s=320x240:r=5:d=1 -c:v mjpeg -q:v 3 -pix_fmt yuvj444p jpeg.avi
protect --crf 0 --encoder-options qp=0 jpeg.avi jpeg.mp4 && label jpeg.mp4 | grep -q "^pc"
ok $? jpeg_samples_stay_of_full_range
ff -f lavfi -i testsrc2=s=320x240:r=5:d=1 -c:v libx264 -pix_fmt yuv422p10le ten.mp4
protect ten.mp4 ten8.mp4
says "ten.mp4: 10-bit 4:2:2 pictures become 8-bit 4:2:0" ten_bits_and_4_2_2_are_said_in_one_line
protect --recovery lossless ten.mp4 ten8.mp4
says "originals are kept bit for bit as 8-bit 4:2:0, which is less than its pictures are" lossless_recovery_of_them_is_told_for_what_it_is
protect --recovery lossless a.ts a8.mp4 && ! grep -q "bit for bit" log.txt
ok $? and_nothing_is_said_of_others
ff -f lavfi -i testsrc=s=301x203:r=5:d=1 -c:v ffv1 -pix_fmt yuv420p odd.mkv
protect odd.mkv odd.mp4 && [ "$(size odd.mp4)" = 302,204 ]
says "odd.mkv: pictures of 301x203 become 302x204: the last column and row are repeated" odd_sizes_are_said_in_one_line
ff -f lavfi -i testsrc=s=320x203:r=5:d=1 -c:v ffv1 -pix_fmt yuv420p odd.mkv && protect odd.mkv odd.mp4
says "320x203 become 320x204: the last row is repeated" and_which_side_it_is

# The cases of the field
CASES=${BAUTA_SHARED:-none}/../cases
if [ -d "$CASES/sizechange" ]; then
    protect "$CASES/sizechange/in.264" case.mp4 && [ "$(pictures case.mp4) $(pictures case-part2.mp4)" = "20 20" ]
    ok $? the_case_sizechange
    protect "$CASES/gray265/in.mp4" case.mp4 && label case.mp4 | grep -q "^pc"
    ok $? the_case_gray265
else
    skip the_cases_of_the_field "BAUTA_SHARED is not set"
fi
done_testing
