#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Regions that are given: of whom nothing is said everything is hidden, and that is said. docs/regions.md.
. "$(dirname "$0")/lib.sh"
small_clip 2
CODING="--preset ultrafast --recipient own.pub"

lines() { # lines FILE EXPRESSION: each of its lines, as `p`, satisfies it
    /usr/bin/python3 -c 'import json, sys
for line in open(sys.argv[1]):
    p = json.loads(line)
    assert eval(sys.argv[2]), line' "$1" "$2" 2>log.txt
}

covers() { # covers FIRST SECOND: whatever FIRST hides, SECOND hides too
    /usr/bin/python3 -c 'import json, sys
first, second = ([json.loads(line) for line in open(name)] for name in sys.argv[1:])
assert len(first) == len(second)
def inside(a, b):
    return (b["x"] <= a["x"] and b["y"] <= a["y"] and b["x"] + b["w"] >= a["x"] + a["w"]
            and b["y"] + b["h"] >= a["y"] + a["h"])
for a, b in zip(first, second):
    for r in a["regions"]:
        assert any(inside(r, s) and (r["target"], r["class"]) == (s["target"], s["class"]) for s in b["regions"]), r' \
        "$1" "$2" 2>log.txt
}

# What is not said
grep -v '"picture":[5-9],' regions.jsonl | sed 's/{"picture":10,.*/{"picture":10,"regions":[]}/' >some.jsonl
expect 0 a_picture_without_a_line_is_no_failure protect $CODING --regions some.jsonl --report report.jsonl clip.avi masked.mkv
says '5 of 20 pictures were hidden whole, and can be recovered: 5 without a line in some.jsonl' and_is_said
says ': 20 pictures, 2 people' and_the_whole_picture_is_nobody
lines report.jsonl '(p.get("whole") == "unsaid") == (5 <= p["picture"] < 10) == ([r["target"] for r in p["regions"]] == [0])'
ok $? and_is_hidden_whole
lines report.jsonl '(p["regions"] == []) == (p["picture"] == 10)'
ok $? an_empty_list_says_that_nobody_is_there
expect 0 and_can_be_recovered recover --lossless --preset ultrafast --key own.key masked.mkv back.mkv
expect 0 the_originals_are_kept_bit_for_bit protect $CODING --recovery lossless --regions some.jsonl clip.avi exact.mkv
expect 0 for_who_has_the_key recover --lossless --preset ultrafast --key own.key exact.mkv back.mkv
sums clip.avi | sed -n 6,10p >clip.sums
sums back.mkv | sed -n 6,10p >back.sums
[ -s clip.sums ] && cmp clip.sums back.sums >log.txt
ok $? and_come_back
: >none.jsonl
expect 0 an_empty_file_says_nothing protect $CODING --regions none.jsonl --report report.jsonl clip.avi whole.mkv
says '20 without a line in none.jsonl' and_all_is_hidden
sed 's/^{"picture":\(.*\)/{"picture":1\1/' regions.jsonl | grep -v '"picture":1[0-9],' >late.jsonl # 10 more than there are
cat regions.jsonl late.jsonl | head -28 >long.jsonl
expect 0 lines_for_pictures_that_never_come_are_no_failure protect $CODING --regions long.jsonl clip.avi out.mkv
says 'warning: long.jsonl: 8 lines are of pictures that clip.avi does not have: numbers 110 to 117' and_are_said
expect 0 a_file_that_says_all protect $CODING --regions regions.jsonl clip.avi out.mkv
! grep -q warning log.txt
ok $? has_nothing_to_say

# Crowds and nonsense
/usr/bin/python3 - <<'END' >crowd.jsonl
import json
def line(n, regions):
    print(json.dumps({"picture": n, "regions": regions}))
def person(n, i=0):
    return {"target": n, "class": "body", "x": 16 * (i % 40), "y": 16 * (i // 40), "w": 8, "h": 8}
line(0, [person(i + 1, i) for i in range(600)])
line(1, [person(1), person(2), person(1)])
line(2, [{"target": 0, "class": "body", "x": 0, "y": 0, "w": 8, "h": 8}, person(1)])
for n in range(3, 20):
    line(n, [person(1)])
END
expect 0 what_cannot_be_hidden_one_by_one_is_no_failure protect $CODING --regions crowd.jsonl --report report.jsonl clip.avi out.mkv
says '3 of 20 pictures were hidden whole, and can be recovered: 1 with more people than can be hidden one by one, 1 in which somebody is named twice, 1 as told by crowd.jsonl' every_reason_is_said
[ "$(sed -n 's/.*"whole":"\([a-z]*\)".*/\1/p' report.jsonl | tr '\n' ' ')" = 'crowd unclear given ' ]
ok $? and_stands_in_the_report
grep -q '"whole"' report.jsonl && lines report.jsonl '("whole" in p) == (p["regions"][0]["target"] == 0 and (p["regions"][0]["w"], p["regions"][0]["h"]) == (768, 576))'
ok $? and_all_of_the_picture_is_hidden

# A report is such a file
expect 0 a_report_can_be_given protect $CODING --regions report.jsonl --report again.jsonl clip.avi out.mkv
says '3 as told by report.jsonl' with_its_whole_pictures
covers report.jsonl again.jsonl
ok $? and_the_same_is_hidden
expect 0 so_can_the_report_of_a_run_with_areas protect $CODING --always 8,16,64,48 --always 700,500,200,200 --report report.jsonl clip.avi out.mkv
expect 0 with_its_areas protect $CODING --regions report.jsonl --report again.jsonl clip.avi out.mkv
covers report.jsonl again.jsonl && grep -q '"target":4294967041' again.jsonl
ok $? and_hides_them_too
expect 0 so_can_what_detect_prints detect --json clip.avi
cp out.txt detected.jsonl
expect 0 as_it_is protect $CODING --regions detected.jsonl clip.avi out.mkv
! grep -q 'hidden whole' log.txt
ok $? and_has_a_line_for_each_picture
ff -i clip.avi -vf scale=384:288 -c:v ffv1 small.mkv
expect 1 a_report_of_other_pictures_is_refused protect $CODING --regions report.jsonl small.mkv other.mkv
says 'report.jsonl: tells of pictures of 768x576, and these are 384x288' and_it_says_so
absent other.mkv and_nothing_is_written
echo '{"picture":0,"regions":[{"target":4294967040,"class":"head","x":1,"y":1,"w":9,"h":9}]}' >bad.jsonl
expect 1 an_area_is_no_head protect $CODING --regions bad.jsonl clip.avi other.mkv
says 'bad.jsonl: line 1: an area' and_it_says_so_too

# No detector
expect 0 without_a_detector_all_can_be_hidden protect $CODING --body-model nowhere.onnx --on-detector-failure mask-all --report report.jsonl clip.avi out.mkv
says '20 of 20 pictures were hidden whole, and can be recovered: 20 that the detector could not look at' and_that_is_said
lines report.jsonl 'p["whole"] == "detector"'
ok $? and_stands_in_its_report
done_testing
