#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is spoken at the doors, and towards cameras: TLS 1.2 and later, and the certificate that was meant.
# usage: secrecy.sh BUILD_FOLDER
. "$(dirname "$0")/lib.sh"

speaks() { # speaks VERSION PORT
    timeout 5 openssl s_client "-$1" -cipher 'ALL:@SECLEVEL=0' -connect "127.0.0.1:$2" </dev/null >said.txt 2>&1
    grep -q '^New, TLS' said.txt
}

refuses() { # refuses PRIORITY: to start
    G_TLS_GNUTLS_PRIORITY=$1 "$LIVE" --config live.ini --check-config >log.txt 2>&1
    [ $? -eq 2 ] && grep -q G_TLS_GNUTLS_PRIORITY log.txt
}

configure_bare() { # configure_bare [LINE...]: a door by HTTPS and RTSPS, and a camera that needs no detector
    {
        printf '[service]\nrtsp =\nhttp = 127.0.0.1:%s\nhttps = 127.0.0.1:%s\nrtsps = 127.0.0.1:%s\n' "$HTTP" "$RTSP" "$RTSPS"
        printf 'certificate = server.crt\nprivate-key = server.key\n[camera front]\nrecovery = none\nsnapshot = no\n'
        printf 'preset = ultrafast\n'
        printf '%s\n' "$@"
    } >live.ini
}

# Without this nothing would show that an old version is refused by the service, and not by the client itself.
old_is_known() { # old_is_known VERSION
    openssl s_server "-$1" -cipher 'ALL:@SECLEVEL=0' -cert server.crt -key server.key -accept "$HTTP" -quiet >/dev/null 2>&1 &
    old=$!
    started $old
    until_true 5 speaks "$1" "$HTTP"
    known=$?
    kill $old
    return $known
}

make_keys && chmod 600 server.key && new_ports
ok $? "a certificate"

KNOWN=''
for version in tls1 tls1_1; do
    old_is_known $version && KNOWN="$KNOWN $version"
done
configure_bare 'source = test:ball' 'rate = 2'
start_live
ok $? "the service, with TLS"
for port in "$RTSP" "$RTSPS"; do
    speaks tls1_2 "$port" && speaks tls1_3 "$port"
    ok $? "TLS 1.2 and 1.3 are spoken"
    for version in tls1 tls1_1; do
        case $KNOWN in
        *" $version"*)
            ! speaks $version "$port"
            ok $? "$version is not"
            ;;
        *) skip "$version is not" "this client does not speak it" ;;
        esac
    done
done
stop_live
ok $? "it ends"

for weak in NORMAL 'NORMAL:%COMPAT' 'NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1' 'NORMAL:-VERS-TLS1.0' @SYSTEM '' \
    'LEGACY:-VERS-TLS1.0:-VERS-TLS1.1'; do
    refuses "$weak"
    ok $? "it does not start with a weaker priority: '$weak'"
done
G_TLS_GNUTLS_PRIORITY='SECURE128:-VERS-ALL:+VERS-TLS1.3' "$LIVE" --config live.ini --check-config >log.txt 2>&1
ok $? "it starts with a stricter one"
printf '[priorities]\nSYSTEM=NORMAL:-VERS-ALL:+VERS-TLS1.3\n' >policy.txt
(
    export GNUTLS_SYSTEM_PRIORITY_FILE="$PWD/policy.txt" G_TLS_GNUTLS_PRIORITY='@SYSTEM:-VERS-TLS1.0:-VERS-TLS1.1'
    start_live && speaks tls1_3 "$RTSP" && ! speaks tls1_2 "$RTSP"
    bad=$?
    stop_live
    exit $bad
)
ok $? "it keeps to the policy of the machine where that is said"
view=$BUILD/bauta-view
if [ -x "$view" ]; then
    G_TLS_GNUTLS_PRIORITY=NORMAL "$view" . >log.txt 2>&1
    [ $? -eq 2 ]
    ok $? "nor does the player's server"
fi

