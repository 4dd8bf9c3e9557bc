#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bad_link.py CAMERA_NAMESPACE SERVICE_NAMESPACE COMMAND...: joins two network namespaces by a link that loses, delays
and reorders packets, and runs COMMAND while it does. The camera's end is 10.77.0.1, the service's 10.77.0.2. Needs root and
/dev/net/tun; the kernel's own netem, which could do this too, is not in every kernel. The link is good for GOOD_S
seconds, then bad for BAD_S, and so on in turn. Prints what became of the packets."""
import fcntl
import heapq
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

GOOD_S, BAD_S = 6.0, 4.0
LOST, LATE, LATE_S, DELAY_S = 0.05, 0.10, 0.15, 0.02  # shares of packets; one that is late is overtaken
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def end_of_link(name, namespace, own, peer):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", name, "netns", namespace], check=True)
    for words in (["addr", "add", own, "peer", peer, "dev", name], ["link", "set", name, "up"], ["link", "set", "lo", "up"]):
        subprocess.run(["ip", "-n", namespace, *words], check=True)
    return device


def run_link(ends, process):
    """Carries packets from one end to the other until the process ends."""
    dice, waiting, counts, order = random.Random(77), [], [0, 0, 0], 0
    began = time.monotonic()
    while process.poll() is None:
        now = time.monotonic()
        bad = (now - began) % (GOOD_S + BAD_S) > GOOD_S
        ready, _, _ = select.select(ends, [], [], max(0.0, min(0.1, waiting[0][0] - now)) if waiting else 0.1)
        for end in ready:
            packet = os.read(end, 65536)
            counts[0] += 1
            if bad and dice.random() < LOST:
                counts[1] += 1
                continue
            late = bad and dice.random() < LATE
            counts[2] += late
            order += 1
            heapq.heappush(waiting, (now + DELAY_S * bad + LATE_S * late, order, ends[1] if end == ends[0] else ends[0], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(waiting)
            try:
                os.write(end, packet)
            except OSError:  # the other end's queue is full, as a switch's
                counts[1] += 1
    print(f"# {counts[0]} packets: {counts[1]} lost, {counts[2]} late and overtaken")


def main():
    camera, service, *command = sys.argv[1:]
    ends = [end_of_link(f"bl{os.getpid() % 10000}c", camera, "10.77.0.1", "10.77.0.2"),
            end_of_link(f"bl{os.getpid() % 10000}s", service, "10.77.0.2", "10.77.0.1")]
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    run_link(ends, process)
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
