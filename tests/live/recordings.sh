#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What recordings and streams tell of time, size and shape, from sources as they are in the world.
. "$(dirname "$0")/lib.sh"
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }

make() { ffmpeg -nostdin -v error -y "$@" 2>>log.txt; } # make ARGUMENT...: a clip
pattern() { echo "-f lavfi -i testsrc2=size=$1:rate=10:duration=2"; }
show() { ffprobe -v error -select_streams v:0 -show_entries "$1" -of csv=p=0 "$2" 2>>log.txt; }
# first CAMERA: its first recording
first() { find rec -name "$1-*.m*" ! -name '*.part' | sort | head -n 1; }

# film NAME SOURCE [LINE...]: a service with this camera, until it has recorded some seconds
film() {
    name=$1
    configure && add_camera "$@" "record = rec" "sub = no"
    sed -i '/^sub = yes/d' live.ini
    start_live && until_true 60 at_least 'stream_units_total.*main' "${UNITS:-40}"
    http "/$name/snapshot.jpg" >"$name.jpg"
    metric source_protected >"$name.twice"
    stop_live
}

make_keys
new_ports
mkdir rec
# shellcheck disable=SC2046 # words
make $(pattern 320x240) $(pattern 160x120) -f lavfi -i sine=d=2 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -c:a aac \
    tracks.mkv &&
    make $(pattern 320x240) -c:v libx264 -preset ultrafast one.264 && make $(pattern 160x128) -c:v libx264 -preset ultrafast two.264 &&
    cat one.264 two.264 >sizes.264 && make -i sizes.264 -c copy sizes.ts &&
    make $(pattern 320x240) -c:v libx264 -preset ultrafast -f mpegts now.ts &&
    make -i now.ts -c copy -output_ts_offset 3600 -f mpegts later.ts && cat now.ts later.ts >jump.ts &&
    make -i jump.ts -c copy -copyts jump.mkv &&
    make $(pattern 320x240) -c:v libx264 -preset ultrafast upright.mp4 &&
    make -i upright.mp4 -c copy -metadata:s:v rotate=90 turned.mp4 &&
    make $(pattern 320x240) -vf setsar=2/1 -c:v libx264 -preset ultrafast wide.mp4
ok $? "keys and clips"

# ---- tracks that do not leave ----

film tracks file:tracks.mkv
ok $? "a file with two pictures and sound runs"
grep -c 'left-out: .*sound, another video track' live.log >said.txt
[ "$(cat said.txt)" = 1 ]
ok $? "what of it does not leave is said, once"
"$LIVE" --config live.ini --check-config >log.txt 2>&1
says "only video leaves" "and the rule, by the check"

# ---- a source that is protected already ----

! grep -q " protected: " live.log
ok $? "of a source that is not protected nothing is said"
film again "file:$(first tracks)"
grep -c "warning again protected: the source is protected by Bauta already" live.log >said.txt
[ "$(cat said.txt)" = 1 ]
ok $? "that a file is protected already is said, once"
[ "$(cat again.twice tracks.twice | tr '\n' ' ')" = "1 0 " ]
ok $? "and has a figure"

# ---- time ----

record=$(first tracks)
[ "$(show format=start_time "$record")" = 0.000000 ]
ok $? "a recording begins at 0"
named=$(basename "$record" | sed 's/.*-\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z.*/\1-\2-\3T\4:\5:\6/')
show format_tags=creation_time "$record" | grep -q "^$named"
ok $? "and was made when its name says"
show packet=pts_time "$record" | "$PYTHON" -c '
import sys
times = [float(line.strip(",\n")) for line in sys.stdin]
sys.exit(min(b - a for a, b in zip(times, times[1:])) <= 0)' 2>>log.txt
ok $? "its times grow"

film jump file:jump.mkv
ok $? "a file whose clock jumps ahead by an hour runs on"
grep -q 'clock: .*jump by +3' live.log
ok $? "and that is said"
[ "$(find rec -name 'jump-*' | wc -l)" = 1 ]
ok $? "in one recording, without a pause"

# ---- a size that changes ----

UNITS=70 film sizes file:sizes.ts
ok $? "a source that changes its size runs on"
[ "$(for file in rec/sizes-*; do show stream=width "$file"; done | sort -u | tr -d '\n')" = 160320 ]
ok $? "each recording has one size"
status=0
for file in rec/sizes-*; do
    "$BAUTA" recover --force --quiet --key court.key --reason test "$file" again.mp4 2>>log.txt || status=1
    rm -f again.mp4
done
ok $status "and is recovered"

# ---- a source that tells no rate ----

if gst-launch-1.0 -q videotestsrc num-buffers=50 ! video/x-raw,width=320,height=240,framerate=25/1 ! openh264enc gop-size=25 ! \
    h264parse ! mp4mux ! filesink location=clip.mp4 >>log.txt 2>&1; then
    start_camera "$SOURCE" --sound
    film rate "rtsp://127.0.0.1:$SOURCE/1"
    ok $? "a camera whose stream tells no rate runs"
    end "$CAMERA_PID"
    grep -q 'left-out: .*sound$' live.log
    ok $? "its sound is said to stay behind"
    make -i "$(first rate)" -c copy rate.264
    rate=$(show stream=r_frame_rate rate.264)
    note "rate told: $rate of 25"
    [ "$((${rate%/*} / ${rate#*/}))" -ge 20 ] && [ "$((${rate%/*} / ${rate#*/}))" -le 30 ]
    ok $? "raw output tells the rate of its pictures"
