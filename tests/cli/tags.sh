#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a recording tells beside pictures and sound, in each container: kept, left out, asked for. docs/carried.md is the table.
. "$(dirname "$0")/lib.sh"
bauta key new own --no-passphrase
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"picture\":%d,\"regions\":[" \
    "{\"target\":1,\"class\":\"body\",\"x\":32,\"y\":32,\"w\":64,\"h\":64}]}\n", i }' >regions.jsonl

protect() { bauta protect --recipient own.pub --regions regions.jsonl "$@"; }
probe() { # probe FILE ENTRIES: values, each once
    ffprobe -v error -show_entries "$2" -of default=nw=1 "$1" 2>>ff.txt | sort -u
}
told() { # told FILE ENTRIES WORDS
    probe "$1" "$2" | grep -qi -- "$3"
}

# An input that tells everything: MP4 with a time, a place, a title, a time code, chapters, subtitles and a cover
cat >chapters.txt <<'META'
;FFMETADATA1
title=Jane at the door
artist=Jane
comment=seen by Jane
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Jane comes
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=3000
title=Jane goes
META
printf '1\n00:00:00,500 --> 00:00:01,500\nThis is Jane\n' >words.srt
ff -f lavfi -i color=red:s=64x64:d=0.1 -frames:v 1 cover.png
ff -f lavfi -i testsrc2=s=160x128:r=25:d=3 -f lavfi -i sine=440:d=3:r=48000 -i words.srt -i chapters.txt -i cover.png \
    -map 0 -map 1 -map 2 -map 4 -map_metadata 3 -map_chapters 3 -c:v:0 libx264 -g 25 -c:v:1 png -disposition:v:1 attached_pic \
    -c:a aac -c:s mov_text -metadata creation_time=2026-03-01T10:00:00Z -metadata location=+51.5000-000.1200/ \
    -metadata:s:a:0 language=fra -metadata:s:s:0 language=eng -timecode 10:00:00:00 -color_primaries bt709 -color_trc bt709 \
    -colorspace bt709 all.mp4
told all.mp4 format_tags location && told all.mp4 stream=codec_name mov_text && told all.mp4 stream=codec_name png
ok $? the_input_tells_everything

for out in mp4 mov mkv ts h264; do
    protect all.mp4 out.$out
    cp log.txt said.txt
    ! grep -aq Jane out.$out && ! told out.$out format_tags 51.5
    ok $? "no_name_and_no_place_in_$out"
    ok=0
    case $out in
    mp4 | mov) chapters="titles of chapters" ask="(--keep-tags, --keep-subtitles keep some)" ;;
    mkv) chapters="titles of chapters" ask="(--keep-tags keeps tags)" ;;
    ts) chapters=", chapters" ask="(--keep-tags keeps tags)" ;;
    *) chapters=", chapters" ask="" ;;
    esac
    for thing in "subtitles (mov_text eng)" "cover picture" title artist comment location "$chapters" "$ask"; do
        grep -qF -- "$thing" said.txt || ok=1
    done
    [ "$(grep -c "left out: " said.txt)" -le 2 ] && [ $ok -eq 0 ]
    ok $? "one_line_names_what_is_left_out_of_$out"
    bauta protect --quiet --recipient own.pub --regions regions.jsonl all.mp4 out.$out && ! grep -qv "sound is left out" log.txt
    ok $? "quiet_tells_losses_only_in_$out"
    case $out in
    mp4 | mov | mkv)
        told out.$out format_tags:stream_tags "creation_time=2026-03-01T10:00:00" &&
            told out.$out stream_tags "timecode=10:00:00:00"
        ok $? "creation_time_and_time_code_are_kept_in_$out"
        [ "$(ffprobe -v error -show_chapters -show_entries chapter=start_time,end_time -of csv=p=0 out.$out | cut -d, -f1,2 |
            paste -sd' ')" = "0.000000,1.000000 1.000000,3.000000" ] && told out.$out chapter_tags "Chapter 2"
        ok $? "times_of_chapters_are_kept_in_$out"
        ;;
    *)
        grep -q "time code" said.txt
        ok $? "no_time_code_in_${out}_is_told"
        ;;
    esac
    case $out in
    h264) ;;
    *)
        told out.$out stream_tags language=fra
        ok $? "the_language_of_sound_is_kept_in_$out"
        ;;
    esac
    told out.$out stream=color_primaries bt709 && told out.$out stream=color_transfer bt709
    ok $? "colours_are_kept_in_$out"
done

