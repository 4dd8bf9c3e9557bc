# SPDX-License-Identifier: Apache-2.0
# Sourced. Protects a clip of people walking, recovers it, measures both, and shows them side by side.

DEMO=$ROOT/demo
BAUTA=$ROOT/build/bauta
SHOWN_PICTURE=450

now_ms() { date +%s%3N; }

# timed NAME COMMAND...: sets NAME_ms
timed() {
    name=$1
    shift
    start=$(now_ms)
    logged "$DEMO.part/log.txt" "$@" || die "the demo failed at '$name': $(tail -n 1 "$DEMO.part/log.txt")"
    eval "${name}_ms=$(($(now_ms) - start))"
}

ffmpeg_quietly() {
    ffmpeg -nostdin -v error -y "$@"
}

# The clip encoded as `bauta protect` encodes, but without hiding anything.
encode_plain() {
    ffmpeg_quietly -i "$CLIP" -an -c:v libx264 -preset veryfast -crf 23 -g 20 -keyint_min 20 -sc_threshold 0 "$1"
}

video_bytes() {
    ffmpeg_quietly -i "$1" -map 0:v -c copy -f h264 - | wc -c
}

# "drawtext=...," for a word in a corner, or nothing if there is no font.
label() {
    font=$(find /usr/share/fonts -name '*Sans*.ttf' 2>/dev/null | sort | head -n 1)
    [ -z "$font" ] ||
        printf 'drawtext=fontfile=%s:text=%s:fontsize=26:fontcolor=white:box=1:boxcolor=black:boxborderw=8:x=12:y=12,' \
            "$font" "$1"
}

# Plain, masked and recovered side by side: the whole picture, and below it a person enlarged.
contact_sheet() {
    crop=$("$PYTHON" "$ROOT/tools/measure" crop "$DEMO.part/report.jsonl" "$SHOWN_PICTURE")
    filter=''
    for i in 0 1 2; do
        word=$(echo plain masked recovered | cut -d ' ' -f $((i + 1)))
        filter="$filter[$i:v]select='eq(n,$SHOWN_PICTURE)',split[a$i][b$i];"
        filter="$filter[a$i]scale=640:-2,$(label "$word")format=yuv444p[w$i];"
        filter="$filter[b$i]crop=$crop,scale=640:480:flags=neighbor,format=yuv444p[p$i];"
    done
    filter="$filter[w0][w1][w2]hstack=3[wide];[p0][p1][p2]hstack=3[near];[wide][near]vstack"
    ffmpeg_quietly -i "$CLIP" -i "$DEMO.part/masked.mp4" -i "$DEMO.part/recovered.mp4" \
        -filter_complex "$filter" -frames:v 1 "$DEMO.part/contact-sheet.png"
}

run_demo() {
    rm -rf "$DEMO.part"
    mkdir "$DEMO.part"
    export XDG_STATE_HOME="$DEMO.part/state" # the demo's audit log is not the user's own
    say "protecting and recovering $(basename "$CLIP"); this takes a minute"
    timed key "$BAUTA" key new "$DEMO.part/demo" --no-passphrase
    timed protect "$BAUTA" protect --recipient "$DEMO.part/demo.pub" --mask both \
        --report "$DEMO.part/report.jsonl" "$CLIP" "$DEMO.part/masked.mp4"
    timed recover "$BAUTA" recover --reason "to measure it" --key "$DEMO.part/demo.key" "$DEMO.part/masked.mp4" "$DEMO.part/recovered.mp4"
    # To measure what the recovery data hold, not what encoding them once more makes of them.
    timed exact "$BAUTA" recover --reason "to measure it" --lossless --key "$DEMO.part/demo.key" "$DEMO.part/masked.mp4" \
        "$DEMO.part/exact.mp4"
    timed plain encode_plain "$DEMO.part/plain.mp4"
    "$BAUTA" inspect --json "$DEMO.part/masked.mp4" >"$DEMO.part/inspect.json"
    # shellcheck disable=SC2154 # the times are set by `timed`
    "$PYTHON" "$ROOT/tools/measure" table "$DEMO.part" "$CLIP" "$protect_ms" "$recover_ms" \
        "$(video_bytes "$DEMO.part/plain.mp4")" >"$DEMO.part/figures.txt"
    contact_sheet
    rm -f "$DEMO.part/exact.mp4" "$DEMO.part/log.txt"
    rm -rf "$DEMO"
    mv "$DEMO.part" "$DEMO"
    cat "$DEMO/figures.txt"
    where_it_is
}

where_it_is() {
    cat <<'TEXT'

demo/contact-sheet.png   the same picture plain, masked and recovered
demo/masked.mp4          what everybody sees; any player plays it:  ffplay demo/masked.mp4
demo/recovered.mp4       what the holder of demo/demo.key sees:     ffplay demo/recovered.mp4
demo/plain.mp4           the clip as encoded without Bauta, to compare
demo/report.jsonl        what was hidden where, one line a picture
demo/state               the audit log of all this:  build/bauta audit list --audit demo/state/bauta/audit.db
demo/inspect.json        what the masked file carries: build/bauta inspect demo/masked.mp4

In a browser:     build/bauta view demo/masked.mp4   (open the address that it prints; Unseal takes demo/demo.key)
One person only:  build/bauta recover --key demo/demo.key --reason "a look" --target 1 demo/masked.mp4 one.mp4
TEXT
}
