#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole streams: the reader that was written from docs/format.md, and the program, recover each of streams/ to the same
pictures, those of streams.json. And section 14: what a later version adds is passed over. TAP output.
usage: streams.py BAUTA_PROGRAM"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
START = b"\x00\x00\x00\x01"
tests = []


def check(name, holds):
    tests.append(bool(holds))
    print(f"{'ok' if holds else 'not ok'} {len(tests)} - {name}")


def read(name):
    with open(name, "rb") as file:
        return file.read()


def by_reader(path, *wanted):
    run = subprocess.run([sys.executable, os.path.join(HERE, "reader.py"), "reader.key", path, "out.yuv", *wanted],
                         capture_output=True, text=True)
    sys.stderr.write(run.stderr)
    return json.loads(run.stdout) if run.returncode == 0 else {}


def by_program(bauta, path, *options):
    """Exit status, and the recovered pictures' checksum."""
    run = subprocess.run([bauta, "recover", "--force", "--reason", "test", "--quiet", "--lossless", "--key", "reader.key", *options, path, "out.mkv"],
                         capture_output=True, text=True)
    sys.stderr.write(run.stderr)
    pixels = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", "out.mkv", "-fps_mode", "passthrough",
                             "-f", "rawvideo", "-"], capture_output=True).stdout
    return run.returncode, hashlib.sha256(pixels).hexdigest()


def sei(payload, codec):
    """One user_data_unregistered, as in section 1."""
    body = bytes([5]) + b"\xff" * (len(payload) // 255) + bytes([len(payload) % 255]) + payload + b"\x80"
    header = b"\x06" if codec == "h264" else b"\x4e\x01"
    return START + header + re.sub(b"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", body)


def with_later_versions(stream, codec, uuid):
    """Before each of our messages: a manifest, a type and a version nobody knows, and another's SEI."""
    strange = b"".join(sei(payload, codec) for payload in (
        uuid + b"\x03\x01" + bytes(40), uuid + b"\x63\x01later", uuid + b"\x02\x02" + bytes(300), uuid + b"\x01\x02",
        uuid, bytes(range(16)) + b"of somebody else"))
    header = b"\x06\x05" if codec == "h264" else b"\x4e[\x01-\x07]\x05"
    return re.sub(b"(?:\x00)?\x00\x00\x01(?=" + header + b"\xff*." + re.escape(uuid) + b")",
                  lambda found: strange + found.group(), stream, flags=re.S)


def with_version_two(stream, uuid, number):
    """The picture message number `number` becomes one of version 2."""
    at = [found.end() for found in re.finditer(re.escape(uuid) + b"\x02(?=\x01)", stream)][number]
    return stream[:at] + b"\x02" + stream[at + 1:]


def check_stream(bauta, name, want):
    stem, codec = name.replace(".", "_"), name.rsplit(".", 1)[1]
    path = os.path.join(HERE, "streams", name)
    got = by_reader(path)
    check(f"{stem}_is_read_by_the_format_s_text", got == dict(want, passed_over=0, changed=0))
    check(f"{stem}_is_recovered_by_the_program", by_program(bauta, path) == (0, want["recovered_sha256"]))
    one = by_reader(path, "1:1")
    check(f"{stem}_shows_one_class_of_one_person",
          0 < one["shown"] < want["shown"] and
          by_program(bauta, path, "--target", "1", "--class", "face") == (0, one["recovered_sha256"]))
    uuid = bytes.fromhex("7f247eef1dcd41279769ee7067ad093e")
    later = "later." + codec
    with open(later, "wb") as file:
        file.write(with_later_versions(read(path), codec, uuid))
    got = by_reader(later)
    check(f"{stem}_with_messages_of_later_versions_is_read_all_the_same",
          got.get("passed_over", 0) > 2 * want["pictures"] and got["recovered_sha256"] == want["recovered_sha256"] and
          by_program(bauta, later) == (0, want["recovered_sha256"]))
    with open(later, "wb") as file:
        file.write(with_version_two(read(path), uuid, want["pictures"] - 1))
    status, recovered = by_program(bauta, later)
    check(f"{stem}_with_a_picture_of_version_two_keeps_that_one_masked",
          status == 5 and recovered not in (want["recovered_sha256"], want["masked_sha256"]))


def main():
    try:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    except ImportError:
        print("1..0 # SKIP there is no python3-cryptography")
        return 0
    bauta = os.path.abspath(sys.argv[1])
    with open(os.path.join(HERE, "streams.json"), encoding="utf-8") as file:
        expected = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder  # the audit log of these runs
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(expected["private_key"]))
        with open("reader.key", "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        names = sorted(n for n in os.listdir(os.path.join(HERE, "streams")) if n.endswith((".h264", ".h265")))
        check("every_stream_is_expected", names == sorted(expected["streams"]))
        for name in names:
            check_stream(bauta, name, expected["streams"][name])
        os.chdir(HERE)
    print(f"1..{len(tests)}")
    return 0 if all(tests) else 1


if __name__ == "__main__":
    sys.exit(main())
