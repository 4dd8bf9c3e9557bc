#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One time line: whatever the clock of a file does, what comes out begins at 0, never goes back, never stands still, and
# keeps its pauses; and inspect, recover, grant and players count on one clock.
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3

# Eight seconds, ten pictures a second, with sound and B-pictures; the second copy without.
ff -f lavfi -i testsrc2=s=128x96:r=10:d=8 -f lavfi -i sine=440:d=8 -c:v libx264 -preset veryfast -bf 2 -g 20 -c:a aac -b:a 32k \
    base.mp4
ff -i base.mp4 -c copy -muxdelay 0 base.ts
ff -f lavfi -i testsrc2=s=128x96:r=10:d=8 -c:v libx264 -preset veryfast -bf 0 -g 20 plain.mp4
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"picture\":%d,\"regions\":[{\"target\":1,\"class\":\"body\",\"x\":32,\"y\":32,\"w\":32,\"h\":32}]}\n", i }' >regions.jsonl
bauta key new own --no-passphrase
protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
recover() { bauta recover --key own.key "$@"; }
inspect() { "$BAUTA" inspect "$@" 2>>log.txt; }

# stamps FILE: the presentation times of the pictures, counted from the file's start, as players do
stamps() {
    ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d ',' | grep . | sort -g >pts.txt
    start=$(ffprobe -v error -show_entries format=start_time -of csv=p=0 "$1")
    awk -v start="$start" '{ printf "%.3f\n", $1 - start }' pts.txt
}
# lasts FILE N S: N pictures, the first near 0, the last near S, and each later than the one before by 10 ms at least
lasts() {
    stamps "$1" >times.txt
    awk -v n="$2" -v last="$3" 'NR == 1 { first = $1 } NR > 1 && $1 - before < 0.01 { bad = 1 } { before = $1 }
        END { exit bad || NR != n || first > 0.3 || first < -0.001 || before > last + 0.35 || before < last - 0.15 }' times.txt ||
        { sed 's/^/time /' times.txt >>log.txt; false; }
}
starts_at_0() { # in MP4, exactly
    awk -v s="$(ffprobe -v error -show_entries format=start_time -of csv=p=0 "$1")" 'BEGIN { exit !(s > -0.001 && s < 0.03) }'
}

# the clock's first time does not matter, in any container
for out in ts flv mkv mov; do
    ff -i base.mp4 -c copy -output_ts_offset 90000 late.$out
    protect late.$out late.mp4 && lasts late.mp4 80 7.9 && starts_at_0 late.mp4
    ok $? "a_clock_that_begins_at_25_hours_in_${out}_begins_at_0"
done
"$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format ts - - <late.ts >piped.ts 2>log.txt && lasts piped.ts 80 7.9
ok $? and_by_pipes

# jumps, with sound that jumps along
for jump in back:-3 ahead:3600 far_ahead:90000; do
    $python "$HERE/clocks.py" "shift:40:999:${jump#*:}" base.ts jump.ts
    protect jump.ts jump.mp4 && lasts jump.mp4 80 7.9
    ok $? "a_clock_that_jumps_${jump%:*}_is_carried_on"
    grep -Eq "jump.ts: its clock jumps by [-+][0-9.]+ s at [34]\.[0-9]+ s" log.txt
    ok $? "and_it_says_where_it_jumps_${jump%:*}_and_by_how_much"
    lag=$(ffprobe -v error -show_entries stream=codec_type,duration -of csv=p=0 jump.mp4 | awk -F, '{ d[$1] = $2 } END { print d["audio"] - d["video"] }')
    awk -v lag="$lag" 'BEGIN { exit !(lag < 0.5 && lag > -0.5) }'
    ok $? "and_sound_stays_beside_the_pictures_${jump%:*}"
done
for far in 40:41:7200 40:41:40 40:41:5 40:41:-5 40:50:40; do
    $python "$HERE/clocks.py" "shift:$far" base.ts outlier.ts
    protect outlier.ts outlier.mp4 && lasts outlier.mp4 80 7.9
    ok $? "times_far_off_move_no_other_picture_$far"
done
ff -i base.mp4 -c copy -cluster_time_limit 1000 base.mkv
$python "$HERE/clocks.py" cluster:3:40000 base.mkv cluster.mkv
protect cluster.mkv cluster.mp4 && lasts cluster.mp4 80 7.9
ok $? nor_in_matroska
ff -i base.mp4 -c copy -muxdelay 0 -output_ts_offset 95440 wrap.ts # 2^33 ticks are 95443.7 s
protect wrap.ts wrap.mp4 && lasts wrap.mp4 80 7.9 && ! grep -q jumps log.txt
ok $? a_clock_that_wraps_at_33_bits_goes_on
$python "$HERE/clocks.py" stts:0 plain.mp4 still.mp4
protect still.mp4 moves.mp4 && lasts moves.mp4 80 7.9
ok $? samples_that_last_no_time_are_set_apart
says "its clock stands still" and_it_is_said
$python "$HERE/clocks.py" stts:1 plain.mp4 hardly.mp4
protect hardly.mp4 moves.mp4 && lasts moves.mp4 80 3.16
ok $? and_so_are_those_that_last_one_tick
ff -i plain.mp4 -c copy -bsf:v "setts=pts='PTS+if(gte(N\,40)\,4000\,0)':dts='DTS+if(gte(N\,40)\,4000\,0)'" pause.mkv
protect pause.mkv pause.mp4 && lasts pause.mp4 80 11.9 && ! grep -q jumps log.txt
ok $? a_pause_is_kept

