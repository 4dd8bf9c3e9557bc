#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The player's server on files: what it shows to whom, what it tells of a recording, and what it writes down.
# usage: story.sh BAUTA_PROGRAM
tests=$(cd "$(dirname "$0")/.." && pwd)
. "$tests/cli/lib.sh"
. "$tests/view/lib.sh"
trap '[ -z "$VIEW_PID" ] || kill $VIEW_PID 2>/dev/null; rm -rf "$WORK"' EXIT
VIEW_PID="" HOLDER=""
small_clip 4
bauta key new --sign camera --no-passphrase
mkdir -p shelf/sub "shelf/a b"
bauta protect --recipient own.pub --sign camera.key --regions regions.jsonl clip.avi shelf/one.mp4
ok $? a_recording_is_made
cp shelf/one.mp4 "shelf/a b/two+%.mp4" && echo no video >shelf/sub/three.mp4 && echo secret >secret.mp4
ln -s ../secret.mp4 shelf/link.mp4
bauta key new --sign stranger --no-passphrase

# ---- the start, and what stops it ----

refuse 1 "nothing.mp4: No such file" a_file_that_is_not_there nothing.mp4
echo text >words.mp4
refuse 1 "words.mp4: not a video" words_are_no_video words.mp4
mkdir empty && refuse 1 "empty: there are no recordings" an_empty_folder empty
refuse 2 "--certificate" the_network_only_by_tls --listen 0.0.0.0 shelf
refuse 2 "--certificate" that_of_ipv6_too --listen '[::]:8443' shelf
refuse 2 "wants an address" an_address_that_is_none --listen somewhere shelf
refuse 2 "go together" a_certificate_without_its_key --certificate camera.pub shelf
refuse 1 "camera.pub with camera.key" a_certificate_that_is_none --certificate camera.pub --private-key camera.key shelf
refuse 1 "own.pub: " a_key_that_is_no_signer_s --signer own.pub shelf
refuse 2 "argument" two_things_at_once shelf shelf
refuse 1 "rtsp" an_address_without_a_host rtsp://

serve --signer camera.pub shelf
ok $? the_server_says_where_it_is
[ "$(wc -l <address.txt)" -eq 1 ] && grep -qE '^http://127\.0\.0\.1:[0-9]+/#[0-9a-f]{32}$' address.txt && [ ! -s view.txt ]
ok $? in_one_line_with_a_token
refuse 1 "cannot listen at 127.0.0.1:" a_port_that_is_taken --listen "${BASE#http://}" shelf

# ---- who gets in ----

for path in / /player.js /engine.js /player.css /icon.svg; do
    [ "$(code "$BASE$path")" = 200 ]
    ok $? "everybody_gets_$path"
done
[ "$(code "$BASE/nothing")" = 404 ] && has_problem
ok $? there_is_nothing_else
for path in session recordings video/one.mp4 look/one.mp4 audit; do
    method=GET && [ $path != audit ] || method=POST
    [ "$(code -X $method "$BASE/api/$path")" = 401 ] && has_problem &&
        [ "$(code -X $method -H "Authorization: Bearer 00000000000000000000000000000000" "$BASE/api/$path")" = 401 ] &&
        [ "$(code -X $method -H "Authorization: Basic $TOKEN" "$BASE/api/$path")" = 401 ] &&
        [ "$(code -X $method "$BASE/api/$path?token=$TOKEN")" = 401 ]
    ok $? "the_token_is_needed_for_/api/$path"
