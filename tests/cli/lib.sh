# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts of this folder: TAP, a folder to work in, and pieces of the demo clip.
# usage of each script: NAME.sh BAUTA_PROGRAM
set -u

HERE=$(cd "$(dirname "$0")" && pwd)
BAUTA=$1
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 99
export XDG_STATE_HOME="$WORK/state" # the audit log of these runs
n_tests=0
. "$HERE/../demo_clip.sh"

ok() { # ok STATUS NAME
    n_tests=$((n_tests + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n_tests - $2"
    else
        echo "not ok $n_tests - $2"
        sed 's/^/# /' log.txt 2>/dev/null
    fi
}

skip() { # skip NAME WHY
    n_tests=$((n_tests + 1))
    echo "ok $n_tests - $1 # SKIP $2"
}

done_testing() { echo "1..$n_tests"; }

# The program replaces nothing: what a run before wrote under the same name is taken away first. Who opens originals, or lets others
# open them, says why. A test of just that calls "$BAUTA" itself.
bauta() {
    outputs_of "$@" >outputs.txt
    while read -r output; do
        if grep -qxF -- "$output" made.txt 2>/dev/null; then
            rm -f "$output" "$output.json" "$output.json.sig"
        elif [ ! -e "$output" ]; then
            echo "$output" >>made.txt
        fi
    done <outputs.txt
    case "$* " in
    *"--reason "* | *"--grant "*) "$BAUTA" "$@" ;;
    recover\ * | export\ * | rewrap\ *) "$BAUTA" "$@" --reason test ;;
    *) "$BAUTA" "$@" ;;
    esac >out.txt 2>log.txt
}

outputs_of() { # outputs_of COMMAND...: the last word of a command that takes IN and OUT, or what -o names; and the report
    command=$1 before='' folder='' report=''
    for word in "$@"; do
        case $before in
        -o | --output) folder=$word ;;
        --report) report=$word ;;
        esac
        before=$word
    done
    case $command in
    protect) printf '%s\n' $report && [ -n "$folder" ] || echo "$word" ;;
    recover) [ -n "$folder" ] || echo "$word" ;;
    export | rewrap | erase | lock) echo "$word" ;;
    grant) echo "$folder" ;;
    esac
}

# expect STATUS NAME COMMAND...: the exit status, and words on stderr if it is not 0
expect() {
    want=$1 name=$2
    shift 2
    bauta "$@"
    got=$?
    [ "$got" -eq "$want" ] && { [ "$got" -eq 0 ] || [ -s log.txt ]; }
    result=$?
    [ $result -eq 0 ] || echo "exit status $got, not $want" >>log.txt
    ok $result "$name"
}

# Until a process has read all that there is and waits for more; where the system does not tell, for five seconds.
until_it_waits() {
    i=0
    while [ $i -lt 100 ] && ! grep -q pipe_r "/proc/$1/wchan" 2>/dev/null; do
        sleep 0.05
        i=$((i + 1))
    done
}

# Until a process has taken a TERM that was sent to it, or has ended; for five seconds at most.
until_it_took_term() {
    i=0
    while [ $i -lt 100 ] && [ -n "$(awk '/^S(ig|hd)Pnd:/ && substr($2, 13, 1) ~ /[4567c-f]/' "/proc/$1/status" 2>/dev/null)" ]; do
        sleep 0.05
        i=$((i + 1))
    done
}

absent() { # absent FILE NAME: neither it nor a work file beside it
    [ ! -e "$1" ] && ! ls "$(dirname "$1")"/.bauta-*.part >>log.txt 2>&1
    ok $? "$2"
}

says() { # says WORDS NAME: the last command did
    grep -qF -- "$1" log.txt
    ok $? "$2"
}

ff() { ffmpeg -nostdin -v error -y "$@" >>ff.txt 2>&1; }

pictures() { # the number of pictures that a file decodes to
    ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames -of csv=p=0 "$1" | head -n 1 |
        tr -d ', \n'
}

sums() { # checksums of every decoded picture
    ffmpeg -nostdin -v error -i "$1" -map 0:v -f framemd5 - 2>>ff.txt | grep -v '^#' | awk '{print $NF}'
}

# The first seconds of the demo clip, and two people walking in it, as regions.
small_clip() {
    need_demo_clip
    ff -i "$CLIP" -t "${1:-4}" -c copy -an clip.avi
    awk -v n="$((${1:-4} * 10))" 'BEGIN { for (i = 0; i < n; i++) printf "{\"picture\":%d,\"regions\":[" \
        "{\"target\":1,\"class\":\"body\",\"x\":%d,\"y\":150,\"w\":40,\"h\":90}," \
        "{\"target\":1,\"class\":\"head\",\"x\":%d,\"y\":150,\"w\":20,\"h\":20}," \
        "{\"target\":2,\"class\":\"body\",\"x\":%d,\"y\":200,\"w\":50,\"h\":110}]}\n", \
        i, 480 + i, 490 + i, 240 - i }' >regions.jsonl
    bauta key new own --no-passphrase
    bauta key new other --no-passphrase
}
