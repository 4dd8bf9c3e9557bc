#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Faults, each caused for real while clients watch and a recorder records: what leaves is masked before, during and after.
# usage: faults.sh BUILD_FOLDER [FAULT...]
. "$(dirname "$0")/lib.sh"
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }
shift
mkdir rec

# begin [LINE...]: a service of one camera whose outputs are all kept from its first picture on; lines for its group
begin() {
    new_ports
    rm -rf rec/* && configure
    add_camera front "rtsp://$CAMERA_ADDRESS:$SOURCE/1" "record = rec" "segment = 60" "stall = 2" "source-latency = 100" "$@"
    start_camera "$SOURCE" && start_live && until_true 20 at_least 'pictures_total.*"out"' 10
    status=$?
    watch front
    return $status
}

flowing() { # pictures leave again, more than have until now
    n=$(metric 'stream_units_total.*main')
    until_true "${1:-30}" at_least 'stream_units_total.*main' $((${n:-0} + 10))
}

# finish NAME: pictures leave to the end, and all of them are masked
finish() {
    flowing
    ok $? "$1: pictures leave afterwards"
    pass 2
    end_watch
    curl -s -m 5 "http://127.0.0.1:$HTTP/metrics" | grep -E '^bauta_(faults|pictures|detector_(fail|rest)|camera_rest|detections)' |
        grep -v ' 0$' | sed 's/.*bauta_/# /'
    stop_live
    ok $? "$1: the service ends in good order"
    [ -z "${CAMERA_PID:-}" ] || end "$CAMERA_PID"
    # shellcheck disable=SC2046 # a list
    masked "$1: all that left is masked" $(find rec -name '*.mp4' -o -name '*.part' | sort) sub_*.mkv picture_*.jpg
}

none() {
    begin
    ok $? "no fault: the service runs"
    pass
    finish "no fault"
}

detector_killed() {
    begin
    pid=$(detector_pid)
    pass 2
    kill -KILL "$pid"
    ok $? "detector killed: it was there"
    until_true 20 at_least 'detector_restarts_total' 1
    ok $? "detector killed: another is started"
    pass
    other=$(detector_pid)
    [ -n "$other" ] && [ "$other" -ne "$pid" ]
    ok $? "detector killed: and runs"
    finish "detector killed"
}

detector_stopped() {
    begin
    pid=$(detector_pid)
    pass 2
    kill -STOP "$pid"
    flowing
    ok $? "detector stopped: pictures leave without it"
    pass
    at_least 'pictures_total.*"whole"' 5 || at_least 'detector_restarts_total' 1
    ok $? "detector stopped: hidden whole, or another is started"
    kill -CONT "$pid" 2>/dev/null
    pass 3
    finish "detector stopped"
}

source_stopped() {
    begin
    pass 2
    kill -STOP "$CAMERA_PID"
    until_true 20 not grep -q '"healthy": true' <<-EOF
	$(curl -s -m 5 "http://127.0.0.1:$HTTP/health")
	EOF
    pass
    curl -s -m 5 "http://127.0.0.1:$HTTP/health" | grep -q '"healthy": false'
    ok $? "source stopped: health says so"
    kill -CONT "$CAMERA_PID"
    finish "source stopped"
}

source_restarted() {
    begin
    pass 2
    kill -KILL "$CAMERA_PID"
    pass 3
    start_camera "$SOURCE"
    ok $? "source restarted: it is there again"
    finish "source restarted"
    [ "$(find rec -name '*.mp4' | wc -l)" -ge 1 ]
    ok $? "source restarted: what was recorded is kept"
}

disk_full() {
    mkdir -p small
    if ! mount -t tmpfs -o size=600k tmpfs small 2>/dev/null; then
        skip "disk full" "no file system of a test can be mounted here"
        return
    fi
    new_ports
    configure
    add_camera front "rtsp://127.0.0.1:$SOURCE/1" "record = small" "segment = 60"
    start_camera "$SOURCE" && start_live
    rm -rf rec/*
    watch front
    until_true 40 at_least 'faults_total.*recorder' 1
    ok $? "disk full: the recorder's fault is counted"
    flowing
    ok $? "disk full: clients go on"
    mount -o remount,size=60m small
    until_true 40 at_least 'bauta_recording' 1
    ok $? "disk full: with room again it records"
    pass 3
    finish "disk full"
    # shellcheck disable=SC2046 # a list
    LEAST=1 masked "disk full: and so is what was recorded" $(find small -name '*.mp4' | sort)
    umount small
}

encoder_fails() {
    begin "encoder = identity error-after=60 ! x264enc tune=zerolatency speed-preset=ultrafast"
    until_true 40 at_least 'camera_restarts_total' 2
    ok $? "encoder fails: the camera is started anew, each time"
    finish "encoder fails"
}

clock_jumps() {
    library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
    if [ -z "$library" ]; then
        skip "clock jumps" "libfaketime is not installed"
        return
    fi
    echo "+0" >clock.txt
    new_ports
    rm -rf rec/* && configure
    add_camera front "rtsp://127.0.0.1:$SOURCE/1" "record = rec" "segment = 60"
    start_camera "$SOURCE"
    start_live env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$WORK/clock.txt" FAKETIME_DONT_FAKE_MONOTONIC=1 \
        FAKETIME_NO_CACHE=1
    ok $? "clock jumps: the service runs"
    watch front
    pass 3
    echo "+3600" >clock.txt
    pass 3
    flowing
    ok $? "clock jumps: an hour on, pictures leave"
    echo "-86400" >clock.txt
    pass 3
    flowing
    ok $? "clock jumps: and a day back"
    finish "clock jumps"
}

starved() {
    begin
    pass 2
    busy=""
    for _ in 1 2 3 4 5 6; do # none of them ends by itself
        (while :; do :; done) &
        busy="$busy $!"
        started $!
    done
    pass
    flowing 60
    ok $? "starved of processor time: pictures leave"
    # shellcheck disable=SC2086 # a list
    kill $busy
    finish "starved of processor time"
}

# A source that loses a second of pictures, and the next half second too, again and again, and a detector that pauses; people
# walk on in between.
stutter() {
    ffmpeg -nostdin -v error -y -i clip.mp4 -vf "select='lt(mod(n,30),11)+eq(mod(n,30),20)+eq(mod(n,30),25)'" -vsync vfr \
        -c:v libx264 -preset veryfast -crf 18 -bf 0 -g 10 stutter.mp4 2>>log.txt
    new_ports
    rm -rf rec/* && configure
    add_camera front "file:stutter.mp4" "record = rec" "segment = 60"
    start_live
    ok $? "stutter: the service runs"
    watch front
    pid=$(detector_pid)
    for _ in $(seq $((SECONDS_EACH * 4))); do
        kill -STOP "$pid"
        pass 0.9
        kill -CONT "$pid"
        pass 0.4
    done
    finish "stutter"
}

# A link with faults between two network namespaces: the camera in one, the service and its clients, which are this script
# once more, in the other.
bad_link() {
    camera=bauta-c-$$ service=bauta-s-$$
    if [ ! -c /dev/net/tun ] || ! ip netns add $camera 2>/dev/null; then
        skip "bad link" "no network namespace can be made here, or no tunnel"
        return
    fi
    ip netns add $service
    for transport in udp tcp; do
        CLIP_FOLDER=$WORK CAMERA_NAMESPACE=$camera TRANSPORT=$transport "$PYTHON" "$HERE/bad_link.py" $camera $service \
            ip netns exec $service sh "$HERE/faults.sh" "$BUILD" through_link >link.txt 2>>log.txt
        ok $? "bad link, $transport: packets are lost, late and out of order, and all that leaves is masked"
        sed -n -e 's/^not ok [0-9]* /# failed: /p' -e 's/^# /# /p' link.txt
    done
    ip netns del $camera
    ip netns del $service
}

through_link() {
    CAMERA_INSIDE="ip netns exec $CAMERA_NAMESPACE" CAMERA_ADDRESS=10.77.0.1
    begin "transport = $TRANSPORT"
    pass $((SECONDS_EACH * 6))
    finish "bad link, $TRANSPORT"
}

certificate_expired() {
    new_ports
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout old.key -out old.crt -days 1 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>>log.txt
    configure "rtsps = 127.0.0.1:$RTSPS" "certificate = old.crt" "private-key = old.key"
    add_camera front "rtsp://127.0.0.1:$SOURCE/1"
    start_camera "$SOURCE"
    after_it="faketime -f +3d"
    if ! command -v faketime >/dev/null; then
        skip "certificate expired" "faketime is not installed"
        return
    fi
    # shellcheck disable=SC2086 # a command
    $after_it "$LIVE" --config live.ini --check-config >log.txt 2>&1
    grep -qi 'expire' log.txt
    ok $? "certificate expired: the check says so"
    start_live
    # shellcheck disable=SC2086 # a command
    timeout 20 $after_it curl -s -v --cacert old.crt "rtsps://localhost:$RTSPS/front" >/dev/null 2>/dev/null
    echo | timeout 20 $after_it openssl s_client -connect "127.0.0.1:$RTSPS" -CAfile old.crt -verify_return_error >log.txt 2>&1
    says "certificate has expired" "certificate expired: a client that checks refuses it"
    echo | timeout 20 openssl s_client -connect "127.0.0.1:$RTSPS" -CAfile old.crt -verify_return_error >log.txt 2>&1
    ok $? "certificate expired: which it does not before"
    stop_live
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout new.key -out new.crt -days 30 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>>log.txt
    start_live
    cp new.crt old.crt
    until_true 20 grep -q 'stays in use' live.log
    ok $? "certificate renewed: half of it is not taken"
    cp new.key old.key
    until_true 20 grep -q 'in use now' live.log
    echo | timeout 20 openssl s_client -connect "127.0.0.1:$RTSPS" -CAfile new.crt -verify_return_error >log.txt 2>&1
    ok $? "certificate renewed: and all of it is"
    stop_live
    end "$CAMERA_PID"
}

if [ -n "${CLIP_FOLDER:-}" ]; then # made already
    cp "$CLIP_FOLDER"/clip.* "$CLIP_FOLDER"/court.* "$CLIP_FOLDER"/baseline.json .
else
    make_keys && make_clip --pictures 60 && make_baseline
fi
ok $? "keys, a clip, and what the detector misses of it offline"
[ $# -gt 0 ] || set -- detector_killed detector_stopped source_stopped source_restarted disk_full encoder_fails clock_jumps starved \
    stutter bad_link certificate_expired
for fault in "$@"; do
    before=$(date +%s)
    $fault
    note "$fault took $(($(date +%s) - before)) s"
done
done_testing
