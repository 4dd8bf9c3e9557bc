#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""live.py BUILD OUT.json CLIP [SECONDS]: the live service in front of a camera of 1080 lines and 25 pictures a second, and
of three smaller ones: what it keeps up with, how late it is, and what each part of it costs. SECONDS (60) are measured
after a warm-up.
live.py BUILD OUT.tsv CLIP soak SECONDS [--clients]: memory, threads and descriptors over time, every ten seconds; with
--clients, one comes and goes every second."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.join(HERE, "..", "tests", "live")
BUILD, OUT, CLIP = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
WARM_UP_S, CLIENTS_AT_ONCE = 10, 4
TICKS = os.sysconf("SC_CLK_TCK")
os.environ["GST_PLUGIN_PATH"] = os.path.join(BUILD, "gst")

# What the threads of each name do. A camera has three queues before its encoders: main stream, sub stream, snapshot.
STAGES = (("decode and protect", r"arrivals"), ("receive", r"rtp|udpsrc|task\d|timer"), ("encoders", r"queue\d+:src"),
          ("record and send", r"subscriber|entry|.*mux|pool-"))
# Name, size, pictures a second, cameras, lines of the camera's configuration.
PROFILES = (
    ("1080p, bodies, ultrafast", "1920x1080", 25, 1, ("mask = body", "preset = ultrafast")),
    ("1080p, both, ultrafast", "1920x1080", 25, 1, ("mask = both", "preset = ultrafast")),
    ("1080p, both, ultrafast, a look in 12", "1920x1080", 25, 1, ("mask = both", "preset = ultrafast", "detect-every = 12")),
    ("1080p, both, veryfast", "1920x1080", 25, 1, ("mask = both", "preset = veryfast")),
    ("3 x 360p, both, ultrafast", "640x360", 25, 3, ("mask = both", "preset = ultrafast", "sub = no")),
)


