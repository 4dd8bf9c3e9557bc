#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The files that pictures of several sizes become: their names, and whose they never take; and what goes by the size of a picture.
. "$(dirname "$0")/lib.sh"
bauta key new own --no-passphrase
still() { # still SIZE PICTURES FILE
    ff -f lavfi -i "testsrc2=s=$1:r=10" -frames:v "$2" -c:v libx264 -g 5 "$3"
}
nobody() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"picture\":%d,\"regions\":[]}\n", i }'; }
protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
nobody 20 >regions.jsonl

# A change that comes with the second picture, while the file is being opened
still 320x240 1 a1.264
still 176x144 1 b1.264
cat a1.264 b1.264 >ab.264
expect 1 a_change_with_the_second_picture_ends_the_run_where_it_shall protect --recipient own.pub --regions regions.jsonl \
    --on-size-change stop ab.264 o.mp4
absent o.mp4 and_leaves_nothing
absent o-part2.mp4 nor_a_part
protect --on-size-change scale ab.264 scaled.mp4 && [ "$(pictures scaled.mp4)" = 2 ] && [ ! -e scaled-part2.mp4 ]
ok $? scaled_it_is_one_file
"$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format ts ab.264 - >pipe.ts 2>log.txt && [ "$(pictures pipe.ts)" = 2 ] &&
    [ "$(find . -name '*part2*' | wc -l)" = 0 ]
ok $? standard_output_gets_all_of_it
for f in a b; do protect ${f}1.264 $f.ts && ff -i $f.ts -c copy -f h264 p$f.264; done
cat pa.264 pb.264 >pab.264
expect 1 a_recovery_stops_at_the_second_picture_too recover --on-size-change stop --key own.key pab.264 back.mkv
absent back-part2.mkv and_leaves_no_part

# Names that nobody chose
protect ab.264 o.mp4 && [ "$(pictures o.mp4) $(pictures o-part2.mp4)" = "1 1" ]
ok $? a_part_has_the_name_of_the_output_and_its_number
cp o-part2.mp4 before.mp4
expect 1 a_part_takes_no_name_that_is_taken protect --recipient own.pub --regions regions.jsonl ab.264 o.mp4
says "o-part2.mp4: is there already: part 2 of o.mp4 would have this name" and_says_whose
cmp -s o-part2.mp4 before.mp4
ok $? what_has_it_stays
ln -s nowhere link-part2.mp4
expect 1 nor_that_of_a_link_that_leads_nowhere protect --recipient own.pub --regions regions.jsonl ab.264 link.mp4
absent link.mp4 and_leaves_no_output
mkdir -p in out taken.mp4/x
still 320x240 5 in/a-part2.ts
still 176x144 5 b.ts
cat in/a-part2.ts b.ts >in/a.ts
still 320x240 1 in/whole.mp4
expect 5 in_a_batch_too protect --recipient own.pub --data nowhere --on-detector-failure mask-all -o out in
says "out/a-part2.ts: is there already: part 2 of out/a.ts" and_says_which
[ "$(pictures out/a-part2.ts)" = 5 ] && [ ! -e out/a.ts ] && [ ! -e out/a.ts.part ]
ok $? and_the_other_recording_is_whole

# All or none
expect 1 an_output_that_cannot_have_its_name_ends_the_run protect --recipient own.pub --regions regions.jsonl ab.264 taken.mp4
absent taken-part2.mp4 and_no_part_stands_without_it

# Regions are told in pixels as they are stored
still 320x240 10 a.264
still 176x144 10 b.264
cat a.264 b.264 a.264 >aba.264
awk 'BEGIN { for (i = 0; i < 30; i++) { b = i > 9 && i < 20; printf "{\"picture\":%d,\"width\":%d,\"height\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":32,\"y\":32,\"w\":64,\"h\":64}]}\n", i, b ? 176 : 320, b ? 144 : 240 } }' >regions.jsonl
wholes() { grep -c '"whole":"unsaid"' "$1"; }
protect --on-size-change scale --report report.jsonl aba.264 fitted.mp4 && [ "$(pictures fitted.mp4)" = 30 ] &&
    [ "$(sed -n 11,20p report.jsonl | wholes -)" = 10 ] && [ "$(wholes report.jsonl)" = 10 ]
ok $? what_is_brought_to_another_size_is_hidden_whole_where_regions_are_given
says "pictures that are brought to another size are hidden whole" and_it_is_said
says "10 of 30 pictures were hidden whole" and_they_are_counted
cp report.jsonl again.jsonl
bauta protect --recipient own.pub --regions again.jsonl --on-size-change scale --report report.jsonl aba.264 fitted.mp4 && [ "$(wholes report.jsonl)" = 10 ]
ok $? the_report_of_it_can_be_given_back
protect --report report.jsonl aba.264 split.mp4 && [ "$(grep -c whole report.jsonl)" = 0 ] &&
    bauta protect --recipient own.pub --regions report.jsonl aba.264 back.mp4 && [ "$(pictures back-part2.mp4)" = 10 ]
ok $? in_parts_each_has_its_own_regions

