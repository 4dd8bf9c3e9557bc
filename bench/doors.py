#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the right user waits at each door of the live service while somebody else sends 1000 bad requests a second, from
the same machine; the same without them; and both for a second program, beside it.

usage: doors.py OUT.json PLUGIN_FOLDER LIVE [BEFORE]    LIVE, BEFORE: bauta-live programs; DOORS=WORDS: only doors so named
"""
import base64
import hashlib
import json
import multiprocessing
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

RATE, QUIET_S, LOUD_S, PAUSE_S = 1000, 2.5, 6, 0.05
USER, PASSWORD, REALM = "viewer", "right horse", "bauta"
ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def digest(method, uri, challenge, password):
    """An Authorization header for a challenge, which is a header's value"""
    nonce = challenge.split('nonce="')[1].split('"')[0]
    a1, a2 = md5(f"{USER}:{REALM}:{password}"), md5(f"{method}:{uri}")
    head = f'Digest username="{USER}", realm="{REALM}", nonce="{nonce}", uri="{uri}"'
    if "qop" in challenge:
        return f'{head}, qop=auth, nc=00000001, cnonce="c", response="{md5(f"{a1}:{nonce}:00000001:c:auth:{a2}")}"'
    return f'{head}, response="{md5(f"{a1}:{nonce}:{a2}")}"'


def get(authorization=None):
    line = f"Authorization: {authorization}\r\n" if authorization else ""
    return f"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n{line}Connection: close\r\n\r\n".encode()


def rtsp(method, uri, challenge=None, password=PASSWORD, more=""):
    line = f"Authorization: {digest(method, uri, challenge, password)}\r\n" if challenge else ""
    return f"{method} {uri} RTSP/1.0\r\nCSeq: 1\r\n{more}{line}\r\n".encode()


def uri_of(ports):
    return f"rtsp://127.0.0.1:{ports['rtsp']}/front"


def post(body):
    head = f"POST /onvif/device_service HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/soap+xml\r\nConnection: close\r\n\r\n{body}".encode()


def scopes(password, attributes=""):
    nonce, now = os.urandom(16), datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    sum_ = base64.b64encode(hashlib.sha1(nonce + now.encode() + password.encode()).digest()).decode()
    token = (f'<w:UsernameToken><w:Username>{USER}</w:Username><w:Password Type="{SECURITY}username-token-profile-1.0'
             f'#PasswordDigest">{sum_}</w:Password><w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>'
             f'<u:Created xmlns:u="{SECURITY}utility-1.0.xsd">{now}</u:Created></w:UsernameToken>')
    return post(f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Header><w:Security xmlns:w="{SECURITY}secext-1.0.xsd">{token}'
                f'</w:Security></s:Header><s:Body><GetScopes xmlns="http://www.onvif.org/ver10/device/wsdl"{attributes}/>'
                "</s:Body></s:Envelope>")


ATTRIBUTES = "".join(f" a{i:x}=''" for i in range(6500))  # 54 kB of them


def ask(port, request):
    """The status and the headers of the answer; the connection stays"""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as door:
        return say(door, request)


def say(door, request):
    door.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = door.recv(65536)
        if not piece:
            break
        answer += piece
    text = answer.decode("latin-1")
    return int((text.split(" ") + ["0", "0"])[1] or 0), text


def challenge_of(text):
    return next((line.split(":", 1)[1] for line in text.split("\r\n") if line.lower().startswith("www-authenticate:")), "")


def come_by_http(ports):
    _, text = ask(ports["http"], get())
    return ask(ports["http"], get(digest("GET", "/metrics", challenge_of(text), PASSWORD)))[0]


def come_by_rtsp(ports):
    with socket.create_connection(("127.0.0.1", ports["rtsp"]), timeout=20) as door:
        _, text = say(door, rtsp("DESCRIBE", uri_of(ports)))
        return say(door, rtsp("DESCRIBE", uri_of(ports), challenge_of(text)))[0]


def watch(ports):
    """Somebody who watches all the time, so that nobody waits for the camera's first picture"""
    door, uri = socket.create_connection(("127.0.0.1", ports["rtsp"]), timeout=20), uri_of(ports)
    challenge = challenge_of(say(door, rtsp("DESCRIBE", uri))[1])
    say(door, rtsp("DESCRIBE", uri, challenge))
    transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
    _, text = say(door, rtsp("SETUP", f"{uri}/stream=0", challenge, more=transport))
    session = text.split("Session: ")[1].split(";")[0].split("\r")[0]
    say(door, rtsp("PLAY", uri, challenge, more=f"Session: {session}\r\n"))
    while door.recv(65536):
        pass


def come_by_onvif(ports):
    return ask(ports["http"], scopes(PASSWORD))[0]


def bad_http(ports, _):
    return get(digest("GET", "/metrics", f'nonce="{"0" * 80}", qop="auth"', "wrong"))


def bad_rtsp(ports, _):
    return rtsp("DESCRIBE", uri_of(ports), f'nonce="{"0" * 16}"', "wrong")


def bad_onvif(ports, _):
    return scopes("wrong")


def bad_soap(ports, i):
    return scopes("wrong", ATTRIBUTES if i % 50 == 0 else "")