ff -f lavfi -i testsrc2=s=128x96:r=10:d=8 -f lavfi -i sine=440:d=13 -vf "setpts='PTS+if(gte(N\,40)\,5/TB\,0)'" -vsync vfr -c:v libx264 -bf 2 \
    -b_strategy 0 -sc_threshold 0 -g 200 -c:a pcm_s16le reordered.mkv
protect reordered.mkv longer.mkv && lasts longer.mkv 80 12.9 && ! grep -Eq "jumps|sound|damaged" log.txt
ok $? also_where_pictures_are_reordered_across_it
ff -i plain.mp4 -c copy -bsf:v "setts=pts='PTS+if(gte(N\,40)\,4000\,0)':dts='DTS+if(gte(N\,40)\,4000\,0)'" pause.nut
head -c $(($(wc -c <pause.nut) * 3 / 4)) pause.nut >cut.nut
expect 5 an_end_that_is_met_while_reading_ahead_is_told protect --recipient own.pub --regions regions.jsonl cut.nut cut_nut.mkv

# MPEG streams in which only some pictures tell their times
paced() { # FILE: each picture comes 0.1 s behind the one before, and the file says so
    lasts "$1" 80 7.9 && awk 'NR > 1 && ($1 - before > 0.11 || $1 - before < 0.09) { exit 1 } { before = $1 }' times.txt &&
        [ "$(ffprobe -v error -select_streams v -show_entries stream=avg_frame_rate -of csv=p=0 "$1")" = 10/1 ]
}
ff -i plain.mp4 -c copy plain.ts
ff -i plain.mp4 -c:v libx265 -x265-params log-level=none:bframes=3 h265.ts
for every in 2 5 15; do
    for name in base plain h265; do
        $python "$HERE/clocks.py" "sparse:$every" $name.ts sparse.ts
        protect sparse.ts sparse.mp4 && paced sparse.mp4
        ok $? "pictures_between_times_stand_evenly_${name}_$every"
    done
    $python "$HERE/clocks.py" "shift:40:999:3600" base.ts jump.ts
    $python "$HERE/clocks.py" "sparse:$every" jump.ts sparse.ts
    protect sparse.ts sparse.mp4 && lasts sparse.mp4 80 7.9
    ok $? "also_where_the_clock_jumps_$every"
done

# containers with times of decoding only, and empty places
for b in 0 2; do
    ff -f lavfi -i testsrc2=s=128x96:r=10:d=8 -vf "select='not(between(n,20,39))'" -vsync vfr -c:v libx264 -bf $b -g 20 gap.avi
    protect gap.avi gap.mp4 && lasts gap.mp4 60 7.9 && [ "$(awk 'NR > 1 && $1 - before > 1.5 { n++ } { before = $1 } END { print n + 0 }' times.txt)" = 1 ]
    ok $? "a_pause_in_avi_with_${b}_b_pictures_is_kept"
done

ff -f lavfi -i testsrc2=s=128x96:r=10:d=8 -c:v mpeg4 -bf 2 -g 20 old.avi
protect old.avi old.mp4 && lasts old.mp4 80 7.9 && starts_at_0 old.mp4 && [ "$(awk 'NR > 1 && $1 - before > 0.15 { n++ } { before = $1 } END { print n + 0 }' times.txt)" = 0 ]
ok $? so_is_the_pace_of_mpeg_4_with_b_pictures

# what an edit list hides is not shown, has no time, and is no damage
$python "$HERE/clocks.py" elst:2.5:4 plain.mp4 trim.mp4
expect 0 a_trimmed_file_is_protected protect --recipient own.pub --regions regions.jsonl trim.mp4 trimmed.mp4
lasts trimmed.mp4 40 3.9
ok $? and_holds_what_players_show
says "pictures that its edit list hides are left out" and_what_is_hidden_is_said
ff -ss 3.1 -t 4 -i base.mp4 -c copy hidden_sound.mp4
protect hidden_sound.mp4 hidden_sound.mkv
awk -v d="$(ffprobe -v error -show_entries format=duration -of csv=p=0 hidden_sound.mkv)" 'BEGIN { exit !(d < 4.4) }'
ok $? hidden_sound_is_not_made_audible