# The clock of the output, where its first picture is not at 0
ff -f lavfi -i sine=duration=4 -itsoffset 3 -f lavfi -i testsrc2=s=320x240:r=10:d=1 -map 1:v -map 0:a \
    -c:v libx264 -bf 0 -c:a pcm_s16le late.mkv
protect --no-audio --report report.jsonl late.mkv late.mp4 && head -n 1 report.jsonl | tee log.txt | grep -q '"pts":3.0*,"part":1,"part_pts":0.0*,'
ok $? a_report_tells_both_clocks_where_they_differ
firsts() { # firsts FILE: when its pictures and its sound begin
    ffprobe -v error -show_entries packet=stream_index,pts_time -of csv=p=0 "$1" | awk -F, \
        '!($1 in first) || $2 < first[$1] { first[$1] = $2 } END { print first[0], (1 in first) ? first[1] : "none" }'
}
protect late.mkv heard.mov && firsts heard.mov | tee -a log.txt | awk '{ exit !($1 > 2.9 && $1 < 3.1 && $2 != "none" && $2 < 0.1) }'
ok $? sound_before_the_first_picture_is_kept_in_its_time
protect --report report.jsonl late.mkv deaf.mp4 && [ "$(firsts deaf.mp4 | tee -a log.txt)" = "0.000000 none" ] && head -n 1 report.jsonl | grep -q '"part_pts":0.0*,'
ok $? sound_that_the_output_does_not_take_does_not_count_when_it_begins
ff -i late.mkv -map 0 -map 0:a -c copy -c:a:1 aac both.mkv
protect both.mkv both.mp4 && firsts both.mp4 | tee -a log.txt | awk '{ exit !($1 > 2.9 && $1 < 3.1 && $2 != "none" && $2 < 0.1) }'
ok $? but_the_other_track_that_it_takes_does
protect --report report.jsonl a.264 plain.mp4 && ! grep -q part report.jsonl
ok $? and_one_where_they_do_not

# Whom a detector sees
if [ -n "${BAUTA_DATA:-}" ]; then
    need_demo_clip
    seen() { what=$1 && shift && bauta "$what" --data "$BAUTA_DATA" "$@"; }
    seen detect --json --detect-every 10 aba.264 && [ "$(grep -c '"width":320,"height":240' out.txt)" = 20 ] &&
        [ "$(grep -c '"width":176,"height":144' out.txt)" = 10 ]
    ok $? detect_tells_the_size_of_each_picture
    ff -f lavfi -i color=gray:s=768x576:r=10:d=0.5 -c:v libx264 empty.264
    for shape in 768:1152 384:288; do
        ff -i "$CLIP" -frames:v 4 -vf "$([ $shape = 384:288 ] && echo scale=$shape || echo pad=$shape)" -c:v libx264 people.264
        cat empty.264 people.264 >never.264
        seen protect --recipient own.pub --never 0,0,768,576 --on-size-change scale --report never$shape.jsonl never.264 never.mp4
        cp log.txt said$shape.txt
    done
    for shape in 768:1152 384:288; do
        ff -i "$CLIP" -frames:v 2 -vf "$([ $shape = 384:288 ] && echo scale=$shape || echo pad=$shape)" -c:v libx264 people.264
        cat empty.264 people.264 >always.264
        seen protect --recipient own.pub --always 104,200,96,96 --on-size-change scale --report always$shape.jsonl always.264 always.mp4
        cp log.txt said$shape.always.txt
    done
    # 768x1152 in 768x576 is 384 wide and begins at 192: what lay at 104 to 200 lies at 244 to 292
    area() { # area FILE TAIL-OR-HEAD FROM TO: the area in its last or first picture covers this, and no more than 16 columns beside
        $2 -n 1 "$1" | tr '{' '\n' | grep '"target":4294967040,' | tee -a log.txt | sed 's/.*"x":\([0-9]*\),.*"w":\([0-9]*\),.*/\1 \2/' |
            awk -v from="$3" -v to="$4" '{ some = 1; bad = $1 > from || $1 < from - 16 || $1 + $2 < to || $1 + $2 > to + 16 } END { exit !some || bad }'
    }
    area always768:1152.jsonl head 104 200 && area always768:1152.jsonl tail 104 292 &&
        grep -q "has another shape: from it on areas to hide are carried over" said768:1152.always.txt
    ok $? in_another_shape_areas_to_hide_cover_both_places
    area always384:288.jsonl head 104 200 && area always384:288.jsonl tail 104 200 && ! grep -q "another shape" said384:288.always.txt
    ok $? and_in_the_same_shape_their_own
    tail -n 1 never768:1152.jsonl | grep -q '"class":"body"' && grep -q "nobody is left clear" said768:1152.txt
    ok $? in_another_shape_nobody_is_left_clear_any_more
    tail -n 1 never384:288.jsonl | grep -q '"regions":\[\]' && ! grep -q "nobody is left clear" said384:288.txt
    ok $? in_the_same_shape_areas_stay_what_they_are
else
    skip what_the_detector_sees "BAUTA_DATA is not set"
fi
done_testing
