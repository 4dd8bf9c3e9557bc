# SPDX-License-Identifier: Apache-2.0
"""lib_rtsp.py CHALLENGE...: an RTSP server (RFC 2326) at which no password is right. It gives each CHALLENGE in a WWW-Authenticate field
of its own, in this order. Prints its port, and then the Authorization field of each DESCRIBE, or - where there is none."""
import socketserver
import sys


class Client(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline().decode().split():
            fields = {}
            while (field := self.rfile.readline().decode().strip()):
                name, _, value = field.partition(":")
                fields[name.lower()] = value.strip()
            head = f"CSeq: {fields.get('cseq', '0')}\r\n"
            if line[0] == "OPTIONS":
                self.wfile.write(f"RTSP/1.0 200 OK\r\n{head}Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n".encode())
                continue
            print(fields.get("authorization", "-"), flush=True)
            asks = "".join(f"WWW-Authenticate: {challenge}\r\n" for challenge in sys.argv[1:])
            self.wfile.write(f"RTSP/1.0 401 Unauthorized\r\n{head}{asks}\r\n".encode())


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Client) as server:
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
