#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sound: every codec in every container, as the muxer itself takes it; and sound that is broken, late or refused.
. "$(dirname "$0")/lib.sh"
bauta key new own --no-passphrase
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"picture\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":32,\"y\":32,\"w\":64,\"h\":64}]}\n", i }' >regions.jsonl

protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
sound() { # the codecs of a file's sound
    ffprobe -v error -select_streams a -show_entries stream=index,codec_name -of csv=p=0 "$1" 2>>ff.txt | grep . | sort -u |
        cut -d, -f2 | paste -sd' '
}
decodes() { # every track of it, without a word
    [ -z "$(ffmpeg -nostdin -v error -i "$1" -map 0:v -map 0:a? -f null - 2>&1 | tee -a ff.txt)" ]
}
lasts() { # the sound of FILE, whole seconds
    ffmpeg -nostdin -v error -i "$1" -map 0:a:0 -f s16le -ac 1 -ar 8000 - 2>>ff.txt | wc -c |
        awk '{ printf "%.0f", $1 / 16000 }'
}

ff -f lavfi -i testsrc2=s=160x128:r=10:d=3 -c:v libx264 -g 10 pictures.mkv
with() { # with CODEC RATE FILE [OPTIONS]: the pictures with sound
    codec=$1 rate=$2 file=$3
    shift 3
    ff -i pictures.mkv -f lavfi -i sine=440:d=3:r="$rate" -map 0 -map 1 -c:v copy -c:a "$codec" -ar "$rate" -ac 1 "$@" "$file"
}

# What goes where, as FFmpeg's muxers take it: codec, rate, containers that hold it, and what it is called there
while read -r codec rate holds; do
    with "$codec" "$rate" "in_$codec.mkv" -strict -2
    name=$(sound "in_$codec.mkv")
    for out in mp4 mov mkv ts; do
        protect "in_$codec.mkv" out.$out
        status=$?
        found=$(sound out.$out)
        case " $holds " in
        *" $out "*) [ $status -eq 0 ] && [ "$found" = "$name" ] && [ "$(lasts out.$out)" -eq 3 ] && decodes out.$out ;;
        *) [ $status -eq 0 ] && [ -z "$found" ] && grep -q "sound is left out: $out cannot hold it; .*mkv.* can" log.txt ;;
        esac
        ok $? "${name}_in_$out"
    done
done <<'TABLE'
aac 48000 mp4 mov mkv ts
ac3 48000 mp4 mov mkv ts
eac3 48000 mp4 mov mkv ts
flac 48000 mp4 mkv
libopus 48000 mp4 mkv ts
libmp3lame 44100 mp4 mov mkv ts
pcm_alaw 8000 mov mkv
pcm_mulaw 8000 mov mkv
pcm_s16le 16000 mov mkv
g726 8000 mov mkv
g722 16000 mov mkv
adpcm_ima_wav 22050 mov mkv
adpcm_ms 22050 mov mkv
adpcm_yamaha 22050 mov mkv
wmav2 44100 mkv
TABLE

# In MOV packets of sound are where they were, also where the input does not tell how many samples each has
last() { # last FILE: when the last packet of its sound is heard
    ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d , | sort -n | tail -n 1
}
for codec in aac g722 g726 adpcm_ima_wav adpcm_ms adpcm_yamaha pcm_s16le; do
    protect in_$codec.mkv out.mov && ! grep -q "ends early" log.txt &&
        awk -v a="$(last in_$codec.mkv)" -v b="$(last out.mov)" 'BEGIN { exit !(a > 2.5 && b > a - 0.1 && b < a + 0.1) }'
    ok $? "packets_of_${codec}_stay_in_their_time_in_mov"
done
# Sound in packets that are shorter than a tick of its container
with truehd 48000 short.mkv -ac 2 -strict -2
for out in mp4 mkv; do
    protect short.mkv out.$out && [ "$(sound out.$out)" = truehd ] && awk -v b="$(last out.$out)" 'BEGIN { exit !(b > 2.9 && b < 3.1) }'
    ok $? "packets_of_less_than_a_millisecond_do_not_make_sound_longer_in_$out"
done
# Blocks of a size that NUT does not tell; and E-AC-3 that it calls AC-3: no run ends, nothing goes unsaid
for codec in adpcm_ms adpcm_ima_wav; do
    with $codec 22050 blocks.nut
    for out in mkv mov; do
        protect blocks.nut out.$out && [ -z "$(sound out.$out)" ] && grep -q "the $codec sound is left out: nothing in the first seconds tells how to read it" log.txt
        ok $? "${codec}_of_no_known_size_is_told_for_$out"
    done