def free_ports(n):
    doors = [socket.socket() for _ in range(n)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    return [door.getsockname()[1] for door in doors]


def make_clip(size, rate):
    path = f"clip_{size}_{rate}.mp4"
    if not os.path.exists(path):
        subprocess.run([sys.executable, os.path.join(TOOLS, "make_clip.py"), CLIP, "-", path, "--start", "200", "--size", size,
                        "--rate", str(rate)], check=True)
    return path


class Service:
    """The service and its cameras, for as long as the `with` lasts."""

    def __init__(self, size, rate, n_cameras, lines):
        self.source, self.rtsp, self.http = free_ports(3)
        self.names = [f"camera{i + 1}" for i in range(n_cameras)]
        self.clip = make_clip(size, rate)
        with open("live.ini", "w", encoding="utf-8") as file:
            file.write(f"[service]\nrtsp = 127.0.0.1:{self.rtsp}\nhttp = 127.0.0.1:{self.http}\nonvif = no\n")
            for i, name in enumerate(self.names):
                file.write("\n".join((f"[camera {name}]", f"source = rtsp://127.0.0.1:{self.source}/{i + 1}",
                                      "recipients = own.pub", *lines)) + "\n")

    def __enter__(self):
        self.camera = subprocess.Popen([os.path.join(BUILD, "tests", "live", "rtsp-camera"), "--cameras", str(len(self.names)),
                                        "127.0.0.1", str(self.source), self.clip], stdout=subprocess.PIPE)
        self.camera.stdout.readline()
        with open("live.log", "w", encoding="utf-8") as log:
            self.live = subprocess.Popen([os.path.join(BUILD, "bauta-live"), "--config", "live.ini"], stderr=log)
        deadline = time.monotonic() + 60
        while not self.metrics().get('bauta_stream_units_total{camera="%s",stream="main"}' % self.names[-1]):
            if self.live.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                sys.exit("bauta-live gives no pictures:\n" + open("live.log", encoding="utf-8").read())
            time.sleep(0.5)
        return self

    def __exit__(self, *_):
        for process, name in ((self.live, signal.SIGTERM), (self.camera, signal.SIGTERM)):
            process.send_signal(name)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def metrics(self):
        """Every sample by its name and labels; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return {}
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and line[0] != "#"}

    def children(self):
        path = f"/proc/{self.live.pid}/task"
        found = set()
        for task in os.listdir(path):
            try:
                with open(f"{path}/{task}/children", encoding="ascii") as file:
                    found |= {int(pid) for pid in file.read().split()}
            except FileNotFoundError:
                pass
        return sorted(found)

    def client(self, path, seconds=None):
        length = ["-t", str(seconds)] if seconds else []
        return subprocess.Popen(["ffmpeg", "-nostdin", "-v", "quiet", "-rtsp_transport", "tcp", "-i",
                                 f"rtsp://127.0.0.1:{self.rtsp}{path}", "-map", "0:v", *length, "-c", "copy", "-f", "null", "-"])


def threads_of(pid):
    """Processor seconds of every thread, by its number and name."""
    used = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8") as file:
                text = file.read()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = text[text.rindex(")") + 2:].split()
        used[task, text[text.index("(") + 1:text.rindex(")")]] = (int(fields[11]) + int(fields[12])) / TICKS
    return used


def stages(before, after, seconds, n_cameras):
    """Processors (1 = one of them busy all the time) of each stage."""
    sums = {}
    for (task, name), used in after.items():
        part = next((stage for stage, pattern in STAGES if re.match(pattern, name)), "rest")
        if part == "encoders":
            number = int(re.match(r"queue(\d+)", name).group(1))
            part = ("encode main", "encode sub", "snapshot")[number % 3] if n_cameras == 1 else "encode"
        sums[part] = sums.get(part, 0) + (used - before.get((task, name), 0)) / seconds
    return sums


def measure(profile, seconds):
    name, size, rate, n_cameras, lines = profile
    with Service(size, rate, n_cameras, lines) as service:
        watchers = [service.client("/" + camera) for camera in service.names]
        time.sleep(WARM_UP_S)
        detectors = service.children()
        first, cpu_before = service.metrics(), threads_of(service.live.pid)
        detector_before = sum(sum(threads_of(pid).values()) for pid in detectors)
        began = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        last, cpu_after = service.metrics(), threads_of(service.live.pid)
        detector_after = sum(sum(threads_of(pid).values()) for pid in detectors if os.path.exists(f"/proc/{pid}"))
        for watcher in watchers:
            watcher.terminate()
            watcher.wait()

    def rates(pattern):
        return sum(last[key] - first.get(key, 0) for key in last if re.match(pattern, key)) / passed / n_cameras

    def worst(pattern):
        return max((last[key] for key in last if re.match(pattern, key)), default=float("nan"))

    parts = stages(cpu_before, cpu_after, passed, n_cameras)
    parts["detector"] = (detector_after - detector_before) / passed
    counted = {kind: rates(rf'bauta_pictures_total.*kind="{kind}"') for kind in ("in", "out", "dropped", "blind", "whole")}
    return {"profile": name, "size": size, "rate": rate, "cameras": n_cameras, "seconds": passed,
            "sent_per_s": rates(r'bauta_stream_units_total.*stream="main"'), **{f"{k}_per_s": v for k, v in counted.items()},
            "latency_s": {q: worst(rf'bauta_latency_seconds\{{.*stream="main",quantile="{q}"') for q in ("0.5", "0.95", "0.99")},
            "detections_per_s": rates(r"bauta_detections_total"), "late_per_s": rates(r"bauta_detections_late_total"),
            "detection_s": worst("bauta_detection_seconds"), "resident_mb": last.get("process_resident_memory_bytes", 0) / 1e6,
            "mbit_per_s": rates(r'bauta_stream_bytes_total.*stream="main"') * 8 / 1e6, "processors": parts}


def bench(seconds):
    rows = []
    print(f"{'profile':38}{'in/s':>6}{'out/s':>6}{'drop':>6}{'whole':>6}{'looks':>6}{'p50':>6}{'p95':>6}{'p99 s':>6}{'MB':>5}"
          f"{'Mbit':>6}  processors")
    for profile in PROFILES:
        r = measure(profile, seconds)
        rows.append(r)
        parts = ", ".join(f"{part} {used:.2f}" for part, used in sorted(r["processors"].items(), key=lambda part: -part[1])
                          if used >= 0.005)
        print(f"{r['profile']:38}{r['in_per_s']:6.1f}{r['sent_per_s']:6.1f}{r['dropped_per_s']:6.2f}{r['whole_per_s']:6.2f}"
              f"{r['detections_per_s']:6.2f}{r['latency_s']['0.5']:6.2f}{r['latency_s']['0.95']:6.2f}{r['latency_s']['0.99']:6.2f}"
              f"{r['resident_mb']:5.0f}{r['mbit_per_s']:6.1f}  {parts}", flush=True)
    with open(OUT, "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)


def sample(pid):
    """Resident megabytes, threads and descriptors of a process; zeros if it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            status = dict(line.split(":", 1) for line in file)
        return int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), len(os.listdir(f"/proc/{pid}/fd"))
    except (OSError, KeyError):
        return 0.0, 0, 0


