#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The options that tell how people are found, on a real clip with real models.
. "$(dirname "$0")/lib.sh"
small_clip 3

# lines EXPRESSION: each line of report.jsonl, as `p`, satisfies it
lines() {
    /usr/bin/python3 -c 'import json, sys
for line in open("report.jsonl"):
    p = json.loads(line)
    assert eval(sys.argv[1]), line' "$1" 2>log.txt
}

protect() { # protect NAME OPTIONS...
    name=$1
    shift
    expect 0 "$name" protect --recipient own.pub --preset ultrafast --report report.jsonl "$@" clip.avi masked.mp4
}

protect always_hides_an_area --always 8,16,64,48 --always 700,500,200,200
lines 'any(r["target"] == 0xffffff00 and r["source"] == "given" and r["x"] <= 8 and r["y"] <= 16 and r["x"] + r["w"] >= 72 and r["y"] + r["h"] >= 64 for r in p["regions"])'
ok $? the_area_is_hidden_in_every_picture
lines 'any(r["target"] == 0xffffff01 and r["x"] + r["w"] == 768 and r["y"] + r["h"] == 576 for r in p["regions"])'
ok $? an_area_is_cut_at_the_edge_of_the_picture
expect 0 recovers_an_area recover --key own.key --target 4294967040 masked.mp4 area.mp4
grep -q '' area.mp4
ok $? an_area_has_its_own_number
protect never_hides_in_an_area --never 0,0,768,576
lines 'p["regions"] == []'
ok $? nobody_who_appears_there_is_hidden
protect never_hides_in_a_part --never 0,0,768,200
lines 'len(p["regions"]) > 0'
ok $? the_others_are_hidden
expect 2 refuses_an_area_outside protect --recipient own.pub --always 800,0,10,10 clip.avi outside.mp4
says 'lies outside the picture, 768 x 576' says_where_the_area_lies
absent outside.mp4 a_refused_run_leaves_no_file
for area in 1,2,3 1,2,0,4 1,2,3,x 1,2,3,4,5 1,2,3,-4; do
    expect 2 "refuses_the_area_$area" protect --recipient own.pub --always "$area" clip.avi bad.mp4
done
expect 2 refuses_areas_with_given_regions protect --recipient own.pub --regions report.jsonl --never 0,0,9,9 clip.avi bad.mp4

protect looks_at_one_picture_in_five --detect-every 5
lines 'len(p["regions"]) >= 4'
ok $? hides_people_in_every_picture
grep -q predicted report.jsonl
ok $? predicts_between_looks
protect keeps_up_with_real_time --detect-every auto
lines 'len(p["regions"]) >= 4'
ok $? hides_people_at_any_pace
protect works_without_lookahead --lookahead 0
[ "$(pictures masked.mp4)" = 30 ]
ok $? every_picture_is_there_without_lookahead
protect a_lookahead_may_be_longer_than_the_clip --lookahead 100
[ "$(pictures masked.mp4)" = 30 ]
ok $? every_picture_is_there_with_a_long_one
protect scores_paddings_and_hold_are_options --body-score 0.5 --face-score 0.6 --body-padding 0.2 --face-padding 0.3 --hold 1.5
expect 2 refuses_a_score_of_two protect --recipient own.pub --body-score 2 clip.avi bad.mp4
expect 2 refuses_never_to_look protect --recipient own.pub --detect-every -1 clip.avi bad.mp4
expect 0 looks_as_often_as_it_can_as_every_door_says_it protect --recipient own.pub --detect-every 0 clip.avi auto.mp4

expect 1 a_missing_model_is_an_error protect --recipient own.pub --body-model nowhere.onnx clip.avi blind.mp4
says 'nowhere.onnx' names_the_missing_model
absent blind.mp4 without_a_model_there_is_no_file
protect or_everything_is_masked --body-model nowhere.onnx --on-detector-failure mask-all
says 'nowhere.onnx' says_so_too
lines 'p["blind"] and [(r["target"], r["x"], r["y"], r["w"], r["h"]) for r in p["regions"]] == [(0, 0, 0, 768, 576)]'
ok $? every_picture_is_masked_whole
expect 0 and_recoverable recover --key own.key masked.mp4 recovered.mp4
expect 2 refuses_another_word protect --recipient own.pub --on-detector-failure ignore clip.avi bad.mp4

if [ -f "${BAUTA_SHARED:-}/models/yunet_n_dynamic.onnx" ]; then
    ff -i "$BAUTA_SHARED/video/intel_asl_walk.mkv" -t 2 -c copy -an near.mkv
    expect 0 a_face_model_is_recognised detect --json --mask face --face-model "$BAUTA_SHARED/models/yunet_n_dynamic.onnx" near.mkv
    grep -q '"class":"face"' out.txt
    ok $? finds_faces_with_it
    expect 0 a_body_model_is_recognised detect --json --mask body --body-model "$BAUTA_SHARED/models/yolox_nano.onnx" clip.avi
    grep -q '"class":"body"' out.txt
    ok $? finds_bodies_with_it
    expect 0 a_family_can_be_named detect --body-family nanodet --body-model "$BAUTA_SHARED/models/nanodet_m.onnx" clip.avi
    expect 1 an_unknown_model_is_refused detect --face-model "$BAUTA_SHARED/models/ultraface_version-RFB-320.onnx" clip.avi
    says 'scores [1, 4420, 2]' says_what_it_gives
    says 'known are yunet' says_what_is_known
else
    skip a_face_model_is_recognised "no such models here"
fi
done_testing
