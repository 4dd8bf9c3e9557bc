#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tool that looks for leaks cannot pass wrongly: what is clear is told from what is masked, at every size and coding.
. "$(dirname "$0")/lib.sh"

ff() { ffmpeg -nostdin -v error -y "$@" 2>>log.txt; }

# verdict STATUS LEAST_SHARE MOST_SHARE NAME FILE [OPTION...]: exit status, and share of the heads that are clear
verdict() {
    want=$1 least=$2 most=$3 name=$4 file=$5
    shift 5
    "$PYTHON" "$HERE/leaks.py" --json said.json "$@" clip.mp4 "$file" >leaks.txt 2>>log.txt
    got=$?
    note "$(cat leaks.txt)"
    [ $got -eq "$want" ] && "$PYTHON" -c "
import json, sys
share = json.load(open('said.json'))[0]['heads_clear']
sys.exit(not $least <= share <= $most)"
    ok $? "$name"
}

make_keys && make_clip --pictures 30
ok $? "a clip of people with a number below every picture"
verdict 1 1 1 "the plain clip is clear in every head" clip.mp4
ff -i clip.mp4 -c:v libx264 -preset ultrafast -crf 28 coarse.mp4
verdict 1 0.99 1 "so it is coded anew, coarsely" coarse.mp4
ff -i clip.mp4 -vf scale=640:-2 -c:v libx264 -preset veryfast -crf 28 small.mp4
verdict 1 0.97 1 "so it is made smaller" small.mp4
ff -i clip.mp4 -frames:v 1 -vf scale=640:-2 -q:v 6 clear.jpg
verdict 1 0.9 1 "so is a picture of it as JPEG" clear.jpg

"$BAUTA" protect --quiet --recipient court.pub clip.mp4 masked.mp4 2>>log.txt
verdict 0 0 0.02 "the protected clip is masked, but for the few whom the detector misses" masked.mp4
ff -i masked.mp4 -vf scale=640:-2 -c:v libx264 -preset veryfast -crf 23 masked_small.mp4
verdict 0 0 0.02 "so it is made smaller" masked_small.mp4
"$BAUTA" recover --reason test --quiet --key court.key masked.mp4 back.mp4 2>>log.txt
verdict 1 0.95 1 "the recovered clip is clear" back.mp4
"$PYTHON" "$HERE/recovered.py" clip.mp4 back.mp4 masked.mp4 30 >>log.txt
ok $? "and near to the source"
"$PYTHON" "$HERE/recovered.py" clip.mp4 masked.mp4 masked.mp4 30 >>log.txt
ok $((!$?)) "which the protected one is not"

"$BAUTA" protect --quiet --always 0,0,768,640 --recipient court.pub clip.mp4 whole.mp4 2>>log.txt
verdict 2 0 0 "pictures that are hidden whole prove nothing by themselves" whole.mp4
verdict 0 0 0 "but they are masked" whole.mp4 --least 0
"$PYTHON" -c "
import json, sys
said = json.load(open('said.json'))[0]
sys.exit(not said['whole'] == said['pictures'] == 58)"
ok $? "each of them"
ff -i clip.mp4 -frames:v 10 -vf drawbox=x=300:y=608:w=150:h=32:c=gray:t=fill -c:v libx264 -crf 20 numberless.mp4
verdict 1 0 1 "a clear picture without its number is found out" numberless.mp4
ff -i masked.mp4 -i clip.mp4 -filter_complex "[0:v][1:v]overlay=enable='between(n,20,20)'" -c:v libx264 -crf 20 one.mp4
verdict 1 0 0.2 "one clear picture among masked ones is found out" one.mp4
: >nothing.mp4
verdict 2 0 0 "an empty file proves nothing" nothing.mp4
done_testing