DOORS = {
    "HTTP": ("http", come_by_http, bad_http),
    "RTSP": ("rtsp", come_by_rtsp, bad_rtsp),
    "ONVIF": ("http", come_by_onvif, bad_onvif),
    "ONVIF, each 50th with 54 kB of attributes": ("http", come_by_onvif, bad_soap),
}


def attack(ports, port, bad, sent):
    """RATE requests a second, each on a connection of its own, whose answer is waited for, for two seconds at most"""
    loop, begin, n = selectors.DefaultSelector(), time.monotonic(), 0
    open_ = {}
    while True:
        now = time.monotonic()
        while n < (now - begin) * RATE and len(open_) < 900:
            door = socket.socket()
            door.setblocking(False)
            door.connect_ex(("127.0.0.1", port))
            loop.register(door, selectors.EVENT_WRITE, memoryview(bad(ports, n)))
            open_[door] = now
            n += 1
            sent.value = n
        for key, _ in loop.select(0.001):
            door = key.fileobj
            try:
                if key.data:
                    rest = key.data[door.send(key.data):]
                    loop.modify(door, selectors.EVENT_WRITE if rest else selectors.EVENT_READ, rest or None)
                    continue
                door.recv(65536)
            except BlockingIOError:
                continue
            except OSError:
                pass
            loop.unregister(door)
            door.close()
            del open_[door]
        for door in [door for door, since in open_.items() if now - since > 2][:50]:
            loop.unregister(door)
            door.close()
            del open_[door]


def visit(come, ports, seconds):
    """Milliseconds of each visit; one in vain took 20 s"""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        try:
            good = come(ports) == 200
        except OSError:
            good = False
        times.append((time.monotonic() - begin) * 1000 if good else 20000.0)
        time.sleep(PAUSE_S)
    return sorted(times)


def figures(times):
    return {"n": len(times), "refused": times.count(20000.0), "median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)],
            "worst": times[-1]}


def free_ports(n):
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    return [door.getsockname()[1] for door in doors]


def start(program, plugins):
    ports = dict(zip(("http", "rtsp"), free_ports(2)))
    with open("users.ini", "w", encoding="utf-8") as file:
        file.write(f"[{USER}]\npassword = {PASSWORD}\n")
    os.chmod("users.ini", 0o600)
    with open("live.ini", "w", encoding="utf-8") as file:
        file.write(f"[service]\nrtsp = 127.0.0.1:{ports['rtsp']}\nhttp = 127.0.0.1:{ports['http']}\nusers = users.ini\n"
                   "[camera front]\nsource = test:ball\nrecovery = none\nsnapshot = no\nmask = face\nwidth = 320\nheight = 180\n"
                   "rate = 2\npreset = ultrafast\n")
    with open("live.log", "w", encoding="utf-8") as log:
        service = subprocess.Popen([program, "--config", "live.ini"], stderr=log, env={**os.environ, "GST_PLUGIN_PATH": plugins})
    for _ in range(200):
        try:
            if ask(ports["http"], b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")[0] == 200 and come_by_rtsp(ports) == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    return service, ports


def measure(program, plugins):
    """{door: {"quiet": figures, "loud": figures, "rate": bad requests a second}}"""
    result = {}
    for name, (port, come, bad) in DOORS.items():
        if os.environ.get("DOORS", "") not in name:
            continue
        service, ports = start(program, plugins)
        watcher = multiprocessing.Process(target=watch, args=(ports,), daemon=True)
        watcher.start()
        time.sleep(1)
        quiet = figures(visit(come, ports, QUIET_S))
        sent = multiprocessing.Value("i", 0)
        stranger = multiprocessing.Process(target=attack, args=(ports, ports[port], bad, sent), daemon=True)
        stranger.start()
        time.sleep(0.5)
        begin, before = time.monotonic(), sent.value
        loud = figures(visit(come, ports, LOUD_S))
        rate = (sent.value - before) / (time.monotonic() - begin)
        for process in (stranger, watcher):
            process.terminate()
            process.join()
        service.terminate()
        service.wait(20)
        result[name] = {"quiet": quiet, "loud": loud, "rate": rate}
    return result


def tell(name, result):
    print(f"{name}: milliseconds until the right user is answered: median, 95th percentile, worst")
    for door, r in result.items():
        q, l = r["quiet"], r["loud"]
        print(f"  {door}: alone {q['median']:.1f}, {q['p95']:.1f}, {q['worst']:.1f}; with {r['rate']:.0f} bad requests a second "
              f"{l['median']:.1f}, {l['p95']:.1f}, {l['worst']:.1f} (median x {l['median'] / q['median']:.1f}); "
              f"{l['refused']} of {l['n']} in vain")


def main():
    out, plugins, programs = sys.argv[1], sys.argv[2], [os.path.abspath(program) for program in sys.argv[3:5]]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        results = {name: measure(program, plugins) for name, program in zip(("this", "before"), programs)}
    for name, result in results.items():
        tell(name, result)
    if len(results) == 2:
        for door in results["this"]:
            worst = [results[name][door]["loud"]["worst"] for name in ("this", "before")]
            print(f"  {door}: the worst wait before is x {worst[1] / worst[0]:.1f} of the worst now")
    with open(out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