done
with eac3 48000 other.nut
for out in mp4 mov; do
    rm -f out.$out
    protect other.nut out.$out && [ "$(pictures out.$out)" -eq 30 ] && { [ "$(sound out.$out)" = eac3 ] || grep -q "ends early: the container refuses it" log.txt; }
    ok $? "what_only_calls_itself_ac3_does_not_end_the_run_in_$out"
done
# Sound whose first packet looks like a start code by chance: 0, 0, 1 in 8 bits
with pcm_s8 48000 signed.mov
protect signed.mov out.mov && [ "$(lasts out.mov)" -eq 3 ] && ! grep -q "stops being sound" log.txt
ok $? the_first_packet_of_pcm_may_look_like_video

# MPEG layer 2 (in MP4 FFmpeg's own reader calls it layer 3), and MP3 at 8 kHz, which is MPEG 2.5
with mp2 48000 mp2.mkv
for out in mp4 mov mkv ts; do
    protect mp2.mkv out.$out && [ -n "$(sound out.$out)" ] && [ "$(lasts out.$out)" -eq 3 ]
    ok $? "mp2_in_$out"
done
with libmp3lame 8000 mp3.mkv
protect mp3.mkv out.mp4 && [ "$(sound out.mp4)" = mp3 ]
ok $? mp3_at_8_khz_in_mp4

# AAC with headers of its own (ADTS, LATM), as MPEG-TS has it
with aac 48000 adts.ts
for out in mp4 mov mkv ts; do
    protect adts.ts out.$out && [ "$(sound out.$out)" = aac ] && decodes out.$out && [ "$(lasts out.$out)" -eq 3 ]
    ok $? "aac_with_adts_in_$out"
done
with aac 48000 latm.ts -mpegts_flags latm
protect latm.ts out.ts && [ "$(sound out.ts)" = "$(sound latm.ts)" ] && [ -n "$(sound out.ts)" ]
ok $? aac_with_latm_in_ts
protect latm.ts out.mp4 && { [ "$(sound out.mp4)" = aac ] || says_left_out=$(grep -c "cannot hold it" log.txt); } &&
    [ "${says_left_out:-1}" -eq 1 ]
ok $? aac_with_latm_goes_to_mp4_or_is_told

# To a pipe, where nothing can be written afterwards
for codec in aac ac3 flac libopus; do
    "$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format mp4 "in_$codec.mkv" - >pipe.mp4 2>log.txt
    [ "$(sound pipe.mp4)" = "$(sound "in_$codec.mkv")" ] && decodes pipe.mp4
    ok $? "${codec}_in_a_piped_mp4"
done
"$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format mp4 adts.ts - >pipe.mp4 2>log.txt
[ "$(sound pipe.mp4)" = aac ] && decodes pipe.mp4
ok $? aac_with_adts_in_a_piped_mp4

# A raw stream holds pictures only
protect in_aac.mkv out.h264
says "the aac sound is left out: h264 cannot hold it; mp4, mov, mkv, ts can" a_raw_stream_names_the_containers_that_would

# None
for words in "--audio none" "--audio=none" --no-audio; do
    # shellcheck disable=SC2086
    protect $words in_aac.mkv out.mkv && [ -z "$(sound out.mkv)" ] && ! grep -q sound log.txt
    ok $? "no_sound_with_$(echo "$words" | tr -cd a-z)"
done
protect in_aac.mkv whole.mkv
bauta recover --key own.key --audio none whole.mkv out.mkv && [ -z "$(sound out.mkv)" ]
ok $? recover_without_sound
bauta recover --key own.key whole.mkv out.mkv && [ "$(sound out.mkv)" = aac ]
ok $? recover_with_sound
expect 2 another_word_for_audio_is_a_usage_error protect --recipient own.pub --audio some in_aac.mkv no.mkv
expect 2 copy_and_none_exclude_each_other protect --recipient own.pub --audio copy --no-audio in_aac.mkv no.mkv

# Several tracks, one of which the container cannot hold
ff -i in_aac.mkv -i in_pcm_alaw.mkv -map 0:v -map 1:a -map 0:a -c copy two.mkv
protect two.mkv out.mp4 && [ "$(sound out.mp4)" = aac ] && grep -q "pcm_alaw sound is left out" log.txt
ok $? the_other_track_stays
protect two.mkv out.mkv && [ "$(sound out.mkv)" = "pcm_alaw aac" ]
ok $? two_tracks_stay_two