else
    skip "a camera whose stream tells no rate" "openh264enc is not installed"
fi

# ---- which way up ----

film turned file:turned.mp4
ok $? "a clip that is shown turned runs"
[ "$(show stream=width,height "$(first turned)")" = 240,320 ] && [ "$(show stream=width,height turned.jpg)" = 240,320 ]
ok $? "and leaves upright, in recordings and snapshots"
film camera file:upright.mp4 "turn = 270"
[ "$(show stream=width,height "$(first camera)")" = 240,320 ]
ok $? "a camera is turned as the operator says"
film wide file:wide.mp4
[ "$(show stream=width,height,sample_aspect_ratio "$(first wide)")" = 320,240,2:1 ] &&
    [ "$(show stream=width,height wide.jpg)" = 640,240 ]
ok $? "oblong pixels stay, and are square in snapshots"
film told file:upright.mp4 "aspect = 1:2"
[ "$(show stream=width,height,sample_aspect_ratio "$(first told)")" = 320,240,1:2 ]
ok $? "as the operator says, if nobody else does"

# ---- people who lie in the pixels, and a message of the stream that says so ----

# hidden NAME FILE...: people of the clip, upright as they leave
hidden() {
    "$PYTHON" "$HERE/leaks.py" --baseline baseline.json --heads 0.03 --least 10 people.mp4 "$2" >leaks.txt 2>>log.txt
    status=$?
    note "$(cat leaks.txt)"
    ok $status "$1"
}
make_clip --pictures 30 && make_baseline && mv clip.mp4 people.mp4 && mv clip.csv people.csv &&
    make -i people.mp4 -vf transpose=clock -c:v libx264 -preset veryfast -crf 18 -bf 0 -g 10 \
        -bsf:v h264_metadata=display_orientation=insert:rotate=90 clip.mp4 &&
    make -i people.mp4 -vf transpose=clock -c:v libx264 -preset veryfast -crf 18 -bf 0 -g 10 \
        -bsf:v h264_metadata=display_orientation=insert:rotate=90 lying.264 && make -i clip.mp4 -c copy -bsf:v h264_metadata=display_orientation=remove untold.mp4
ok $? "a clip that lies, and says so in its stream only"
[ "$(show stream=width,height clip.mp4)" = 640,768 ] && ! ffprobe -v error -show_streams clip.mp4 | grep -q rotation
ok $? "which no container tells"
for clip in clip.mp4 lying.264; do
    name=said_${clip%.*}
    UNITS=50 film "$name" "file:$clip"
    ok $? "$clip runs"
    [ "$(show stream=width,height "$(first "$name")")" = 768,640 ] && [ "$(show stream=width,height "$name.jpg")" = 768,640 ]
    ok $? "it leaves upright"
    hidden "and its people are hidden" "$(first "$name")"
done
start_camera "$SOURCE"
UNITS=50 film said_camera "rtsp://127.0.0.1:$SOURCE/1"
ok $? "a camera that says so in its stream runs"
end "$CAMERA_PID"
[ "$(show stream=width,height "$(first said_camera)")" = 768,640 ]
ok $? "its pictures leave upright"
hidden "and its people are hidden" "$(first said_camera)"
[ "$(find rec -name 'said_*' | wc -l)" = 3 ]
ok $? "each in one recording"
film untold file:untold.mp4
[ "$(show stream=width,height "$(first untold)")" = 640,768 ]
ok $? "without the message nothing turns, or this shows nothing"

# ---- a signed recording, in segments ----

"$BAUTA" key new --quiet --sign --no-passphrase camera >/dev/null 2>>log.txt
mv rec other && mkdir rec
UNITS=120 film signed file:upright.mp4 "sign = camera.key" "segment = 2" "epoch = 1000"
ok $? "a signed camera records in segments"
n=$(find rec -name 'signed-*.mp4' | wc -l)
note "$n segments"
[ "$n" -ge 4 ]
ok $? "several"
judge() { "$BAUTA" verify --signer camera.pub rec >verify.txt 2>>log.txt; }
judge && grep -q "$n files.*: authentic, " verify.txt && ! grep -qE "goes on|what follows" verify.txt
status=$?
cat verify.txt >>log.txt
ok $status "they are one recording, from its beginning to its end"
middle=$(find rec -name 'signed-*.mp4' | sort | sed -n 3p)
mv "$middle" middle.mp4 && ! judge && grep -q "missing before" verify.txt
ok $? "one that is missing in the middle is found"
mv middle.mp4 "$middle" && rm "$(first signed)" && judge && grep -q "begins here: the recording goes on before" verify.txt
status=$?
cat verify.txt >>log.txt
ok $status "without the first it begins with the second"

echo "turn = 45" >>live.ini
"$LIVE" --config live.ini --check-config >log.txt 2>&1
says "turn" "a turn that is none is refused"
[ -z "$(grep -aiE 'critical|assert|sanitizer' all.log)" ]
ok $? "nothing untoward was said"
done_testing