# one clock: a protected file that was cut in the middle of a GOP
protect base.mp4 whole.mp4
ff -ss 3.1 -i whole.mp4 -c copy cut.mp4
shown=$(pictures cut.mp4)
expect 5 what_a_cut_hides_is_counted recover --key own.key cut.mp4 cut_clear.mp4
says "pictures are hidden by the file's edit list" and_said
lasts cut_clear.mp4 "$shown" "$(awk -v n="$shown" 'BEGIN { print (n - 1) / 10 }')"
ok $? what_is_recovered_is_what_players_show_when_they_show_it
inspect --json cut.mp4 >inspect.json
$python - <<'PY' >>log.txt 2>&1
import json
t = json.load(open("inspect.json"))["targets"][0]
assert -0.001 < t["first"] < 0.11 and 4.5 < t["last"] < 5.0, t
PY
ok $? inspect_counts_from_what_is_shown_first
recover --lossless --since 1 --until 1.95 cut.mp4 part.mkv
ff -i cut.mp4 -an -map 0:v -vsync passthrough -c:v ffv1 masked.mkv
sums masked.mkv >masked.txt && sums part.mkv >part.txt
[ "$(paste masked.txt part.txt | awk '$1 != $2 { printf "%s%d", s, NR; s = " " }')" = "11 12 13 14 15 16 17 18 19 20" ]
ok $? since_and_until_count_as_players_do

# where the first sample is no key picture, what cannot be shown is counted
ff -i whole.mp4 -c copy -an whole.ts
$python "$HERE/clocks.py" from:12 whole.ts nokey.ts
expect 5 pictures_before_the_first_key_picture_are_counted recover --key own.key nokey.ts nokey.mp4
lasts nokey.mp4 60 5.9 && starts_at_0 nokey.mp4
ok $? and_what_is_left_begins_at_0
ff -i whole.ts -map 0 -c copy -bsf:v filter_units=remove_types=6 bare.ts && $python "$HERE/clocks.py" from:12 bare.ts nokeybare.ts
protect nokeybare.ts again.mp4 && lasts again.mp4 60 5.9 && starts_at_0 again.mp4
ok $? as_it_does_when_it_is_protected
ff -itsoffset 2 -i base.mp4 -i base.mp4 -map 0:v -map 1:a -c copy behind.mkv
protect --no-audio behind.mkv alone.mp4 && starts_at_0 alone.mp4
ok $? what_only_the_sound_left_out_was_before_counts_no_more
protect behind.mkv beside.mp4 && stamps beside.mp4 >times.txt && awk 'NR == 1 { exit !($1 > 1.9 && $1 < 2.1) }' times.txt
ok $? with_the_sound_pictures_stay_behind_it
inspect --json nokey.ts >inspect.json && grep -q '"pictures": 68' inspect.json
ok $? inspect_reads_it_all

# joined files play one after the other
protect base.mp4 a.ts && $python "$HERE/clocks.py" join a.ts aa.ts
expect 0 joined_ts_is_recovered recover --key own.key aa.ts aa.mp4
lasts aa.mp4 160 15.9
ok $? one_after_the_other
protect base.mp4 a.mp4 && ff -i a.mp4 -c copy -movflags frag_keyframe+empty_moov f.mp4 && $python "$HERE/clocks.py" join f.mp4 ff.mp4
expect 0 joined_fragmented_mp4_is_recovered recover --key own.key ff.mp4 ff_clear.mp4
lasts ff_clear.mp4 160 15.9
ok $? one_after_the_other_too
bauta rewrap --key own.key --add own.pub aa.ts rewrapped.mp4 || bauta erase --target 1 --since 1 --until 2 aa.ts rewrapped.mp4
lasts rewrapped.mp4 160 15.9
ok $? also_when_it_is_rewritten

# Matroska has no times of decoding, which other containers need where pictures are reordered
for codec in h264 h265; do
    protect --codec $codec --preset veryfast base.mp4 coded.mkv
    for out in mkv mp4 ts; do
        bauta rewrap --key own.key --add own.pub coded.mkv rewritten.$out
        lasts rewritten.$out 80 7.9
        ok $? "${codec}_of_matroska_is_rewritten_to_${out}_in_time"
    done
done

# one input is one file
printf '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n' >list.m3u8
for name in list.m3u8; do
    expect 1 a_playlist_is_refused recover --key own.key $name none.mp4
    says "names other files" and_it_says_what_to_do
    absent none.mp4 and_nothing_is_written
done

# damage is what is missing
head -c $(($(stat -c %s late.mkv) * 6 / 10)) late.mkv >half.mkv
expect 5 a_cut_mkv_is_told protect --recipient own.pub --regions regions.jsonl half.mkv half.mp4
says "cut short" and_said_to_be_cut
ff -i base.mp4 -c copy -movflags frag_keyframe+empty_moov+default_base_moof frag.mp4
expect 0 fragments_are_whole protect --recipient own.pub --regions regions.jsonl frag.mp4 frag_out.mp4
done_testing