# A packet that the container refuses (AAC that is none): that track ends, the run does not
ff -i pictures.mkv -f lavfi -i sine=440:d=3:r=48000 -map 0 -map 1 -c:v copy -c:a aac -bsf:a noise=amount=1 -f matroska bad.mkv
python3 - <<'PYTHON'
data = bytearray(open("adts.ts", "rb").read())
# one PID more: the sound of the second half loses its ADTS headers
sound = [i for i in range(0, len(data), 188) if ((data[i + 1] & 31) << 8 | data[i + 2]) == 0x101]
for i in sound[len(sound) // 2 :]:
    at = i
    while True:
        at = data.find(b"\xff\xf1", at, i + 188)
        if at < 0:
            break
        data[at] = 0x11
open("headless.ts", "wb").write(data)
PYTHON
for out in mp4 mkv ts; do
    for in in bad.mkv headless.ts; do
        rm -f out.$out
        protect $in out.$out && [ "$(sums out.$out | wc -l)" -eq 30 ]
        ok $? "broken_sound_of_${in%.*}_does_not_end_the_run_in_$out"
    done
done

# Sound that begins 4 s before the first picture: it is kept, in its time
begins() { # begins FILE: when its pictures and its sound are first shown and heard
    ffprobe -v error -show_entries packet=codec_type,pts_time -of csv=p=0 "$1" | awk -F, \
        '!($1 in first) || $2 < first[$1] { first[$1] = $2 } END { printf "%.1f %s\n", first["video"], ("audio" in first) ? sprintf("%.1f", first["audio"]) : "none" }'
}
for in in mp4 mkv ts; do
    ff -f lavfi -i sine=440:d=6:r=48000 -itsoffset 4 -f lavfi -i testsrc2=s=160x128:r=10:d=2 -map 1 -map 0 -vsync passthrough -c:v libx264 -g 10 -c:a aac \
        -movflags faststart -muxdelay 0 early.$in
    for out in mp4 mkv ts; do
        protect early.$in out.$out && [ "$(lasts out.$out)" -eq 6 ] && ! grep -q "left out" log.txt && begins out.$out | tee -a log.txt |
            awk '{ d = $1 - $2; exit !(d > 3.9 && d < 4.1 && $2 < 0.2) }'
        ok $? "sound_long_before_the_first_picture_from_${in}_to_$out"
        "$BAUTA" protect --quiet --recipient own.pub --regions regions.jsonl --format $out - - <early.$in >pipe.$out 2>log.txt &&
            [ "$(lasts pipe.$out)" -eq 6 ] && begins pipe.$out | tee -a log.txt | awk '{ d = $1 - $2; exit !(d > 3.9 && d < 4.1 && $2 < 0.2) }'
        ok $? "and_through_pipes_from_${in}_to_$out"
    done
done
# more than waits in memory: 16 MB are 44 s of this
ff -f lavfi -i sine=440:d=62:r=48000 -itsoffset 60 -f lavfi -i testsrc2=s=160x128:r=10:d=2 -map 1 -map 0 -c:v libx264 -c:a pcm_s32le -ac 2 long.mkv
expect 5 sound_that_waits_too_long_makes_exit_status_5 protect --recipient own.pub --regions regions.jsonl long.mkv out.mkv
[ "$(grep -c "the first picture comes so late that some of the sound before it is left out" log.txt)" -eq 1 ] && begins out.mkv | tee -a log.txt |
    awk '{ exit !($1 > 59.9 && $1 < 60.1) }'
ok $? and_is_told_in_one_line
# sound that stands behind all pictures in the file, and begins before them
python3 - <<'PYTHON'
data = open("early.ts", "rb").read()
packets = [data[i : i + 188] for i in range(0, len(data), 188)]
sound = [p for p in packets if ((p[1] & 31) << 8 | p[2]) == 0x101]
open("behind.ts", "wb").write(b"".join([p for p in packets if p not in sound] + sound))
PYTHON
expect 0 sound_that_stands_behind_its_pictures_is_read protect --recipient own.pub --regions regions.jsonl behind.ts out.mkv
[ "$(lasts out.mkv)" -eq 6 ] && ! grep -q "left out" log.txt && begins out.mkv | tee -a log.txt | awk '{ d = $1 - $2; exit !(d > 3.9 && d < 4.1 && $2 < 0.2) }'
ok $? and_keeps_its_place_before_them

# Sound that begins when everything is under way
if [ -n "${BAUTA_SHARED:-}" ] && [ -d "$BAUTA_SHARED/../cases/latesound" ]; then
    protect "$BAUTA_SHARED/../cases/latesound/in.flv" late.mp4
    [ $? -eq 0 ] && grep -q "begins in the middle of the file is left out" log.txt
    ok $? late_sound_is_told_and_left_out
    protect "$BAUTA_SHARED/../cases/latesoundps/in.mpg" late.mp4
    [ $? -eq 0 ] && grep -q "mp2 sound is left out" log.txt
    ok $? unreadable_sound_is_told_and_left_out
else
    skip late_sound_is_told_and_left_out "no cases here"
    skip unreadable_sound_is_told_and_left_out "no cases here"
fi
done_testing
