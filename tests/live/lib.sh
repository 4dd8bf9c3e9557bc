# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts of this folder: TAP, a folder to work in, a numbered clip, cameras, services, clients.
# usage of each script: NAME.sh BUILD_FOLDER
# LIVE_SECONDS (default 3): how long each fault lasts, and what comes before and after it.
set -u

HERE=$(cd "$(dirname "$0")" && pwd)
BUILD=$(cd "$1" && pwd)
BAUTA=$BUILD/bauta
LIVE=$(find "$BUILD" -maxdepth 3 -type f -name bauta-live | head -n 1)
CAMERA=$BUILD/tests/live/rtsp-camera
PYTHON=/usr/bin/python3 # Debian's, which has Debian's numpy
CAMERA_ADDRESS=127.0.0.1 CAMERA_INSIDE="" # where the camera is: see bad_link in faults.sh
SECONDS_EACH=${LIVE_SECONDS:-3}
export GST_PLUGIN_PATH="$BUILD/gst" GST_REGISTRY="$BUILD/tests/live/registry.bin" PYTHONDONTWRITEBYTECODE=1
WORK=$(mktemp -d)
export XDG_STATE_HOME="$WORK/state" # the audit log of these runs
STARTED=""                          # process numbers
trap 'clean_up' EXIT
trap 'exit 1' INT TERM
cd "$WORK" || exit 99
n_tests=0
n_failed=0

# ---- TAP ----

