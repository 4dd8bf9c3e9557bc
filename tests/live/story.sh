#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A whole story of the service: cameras to clients of every kind and to recordings, all masked, and recovered with the key.
. "$(dirname "$0")/lib.sh"
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }

make_keys && make_clip --pictures 60 && make_baseline
ok $? "keys, a clip, and what the detector misses of it offline"
new_ports
start_camera "$SOURCE" --user eye:secret --cameras 2
ok $? "a camera serves it"
echo secret >eye.txt && chmod 600 eye.txt
printf '[viewer]\npassword = letmein\n' >users.ini && chmod 600 users.ini
mkdir rec

# ---- configurations that are wrong are refused, each for what is wrong in it ----

refuse() { # refuse WORDS NAME
    "$LIVE" --config live.ini --check-config >log.txt 2>&1
    status=$?
    [ $status -eq 2 ] && grep -qF -- "$1" log.txt
    ok $? "$2"
}
camera() { add_camera "$1" "rtsp://127.0.0.1:$SOURCE/1" "source-user = eye" "source-password-file = eye.txt"; }
configure && camera front && echo "colour = blue" >>live.ini
refuse "colour" "an unknown key is refused by name"
configure && camera front && sed -i 's/court.pub/nobody.pub/' live.ini
refuse "nobody.pub" "a key file that is not there"
configure && camera front && sed -i 's/court.pub/court.key/' live.ini
refuse "court.key" "a private key as a recipient"
configure "users = users.ini" && camera front && chmod 644 users.ini
refuse "users.ini" "passwords that everybody may read"
chmod 600 users.ini
configure && camera front && sed -i "s/^rtsp = .*/rtsp = 0.0.0.0:$RTSP/" live.ini
refuse "anonymous" "anybody from anywhere, unless it is said"
for host in 10.0.0.1:80 '[::1]' 'door[1]' 'door?x' fe80::1%eth0; do
    configure "address = $host" && camera front
    refuse "address: wants a host name or an address, without port, brackets or zone, not '$host'" "no address in URLs: $host"
done
configure "rtsps = 127.0.0.1:$RTSPS" && camera front
refuse "certificate" "TLS without a certificate"
configure "speed = fast" && camera "a b" && sed -i 's/^preset/blocks = many\npreset/' live.ini
refuse "speed" "several mistakes"
grep -q blocks log.txt || "$LIVE" --config live.ini --check-config 2>&1 | grep -q blocks
ok $? "and all of them are told"

# ---- one service: two cameras that work, one that cannot ----

configure "rtsps = 127.0.0.1:$RTSPS" "certificate = server.crt" "private-key = server.key" "users = users.ini"
camera front
printf 'record = rec\nsegment = 10\nsub-recovery = lossy\n' >>live.ini
add_camera back "rtsp://127.0.0.1:$SOURCE/2" "source-user = eye" "source-password-file = eye.txt" "transport = udp"
add_camera gone "rtsp://127.0.0.1:1/nothing"
"$LIVE" --config live.ini --check-config >log.txt 2>&1
ok $? "a good configuration is taken"
WHO=viewer:letmein
start_live
ok $? "the service is ready"
at_least 'pictures_total.*front.*"out"' 5 || until_true 10 at_least 'pictures_total.*front.*"out"' 5
ok $? "pictures leave the first camera"
until_true 10 at_least 'pictures_total.*back.*"out"' 5
ok $? "and the second, over UDP"
curl -s -m 5 --digest -u "$WHO" "http://127.0.0.1:$HTTP/health" >health.json
grep -q '"name": "gone", "healthy": false' health.json && grep -q '"name": "front", "healthy": true' health.json
ok $? "the third fails alone, and health says so"

# ---- every kind of client at once ----

LENGTH=6
url="rtsp://$WHO@127.0.0.1:$RTSP"
capture /front $LENGTH main.mkv &
one=$!
until_true 30 test -s main.mkv
capture /front/sub $LENGTH sub.mkv &
two=$!
timeout -s INT $((LENGTH + 6)) gst-launch-1.0 -q -e rtspsrc location="rtsp://127.0.0.1:$RTSP/back" user-id=viewer \
    user-pw=letmein protocols=tcp ! rtph264depay ! h264parse ! matroskamux ! filesink location=gst.mkv >>log.txt 2>&1 &
