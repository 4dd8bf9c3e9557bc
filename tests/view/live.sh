#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A camera behind the live service, in the player's server: what a page gets of it, and what becomes of it in the end.
# usage: live.sh BUILD_FOLDER
tests=$(cd "$(dirname "$0")/.." && pwd)
. "$tests/live/lib.sh"
. "$tests/view/lib.sh"
HERE=$tests/live # where the camera's clip is made
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }
make_keys && "$BAUTA" key new --quiet --sign --no-passphrase camera 2>>log.txt && make_clip --pictures 60
ok $? "keys and a clip"
new_ports
printf '[viewer]\npassword = let:me@in\n' >users.ini && chmod 600 users.ini
start_camera "$SOURCE"
configure "users = users.ini" && add_camera front "rtsp://127.0.0.1:$SOURCE/1" "sign = camera.key" "sub = no"
WHO="viewer:let:me@in"
sed -i '/^sub/d' live.ini && start_live
ok $? "the live service protects a camera"
serve --signer camera.pub "rtsp://viewer:let%3Ame%40in@127.0.0.1:$RTSP/front"
ok $? "the player's server says where it is"
started "$VIEW_PID"
threads() { find /proc/"$VIEW_PID"/task -maxdepth 1 -mindepth 1 | wc -l; }
files() { find /proc/"$VIEW_PID"/fd -mindepth 1 | wc -l; }
no_more_than() { [ "$(files)" -le "$1" ] && [ "$(threads)" -le "$2" ]; }
pipelines() { cat /proc/"$VIEW_PID"/task/*/comm 2>>log.txt | grep -c rtpjitterbuffer; } # a thread of each
has_pipelines() { [ "$(pipelines)" -eq "$1" ]; }
all_protected() { # all_protected FILE: more than 20 pictures
    "$BAUTA" inspect --json "$1" >inspect.json 2>>log.txt
    "$PYTHON" -c '
import json
seen = json.load(open("inspect.json"))
assert seen["pictures"] == seen["protected_pictures"] > 20 and seen["damaged_messages"] == 0, seen' 2>>log.txt
}
opens() { # opens FILE: the people are back; says how well in psnr.txt
    "$BAUTA" recover --force --reason test --quiet --key court.key "$1" clear.mp4 2>>log.txt
    "$PYTHON" "$HERE/recovered.py" clip.mp4 clear.mp4 "$1" 28 >psnr.txt 2>>log.txt
}
look_has() { api look/live >look.json && grep -qF -- "$1" look.json; }

api recordings >list.json
grep -qF "[{\"id\":\"live\",\"name\":\"rtsp://127.0.0.1:$RTSP/front\",\"size\":0,\"modified_ms\":0,\"live\":true}]" list.json
ok $? "it has one recording, whose name tells no password"
[ "$(code "$BASE/api/video/live")" = 401 ] && [ "$(with_token "$BASE/api/video/other")" = 404 ] && [ "$(with_token "$BASE/api/look/other")" = 404 ]
ok $? "the token is needed, and there is no other"
look_has '"inspection":null'
ok $? "nothing is known before anybody looks"

# ---- what a page gets ----

api video/live -m 2 -o /dev/null # GStreamer's own threads and files stay
until_true 5 no_more_than 20 8
idle_files=$(files) idle_threads=$(threads)
timeout 60 curl -s -m 9 -H "Authorization: Bearer $TOKEN" -D head.txt -o capture.mp4 "$BASE/api/video/live" &
one=$!
until_true 9 look_has '"finding":"authentic"'
ok $? "what comes is verified meanwhile"
cp look.json running.json
"$PYTHON" -c '
import json
look = json.load(open("running.json"))
seen, checked = look["inspection"], look["verification"]
assert look["state"] == "running" and look["problem"] == "" and seen["codec"] == "h264" and seen["width"] > 0 and seen["lanes"] == []
assert seen["pictures"] == seen["protected_pictures"] > 0 and len(seen["recipients"]) == 1 and len(seen["stream"]) == 32
assert checked["authentic"] is True and checked["pictures"] == checked["authentic_pictures"] > 0' 2>>log.txt
ok $? "and told as of a file"
wait $one
tr -d '\r' <head.txt | grep -q '^HTTP/1.1 200' && tr -d '\r' <head.txt | grep -qix 'Content-Type: video/mp4'
ok $? "it is MP4"
ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 capture.mp4 2>>log.txt | tr -d , >times.txt
"$PYTHON" -c '
times = [float(line) for line in open("times.txt")]
assert len(times) > 20 and times[0] == 0 and times == sorted(times) and times[-1] < 15, times' 2>>log.txt
ok $? "which others read, and whose times begin at 0"
all_protected capture.mp4
ok $? "all of its pictures have their recovery data"
opens capture.mp4
ok $? "which the key opens: $(cat psnr.txt)"
"$BAUTA" verify --signer camera.pub capture.mp4 >verify.txt 2>/dev/null
[ "$(grep -c authentic: verify.txt)" -eq 1 ] && ! grep -qE 'changed|stripped|swapped|forged|missing|moved' verify.txt
ok $? "and nothing of it was changed"
until_true 5 no_more_than "$idle_files" "$idle_threads"
ok $? "when the client goes, so does the pipeline"

# ---- several at once ----

for i in 1 2 3 4; do
    curl -s -m 20 -H "Authorization: Bearer $TOKEN" -o "many_$i.mp4" "$BASE/api/video/live" &
    started $!
    CLIENTS="${CLIENTS:-} $!"
done
all_have() { for n in 1 2 3 4; do [ -s "many_$n.mp4" ] || return 1; done; }
until_true 10 all_have
ok $? "four look at once"
[ "$(with_token "$BASE/api/video/live")" = 503 ] && has_problem
ok $? "a fifth is told that there is no room"
# shellcheck disable=SC2086 # a list
set -- $CLIENTS
kill -STOP "$1"
kill "$2" "$3"
pass 1
[ "$(code "$BASE/")" = 200 ] && [ -s many_4.mp4 ]
ok $? "one that does not read, and two that go, hold up nobody"
kill -CONT "$1"

# ---- the end of the source ----

stop_live
ok $? "the service stops"
wait "$4" 2>>log.txt
status=$?
[ $status -eq 0 ]
ok $? "then the answer ends, too, and as it should"
ffprobe -v error many_4.mp4 2>>log.txt
ok $? "what it was is whole"
until_true 5 no_more_than "$idle_files" "$idle_threads"
ok $? "and nothing is left of it"
[ "$(with_token "$BASE/api/video/live")" = 502 ] && has_problem && grep -qF "rtsp://127.0.0.1:$RTSP/front" body.txt && ! grep -q let body.txt
ok $? "whoever asks now is told why there is none"
[ "$(with_token -d '{"recording":"live","outcome":"begun","why":"theft"}' "$BASE/api/audit")" = 201 ] &&
    "$BAUTA" audit list --audit audit.db 2>>log.txt | grep -qF "rtsp://127.0.0.1:$RTSP/front"
ok $? "the audit log names the camera"
stop_serving
ok $? "SIGTERM ends the player's server with status 0"

# ---- a camera that hangs, and one that is not ours ----

start_live && serve "rtsp://viewer:wrong@127.0.0.1:$RTSP/front"
started "$VIEW_PID"
[ "$(with_token "$BASE/api/video/live")" = 502 ] && has_problem
ok $? "a wrong password is an answer, too"
stop_serving
front=rtsp://127.0.0.1:$RTSP/front
echo let:me@in >password.txt && chmod 640 password.txt
refuse 3 "password.txt: others than its owner can read" "a password's file is its owner's alone" --user viewer --password-file password.txt "$front"
chmod 600 password.txt && : >empty.txt && chmod 600 empty.txt
refuse 1 "empty.txt: there is no password" "and has a password" --user viewer --password-file empty.txt "$front"
refuse 1 "nothing.txt: No such file" "and is there" --user viewer --password-file nothing.txt "$front"
refuse 2 "go together" "a name without a password" --user viewer "$front"
refuse 2 "go together" "a password without a name" --password-file password.txt "$front"
refuse 1 "--user is another" "two names" --user viewer --password-file password.txt "rtsp://viewer@127.0.0.1:$RTSP/front"
refuse 2 "a camera's" "recordings have no password" --user viewer --password-file password.txt clip.mp4
serve --user viewer --password-file password.txt "$front"
ok $? "name and password from a file"
started "$VIEW_PID"
tr '\0' ' ' <"/proc/$VIEW_PID/cmdline" >words.txt && grep -q bauta-view words.txt && ! grep -q let words.txt
ok $? "which no list of processes shows"
curl -s -m 60 -H "Authorization: Bearer $TOKEN" -o hung.mp4 "$BASE/api/video/live" &
one=$!
until_true 10 test -s hung.mp4
ok $? "and the camera takes them"
kill -STOP "$LIVE_PID"
until_true 30 not kill -0 $one
ok $? "a camera that hangs ends the answer"
kill -CONT "$LIVE_PID"
stop_serving
ok $? "and hangs nothing else"

# ---- H.265 ----

stop_live
configure && add_camera front "rtsp://127.0.0.1:$SOURCE/1" "sign = camera.key" "encoder = x265"
WHO=""
sed -i '/^sub/d' live.ini && start_live && serve --signer camera.pub "$front"
started "$VIEW_PID"
api video/live -m 9 -o h265.mp4 &
one=$!
until_true 9 look_has '"finding":"authentic"' && look_has '"codec":"h265"'
ok $? "a camera's H.265 is told and verified as it comes"
wait $one
[ "$(ffprobe -v error -select_streams v:0 -show_entries stream=codec_name -of csv=p=0 h265.mp4 2>>log.txt)" = hevc ]
ok $? "others read it"
all_protected h265.mp4
ok $? "all of its pictures have their recovery data, too"
opens h265.mp4
ok $? "and the key opens it: $(cat psnr.txt)"
stop_serving && stop_live
ok $? "both end well"

# ---- a client that stops reading ----

end "$CAMERA_PID"
SOURCE=$(ports 1)
head -c $((320 * 240 * 25 * 3 / 2)) /dev/urandom >noise.yuv # a second of much that an encoder cannot make small
ffmpeg -nostdin -v error -y -f rawvideo -pix_fmt yuv420p -s 320x240 -r 25 -i noise.yuv -c:v libx264 -preset ultrafast -qp 24 -g 5 clip.mp4 2>>log.txt &&
    rm noise.yuv && start_camera "$SOURCE" && serve "rtsp://127.0.0.1:$SOURCE/1"
ok $? "a camera that sends $(($(wc -c <clip.mp4) >> 20)) MiB a second"
started "$VIEW_PID"
curl -s -m 120 -H "Authorization: Bearer $TOKEN" -o quick.mp4 "$BASE/api/video/live" &
one=$!
started $one
until_true 10 test -s quick.mp4
until_true 10 has_pipelines 1
ok $? "a client that reads has a pipeline"
mkfifo go
"$PYTHON" "$tests/view/stopped_reader.py" "${BASE#http://}" "$TOKEN" <go >slow.txt 2>>log.txt &
slow=$!
started $slow
exec 8>go
until_true 10 grep -q begun slow.txt && until_true 10 has_pipelines 2
ok $? "and so has one that stops reading"
until_true 60 has_pipelines 1
ok $? "until much of it waits"
before=$(wc -c <quick.mp4)
more_came() { [ "$(wc -c <quick.mp4)" -gt "$before" ]; }
until_true 10 more_came && kill -0 $one
ok $? "the others go on"
echo >&8 && wait $slow
ok $? "and its answer has an end"
kill $one
stop_serving
ok $? "the server ends well"
[ -z "$(grep -aiE 'critical|assert|sanitizer' view.txt)" ]
ok $? "nothing untoward was said"
done_testing
