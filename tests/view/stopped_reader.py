#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stopped_reader.py HOST:PORT TOKEN: a client of /api/video/live that stops reading when its answer has begun, and says so. After
a line on standard input it takes what is left; fails if that has no end."""
import socket
import sys

host, port = sys.argv[1].split(":")
door = socket.socket()
door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)  # little is left to read
door.connect((host, int(port)))
door.sendall(f"GET /api/video/live HTTP/1.1\r\nHost: {sys.argv[1]}\r\nAuthorization: Bearer {sys.argv[2]}\r\n\r\n".encode())
if not door.recv(1000).startswith(b"HTTP/1.1 200"):
    sys.exit("there is no stream")
print("begun", flush=True)
sys.stdin.readline()
door.settimeout(10)
try:
    while door.recv(1 << 16):
        pass
except ConnectionResetError:
    pass