def visit(service, n, running):
    """One client a second, each of another kind than the last; one that stays too long is sent away."""
    for client in [client for client in running if client[0].poll() is not None or time.monotonic() - client[1] > 10]:
        client[0].kill()
        client[0].wait()
        running.remove(client)
    if n % 4 < 2 and len(running) < CLIENTS_AT_ONCE:
        running.append((service.client(("/camera1", "/camera1/sub")[n % 4], 1), time.monotonic()))
    elif n % 4 == 2:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{service.http}/camera1/snapshot.jpg", timeout=5).read()
        except OSError:
            pass
    elif n % 4 == 3:
        service.metrics()


def report_soak(rows, n_visits):
    columns = ("live MB", "live threads", "live descriptors", "detector MB", "detector threads", "detector descriptors")
    later = rows[len(rows) // 5:] if len(rows) > 10 else rows  # what is taken in the beginning is not a leak
    times = [row[0] / 3600 for row in later]
    mean_time = sum(times) / len(times)
    spread = sum((t - mean_time) ** 2 for t in times) or 1
    print(f"{n_visits} clients came and went\n{'':22}{'start':>9}{'end':>9}{'most':>9}{'an hour':>9}")
    for i, column in enumerate(columns, 1):
        mean = sum(row[i] for row in later) / len(later)
        slope = sum((t - mean_time) * (row[i] - mean) for t, row in zip(times, later)) / spread
        print(f"{column:22}{rows[0][i]:9.1f}{rows[-1][i]:9.1f}{max(row[i] for row in rows):9.1f}{slope:+9.1f}")


def soak(seconds, with_clients):
    rows, running, n = [], [], 0
    lines = ("mask = both", "preset = ultrafast", "sub = yes", "sub-width = 640", "record = rec", "segment = 60", "retention = 5m")
    os.makedirs("rec", exist_ok=True)
    with Service("768x640", 10, 1, lines) as service, open(OUT, "w", encoding="utf-8") as out:
        time.sleep(WARM_UP_S)
        print("seconds\tlive_mb\tlive_threads\tlive_fds\tdetector_mb\tdetector_threads\tdetector_fds\tunits", file=out)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds and service.live.poll() is None:
            if n % 10 == 0:
                detectors = service.children()
                units = service.metrics().get('bauta_stream_units_total{camera="camera1",stream="main"}', 0)
                row = (passed, *sample(service.live.pid), *(sample(detectors[0]) if detectors else (0, 0, 0)), units)
                rows.append(row)
                print("\t".join(f"{value:.1f}" for value in row), file=out, flush=True)
            if with_clients:
                visit(service, n, running)
            n += 1
            time.sleep(max(0.0, began + n - time.monotonic()))
        ended = service.live.poll()
        for client, _ in running:
            client.kill()
            client.wait()
    report_soak(rows, n if with_clients else 0)
    if ended is not None:
        sys.exit(f"bauta-live ended with status {ended}")


def main():
    if not os.path.exists("own.pub"):
        subprocess.run([os.path.join(BUILD, "bauta"), "key", "new", "--quiet", "--no-passphrase", "own"], check=True,
                       stdout=subprocess.DEVNULL)
    words = sys.argv[4:]
    if words[:1] == ["soak"]:
        soak(int(words[1]), "--clients" in words)
    else:
        bench(int(words[0]) if words else 60)


if __name__ == "__main__":
    main()
