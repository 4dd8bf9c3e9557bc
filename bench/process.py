# SPDX-License-Identifier: Apache-2.0
"""Programs and what they took; for the benchmarks."""
import collections
import os
import subprocess
import sys
import tempfile
import time

Taken = collections.namedtuple("Taken", "cpu_s wall_s peak_mb said")


def run(*command):
    """Runs a program to its end; ends the benchmark, with what it said, if it fails."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        words.seek(0)
        said = words.read().decode(errors="replace")
    if status:
        sys.exit(f"{' '.join(command)}\n{said}")
    return Taken(used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss / 1024, said)


def plain_encode(source, out, preset, keyint):
    """The transcode that everything is held against: libx264, rate factor 23."""
    return run("ffmpeg", "-nostdin", "-y", "-v", "error", "-i", source, "-map", "0:v:0", "-c:v", "libx264", "-preset",
               preset, "-crf", "23", "-g", str(keyint), "-keyint_min", str(keyint), "-sc_threshold", "0", "-vsync", "0",
               "-pix_fmt", "yuv420p", out)
