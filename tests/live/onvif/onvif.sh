#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A client of ONVIF from npm against the service; usage: onvif.sh BUILD_FOLDER. Skipped without npm or its registry.
THERE=$(cd "$(dirname "$0")" && pwd)
. "$(dirname "$0")/../lib.sh"
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }
command -v npm >/dev/null || { echo "1..0 # SKIP npm is not installed" && exit 0; }

# The lock has the sums of what is installed; it stays in the build folder.
CLIENT=$BUILD/tests/live/onvif-client
mkdir -p "$CLIENT" && cp "$THERE/package.json" "$THERE/package-lock.json" "$THERE/.npmrc" "$THERE/client.js" "$CLIENT"
if ! cmp -s "$THERE/package-lock.json" "$CLIENT/installed"; then
    npm ci --prefix "$CLIENT" --ignore-scripts --no-audit --no-fund >log.txt 2>&1 ||
        { sed 's/^/# /' log.txt && echo "1..0 # SKIP the client could not be installed" && exit 0; }
    cp "$THERE/package-lock.json" "$CLIENT/installed"
fi

# shellcheck disable=SC2046 # words
set -- $(ports 3)
RTSP=$1 HTTP=$2 HTTPS=$3
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.crt -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>log.txt && chmod 600 server.key
printf '[viewer]\npassword = letmein\n' >users.ini && chmod 600 users.ini
cat >live.ini <<TEXT
[service]
rtsp = 0.0.0.0:$RTSP
http = 0.0.0.0:$HTTP
https = 127.0.0.1:$HTTPS
certificate = server.crt
private-key = server.key
users = users.ini
name = Test & gate
[camera front]
source = test:ball
width = 320
height = 240
rate = 10
recovery = none
sub = yes
sub-width = 160
preset = ultrafast
[camera back]
source = test:ball
width = 320
height = 240
rate = 10
recovery = none
encoder = x265
preset = ultrafast
TEXT

# Where the multicast group is sent to from; nothing is sent.
address=$("$PYTHON" -c "
import socket
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    door.connect(('239.255.255.250', 3702))
    print(door.getsockname()[0])
except OSError:
    pass")
WHO=viewer:letmein
start_live && until_true 20 at_least 'stream_units_total.*front.*sub' 10 &&
    until_true 20 at_least 'stream_units_total.*back.*main' 10 || { sed 's/^/# /' live.log log.txt && exit 1; }
node "$CLIENT/client.js" "$HTTP" "$HTTPS" "$address" viewer letmein server.crt
status=$?
http /metrics | "$PYTHON" "$THERE/../doors/metrics.py" - >figures.txt || status=1
sed 's/^/# figures: /' figures.txt
stop_live || status=1
[ $status -eq 0 ] || sed 's/^/# /' live.log
exit $status