# Who asks gets it
protect --keep-tags --keep-subtitles all.mp4 kept.mp4 && cp log.txt said.txt &&
    told kept.mp4 format_tags "title=Jane at the door" && told kept.mp4 format_tags 51.5 &&
    told kept.mp4 chapter_tags "Jane goes" && told kept.mp4 stream=codec_name mov_text &&
    ffmpeg -nostdin -v error -i kept.mp4 -map 0:s:0 -f srt - 2>>ff.txt | grep -q "This is Jane"
ok $? tags_and_subtitles_come_when_asked_for
! grep -q "subtitles\|location\|--keep" said.txt && grep -q "left out: cover picture" said.txt
ok $? and_only_the_cover_picture_is_left_out
# as phones of Apple's write them
ff -i all.mp4 -map 0:v:0 -map_metadata -1 -c copy -movflags use_metadata_tags -metadata com.apple.quicktime.location.ISO6709=+51.5000-000.1200/ \
    -metadata com.apple.quicktime.make=Maker phone.mov
protect phone.mov phone.mp4 && grep -q "left out: .*location.*(--keep-tags keeps tags)" log.txt && ! grep -aq "51.5" phone.mp4
ok $? what_a_phone_says_is_left_out
protect --keep-tags phone.mov kept.mov && told kept.mov format_tags 51.5 && told kept.mov format_tags make=Maker
ok $? and_comes_when_asked_for
protect --keep-subtitles all.mp4 kept.mkv
says "the mov_text subtitles are left out: mkv cannot hold them; mp4, mov can" subtitles_that_do_not_fit_are_told
ff -i all.mp4 -i words.srt -map 0:v:0 -map 1 -c:v copy -c:s srt -metadata:s:s:0 language=eng srt.mkv
protect --keep-subtitles srt.mkv kept.mkv && told kept.mkv stream=codec_name subrip && told kept.mkv stream_tags language=eng
ok $? subrip_in_mkv

# What was asked for and cannot be held is named with the rest
protect --keep-tags --keep-subtitles --audio none all.mp4 kept.ts && grep -q "left out: .*artist, comment.*, chapters" log.txt &&
    grep "left out: " log.txt | tee -a said.txt | grep -vq "title\|--keep-tags" && [ "$(probe kept.ts program_tags=service_name)" = "TAG:service_name=Jane at the door" ]
ok $? ts_holds_a_title_and_names_the_other_tags_and_chapters_that_it_does_not
protect --keep-tags all.mp4 kept.h264 && grep "left out: " log.txt | grep "title" | grep "artist" | grep "comment" | grep "location" |
    grep "chapters" | grep -vq "titles of chapters\|--keep"
ok $? a_raw_stream_holds_none_of_them
ff -i all.mp4 -map 0:v:0 -c copy -metadata operator=Jane odd.mkv
protect --keep-tags odd.mkv kept.mkv && ! grep -q "operator" log.txt && told kept.mkv format_tags "operator=Jane"
ok $? matroska_holds_any_tag
protect --keep-tags odd.mkv odd.mp4 && grep -qi "left out: operator$" log.txt && told odd.mp4 format_tags "title=Jane at the door"
ok $? mp4_does_not_and_names_those_it_does_not_hold

# Recovering goes by the same rules; amending keeps what there is
bauta recover --key own.key kept.mp4 open.mp4 && ! grep -aq "at the door" open.mp4 && grep -q "left out: .*title" log.txt &&
    told open.mp4 format_tags creation_time=2026-03-01
ok $? recover_leaves_out_what_names_people
bauta recover --keep-tags --keep-subtitles --key own.key kept.mp4 open.mp4 && grep -aq "at the door" open.mp4 &&
    told open.mp4 stream=codec_name mov_text
ok $? recover_keeps_it_when_asked
bauta key new other --no-passphrase
bauta rewrap --key own.key --add other.pub kept.mp4 again.mp4 && told again.mp4 format_tags "title=Jane at the door" &&
    told again.mp4 stream=codec_name mov_text && told again.mp4 stream_tags timecode=10:00:00:00 &&
    told again.mp4 chapter_tags "Jane goes"
ok $? rewrap_keeps_what_there_is

# When it began: as it says, or as --began says
protect --began 2020-01-02T03:04:05Z all.mp4 began.mp4 && told began.mp4 format_tags creation_time=2020-01-02T03:04:05 &&
    told began.mp4 stream_tags creation_time=2020-01-02T03:04:05
ok $? began_is_written_as_creation_time
protect all.mp4 own_time.mp4
ask() { bauta grant --key own.key --recipient other.pub --reason "theft" "$@" own_time.mp4 -o it.grant; }
ask --since 2026-03-01T10:00:00Z --until 2026-03-01T10:00:02Z && ! ask --since 2026-03-01T11:00:00Z --until 2026-03-01T12:00:00Z
ok $? without_it_the_recording_is_taken_at_its_word