three=$!
# VLC decodes what it gets. Where it is built without its RTSP client (live555), as Debian's is, FFmpeg hands it the stream on.
four="" vlc_input="--rtsp-tcp $url/front"
if command -v cvlc >/dev/null; then
    mkdir vlc && chmod 777 vlc && chmod 711 .
    as="" # it will not run as root
    [ "$(id -u)" -ne 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    if [ -z "$(find /usr/lib -name liblive555_plugin.so 2>/dev/null)" ]; then
        vlc_input=udp://@127.0.0.1:$RTSP
        timeout $((LENGTH + 30)) ffmpeg -nostdin -v error -rtsp_transport tcp -i "$url/front" -map 0:v -c copy -f mpegts \
            "udp://127.0.0.1:$RTSP?pkt_size=1316" 2>>log.txt &
        STARTED="$STARTED $!"
    fi
    # shellcheck disable=SC2086 # a command
    HOME=$WORK/vlc timeout -s INT $((LENGTH + 25)) $as cvlc -q --intf dummy --no-audio --run-time=$((LENGTH + 8)) \
        $vlc_input --sout "#transcode{vcodec=mp4v,vb=8000}:std{access=file,mux=ts,dst=$WORK/vlc/vlc.ts}" vlc://quit >vlc.txt 2>&1 &
    four=$!
fi
timeout $((LENGTH + 15)) ffmpeg -nostdin -v error -y -rtsp_transport udp -i "$url/front" -map 0:v -t $LENGTH -c copy udp.mkv \
    2>>log.txt &
five=$!
for i in 1 2 3 4 5; do # while they watch
    http /front/snapshot.jpg >"picture_$i.jpg"
    pass 1
done
# shellcheck disable=SC2086 # may be nothing
wait $one $two $three $four $five
: >log.txt
masked "the main stream, by FFmpeg, is masked" main.mkv
masked "so is the sub stream" sub.mkv
masked "so is another camera's, by GStreamer" gst.mkv
if [ -n "$four" ]; then
    masked "so is what VLC shows" vlc/vlc.ts
else
    skip "so is what VLC shows" "VLC is not installed"
fi
masked "so is what comes over UDP" udp.mkv
LEAST=1 masked "so is every snapshot" picture_*.jpg

timeout 20 ffmpeg -nostdin -v error -y -rtsp_transport tcp -i "rtsps://$WHO@localhost:$RTSPS/front" -map 0:v -t 3 -c copy \
    tls.mkv 2>>log.txt
masked "so is what comes over TLS" tls.mkv

# ---- who may not ----

WHO=viewer:wrong capture /front 2 wrong.mkv
says "401" "a wrong password gets no stream"
code() { curl -s -o /dev/null -m 5 -w '%{http_code}' "$@"; }
[ "$(code --digest -u viewer:wrong "http://127.0.0.1:$HTTP/front/snapshot.jpg")" = 401 ] &&
    [ "$(code "http://127.0.0.1:$HTTP/front/snapshot.jpg")" = 401 ] &&
    [ "$(code "http://127.0.0.1:$HTTP/metrics")" = 401 ]
ok $? "nor a picture, nor figures"

# ---- what was recorded and captured comes back with the key, and only with it ----

"$BAUTA" recover --reason test --quiet --key court.key main.mkv main_clear.mp4 2>>log.txt
"$PYTHON" "$HERE/recovered.py" clip.mp4 main_clear.mp4 main.mkv 28 >psnr.txt 2>>log.txt
ok $? "the captured main stream is recovered: $(cat psnr.txt)"
"$BAUTA" recover --reason test --quiet --key court.key sub.mkv sub_clear.mp4 2>>log.txt
"$PYTHON" "$HERE/recovered.py" clip.mp4 sub_clear.mp4 sub.mkv 24 >psnr.txt 2>>log.txt
ok $? "the sub stream too: $(cat psnr.txt)"
"$BAUTA" recover --reason test --quiet --key other.key main.mkv none.mp4 2>>log.txt
[ $? -eq 3 ] && [ ! -e none.mp4 ]
ok $? "another's key opens nothing"

# ---- a reload touches only the camera that changed ----

grown() { [ "$(stat -c %s "$1")" -gt "$2" ]; }

capture /front 600 watched.mkv &
watcher=$!
until_true 30 test -s watched.mkv
before=$(metric 'camera_state_seconds.*front')
units=$(metric 'stream_units_total.*front.*main')
sed -i '/^\[camera gone\]/,$d' live.ini
add_camera side "test:ball" "rate = 10"
kill -HUP "$LIVE_PID"
until_true 15 at_least 'stream_units_total.*side.*main' 5
ok $? "a camera that SIGHUP adds gives pictures"
[ -z "$(metric 'camera_state_seconds.*gone')" ]
ok $? "one that it takes away is gone"
[ "$(metric 'camera_state_seconds.*front')" -gt "$before" ] && [ "$(metric 'stream_units_total.*front.*main')" -gt "$units" ]
ok $? "those that did not change run on"
watched=$(stat -c %s watched.mkv)
until_true 60 grown watched.mkv "$watched" && kill -0 $watcher
ok $? "and so do their clients"
echo "nonsense = 1" >>live.ini
kill -HUP "$LIVE_PID"
pass 1
alive && at_least 'stream_units_total.*side.*main' 5
ok $? "a reload of nonsense changes nothing"

# ---- who was a user ----

sed -i '$d' live.ini
capture /front 60 former.mkv &
one=$!
pass 2
printf '[watcher]\npassword = letmein2\n' >users.ini
kill -HUP "$LIVE_PID"
until_true 15 not kill -0 $one && until_true 15 not kill -0 $watcher
ok $? "a user who is taken out plays no longer"
WHO=watcher:letmein2
capture /front 2 watcher.mkv && [ -s watcher.mkv ]
ok $? "the one who is put in does"

# ---- the end ----

stop_live
ok $? "SIGTERM ends it with status 0"
[ -z "$(find rec -name '*.part')" ] && [ "$(find rec -name 'front-*.mp4' | wc -l)" -ge 2 ]
ok $? "recordings are closed, in segments"
# shellcheck disable=SC2046 # a list
masked "and masked" $(find rec -name '*.mp4' | sort)
first=$(find rec -name '*.mp4' | sort | head -n 1)
"$BAUTA" recover --reason test --quiet --key court.key "$first" rec_clear.mp4 2>>log.txt
"$PYTHON" "$HERE/recovered.py" clip.mp4 rec_clear.mp4 "$first" 28 >psnr.txt 2>>log.txt
ok $? "a recording is recovered: $(cat psnr.txt)"
[ -z "$(grep -aiE 'critical|assert|sanitizer' all.log)" ]
ok $? "nothing untoward was said"
done_testing
