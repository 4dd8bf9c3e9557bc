#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""views.py BAUTA: people are hidden whichever way a file stores its pictures, and what comes out is shown upright. TAP.
Each input is a few pictures of the demo clip, stored turned, mirrored or with oblong pixels, and says so in its own way;
the clip as it is tells what is right."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

from demo_clip import demo_clip

BAUTA = os.path.abspath(sys.argv[1])
CLIP = demo_clip()
WIDTH, HEIGHT, PICTURES = 768, 576, 12
SMALL = 96, 72  # of pictures that are compared
COARSE = 4      # pixels of a mask that are compared as one
n_tests = 0


def ok(good, name, why=""):
    global n_tests
    n_tests += 1
    print(f"{'ok' if good else 'not ok'} {n_tests} - {name}")
    if not good:
        print("# " + str(why).replace("\n", "\n# "))
    sys.stdout.flush()


def skip(name, why):
    global n_tests
    n_tests += 1
    print(f"ok {n_tests} - {name} # SKIP {why}")


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def bauta(*arguments):
    makes = ["--force"] if arguments[0] in ("protect", "recover") else []
    done = run(BAUTA, *arguments, *makes)
    return done.returncode, done.stderr.decode()


# What stores pictures so that they must be turned by so much, clockwise, after they are mirrored perhaps.
TURNS = {0: "null", 90: "transpose=2", 180: "hflip,vflip", 270: "transpose=1"}


def store(name, turn=0, mirrored=False, scale=None, codec="libx264", lossless=("-qp", "0")):
    """The clip, stored so; nothing in the file says it yet."""
    filters = TURNS[turn] + (",hflip" if mirrored else "") + (f",scale={scale}" if scale else "") + ",setsar=1"
    ffmpeg("-i", CLIP, "-frames:v", str(PICTURES), "-vf", filters, "-pix_fmt", "yuv420p", "-c:v", codec, *lossless,
           "-preset", "ultrafast", name)


def matrix(turn, mirrored):
    """a, b, c, d of a display matrix."""
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    sign = -1 if mirrored else 1
    return sign * cosine, sign * sine, -sine, cosine