# Fields stay fields
ff -f lavfi -i testsrc2=s=160x128:r=50:d=2 -vf tinterlace=interleave_top,fieldorder=tff -pix_fmt yuv420p -c:v libx264 -flags +ildct+ilme tff.mp4
ff -f lavfi -i testsrc2=s=160x128:r=50:d=2 -vf tinterlace=interleave_top,fieldorder=bff -pix_fmt yuv420p -c:v libx264 -flags +ildct+ilme \
    -x264-params bff=1 bff.mp4
for order in tff bff; do
    first=$([ $order = tff ] && echo 1 || echo 0)
    for out in mp4 mov mkv ts h264; do
        protect $order.mp4 out.$out &&
            [ "$(ffprobe -v error -select_streams v:0 -show_entries frame=interlaced_frame,top_field_first -of default=nw=1 \
                out.$out | sort | uniq -c | tr -d '\n ')" = "50interlaced_frame=150top_field_first=$first" ]
        ok $? "${order}_stays_in_$out"
    done
    for out in mp4 mov mkv; do
        protect --codec h265 $order.mp4 out.$out && told out.$out stream=field_order "$(echo $order | cut -c1)"
        ok $? "${order}_is_told_of_h265_in_$out"
    done
    protect --recovery lossless $order.mp4 out.mkv && bauta recover --lossless --key own.key out.mkv open.mkv
    # what is under the mask comes back to the bit: a place well inside of it
    for f in $order.mp4 open.mkv; do
        ffmpeg -nostdin -v error -i $f -vf crop=32:32:48:48 -f framemd5 - | grep -v '^#' | awk '{print $NF}' >"$f.sums"
    done
    cmp -s $order.mp4.sums open.mkv.sums
    ok $? "${order}_comes_back_exactly"
done
protect all.mp4 out.mp4 && told out.mp4 stream=field_order progressive
ok $? progressive_stays_progressive

# The stream's own clock is that of its pictures
ff -f lavfi -i testsrc2=s=160x128:r=25:d=8 -c:v libx264 -g 25 -bf 2 -video_track_timescale 10240 cfr.mp4
ff -f lavfi -i testsrc2=s=160x128:r=30000/1001:d=4 -c:v libx264 -g 30 ntsc.mkv
ff -f lavfi -i testsrc2=s=160x128:r=25:d=8 -vf "select=not(mod(n\,5))+lt(n\,50)" -vsync vfr -c:v libx264 -video_track_timescale 90000 vfr.mp4
for codec in h264 h265; do
    for in in cfr.mp4:25/1 ntsc.mkv:30000/1001; do
        protect --codec $codec --preset medium "${in%:*}" "out.$codec" && told "out.$codec" stream=r_frame_rate "=${in#*:}"
        ok $? "a_raw_${codec}_stream_has_the_rate_of_${in%:*}"
    done
    protect --codec $codec --preset medium cfr.mp4 "out.$codec" && bauta inspect "out.$codec" && grep -q " 7\.960 " out.txt
    ok $? "eight_seconds_of_${codec}_with_b_pictures_last_eight"
    protect --codec $codec vfr.mp4 "out.$codec" && bauta inspect "out.$codec" &&
        awk '$2 == "body" { exit !($4 > 6.5 && $4 < 8.5) }' out.txt
    ok $? "pictures_at_a_rate_that_varies_last_as_long_in_$codec"
    if command -v gst-launch-1.0 >/dev/null; then
        protect --codec $codec cfr.mp4 "out.$codec" && gst-launch-1.0 -v filesrc location="out.$codec" ! ${codec}parse ! fakesink \
            2>>ff.txt | grep -q "framerate=(fraction)25/1"
        ok $? "gstreamer_reads_the_rate_of_$codec"
    else
        skip "gstreamer_reads_the_rate_of_$codec" "no GStreamer"
    fi
    bauta recover --key own.key --codec $codec "out.$codec" "open.$codec" && told "open.$codec" stream=r_frame_rate "=25/1"
    ok $? "recover_writes_the_clock_of_$codec"
done

