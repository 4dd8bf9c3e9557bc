#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A setting is one truth: a value below, at and above the range has one verdict on the command line, in a live
# configuration, at a property of the GStreamer element and in the library, and the doors have one sentence for it. The
# element does not start with what is refused.
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

# sentence NAME UNIT LEAST MOST WHOLE VALUE DOOR: what a door says of VALUE, in its own unit
sentence() {
    scale=1 what='' whole=''
    [ "$5" = 0 ] || whole='whole '
    [ "$2" = 0 ] || what=' of seconds'
    if [ "$7" != cli ]; then
        scale=$(per "$1" "$2")
        [ "$scale" = 1 ] || { what=' of milliseconds' && whole='whole '; }
        case $7/$1 in */rotate | live/crf) whole='whole ' ;; esac
    fi
    echo "wants a ${whole}number$what from $(calculate "$3 * $scale") to $(calculate "$4 * $scale"), not '$(calculate "$6 * $scale")'"
}

# Each gives 0: taken, 2: refused; and anything else, a crash too, is neither.
ask_cli() { # ask_cli OPTION VALUE. Taken is what fails for want of the input, and of nothing before that.
    style=""
    [ "$1" != epsilon ] || style="--style noise"
    # shellcheck disable=SC2086 # two words
    "$BAUTA" protect --quiet --recipient court.pub $style --"$1" "$2" nowhere.mp4 out.mp4 >cli.txt 2>&1
    status=$?
    if [ $status -eq 1 ]; then
        grep -qF nowhere.mp4 cli.txt && return 0
        return 99
    fi
    return $status
}

ask_live() { # ask_live KEY VALUE
    configure
    add_camera front test:ball "$1 = $2"
    "$LIVE" --config live.ini --check-config >live.txt 2>&1
}

ask_element() { # ask_element PROPERTY VALUE; "sub": recovery-qp of a sub pad
    "$DOOR" "$1" "$2" >element.txt 2>&1
}

# ask DOOR NAME_THERE NAME UNIT LEAST MOST WHOLE VALUE WANTED
ask() {
    value=$8
    [ "$1" = cli ] || value=$(calculate "$8 * $(per "$3" "$4")")
    "ask_$1" "$2" "$value"
    status=$?
    if [ $status -ne "$9" ]; then
        echo "$1: $2 = $value gave $status, not $9" >>log.txt
        verdict=1
    elif [ "$9" -eq 2 ] && ! grep -qF -- "$2$(equals_of "$1") $(sentence "$3" "$4" "$5" "$6" "$7" "$8" "$1")" "$1.txt" &&
        ! grep -qF -- "sub_0::recovery-qp $(sentence "$3" "$4" "$5" "$6" "$7" "$8" "$1")" "$1.txt"; then
        echo "$1: not in the words: $(sentence "$3" "$4" "$5" "$6" "$7" "$8" "$1")" >>log.txt
        verdict=1
    fi
    [ $verdict -eq 0 ] || cat "$1.txt" >>log.txt
}

equals_of() { [ "$1" != live ] || echo ':'; }

# judge NUMBER NAME UNIT LEAST MOST WHOLE VALUE WANTED: all doors that have it
judge() {
    verdict=0
    number=$1
    shift
    option=$(cli_option "$1" "$2") key=$(live_key "$1" "$2") own=$(property "$1" "$2")
    [ -z "$option" ] || ask cli "$option" "$@"
    [ -z "$key" ] || ask live "$key" "$@"
    [ -z "$own" ] || ask element "$own" "$@"
    if [ "$1" = recovery-qp ]; then
        ask live sub-recovery-qp "$@"
        ask element sub "$@"
    fi
    if in_library "$1"; then
        "$DOOR" "$number" "$6" >/dev/null 2>&1
        status=$?
        if [ $status -ne "$7" ]; then
            echo "library: $status, not $7" >>log.txt
            verdict=1
        fi
    fi
    ok $verdict "$1 $6: $([ "$7" -eq 0 ] && echo taken at all doors || echo refused at all doors, in the same words)"
}

make_keys && new_ports
ok $? "keys"
judged=""
"$DOOR" >table.txt
[ "$(wc -l <table.txt)" -gt 10 ]
ok $? "the library's table"
while read -r number name unit least most _ _ whole <&3; do
    case " $judged " in *" $name/$unit/$least/$most "*) continue ;; esac # a row with another standard
    judged="$judged $name/$unit/$least/$most"
    step=0.002 # -1 ms of hold would be its default
    [ "$whole" = 0 ] && [ "$name" != rotate ] && [ "$name" != crf ] || step=1
    judge "$number" "$name" "$unit" "$least" "$most" "$whole" "$(calculate "$least - $step")" 2
    judge "$number" "$name" "$unit" "$least" "$most" "$whole" "$least" 0
    judge "$number" "$name" "$unit" "$least" "$most" "$whole" "$most" 0
    judge "$number" "$name" "$unit" "$least" "$most" "$whole" "$(calculate "$most + $step")" 2
done 3<table.txt

for value in 31536000 -5 1e99 nan 0x10 '1,5' ''; do
    ask_cli rotate "$value"
    [ $? -eq 2 ]
    ok $? "rotate '$value' is refused on the command line"
done
ask_live rotate 31536000
[ $? -eq 2 ] && grep -qF "rotate: wants a whole number of seconds from 0 to 10000000, not '31536000'" live.txt
ok $? "a year of rotate is refused, and it is said why"

ask_cli rotate 1.5
ok $? "rotate is any number of seconds on the command line"
for value in 1.5 1e-1; do
    ask_live rotate $value
    [ $? -eq 2 ]
    ok $? "and whole ones in a live configuration, not $value"
done
for pair in quality/1e1 quality/+23 recovery-qp/3e1 rotate/1e3 hold/5e2; do
    ask_live "${pair%/*}" "${pair#*/}"
    ok $? "all numbers of a live configuration have one parser: ${pair%/*} = ${pair#*/}"
done

for name in hold face-score body-score face-padding body-padding; do
    # exit status 1: it starts, with another number
    "$DOOR" $name -1 >element.txt 2>&1
    [ $? -eq 1 ] && grep -qF -- "-1 is taken as the default of $name: leave it out" element.txt
    ok $? "$name=-1 of the element is still its default, and it is said"
    "$DOOR" $name -2 >element.txt 2>&1
    [ $? -eq 2 ]
    ok $? "$name=-2 is refused"
done
for value in nan inf -inf 1e99; do
    "$DOOR" face-score $value >element.txt 2>&1
    [ $? -eq 2 ]
    ok $? "face-score=$value is refused"
done

: >log.txt
gst-launch-1.0 -q videotestsrc num-buffers=1 ! bautaprotect recovery=none hold=61000 ! fakesink >log.txt 2>&1
status=$?
[ $status -eq 255 ] && # what gst-launch exits with
    grep -qF "hold wants a whole number of milliseconds from 0 to 60000, not '61000'" log.txt
ok $? "a pipeline with a number out of range ends before its first picture, and it is said why"

done_testing