# A camera with a certificate that nobody vouches for.
READY=no
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout camera.key -out camera.crt -days 30 \
    -subj /CN=camera-7 -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>>log.txt &&
    cat camera.crt camera.key >camera.pem &&
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=5 -t 4 -c:v libx264 -g 5 clip.mp4 2>>log.txt &&
    start_camera "$SOURCE" --certificate camera.pem && READY=yes
[ $READY = yes ]
ok $? "a camera with a certificate of its own"
PRINT=$(openssl x509 -in camera.crt -outform DER | sha256sum | cut -c1-64)
COLONS=$(openssl x509 -in camera.crt -noout -fingerprint -sha256 | cut -d= -f2)
OTHER=$(openssl x509 -in server.crt -outform DER | sha256sum | cut -c1-64)
runs() { grep -q "front running" live.log; }
try_camera() { # try_camera [LINE]: in [camera front]
    configure_bare "source = rtsps://127.0.0.1:$SOURCE/1" "$@"
    launch
    until_true 15 grep -q -e "front running" -e "not trusted" live.log
}
named() { grep "not trusted" live.log | grep -F "$PRINT" | grep -qF "CN=camera-7"; }

try_camera
named && ! runs
ok $? "it is refused, and named with its fingerprint and subject"
stop_live
try_camera "source-fingerprint = $OTHER"
named && ! runs
ok $? "another fingerprint refuses it"
stop_live
for line in "source-fingerprint = $PRINT" "source-fingerprint = $COLONS" "source-ca = camera.crt"; do
    try_camera "$line"
    runs
    ok $? "it is taken by ${line%% =*}"
    stop_live
done
try_camera "source-ca = server.crt"
named && ! runs
ok $? "another authority refuses it"
stop_live
configure_bare "source = rtsps://127.0.0.1:$SOURCE/1" "source-fingerprint = $PRINT" 'transport = udp'
"$LIVE" --config live.ini --check-config >log.txt 2>&1
[ $? -eq 2 ] && grep -q "transport: wants tcp where the camera's certificate is said" log.txt
ok $? "pictures do not come beside what a certificate protects"
for line in "source-fingerprint = 12" "source-fingerprint = $PRINT$PRINT"; do
    configure_bare "source = rtsps://127.0.0.1:$SOURCE/1" "$line"
    "$LIVE" --config live.ini --check-config >log.txt 2>&1
    [ $? -eq 2 ] && grep -q "wants the SHA-256 of a certificate" log.txt
    ok $? "what is no fingerprint is said"
done

# A camera that wants a digest that GStreamer does not know; and one whose password is another.
kill $CAMERA_PID
printf 'secret\n' >camera.password && chmod 600 camera.password
try_password() { # try_password [OPTION...]: of the camera, which wants one
    start_camera "$SOURCE" --user viewer:secret "$@"
    configure_bare "source = rtsp://127.0.0.1:$SOURCE/1" 'source-user = viewer' 'source-password-file = camera.password'
    launch
    until_true 15 grep -q -e "front running" -e "started anew" live.log
    stop_live
    kill $CAMERA_PID
}
try_password
runs
ok $? "a password is given by digest, by MD5"
for algorithm in SHA-256 SHA-256-sess; do
    try_password --algorithm $algorithm
    grep "error front source" live.log | grep -q "by SHA-256 digest only.*have the camera take RTSP digest by MD5"
    ok $? "a camera that takes $algorithm alone is told as such"
done
printf 'another\n' >camera.password
try_password --algorithm MD5
grep "error front source" live.log | grep -q Unauthorized && ! grep -q "SHA-256" live.log
ok $? "a wrong password is told as such"

i=0
configure_bare 'source = test:ball'
while [ $i -lt 64 ]; do
    printf '[camera c%d]\nsource = test:nothing\nrecovery = none\n' $i >>live.ini
    i=$((i + 1))
done
"$LIVE" --config live.ini --check-config >log.txt 2>&1
[ $? -eq 2 ] && grep -qF "has 65 cameras: one service has 64 at most" log.txt && ! grep -q "test pattern" log.txt
ok $? "65 cameras are too many, which is said before they are looked at"

done_testing