def say_in_mp4(name, turn, mirrored=False):
    data = bytearray(open(name, "rb").read())
    at = data.index(b"tkhd") + 44
    assert struct.unpack_from(">9i", data, at) == (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    a, b, c, d = matrix(turn, mirrored)
    struct.pack_into(">9i", data, at, a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    open(name, "wb").write(data)


def display_orientation(turn):
    """The SEI message of ITU-T H.265 D.2.17 (turned anticlockwise in 2^16ths; it persists), as a NAL unit."""
    bits = f"000{(360 - turn) % 360 * 65536 // 360:016b}1" + "1000"
    payload = int(bits, 2).to_bytes(3, "big")
    return b"\0\0\0\1\x4e\x01" + bytes([47, 3]) + payload + b"\x80"


def say_in_h265(name, turn, once=False):
    """Before the first slice of each random access picture, or of the first one."""
    parts = open(name, "rb").read().split(b"\0\0\1")
    out = parts[0]
    for part in parts[1:]:
        kind = part[0] >> 1 & 63
        if 16 <= kind <= 21 and part[2] & 0x80 and not (once and display_orientation(turn) in out):
            out += display_orientation(turn)
        out += b"\0\0\1" + part
    open(name, "wb").write(out)


def say_in_hvcc(name, turn):
    """In the header of an MP4 whose index stands at the end (ISO/IEC 14496-15, 8.3.3.1), one array of one message."""
    data = bytearray(open(name, "rb").read())
    nal = display_orientation(turn)[4:]
    array = bytes([0x80 | 39]) + struct.pack(">HH", 1, len(nal)) + nal
    at = data.index(b"hvcC")
    size, = struct.unpack(">I", data[at - 4:at])
    data[at + 4 + 22] += 1
    data[at - 4 + size:at - 4 + size] = array
    for box in (b"hvcC", b"hev1", b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        place = data.rindex(box, 0, at + 4) - 4
        data[place:place + 4] = struct.pack(">I", struct.unpack(">I", data[place:place + 4])[0] + len(array))
    open(name, "wb").write(data)


def say_in_exif(name, orientation):
    """In each JPEG of a file of nothing else (EXIF 2.3, 4.6.4: the orientation alone)."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0) + bytes(4)
    start, segment = b"\xff\xd8\xff", b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    data = open(name, "rb").read()
    open(name, "wb").write(data.replace(start, start[:2] + segment + start[2:]))


def shown(name):
    """Pictures as ffmpeg shows them, small and gray."""
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", name, "-map", "0:v", "-vf",
                           f"scale={SMALL[0]}:{SMALL[1]}", "-pix_fmt", "gray", "-f", "rawvideo", "-"], check=True,
                          capture_output=True).stdout


def difference(one, other):
    a, b = shown(one), shown(other)
    return sum(abs(x - y) for x, y in zip(a, b)) / len(b) if len(a) == len(b) else 255


def probe(name):
    done = run("ffprobe", "-v", "error", "-select_streams", "v", "-show_streams", "-of", "json", name)
    return json.loads(done.stdout)["streams"][0]


def lines(report):
    return [json.loads(line) for line in open(report)]


def cells(line):
    """Which parts of the picture as shown are hidden, in COARSE pixels of the clip as it is."""
    turn, mirrored = line.get("turn", 0), line.get("mirrored", False)
    width, height = line["width"], line["height"]
    hidden = set()
    for r in line["regions"]:
        x, y, w, h = r["x"], r["y"], r["w"], r["h"]
        if mirrored:
            x = width - x - w
        if turn == 90:
            x, y, w, h = height - y - h, x, h, w
        elif turn == 180:
            x, y = width - x - w, height - y - h
        elif turn == 270:
            x, y, w, h = y, width - x - w, h, w
        across = WIDTH / (height if turn % 180 else width)
        down = HEIGHT / (width if turn % 180 else height)
        for row in range(round(y * down / COARSE), round((y + h) * down / COARSE)):
            for column in range(round(x * across / COARSE), round((x + w) * across / COARSE)):
                hidden.add((column, row))
    return hidden


def alike(report):
    """How much of what is hidden is hidden in the clip as it is: intersection over union over all pictures, and the
    share of that which is missing."""
    same = both = missing = wanted = 0
    for one, other in zip(lines(report), lines("control.jsonl")):
        a, b = cells(one), cells(other)
        same += len(a & b)
        both += len(a | b)
        missing += len(b - a)
        wanted += len(b)
    return same / max(both, 1), missing / max(wanted, 1)


def protect(source, out, *options):
    return bauta("protect", "--recipient", "own.pub", "--preset", "ultrafast", "--crf", "10", "--report", "report.jsonl", *options,
                 source, out)


def people_are_hidden(name, source, out="out.mp4", view=None, options=(), least=0.85):
    """The whole of one case: who is hidden, what the report says, and what the masked and the recovered file show."""
    status, said = protect(source, out, *options)
    overlap, missing = alike("report.jsonl") if status == 0 else (0, 1)
    ok(status == 0 and overlap > least and missing < 0.05, f"{name}_hides_the_same_people",
       f"{status}: {overlap:.3f} the same, {missing:.3f} missing\n{said}")
    first = lines("report.jsonl")[0] if status == 0 else {}
    told = {key: first[key] for key in ("turn", "mirrored", "pixel") if key in first}
    ok(told == (view or {}), f"{name}_reports_the_view", told)
    off = difference(out, "control-masked.mp4") if status == 0 else 255
    ok(off < 4, f"{name}_is_shown_as_the_clip_is", f"{off:.1f} levels apart\n{said}")
    status, said = bauta("recover", "--quiet", "--crf", "10", "--key", "own.key", "--reason", "test", out, "back.mp4")
    off = difference("back.mp4", "control.mp4") if status == 0 else 255
    ok(off < 2, f"{name}_recovers_as_the_clip_is", f"{off:.1f} levels apart\n{said}")


def containers(source, turned):
    """Where the container says it, pixels stay; where it cannot, they are turned, and that is said."""
    for out in ("out.mov", "out.m4v", "out.mkv", "out.ts", "out.h264"):
        status, said = protect(source, out)
        tells = out.endswith(("mov", "m4v"))
        size = probe(out)["width"], probe(out)["height"]
        kind = out.split(".")[1]
        ok(status == 0 and difference(out, "control-masked.mp4") < 4, f"{turned}_is_shown_upright_from_{kind}", said)
        ok(size == ((HEIGHT, WIDTH) if tells else (WIDTH, HEIGHT)) and ("turned by 90" in said) != tells,
           f"{turned}_is_kept_or_turned_in_{kind}", f"{size}\n{said}")
        overlap, missing = alike("report.jsonl")
        ok(overlap > 0.85 and missing < 0.05, f"{turned}_reports_stored_pixels_with_{kind}", f"{overlap:.3f} {missing:.3f}")
    with open("piped.mp4", "wb") as piped:
        subprocess.run([BAUTA, "protect", "--quiet", "--recipient", "own.pub", "--format", "mp4", source, "-"],
                       stdout=piped, check=False)
    ok(difference("piped.mp4", "control-masked.mp4") < 4, f"{turned}_is_shown_upright_from_a_pipe")


def blocks_fit(pixel):
    """Whether no mask of the report has more than four blocks across its shorter side, as it is shown."""
    regions = [region for line in lines("report.jsonl") for region in line["regions"]]
    sides = [min(r["w"] * max(1, pixel[0] / pixel[1]), r["h"] * max(1, pixel[1] / pixel[0])) for r in regions]
    return len(regions) > 0 and all(side <= 4 * r["block"] for side, r in zip(sides, regions))


def shapes():
    for name, scale, aspect in (("wide", f"{WIDTH // 2}:{HEIGHT}", "2/1"), ("tall", f"{WIDTH}:{HEIGHT // 2}", "1/2")):
        store("plain.mp4", scale=scale)
        ffmpeg("-i", "plain.mp4", "-c", "copy", "-bsf:v", f"h264_metadata=sample_aspect_ratio={aspect}", "shape.ts")
        pixel = [int(n) for n in aspect.split("/")]
        for out in ("out.mp4", "out.mov", "out.mkv", "out.ts", "out.h264"):
            status, said = protect("shape.ts", out)
            ok(status == 0 and probe(out).get("sample_aspect_ratio") == aspect.replace("/", ":"),
               f"{name}_pixels_stay_so_in_{out[4:]}", f"{probe(out).get('sample_aspect_ratio')}\n{said}")
        people_are_hidden(f"{name}_pixels", "shape.ts", view={"pixel": pixel}, least=0.7)
        ok(blocks_fit(pixel), f"{name}_pixels_make_no_finer_mosaic")
        with open("face.jsonl", "w", encoding="utf-8") as file:
            print('{"picture":0,"regions":[{"target":1,"class":"face","x":16,"y":16,"w":72,"h":72}]}', file=file)
        protect("shape.ts", "out.mp4", "--regions", "face.jsonl")
        ok(blocks_fit(pixel), f"{name}_pixels_nor_where_areas_are_given", open("report.jsonl", encoding="utf-8").read()[:300])
        status, said = protect("plain.mp4", "out.mkv", "--aspect", aspect.replace("/", ":"))
        overlap, _ = alike("report.jsonl")
        ok(status == 0 and overlap > 0.7 and probe("out.mkv").get("sample_aspect_ratio") == aspect.replace("/", ":"),
           f"{name}_pixels_can_be_told", f"{overlap:.3f}\n{said}")


def messages():
    """Orientation that only the stream says."""
    for turn in (90, 180):
        store("plain.mp4", turn)
        ffmpeg("-i", "plain.mp4", "-c", "copy", "-bsf:v", f"h264_metadata=display_orientation=insert:rotate={360 - turn}", "sei.mp4")
        people_are_hidden(f"h264_message_of_{turn}", "sei.mp4", view={"turn": turn})
        ok(any("rotation" in data for data in probe("out.mp4").get("side_data_list", [])),
           f"h264_message_of_{turn}_becomes_a_matrix", probe("out.mp4"))
    # The filter puts the message of all key pictures but the first behind the slice, where FFmpeg's decoder does not see it.
    store("plain.mp4", 90, lossless=("-qp", "0", "-g", "3"))
    for name in ("groups.mp4", "groups.h264", "groups.ts"):
        first = "" if name.endswith("mp4") else "h264_mp4toannexb,"
        ffmpeg("-i", "plain.mp4", "-c", "copy", "-bsf:v", f"{first}h264_metadata=display_orientation=insert:rotate=270", name)
        people_are_hidden(f"messages_behind_key_pictures_{name}", name, view={"turn": 90})
    store("plain.mp4", 90)
    ffmpeg("-i", "plain.mp4", "-c", "copy", "-bsf:v", "h264_metadata=display_orientation=insert:rotate=280", "askew.mp4")
    status, said = protect("askew.mp4", "out.mp4")
    ok(status == 0 and "askew; they are taken as turned by 90 degrees" in said, "a_message_between_right_angles_is_told", said)
    store("plain.h265", 270, codec="libx265", lossless=("-x265-params", "log-level=none:lossless=1"))
    say_in_h265("plain.h265", 270)
    people_are_hidden("h265_message_of_270", "plain.h265", view={"turn": 270})
    # Random access pictures that begin no sequence leave messages as they are.
    store("plain.h265", 270, codec="libx265", lossless=("-x265-params", "log-level=none:lossless=1:keyint=4:min-keyint=4:open-gop=1"))
    say_in_h265("plain.h265", 270, once=True)
    people_are_hidden("one_h265_message_for_all", "plain.h265", view={"turn": 270})
    store("plain.mp4", 90, lossless=("-qp", "0", "-x264-params", "keyint=4:min-keyint=4:open-gop=1:bframes=2:b-adapt=0"))
    ffmpeg("-i", "plain.mp4", "-c", "copy", "-bsf:v", "h264_metadata=display_orientation=insert:rotate=270", "open.mp4")
    people_are_hidden("one_h264_message_for_open_groups", "open.mp4", view={"turn": 90})
    store("plain.avi", 90, codec="mjpeg", lossless=("-q:v", "1"))
    ffmpeg("-i", "plain.avi", "-c", "copy", "-f", "mjpeg", "exif.mjpeg")
    say_in_exif("exif.mjpeg", 6)
    people_are_hidden("exif_of_90", "exif.mjpeg", view={"turn": 90}, least=0.7)
    store("header.mp4", 90, codec="libx265", lossless=("-tag:v", "hev1", "-x265-params", "log-level=none:lossless=1"))
    say_in_hvcc("header.mp4", 90)
    people_are_hidden("h265_message_in_the_header", "header.mp4", view={"turn": 90})


def options():
    store("plain.mp4", 90)
    people_are_hidden("told_turn", "plain.mp4", view={"turn": 90}, options=("--turn", "90"))
    status, said = protect("plain.mp4", "out.mp4", "--turn", "auto")
    overlap, _ = alike("report.jsonl")
    ok(status == 0 and overlap > 0.85 and "turned by 90" in said, "auto_sees_which_way_people_stand", f"{overlap:.3f}\n{said}")
    status, said = protect("control.mp4", "out.mp4", "--turn", "auto")
    ok(status == 0 and "turned by 0" in said, "auto_leaves_what_is_upright", said)
    ffmpeg("-i", "control.mp4", "-i", "plain.mp4", "-map", "0", "-map", "1", "-c", "copy", "two.mkv")
    status, said = protect("two.mkv", "out.mp4", "--turn", "auto", "--track", "2")
    ok(status == 0 and "turned by 90" in said, "auto_looks_at_the_track_that_is_asked_for", said)
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=1", "-pix_fmt", "yuv420p", "empty.mp4")
    status, said = protect("empty.mp4", "out.mp4", "--turn", "auto")
    ok(status == 0 and "cannot be told" in said, "auto_says_when_it_cannot_tell", said)
    for bad in (("--turn", "45"), ("--turn", "-90"), ("--aspect", "2"), ("--aspect", "0:1"), ("--aspect", "99:1")):
        status, said = protect("plain.mp4", "never.mp4", *bad)
        ok(status == 2 and said and not os.path.exists("never.mp4"), f"refuses_{bad[0][2:]}_of_{bad[1]}", said)
    status, said = protect("-", "never.mp4", "--turn", "auto")
    ok(status == 2 and "file" in said, "auto_refuses_standard_input", said)
    # An area at the top left of what is stored, which is the top right of what is shown.
    say_in_mp4("plain.mp4", 90)
    for out in ("out.mp4", "out.mkv"):
        protect("plain.mp4", out, "--always", "0,0,64,32")
        areas = [r for r in lines("report.jsonl")[0]["regions"] if r["target"] >= 0xffffff00]
        ok(len(areas) == 1 and areas[0]["x"] == areas[0]["y"] == 0 and
           64 <= areas[0]["w"] <= 72 and 32 <= areas[0]["h"] <= 40,
           f"areas_count_in_stored_pixels_for_{out[4:]}", areas)


def amended():
    """What copies the stream copies the matrix, or says that it cannot."""
    store("turned.mp4", 90)
    say_in_mp4("turned.mp4", 90)
    protect("turned.mp4", "out.mp4")
    for out, tells in (("again.mp4", True), ("again.mkv", False)):
        status, said = bauta("rewrap", "--reason", "test", "--key", "own.key", "--add", "other.pub", "out.mp4", out)
        right = status == 0 and (difference(out, "control-masked.mp4") < 4 if tells else "plays as it is stored" in said)
        ok(right, f"rewrap_keeps_the_view_or_says_so_in_{out[6:]}", said)
    status, said = bauta("recover", "--key", "own.key", "--reason", "test", "out.mp4", "back.mkv")
    ok(status == 0 and "turned by 90" in said and difference("back.mkv", "control.mp4") < 4, "recovers_upright_into_mkv", said)


def changes():
    """Another view in the middle: from there on people are looked for in the new one."""
    store("a.mp4", 0)
    store("b.mp4", 180)
    ffmpeg("-i", "a.mp4", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "a.264")
    ffmpeg("-i", "b.mp4", "-c", "copy", "-bsf:v", "h264_mp4toannexb,h264_metadata=display_orientation=insert:rotate=180", "b.264")
    with open("both.264", "wb") as both:
        both.write(open("a.264", "rb").read() + open("b.264", "rb").read())
    status, said = protect("both.264", "out.mp4", "--lookahead", "0")
    report = lines("report.jsonl")
    turns = [line.get("turn", 0) for line in report]
    ok(status == 0 and turns == [0] * PICTURES + [180] * PICTURES, "a_change_is_noticed", f"{turns}\n{said}")
    with open("ends.264", "wb") as ends:
        ends.write(open("b.264", "rb").read() + open("a.264", "rb").read())
    protect("ends.264", "ends.mkv", "--lookahead", "0")
    turns = [line.get("turn", 0) for line in lines("report.jsonl")]
    ok(turns == [180] * PICTURES + [0] * PICTURES, "messages_that_end_hold_no_longer", turns)
    protect("both.264", "out.mp4", "--lookahead", "0")
    ffmpeg("-i", "out.mp4", "-frames:v", str(PICTURES), "-c:v", "libx264", "-qp", "0", "half1.mp4")
    ffmpeg("-i", "out.mp4", "-vf", f"trim=start_frame={PICTURES},setpts=PTS-STARTPTS", "-c:v", "libx264", "-qp", "0", "half2.mp4")
    ok(difference("half1.mp4", "half2.mp4") < 6, "both_halves_are_shown_alike", difference("half1.mp4", "half2.mp4"))


def main():
    bauta("key", "new", "own", "--no-passphrase")
    bauta("key", "new", "other", "--no-passphrase")
    store("control.mp4")
    status, said = protect("control.mp4", "control-masked.mp4")
    shutil.move("report.jsonl", "control.jsonl")
    n_regions = sum(len(line["regions"]) for line in lines("control.jsonl"))
    ok(status == 0 and n_regions > PICTURES * 4, "people_are_found_in_the_clip_as_it_is", said)
    for turn, mirrored in ((90, False), (180, False), (270, False), (0, True), (90, True)):
        name = f"stored_at_{turn}" + ("_mirrored" if mirrored else "")
        store("turned.mp4", turn, mirrored)
        say_in_mp4("turned.mp4", turn, mirrored)
        view = ({"turn": turn} if turn else {}) | ({"mirrored": True} if mirrored else {})
        people_are_hidden(name, "turned.mp4", view=view)
        if turn == 90 and not mirrored:
            containers("turned.mp4", name)
            ffmpeg("-i", "turned.mp4", "-c", "copy", "turned.mov")
            people_are_hidden("mov", "turned.mov", view=view)
            if shutil.which("mkvmerge"):
                run("mkvmerge", "-q", "-o", "turned.mkv", "turned.mp4")
                run("mkvpropedit", "-q", "turned.mkv", "--edit", "track:v1", "--set", "projection-pose-roll=-90")
                people_are_hidden("mkv", "turned.mkv", view=view)
            else:
                skip("mkv", "no mkvmerge here")
    shapes()
    messages()
    options()
    amended()
    changes()
    print(f"1..{n_tests}")


with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    os.environ["XDG_STATE_HOME"] = work + "/state"
    main()