# The screen that HDR was made for
if command -v mkvmerge >/dev/null; then
    ff -i all.mp4 -map 0:v:0 -c copy -map_metadata -1 -map_chapters -1 plain.mkv
    mkvmerge -q -o hdr.mkv --max-content-light 0:1000 --max-frame-light 0:400 --max-luminance 0:1000 --min-luminance 0:0.01 \
        --chromaticity-coordinates 0:0.68,0.32,0.265,0.69,0.15,0.06 --white-colour-coordinates 0:0.3127,0.329 plain.mkv
    for codec in h264 h265; do
        for out in mp4 mkv ts; do
            protect --codec $codec hdr.mkv out.$out &&
                ffmpeg -nostdin -i out.$out -map 0:v -c copy -bsf:v trace_headers -f null - >sides.txt 2>&1 &&
                grep -q "max_content_light_level .* = 1000$" sides.txt &&
                grep -q "max_display_mastering_luminance .* = 10000000$" sides.txt &&
                { [ $out = ts ] || ffprobe -v error -show_streams out.$out | grep -q max_content=1000; }
            ok $? "hdr_is_kept_of_${codec}_in_$out"
        done
    done
else
    skip hdr_is_kept "no mkvmerge"
fi

# The same where only the stream tells it
ff -f lavfi -i testsrc2=s=160x128:r=25:d=1 -c:v libx265 -pix_fmt yuv420p10le -x265-params \
    "log-level=none:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,100):max-cll=1000,400" screen.ts
ff -i screen.ts -c copy screen.h265
ff -i screen.ts -c copy screen.mkv
for in in screen.ts screen.h265 screen.mkv; do
    for codec in h264 h265; do
        for out in mp4 mkv ts $codec; do
            protect --codec $codec $in out.$out && ! grep -q "mastering" log.txt &&
                ffmpeg -nostdin -i out.$out -map 0:v -c copy -bsf:v trace_headers -f null - >sides.txt 2>&1 &&
                grep -q "max_content_light_level .* = 1000$" sides.txt &&
                grep -q "max_display_mastering_luminance .* = 10000000$" sides.txt &&
                { [ $out = ts ] || [ $out = $codec ] || ffprobe -v error -show_streams out.$out | grep -q max_content=1000; }
            ok $? "what_sei_of_${in}_tells_of_the_screen_is_kept_of_${codec}_in_$out"
        done
    done
done
for out in mp4 mkv; do
    protect --encoder libx264 screen.ts out.$out && ! grep -q "mastering" log.txt && ffprobe -v error -show_streams out.$out | grep -q max_content=1000
    ok $? "another_encoder_tells_nothing_but_${out}_does"
done
for out in ts h264; do
    protect --encoder libx264 screen.ts out.$out && grep -q "left out: mastering display and light level" log.txt
    ok $? "another_encoder_tells_nothing_and_${out}_cannot_and_that_is_said"
done

# Other video, data and attachments are named
ff -i all.mp4 -f lavfi -i testsrc2=s=64x64:r=25:d=3 -map 0:v:0 -map 1 -c:v:0 copy -c:v:1 libx264 -attach words.srt \
    -metadata:s:t mimetype=text/plain two.mkv
bauta protect --quiet --recipient own.pub --regions regions.jsonl two.mkv out.mkv
says "video track 2 (h264 64x64)" another_video_track_is_told_even_when_quiet
says "attachment" an_attachment_is_told

# Encrypted, or signed by others
ff -f lavfi -i testsrc2=s=160x128:r=25:d=2 -c:v libx264 -encryption_scheme cenc-aes-ctr \
    -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8 cenc.mp4
expect 1 encrypted_video_is_refused protect --recipient own.pub --regions regions.jsonl cenc.mp4 no.mp4
says "cenc.mp4: is encrypted (CENC): decrypt it first" and_told
absent no.mp4 and_nothing_is_written
for scheme in "ONVIF Media Signing:005bc93f-2d71-5e95-ada4-796f90877a6f" "Axis Signed Video:5369676e-6564-2056-6964-656f2e2e2e30"; do
    ff -f lavfi -i testsrc2=s=160x128:r=25:d=2 -c:v libx264 -bsf:v "h264_metadata=sei_user_data=${scheme#*:}+x" signed.mp4
    protect signed.mp4 out.mp4 && [ "$(grep -c "is signed by ${scheme%%:*}: the signature covers" log.txt)" -eq 1 ]
    ok $? "$(echo "${scheme%%:*}" | tr ' ' _)_is_told_once"
done
protect cfr.mp4 out.mp4 && ! grep -q "signed\|left out" log.txt
ok $? who_tells_nothing_hears_nothing
if [ -n "${BAUTA_SHARED:-}" ] && [ -f "$BAUTA_SHARED/conformance/signed/onvif_test_signed_h265.mp4" ]; then
    protect "$BAUTA_SHARED/conformance/signed/onvif_test_signed_h265.mp4" out.mp4
    says "is signed by ONVIF Media Signing" the_h265_of_a_real_camera_is_told
else
    skip the_h265_of_a_real_camera_is_told "no shared data"
fi
done_testing