done
[ "$(code -H 'Host: evil.example' "$BASE/")" = 421 ] && has_problem && [ "$(with_token -H 'Host: evil.example' "$BASE/api/session")" = 421 ] &&
    [ "$(with_token -H 'Host: 127.0.0.1:1' "$BASE/api/session")" = 421 ] &&
    [ "$(with_token -H "Host: localhost:${BASE##*:}" "$BASE/api/session")" = 200 ]
ok $? another_name_for_this_address_is_refused
[ "$(with_token -H 'Origin: https://evil.example' -d '{}' "$BASE/api/audit")" = 403 ] &&
    [ "$(with_token -H 'Origin: null' "$BASE/api/session")" = 403 ] &&
    [ "$(with_token -H "Origin: $BASE" "$BASE/api/session")" = 200 ]
ok $? another_page_is_refused
good=0
for path in / /api/session /api/nothing; do
    curl -si -H "Authorization: Bearer $TOKEN" "$BASE$path" | tr -d '\r' >head.txt
    for header in "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" \
        "X-Content-Type-Options: nosniff" "Referrer-Policy: no-referrer" "Cache-Control: no-store" \
        "Cross-Origin-Opener-Policy: same-origin" "Cross-Origin-Resource-Policy: same-origin" \
        "Permissions-Policy: camera=(), microphone=(), geolocation=()"; do
        grep -qxF "$header" head.txt || good=1
    done
done
ok $good every_answer_has_its_headers
[ "$(with_token -X DELETE "$BASE/api/video/one.mp4")" = 405 ] && has_problem && [ "$(with_token "$BASE/api/audit")" = 405 ]
ok $? other_methods_are_refused

# ---- recordings ----

api recordings >list.json
/usr/bin/python3 -c '
import json, os
listed = json.load(open("list.json"))
assert [r["id"] for r in listed] == ["one.mp4", "sub/three.mp4", "a b/two+%.mp4"], listed
assert [r["name"] for r in listed] == ["one.mp4", "three.mp4", "two+%.mp4"]
for r in listed:
    status = os.stat("shelf/" + r["id"])
    assert r["size"] == status.st_size and r["modified_ms"] == status.st_mtime_ns // 1000000 and r["live"] is False' 2>log.txt
ok $? recordings_are_listed
api session >session.json
/usr/bin/python3 -c '
import json
s = json.load(open("session.json"))
assert "@" in s["who"] and s["version"] and s["signers"][0]["file"] == "camera.pub" and len(s["signers"][0]["key"]) == 16' 2>log.txt
ok $? the_session_says_who_and_whose_signatures_count

size=$(wc -c <shelf/one.mp4)
: >whole.mp4
at=0
while [ $at -lt "$size" ]; do
    api video/one.mp4 -H "Range: bytes=$at-$((at + 99999))" >>whole.mp4
    at=$((at + 100000))
done
cmp -s whole.mp4 shelf/one.mp4
ok $? its_ranges_are_the_file_to_the_byte
api "video/a%20b/two%2B%25.mp4" -H "Range: bytes=0-" | cmp -s - shelf/one.mp4
ok $? a_name_may_have_any_characters
api video/one.mp4 -D head.txt -o part -H "Range: bytes=5-9" && tr -d '\r' <head.txt | grep -qx "Content-Range: bytes 5-9/$size" &&
    grep -q "^HTTP/1.1 206" head.txt && [ "$(wc -c <part)" -eq 5 ]
ok $? a_range_says_what_it_is
api video/one.mp4 -I | tr -d '\r' >head.txt && grep -qx "Content-Length: $size" head.txt && grep -qx "Accept-Ranges: bytes" head.txt
ok $? a_head_tells_the_length
[ "$(with_token "$BASE/api/video/one.mp4")" = 400 ] && has_problem && [ "$(with_token -H 'Range: bytes=0-1,3-4' "$BASE/api/video/one.mp4")" = 400 ] &&
    [ "$(with_token -H "Range: bytes=$size-" "$BASE/api/video/one.mp4")" = 416 ] && has_problem
ok $? without_a_good_range_there_is_nothing
good=0
for id in ../secret.mp4 %2e%2e/secret.mp4 ..%2fsecret.mp4 sub/../../secret.mp4 sub/%2e%2e/%2e%2e/secret.mp4 link.mp4 %252e%252e/secret.mp4 \
    "/$(pwd | sed 's#^/##')/secret.mp4" //etc/passwd %2fetc%2fpasswd one.mp4%00 sub . ..; do
    for door in video look; do
        status=$(with_token -H 'Range: bytes=0-9' "$BASE/api/$door/$id")
        if [ "$status" != 404 ] || grep -q secret body.txt; then echo "$door $id: $status" >>log.txt && good=1; fi
    done
done
ok $good nothing_outside_of_the_folder_can_be_read

# ---- what is known of them ----

look_done one.mp4 && bauta inspect --json shelf/one.mp4 && mv out.txt inspect.json && bauta verify --json --signer camera.pub shelf/one.mp4
/usr/bin/python3 -c '
import json
look, inspect, verify = (json.load(open(name)) for name in ("look.json", "inspect.json", "out.txt"))
seen, checked = look["inspection"], look["verification"]
for key in ("codec", "width", "height", "truncated", "pictures", "protected_pictures", "damaged_messages", "streams", "stream", "recipients"):
    assert seen[key] == inspect[key], key
assert seen["duration"] == 4.0
lanes = [{"target": t["target"], "class": t["class"], "spans": t["spans"], "missing": t["missing"]} for t in inspect["targets"]]
assert seen["lanes"] == lanes and len(lanes) == 3 and all(len(lane["spans"]) == 1 for lane in lanes)
for key in ("authentic", "pictures", "authentic_pictures", "epochs", "not_covered"):
    assert checked[key] == verify[key], key
assert checked["authentic"] is True
one, = checked["findings"]
each = verify["findings"]
assert one["finding"] == "authentic" and one["count"] == 40 == sum(f["count"] for f in each) and one["fault"] is False
assert one["first"] == each[0]["first"] and one["last"] == each[-1]["last"]
assert (one["epoch"], one["last_epoch"]) == (each[0]["epoch"], each[-1]["epoch"])
for key in ("stream", "key", "utc_ms", "reason"):
    assert one[key] == each[0][key], key' 2>log.txt
ok $? a_look_says_what_inspect_and_verify_say
ff -i shelf/one.mp4 -f lavfi -i sine=d=4 -map 0 -map 1 -c:v copy -c:a aac "shelf/a b/sound.mp4"
ff -i shelf/one.mp4 -i clip.avi -map 0 -map 1 -c:v:0 copy -c:v:1 libx264 "shelf/a b/more.mp4"
for name in sound more; do
    bauta verify --json --signer camera.pub "shelf/a b/$name.mp4"
    echo $? >status.txt
    look_done "a%20b/$name.mp4" && /usr/bin/python3 -c '
import json, sys
checked, verify, status = json.load(open("look.json"))["verification"], json.load(open("out.txt")), int(open("status.txt").read())
more = sys.argv[1] == "more"
assert checked["not_covered"] == verify["not_covered"] and len(verify["not_covered"]) == 1, checked
assert checked["authentic"] is verify["authentic"] is not more and checked["shows_more"] is more and status == 5 * more, (checked, status)' $name 2>log.txt
    ok $? "a_look_says_what_no_signature_covers_of_$name"
done
api look/sub/three.mp4 >/dev/null
tries=0
until api look/sub/three.mp4 | grep -q '"state":"failed"' || [ $tries -gt 100 ]; do sleep 0.1 && tries=$((tries + 1)); done
api look/sub/three.mp4 >log.txt && grep -qF '"problem":"three.mp4: not a video' log.txt
ok $? what_cannot_be_read_is_said_by_name
bauta protect --recipient own.pub --recipient other.pub --regions regions.jsonl clip.avi next.mp4 && cp next.mp4 shelf/one.mp4
look_done one.mp4 && grep -q '"authentic":false' look.json && grep -q '"finding":"unsigned"' look.json
ok $? a_file_that_has_changed_is_looked_at_again
stop_serving
ok $? it_ends_well
serve shelf/one.mp4 && look_done one.mp4
ok $? one_file_alone
[ "$(with_token "$BASE/api/look/sub/three.mp4")" = 404 ] && [ "$(api recordings | grep -o '"id"' | wc -l)" -eq 1 ]
ok $? and_no_other

# ---- the audit log ----

[ "$(with_token -d '{"recording":"one.mp4","outcome":"begun","what":"everybody","why":"theft","case":"2026-118","key":"4c2db4c0420faf21"}' \
    "$BASE/api/audit")" = 201 ] && [ "$(cat body.txt)" = '{"row":1}' ]
ok $? a_row_is_written
bauta audit export --audit audit.db && cp out.txt log.txt
/usr/bin/python3 -c '
import csv, io, json
text = open("out.txt").read()
assert "view" in text and "begun" in text and "one.mp4: everybody" in text and "theft" in text and "2026-118" in text and "4c2db4c0420faf21" in text' 2>>log.txt
ok $? and_says_who_what_and_why
expect 0 the_chain_holds audit verify --audit audit.db
[ "$(with_token -d '{"recording":"one.mp4","outcome":"begun","what":"everybody"}' "$BASE/api/audit")" = 400 ] && has_problem && [ "$(rows)" -eq 1 ]
ok $? nothing_begins_without_a_reason
[ "$(with_token -d '{"recording":"two.mp4","outcome":"done"}' "$BASE/api/audit")" = 404 ] && [ "$(with_token -d 'words' "$BASE/api/audit")" = 400 ] &&
    [ "$(rows)" -eq 1 ]
ok $? nor_is_nonsense_written
for outcome in done denied failed; do
    [ "$(with_token -d "{\"recording\":\"one.mp4\",\"outcome\":\"$outcome\"}" "$BASE/api/audit")" = 201 ]
    ok $? "an_outcome_is_written_$outcome"
done
head -c 70000 /dev/zero | tr '\0' ' ' >large.txt
[ "$(with_token --data-binary @large.txt "$BASE/api/audit")" = 413 ]
ok $? a_body_too_long_is_refused
case $(with_token -H 'Transfer-Encoding: chunked' -H Expect: --data-binary @large.txt "$BASE/api/audit") in 413 | 000) true ;; *) false ;; esac
ok $? also_if_it_does_not_say_how_long_it_is
[ "$(with_token -d words "$BASE/api/session")" = 405 ] && [ "$(with_token -X GET -d words "$BASE/api/session")" = 413 ]
ok $? nobody_else_wants_a_body
# A client that has gone before its row was written
/usr/bin/python3 -c '
import sqlite3, sys, time
log = sqlite3.connect("audit.db", isolation_level=None)
log.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(4)' >held.txt &
HOLDER=$!
until [ -s held.txt ]; do sleep 0.1; done
curl -s -m 1 -H "Authorization: Bearer $TOKEN" -d '{"recording":"one.mp4","outcome":"done"}' "$BASE/api/audit" >/dev/null
[ "$(with_token "$BASE/api/session")" = 200 ]
ok $? others_are_answered_while_a_row_waits
wait $HOLDER
tries=0
until [ "$(rows)" -eq 5 ] || [ $tries -gt 50 ]; do sleep 0.1 && tries=$((tries + 1)); done
[ "$(rows)" -eq 5 ] && [ "$(with_token "$BASE/api/session")" = 200 ]
ok $? a_row_is_written_though_its_client_has_gone
stop_serving
ok $? and_it_goes_on_to_its_end
rm -f audit.db* && mkdir audit.db && serve shelf/one.mp4 &&
    [ "$(with_token -d '{"recording":"one.mp4","outcome":"begun","why":"theft"}' "$BASE/api/audit")" = 500 ] && has_problem
ok $? a_log_that_cannot_be_written_is_an_error
stop_serving
rmdir audit.db

# ---- many connections ----

serve --signer camera.pub shelf
before=$(find /proc/$VIEW_PID/fd | wc -l)
/usr/bin/python3 -c '
import socket, sys
host, port = sys.argv[1].split("//")[1].split(":")
doors = [socket.create_connection((host, int(port))) for _ in range(200)] # they say nothing
' "$BASE"
for i in 1 2 3 4 5 6 7 8 9 10; do [ "$(with_token "$BASE/api/session")" = 200 ] || break; done
[ "$i" = 10 ] && [ "$(find /proc/$VIEW_PID/fd | wc -l)" -lt $((before + 100)) ]
ok $? connections_that_say_nothing_are_bounded
stop_serving

# ---- which file it is ----

serve shelf
etag=$(with_token -I -D head.txt "$BASE/api/video/one.mp4" >/dev/null; tr -d '\r' <head.txt | sed -n 's/^[Ee][Tt]ag: //p')
[ -n "$etag" ] && [ "$(with_token -H "If-Match: $etag" -r 0-99 "$BASE/api/video/one.mp4")" = 206 ] &&
    with_token "$BASE/api/look/one.mp4" >/dev/null && grep -qF "$(printf %s "$etag" | tr -d '"')" body.txt
ok $? video_and_look_tell_the_same_file
touch shelf/one.mp4 && [ "$(with_token -H "If-Match: $etag" -r 0-99 "$BASE/api/video/one.mp4")" = 412 ] && has_problem
ok $? a_file_that_has_changed_is_another
stop_serving

# ---- the browser that is opened ----

mkdir -p data/applications config
printf '[Desktop Entry]\nType=Application\nName=probe\nExec=%s %%f\nMimeType=text/html;\n' "$WORK/probe" >data/applications/probe.desktop
printf '[Default Applications]\ntext/html=probe.desktop\n' >config/mimeapps.list
cat >probe <<'TEXT'
#!/bin/sh
cd "$(dirname "$0")" && stat -c %a "$1" >mode.txt && cp "$1" page.html && echo "$1" >called.txt
TEXT
chmod +x probe
export XDG_DATA_HOME="$WORK/data" XDG_CONFIG_HOME="$WORK/config"
serve --open shelf
tries=0
while [ ! -s called.txt ] && [ $tries -lt 50 ]; do sleep 0.1 && tries=$((tries + 1)); done
grep -qF "$BASE/#$TOKEN" page.html && ! grep -qF "$TOKEN" called.txt && [ "$(cat mode.txt)" = 600 ]
ok $? the_browser_is_opened_and_its_arguments_do_not_tell_the_token
stop_serving && [ ! -e "$(cat called.txt)" ]
ok $? the_signpost_goes_with_the_server
unset XDG_DATA_HOME XDG_CONFIG_HOME

# ---- TLS ----

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tls.key -out tls.crt -days 30 -subj /CN=desk.example \
    -addext 'subjectAltName=DNS:desk.example,DNS:localhost,IP:127.0.0.1' 2>>log.txt
openssl ecparam -name prime256v1 -genkey -noout -out another.key 2>>log.txt && chmod 600 another.key
refuse 1 "tls.crt with another.key: the key is not the certificate's" a_key_that_is_not_the_certificate_s \
    --certificate tls.crt --private-key another.key shelf
openssl genrsa -out rsa.key 2048 2>>log.txt
refuse 1 "tls.crt with rsa.key: the key is not the certificate's" nor_is_one_of_another_kind --certificate tls.crt --private-key rsa.key shelf
chmod 644 tls.key
refuse 3 "tls.key: others than its owner can read or change it: chmod 600 it" nor_is_one_that_others_can_read --certificate tls.crt --private-key tls.key shelf
refuse 1 "own.pub: not a private key, but a public key" a_public_key_is_called_one --certificate tls.crt --private-key own.pub shelf
refuse 1 "tls.crt: not a private key, but a certificate" and_a_certificate_one --certificate tls.crt --private-key tls.crt shelf
chmod 600 tls.key
serve --listen 0.0.0.0 --certificate tls.crt --private-key tls.key shelf && [ "${BASE%%:*}" = https ]
ok $? with_a_certificate_the_network_may_come
port=${BASE##*:}
[ "$(with_token --cacert tls.crt "https://localhost:$port/api/session")" = 200 ] &&
    [ "$(with_token --cacert tls.crt "https://127.0.0.1:$port/api/session")" = 200 ] &&
    [ "$(with_token --cacert tls.crt --resolve "desk.example:$port:127.0.0.1" "https://desk.example:$port/api/session")" = 200 ]
ok $? by_the_names_that_are_certified
name=${ADDRESS#https://}
name=${name%%:*}
[ "$(with_token -k --resolve "$name:$port:127.0.0.1" "https://$name:$port/api/session")" = 200 ]
ok $? and_by_the_one_that_is_printed
[ "$(with_token --cacert tls.crt -H "Host: evil.example:$port" "https://localhost:$port/api/session")" = 421 ]
ok $? and_by_no_other
[ "$(with_token "http://127.0.0.1:$port/api/session")" = 000 ]
ok $? never_without_tls
stop_serving
ok $? it_ends_well_with_tls
! grep -aiE 'critical|assert|sanitizer' view.txt
ok $? nothing_untoward_was_said
done_testing
