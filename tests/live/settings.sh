#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A setting is one truth: a value below, at and above the range has one verdict on the command line, in a live
# configuration, at a property of the GStreamer element and in the library, and the doors have one sentence for it.
# usage: settings.sh BUILD_FOLDER
. "$(dirname "$0")/lib.sh"
DOOR=$BUILD/tests/live/settings

cli_option() { # cli_option NAME UNIT NUMBER: without its dashes; none if the command line has it not
    case $1/$2 in
    longest-gap/* | detector-threads/* | recovery-qp/* | lookahead/1) ;;
    epoch/*) echo gop ;;
    *) echo "$1" ;;
    esac
}

live_key() { # of [camera]
    case $1/$2 in
    recovery-crf/* | lookahead/0) ;;
    crf/*) echo quality ;;
    *) echo "$1" ;;
    esac
}

property() {
    case $1/$2 in
    crf/* | recovery-crf/* | lookahead/0) ;;
    *) echo "$1" ;;
    esac
}

in_library() { # whether it has a field with this range
    case $1 in
    lookahead | detector-threads | recovery-qp | crf | recovery-crf) return 1 ;;
    esac
}

per() { # per NAME UNIT: what a live configuration and a property write for 1
    if [ "$2" = 1 ] && [ "$1" != rotate ]; then echo 1000; else echo 1; fi
}

calculate() { awk "BEGIN { printf \"%.10g\", $1 }"; }

ask_cli() { # ask_cli OPTION VALUE: 0 fine, 2 refused. There is no such input, which is said later.
    style=""
    [ "$1" != epsilon ] || style="--style noise"
    # shellcheck disable=SC2086 # two words
    "$BAUTA" protect --quiet --recipient court.pub $style --"$1" "$2" nowhere.mp4 out.mp4 >cli.txt 2>&1
    [ $? -eq 2 ] && return 2
    return 0
}

ask_live() { # ask_live KEY VALUE
    configure
    add_camera front test:ball "$1 = $2"
    "$LIVE" --config live.ini --check-config >live.txt 2>&1
}

# judge NAME UNIT VALUE WANTED: all doors that have it
judge() {
    scaled=$(calculate "$3 * $(per "$1" "$2")") verdict=0
    option=$(cli_option "$1" "$2") key=$(live_key "$1" "$2") own=$(property "$1" "$2")
    : >cli.txt
    : >live.txt
    if [ -n "$option" ]; then
        ask_cli "$option" "$3"
        [ $? -eq "$4" ] || verdict=1
    fi
    if [ -n "$key" ]; then
        ask_live "$key" "$scaled"
        [ $? -eq "$4" ] || verdict=1
    fi
    if [ -n "$own" ]; then
        "$DOOR" "$own" "$scaled" >/dev/null 2>&1
        [ $? -eq "$4" ] || verdict=1
    fi
    if in_library "$1"; then
        "$DOOR" "$5" "$3" >/dev/null 2>&1
        [ $? -eq "$4" ] || verdict=1
    fi
    [ $verdict -eq 0 ] || cat cli.txt live.txt >>log.txt
    ok $verdict "$1 $3: $([ "$4" -eq 0 ] && echo taken || echo refused) at all doors"
}

words() { sed -n 's/.*\(wants a [a-z ]*number\).*/\1/p' "$1" | head -n 1; }

make_keys && new_ports
ok $? "keys"
"$DOOR" >table.txt
[ "$(wc -l <table.txt)" -gt 10 ]
ok $? "the library's table"
while read -r number name unit least most whole <&3; do
    step=0.001
    [ "$whole" = 0 ] || step=1
    judge "$name" "$unit" "$(calculate "$least - $step")" 2 "$number"
    judge "$name" "$unit" "$least" 0 "$number"
    judge "$name" "$unit" "$most" 0 "$number"
    judge "$name" "$unit" "$(calculate "$most + $step")" 2 "$number"
    if [ -s cli.txt ] && [ -s live.txt ] && [ "$name" != crf ] && [ "$unit" = 0 ]; then
        [ "$(words cli.txt)" = "$(words live.txt)" ] && [ -n "$(words cli.txt)" ]
        ok $? "$name: in the same words"
    fi
done 3<table.txt

for value in 31536000 -5 1e99 nan 0x10 '1,5' ''; do
    ask_cli rotate "$value"
    [ $? -eq 2 ]
    ok $? "rotate '$value' is refused on the command line"
done
ask_live rotate 31536000
[ $? -eq 2 ] && grep -qF "rotate: wants a whole number of seconds from 0 to 10000000, not '31536000'" live.txt
ok $? "a year of rotate is refused, and it is said why"

done_testing
