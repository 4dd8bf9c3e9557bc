#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The rows of "What is done to a recording" in docs/threat-model.md: what verify says, what recover opens, what a grant
# from before opens, each with its exit status; and the table says the same.
. "$(dirname "$0")/lib.sh"
TABLE=$HERE/../../docs/threat-model.md
small_clip 6
bauta key new --no-passphrase operator
for name in camera authority; do bauta key new --sign --no-passphrase $name; done
bauta protect --style solid --gop 1 --encoder-options bf=0 --recipient own.pub --regions regions.jsonl --sign camera.key clip.avi signed.mp4 &&
    bauta grant --key own.key --recipient operator.pub --reason early signed.mp4 -o early.grant
ok $? a_recording_is_signed_and_granted

# seen FILE OPTIONS...: recovers it -> $got and now.txt, sums of what is shown; nothing if there is no file
seen() {
    file=$1
    shift
    rm -f now.mkv
    "$BAUTA" recover --quiet --reason test --lossless --preset ultrafast "$@" "$file" now.mkv 2>>log.txt
    got=$?
    : >now.txt
    [ ! -e now.mkv ] || sums now.mkv >now.txt
}
seen signed.mp4 --key own.key && cp now.txt full.txt && [ "$got" = 0 ]
ok $? and_recovered
sums signed.mp4 >masked.txt

# row NAME VERIFY RECOVER GRANT FILE WORDS...: exit statuses of FILE, GRANT - if it is not asked; verify's words; and the
# table's row has these statuses, in this order
row() {
    name=$1 verified=$2 recovered=$3 granted=$4 file=$5 wrong=""
    shift 5
    echo "$name" >>ran.txt
    bauta verify --signer camera.pub --signer authority.pub "$file"
    got=$?
    [ $got -eq "$verified" ] || wrong="$wrong; verify gave $got"
    for words; do
        cat out.txt log.txt | grep -qF -- "$words" || wrong="$wrong; nothing of '$words'"
    done
    cat out.txt >>log.txt
    statuses="$verified"
    if [ "$recovered" != - ]; then
        statuses="$statuses $recovered"
        seen "$file" --key own.key
        [ "$got" = "$recovered" ] || wrong="$wrong; recover gave $got"
    fi
    if [ "$granted" != - ]; then
        statuses="$statuses $granted"
        seen "$file" --key operator.key --grant early.grant
        [ "$got" = "$granted" ] || wrong="$wrong; the grant gave $got"
    fi
    told=$(awk -F'|' -v name="\`$name\`" '{ test = $6; gsub(/^ +| +$/, "", test) }
        test == name { for (i = 3; i <= 5; i++) { split($i, words, "[^0-9]"); text = $i; sub(/^ */, "", text)
            if (text ~ /^[0-9]/) { split(text, words, "[^0-9]"); all = all (all ? " " : "") words[1] } } print all }' "$TABLE")
    [ "$told" = "$statuses" ] || wrong="$wrong; the table tells '$told'"
    [ -z "$wrong" ] || echo "$name: ${wrong#; }" >>log.txt
    [ -z "$wrong" ]
    ok $? "$name"
}
shows() { # shows SUMS NAME: what was recovered last is that
    [ -s "$1" ] && cmp -s "$1" now.txt
    ok $? "$2"
}

# What a container adds
ff -f lavfi -i testsrc=size=320x240:rate=10:duration=6 -c:v libx264 -preset ultrafast other.mp4
ff -i signed.mp4 -i other.mp4 -map 0:v -map 1:v -c copy track.mp4
row track_added 5 0 - track.mp4 "not covered by any signature: video track 2 (h264 320x240)" "but not all that the file shows is signed"
shows full.txt which_shows_the_signed_one
printf '1\n00:00:00,000 --> 00:00:03,000\nThe thief\n' >words.srt
ff -i signed.mp4 -i words.srt -map 0:v -map 1 -c copy -c:s srt words.mkv
row subtitle_added 0 0 - words.mkv "not covered by any signature: subtitles (subrip)" ": all of it is"
shows full.txt without_a_word
edits() { /usr/bin/python3 "$HERE/edit_list.py" "$@" 2>>log.txt; }
edits signed.mp4 hides.mp4 55:5:1
row edit_list_hides 5 5 - hides.mp4 "edit list (hides 5 pictures)" "but not all that the file shows is signed"
edits signed.mp4 epoch.mp4 45:15:1
row edit_list_hides_an_epoch 4 5 - epoch.mp4 "head cut off: 1 epoch" "edit list (hides 5 pictures)"
edits signed.mp4 order.mp4 20:40:1 40:0:1
row edit_list_changes_the_order 4 5 - order.mp4 "epoch moved" "shows pieces, pauses, or another speed"

# Names of other files, and files of one recording
printf "ffconcat version 1.0\nfile 'signed.mp4'\n" >list.ffconcat
row playlist 1 1 - list.ffconcat "names other files, as playlists do"
[ ! -s now.txt ]
ok $? of_which_nothing_is_shown
mkdir pieces && ff -i signed.mp4 -c copy -f segment -segment_time 2 -reset_timestamps 1 pieces/p-%d.mp4
mv pieces/p-1.mp4 .
row segment_missing 4 - - pieces "2 epochs are missing before pieces/p-2.mp4" "NOT AUTHENTIC"
mv p-1.mp4 pieces && mv pieces/p-0.mp4 .
row first_segment_missing 0 - - pieces "begins here: the recording goes on before"
mv p-0.mp4 pieces && mv pieces/p-2.mp4 .
row last_segment_missing 0 - - pieces "ends here: the recording goes on after"

# Erased by each command, and opened by a grant from before
by() { bauta "$@" --sign authority.key --reason retention; } # by COMMAND OPTIONS... IN OUT
by erase --everything signed.mp4 everything.mp4
row erased_everything 0 5 5 everything.mp4 "erased: 60 pictures"
shows masked.txt and_the_grant_shows_nothing
bauta lock --sign authority.key --reason retention signed.mp4 locked.mp4
row locked 0 3 0 locked.mp4 "locked: 6 epochs" "an earlier grant opens what was not erased"
shows full.txt and_the_grant_shows_all_as_lock_says
by erase --everything locked.mp4 later.mp4
row locked_and_then_erased 0 5 5 later.mp4 "erased: 60 pictures"
shows masked.txt and_the_grant_shows_nothing_any_more

for part in "target 2" "class head" "since 2 --until 4"; do
    # shellcheck disable=SC2086 # words
    by erase --$part signed.mp4 "erased_${part%% *}.mp4"
    row "erased_${part%% *}" 0 5 5 "erased_${part%% *}.mp4" "erased: "
    cp now.txt granted.txt
    seen "erased_${part%% *}.mp4" --key own.key
    shows granted.txt "the_grant_shows_no_more_than_a_recipient_s_key_of_erased_${part%% *}"
    ! cmp -s now.txt full.txt && ! cmp -s now.txt masked.txt
    ok $? "which_is_the_rest_of_erased_${part%% *}"
done
bauta rewrap --key own.key --add operator.pub --remove own.pub --sign authority.key signed.mp4 rewrapped.mp4
row recipient_removed 0 3 0 rewrapped.mp4 "rewrapped"
shows full.txt and_the_grant_shows_all_as_before

sed -n '/^## What is done to a recording/,/^## /p' "$TABLE" | awk -F'|' 'NF == 7 && $6 ~ /`/ { gsub(/[ `]/, "", $6); print $6 }' | sort >told.txt
sort ran.txt | cmp -s - told.txt
ok $? the_table_has_these_rows_and_no_others
done_testing
