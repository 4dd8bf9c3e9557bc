#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kills.py BAUTA [MOMENTS [SEED]]: every command that writes, ended at random moments by KILL, HUP and TERM, with an output
that is there and without one. Afterwards the input is as it was, the output is what it was before or whole, with its
certificate and its signature where the command writes them, and nothing else is in the folder, or nothing that the next run
does not take away. TAP output; prints the seed and the checksums."""
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

from demo_clip import demo_clip

BAUTA, MOMENTS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
CLIP = demo_clip()
SIGNALS = [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM]
PICTURES = 20
work = tempfile.mkdtemp()
os.chdir(work)
os.environ["XDG_STATE_HOME"] = work + "/state"
n_tests = 0


def ok(good, name, *more):
    global n_tests
    n_tests += 1
    print(f"{'' if good else 'not '}ok {n_tests} - {name}", *more, flush=True)


def run(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def checksum(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def prepare():
    run("ffmpeg", "-nostdin", "-v", "error", "-i", CLIP, "-t", "2", "-c", "copy", "-an", "clip.avi")
    with open("regions.jsonl", "w", encoding="ascii") as file:
        for picture in range(PICTURES):
            regions = [{"target": 1, "class": "body", "x": 300 + picture, "y": 150, "w": 40, "h": 90},
                       {"target": 2, "class": "body", "x": 500, "y": 200, "w": 50, "h": 110}]
            file.write(json.dumps({"picture": picture, "regions": regions}) + "\n")
    for name in ("own", "other"):
        run(BAUTA, "key", "new", name, "--no-passphrase")
    run(BAUTA, "key", "new", "--sign", "camera", "--no-passphrase")
    run(BAUTA, "protect", "--recipient", "own.pub", "--regions", "regions.jsonl", "--sign", "camera.key", "clip.avi", "masked.mp4")


COMMANDS = {
    "protect": ["--recipient", "own.pub", "--regions", "regions.jsonl", "clip.avi"],
    "recover": ["--key", "own.key", "--reason", "test", "masked.mp4"],
    "export": ["--key", "own.key", "--reason", "test", "--clear", "1", "--sign", "camera.key", "masked.mp4"],
    "erase": ["--sign", "camera.key", "--reason", "test", "--target", "1", "masked.mp4"],
    "lock": ["--sign", "camera.key", "--reason", "test", "masked.mp4"],
    "rewrap": ["--reason", "theft", "--key", "own.key", "--add", "other.pub", "masked.mp4"],
}
SHOWS = ("recover", "export")
CERTIFIES = ("export", "erase", "lock", "rewrap")
SIGNS = ("export", "erase", "lock")


def start(command, existing):
    shutil.rmtree("out", ignore_errors=True)
    os.mkdir("out")
    if existing:
        for name in ["out.mp4"] + ([] if command in ("protect", "recover") else ["out.mp4.json"]):
            with open("out/" + name, "w", encoding="ascii") as file:
                file.write("what was there")
    return subprocess.Popen([BAUTA, command, "--quiet", "--force", *COMMANDS[command], "out/out.mp4"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def is_whole(path):
    """Whether a file that is not what was there before is complete."""
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            return "certificate" in json.load(file)
    if path.endswith(".sig"):
        return os.path.getsize(path) == 64
    counted = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                              "stream=nb_read_frames", "-of", "csv=p=0", path], capture_output=True, check=False)
    return counted.stdout.decode().strip().strip(",") == str(PICTURES)


def faults(command, existing):
    """What is wrong in the folder, in words; and how many files of the command are there."""
    found, n_new = [], 0
    for name in os.listdir("out"):
        path = "out/" + name
        if name not in ("out.mp4", "out.mp4.json", "out.mp4.json.sig"):
            found.append(f"{name} is left")
            continue
        with open(path, "rb") as file:
            if existing and file.read(16) == b"what was there":
                continue
        n_new += name == "out.mp4"
        if not is_whole(path):
            found.append(f"{name} is half")
        if name == "out.mp4" and command in SHOWS and os.stat(path).st_mode & 0o077:
            found.append(f"{name} shows originals to others")
    if existing and not os.path.exists("out/out.mp4"):
        found.append("what was there is gone")
    if n_new and command in CERTIFIES:
        found += lacks(command)
    return found, n_new


def lacks(command):
    """What a new output has no certificate or signature for."""
    report = "out/out.mp4.json"
    if not os.path.exists(report):
        return ["out.mp4 has no certificate"]
    with open(report, encoding="utf-8") as file:
        text = file.read()
    if '"certificate"' not in text or json.loads(text)["result"]["sha256"] != checksum("out/out.mp4"):
        return ["out.mp4 is not what its certificate says"]
    if command not in SIGNS:
        return []
    verified = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "camera.pub", "-sigfile",
                               report + ".sig", "-in", report], capture_output=True, check=False)
    return [] if verified.returncode == 0 else ["out.mp4.json has no signature that fits"]


def take_away_left():
    """Another run into the folder, after which no work file may be there."""
    if any(name.startswith(".bauta-") for name in os.listdir("out")):
        subprocess.run([BAUTA, "recover", "--quiet", "--key", "own.key", "--reason", "test", "masked.mp4", "out/next.mp4"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        os.remove("out/next.mp4")
        return 1
    return 0


def kill_at_random(command, existing):
    inputs = ["masked.mp4", "clip.avi", "own.key", "camera.key"]
    before = [checksum(path) for path in inputs]
    begun = time.monotonic()
    assert start(command, existing).wait() == 0
    whole_s = time.monotonic() - begun
    wrong, n_ended, n_new, n_left = [], 0, 0, 0
    for i in range(MOMENTS):
        number, moment_s = SIGNALS[i % len(SIGNALS)], random.uniform(0, 1.05 * whole_s)
        process = start(command, existing)
        time.sleep(moment_s)
        process.send_signal(number)
        n_ended += process.wait() != 0
        n_left += take_away_left()
        found, n = faults(command, existing)
        n_new += n > 0
        wrong += [f"{number.name} after {moment_s:.3f} s: {fault}" for fault in found]
    wrong += [f"{path} has changed" for path, sum_ in zip(inputs, before) if checksum(path) != sum_]
    for fault in wrong:
        print("#", fault)
    print(f"# {command}, output {'there' if existing else 'not there'}: a whole run takes {whole_s:.2f} s; of {MOMENTS} "
          f"{n_ended} were ended, after {n_new} the output is there, new and whole, after {n_left} a work file was; "
          f"sha256 of its input {before[0][:16]}")
    ok(not wrong, f"{command}_killed_at_any_moment_{'over_what_was_there' if existing else 'leaves_nothing_half'}")


def kill_when_it_is_there(command):
    wrong = []
    for _ in range(4):
        process = start(command, False)
        while process.poll() is None and not os.path.exists("out/out.mp4"):
            pass
        process.kill()
        process.wait()
        take_away_left()
        found, n = faults(command, False)
        wrong += found if n else ["the output is not there"]
    for fault in wrong:
        print("#", fault)
    ok(not wrong, f"{command}_killed_as_soon_as_its_output_is_there_has_its_certificate")


random.seed(SEED)
print("# seed", SEED)
try:
    prepare()
    for name in COMMANDS:
        for there in (False, True):
            kill_at_random(name, there)
    for name in CERTIFIES:
        kill_when_it_is_there(name)
finally:
    os.chdir("/")
    shutil.rmtree(work)
print(f"1..{n_tests}")
