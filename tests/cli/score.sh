#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bauta score: figures of a made-up report that were worked out by hand, and how well the program hides real people.
. "$(dirname "$0")/lib.sh"

# Two people of 20 x 100 pixels in four pictures. The head of each is 10 x 15 pixels.
cat >truth.txt <<'EOF'
1,1,11,11,20,100,1,1,1
2,1,11,11,20,100,1,1,1
3,1,11,11,20,100,1,1,1
4,1,11,11,20,100,1,1,1
1,2,101,11,20,100,1,1,1
2,2,101,11,20,100,1,1,1
3,2,101,11,20,100,0,1,1
4,2,101,11,20,100,1,3,1
EOF
# Person 1: all of it twice, then nothing twice. Person 2: all by target 5, then the head alone by target 6, then
# two rows that do not count.
cat >report.jsonl <<'EOF'
{"picture":0,"width":200,"height":120,"regions":[{"target":1,"class":"body","x":10,"y":10,"w":20,"h":100},{"target":5,"class":"body","x":100,"y":10,"w":20,"h":100}]}
{"picture":1,"width":200,"height":120,"regions":[{"target":1,"class":"body","x":10,"y":10,"w":20,"h":100},{"target":6,"class":"body","x":100,"y":10,"w":20,"h":50}]}
{"picture":2,"width":200,"height":120,"regions":[]}
{"picture":3,"width":200,"height":120,"regions":[]}
EOF
expect 0 scores_a_report score --json --truth truth.txt --report report.jsonl
# 6 boxes, 4 heads hidden, 3 boxes hidden; 1 of 2 people always; 2 pictures in a row; 7000 of 12000 pixels; 1 change
/usr/bin/python3 - <<'EOF' 2>log.txt
import json
s = json.load(open("out.txt"))
want = {"pictures": 4, "boxes": 6, "heads_hidden": 4 / 6, "heads_clear": 2, "boxes_hidden": 3 / 6, "people": 2,
        "people_always_hidden": 0.5, "longest_uncovered_run": 2, "area_ratio": 7000 / 12000, "id_switches": 1,
        "boxes_left_out": 0}
for name, value in want.items():
    assert abs(s[name] - value) < 1e-5, (name, s[name], value)
assert s["by_height"] == [{"from": 80, "boxes": 6, "heads_hidden": 0.666667}], s["by_height"]
EOF
ok $? the_figures_are_those_worked_out_by_hand
expect 0 prints_a_table score --truth truth.txt --report report.jsonl
grep -q 'head hidden *0.6667' out.txt
ok $? the_table_has_the_same_figures
printf 'frame,id,x,y,w,h,class,visibility\n1,1,10,10,20,100,person,1\n1,2,100,10,20,100,car,1\n' >named.csv
expect 0 reads_named_columns score --json --truth named.csv --report report.jsonl
grep -q '"boxes":1,"heads_hidden":1.0' out.txt
ok $? counts_named_rows_from_zero_and_people_only
head -2 report.jsonl >short.jsonl
expect 0 a_short_report_is_scored score --truth truth.txt --report short.jsonl
says 'boxes are in pictures that the report lacks' says_what_the_report_lacks

expect 2 wants_a_truth score --report report.jsonl
expect 1 refuses_a_missing_file score --truth nowhere.txt --report report.jsonl
says 'nowhere.txt' names_the_missing_file
printf '1,2,three\n' >bad.txt
expect 1 refuses_rows_that_are_none score --truth bad.txt --report report.jsonl
says 'bad.txt: line 1' names_the_line
expect 1 refuses_an_empty_truth score --truth /dev/null --report report.jsonl
printf '{"picture":0,"regions":[]}\n' >sizeless.jsonl
expect 1 refuses_a_report_without_sizes score --truth truth.txt --report sizeless.jsonl
says 'sizeless.jsonl: line 1' names_the_report_and_the_line

# Somebody who lies in what is stored, and stands in what is shown: his head is at the edge that is shown above, and he
# is as high as he is shown.
for view in '"turn":90,|10' '"turn":270,|95' '"turn":90,"mirrored":true,|95'; do
    printf '{"picture":0,"width":200,"height":120,%s"regions":[{"target":1,"class":"head","x":%d,"y":15,"w":15,"h":10}]}\n' \
        "${view%|*}" "${view#*|}" >turned.jsonl
    printf '1,1,11,11,100,20,1,1,1\n' >lying.txt
    bauta score --json --truth lying.txt --report turned.jsonl && cp out.txt log.txt &&
        grep -q '"heads_hidden":1.0' out.txt && grep -q '"from":80' out.txt
    ok $? "a_head_is_where_it_is_shown_at_${view#*|}"
done

# The promise itself: the whole clip, default settings.
if [ -f "${BAUTA_SHARED:-}/mot/pets09_s2l1/gt.csv" ]; then
    need_demo_clip
    bauta key new --no-passphrase own
    expect 0 protects_the_whole_clip protect --recipient own.pub --preset ultrafast --report full.jsonl "$CLIP" full.mp4
    expect 0 scores_the_whole_clip score --json --truth "$BAUTA_SHARED/mot/pets09_s2l1/gt.csv" --report full.jsonl
    cp out.txt log.txt
    /usr/bin/python3 -c 'import json; s = json.load(open("out.txt")); assert s["boxes"] == 4650 and s["heads_hidden"] >= 0.998 and s["heads_clear"] == 0 and s["people_always_hidden"] >= 0.95 and s["area_ratio"] <= 2.0' 2>>log.txt
    ok $? hides_everybody_within_twice_their_area
else
    skip hides_everybody_within_twice_their_area "no ground truth here"
fi
done_testing