ok() { # ok STATUS NAME: with the last words of the service if it failed
    n_tests=$((n_tests + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n_tests - $2"
    else
        echo "not ok $n_tests - $2"
        n_failed=$((n_failed + 1))
        { cat log.txt 2>/dev/null && tail -n 15 live.log 2>/dev/null; } | sed 's/^/# /'
    fi
    : >log.txt
}

skip() { # skip NAME WHY
    n_tests=$((n_tests + 1))
    echo "ok $n_tests - $1 # SKIP $2"
}

done_testing() { # fails if a test did
    echo "1..$n_tests"
    [ $n_failed -eq 0 ]
}

says() { # says WORDS NAME: the last command did
    grep -qF -- "$1" log.txt
    ok $? "$2"
}

note() { echo "# $*"; }

# ---- processes ----

started() { STARTED="$STARTED $1"; }

end() { # end PID...: whatever state it is in
    for pid in "$@"; do
        kill -CONT "$pid" 2>/dev/null
        kill "$pid" 2>/dev/null
    done
}

clean_up() {
    # shellcheck disable=SC2086 # a list
    end $STARTED
    for pid in $STARTED; do
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 30 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        kill -KILL "$pid" 2>/dev/null
    done
    cd / && umount "$WORK/small" 2>/dev/null
    if [ -n "${LIVE_KEEP:-}" ]; then
        rm -rf "$LIVE_KEEP" && mv "$WORK" "$LIVE_KEEP"
    else
        rm -rf "$WORK"
    fi
}

until_true() { # until_true SECONDS COMMAND...: polls
    tries=$(($1 * 10))
    shift
    while [ "$tries" -gt 0 ]; do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
        tries=$((tries - 1))
    done
    echo "waited in vain for: $*" >>log.txt
    return 1
}

not() { ! "$@"; }

# For the time that a fault is to last; the clients go on in real time.
pass() { sleep "${1:-$SECONDS_EACH}"; }

ports() { # ports N: of this machine, free now
    "$PYTHON" -c "
import socket
doors = [socket.socket() for _ in range($1)]
for door in doors:
    door.bind(('127.0.0.1', 0))
print(*(door.getsockname()[1] for door in doors))"
}

# ---- the clip and its camera ----

make_clip() { # make_clip [OPTION...] -> clip.mp4, clip.csv
    shared=${BAUTA_SHARED:-}/mot/pets09_s2l1
    if [ -e "$shared/gt.csv" ]; then
        "$PYTHON" "$HERE/make_clip.py" "$shared/vtest.avi" "$shared/gt.csv" clip.mp4 --start 720 "$@" 2>>log.txt
    else # people as the detectors see them in the plain clip
        . "$HERE/../demo_clip.sh" && need_demo_clip
        "$PYTHON" "$HERE/make_clip.py" "$CLIP" - clip.mp4 \
            --start 720 "$@" 2>>log.txt &&
            "$BAUTA" detect --quiet --mot clip.mp4 2>>log.txt | awk -F, -v OFS=, 'BEGIN { print "picture,id,x,y,w,h" }
                $8 == 3 { print $1 - 1, $2, $3, $4, $5, $6 }' >clip.csv
    fi
}

# The offline program's figures: what its detector misses of the same clip, fault or no fault.
make_baseline() {
    "$BAUTA" protect --quiet --detect-every 3 --recipient court.pub clip.mp4 offline.mp4 2>>log.txt &&
        "$PYTHON" "$HERE/leaks.py" --json baseline.json clip.mp4 offline.mp4 >leaks.txt
    status=$?
    note "$(cat leaks.txt)"
    return $status
}

start_camera() { # start_camera PORT [OPTION...] -> CAMERA_PID
    port=$1
    shift
    : >camera.out
    # shellcheck disable=SC2086 # a command
    $CAMERA_INSIDE "$CAMERA" "$@" "$CAMERA_ADDRESS" "$port" clip.mp4 >camera.out 2>>camera.log &
    CAMERA_PID=$!
    started $CAMERA_PID
    until_true 10 grep -q ready camera.out
}

# ---- the service ----

make_keys() {
    for name in court other; do
        "$BAUTA" key new --quiet --no-passphrase "$name" >/dev/null 2>>log.txt || return 1
    done
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.crt -days 30 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>>log.txt
}

new_ports() {
    # shellcheck disable=SC2046 # words
    set -- $(ports 4)
    RTSP=$1 RTSPS=$2 HTTP=$3 SOURCE=$4
}

# configure [LINE...] -> live.ini with [service]; lines go into it
configure() {
    {
        echo "[service]"
        echo "rtsp = 127.0.0.1:$RTSP"
        echo "http = 127.0.0.1:$HTTP"
        echo "log = text"
        echo "onvif = no"
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >live.ini
}

# add_camera NAME SOURCE [LINE...]
add_camera() {
    {
        echo "[camera $1]"
        echo "source = $2"
        shift 2
        echo "recipients = court.pub"
        echo "sub = yes"
        echo "sub-width = 640"
        echo "snapshot = yes"
        echo "preset = ultrafast"
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >>live.ini
}

http() { curl -s -f -m 5 ${WHO:+--digest -u "$WHO"} "http://127.0.0.1:$HTTP$1"; }

# launch [COMMAND...]: the service, under a command if there is one -> LIVE_PID
launch() {
    "$@" "$LIVE" --config live.ini 2>live.log &
    LIVE_PID=$!
    started $LIVE_PID
}

start_live() { # ... and waits until it is ready
    launch "$@"
    until_true 20 http /ready
}

stop_live() { # by SIGTERM; its exit status
    kill -TERM "$LIVE_PID" 2>/dev/null
    until_true 15 not kill -0 "$LIVE_PID" || kill -KILL "$LIVE_PID"
    wait "$LIVE_PID"
    LIVE_STATUS=$?
    cat live.log >>all.log
    return $LIVE_STATUS
}

alive() { kill -0 "$LIVE_PID" 2>/dev/null; }

metric() { # metric PATTERN: the value of the first sample whose line matches
    http /metrics | grep -v '^#' | grep -E -- "$1" | head -n 1 | awk '{ printf "%d\n", $NF }'
}

at_least() { # at_least PATTERN VALUE
    value=$(metric "$1")
    [ -n "$value" ] && [ "$value" -ge "$2" ]
}

detector_pid() { # of the first camera: a child of the service
    ps -o pid=,args= --ppid "$LIVE_PID" | awk '/detect/ { print $1; exit }'
}

# ---- clients ----

capture() { # capture PATH SECONDS OUT: the stream as it is, over TCP
    timeout $(($2 + 15)) ffmpeg -nostdin -v error -y -rtsp_transport tcp -i "rtsp://${WHO:+$WHO@}127.0.0.1:$RTSP$1" \
        -map 0:v -t "$2" -c copy "$3" 2>>log.txt
}

# watch NAME: clients of one camera that come again whenever they are sent away -> sub_*.mkv, picture_*.jpg
watch() {
    rm -f watching sub_*.mkv picture_*.jpg
    touch watching
    (
        i=0
        while [ -e watching ]; do
            timeout -s INT 600 ffmpeg -nostdin -v error -y -rtsp_transport tcp -timeout 5000000 \
                -i "rtsp://127.0.0.1:$RTSP/$1/sub" -map 0:v -c copy "sub_$i.mkv" >/dev/null 2>&1 &
            echo $! >watching.client
            wait $!
            i=$((i + 1))
            sleep 0.3
        done
    ) &
    WATCH_PID=$!
    (
        i=0
        while [ -e watching ]; do
            http "/$1/snapshot.jpg" >picture.part && mv picture.part "picture_$i.jpg"
            i=$((i + 1))
            sleep 1
        done
    ) &
    LOOK_PID=$!
    started $WATCH_PID
    started $LOOK_PID
}

end_watch() {
    rm -f watching
    kill -INT "$(cat watching.client)" 2>/dev/null
    wait "$WATCH_PID" "$LOOK_PID"
}

# masked NAME FILE...: nothing clear in any of these but what the detector misses offline too
masked() {
    name=$1
    shift
    files=""
    for file in "$@"; do
        [ ! -s "$file" ] || files="$files $file"
    done
    # shellcheck disable=SC2086 # a list
    "$PYTHON" "$HERE/leaks.py" --baseline baseline.json --heads "${HEADS:-0.03}" --least "${LEAST:-10}" clip.mp4 $files \
        >leaks.txt 2>>log.txt
    status=$?
    grep -v jpg leaks.txt | sed 's/^/# /'
    note "$(grep -c jpg leaks.txt) snapshots"
    [ $status -eq 0 ] || cat leaks.txt >>log.txt
    ok $status "$name"
}
