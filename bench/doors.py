#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the right user waits at each door of the live service while somebody else sends 1000 bad requests a second, on the
same machine; the same without them; and both for a second program, beside it. All have addresses of their own, none of them
this machine's own ones, in a network namespace of their own (`unshare -rn`).

usage: doors.py OUT.json PLUGIN_FOLDER LIVE [BEFORE]    LIVE, BEFORE: bauta-live programs; DOORS=WORDS: only doors so named
"""
import base64
import hashlib
import json
import multiprocessing
import os
import selectors
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

RATE, QUIET_S, LOUD_S, PAUSE_S = 1000, 2.5, 6, 0.05
USER, PASSWORD, REALM = "viewer", "right horse", "bauta"
STRANGER, HOME = "192.0.2.7", "192.0.2.8"
ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def digest(method, uri, challenge, password, user=USER):
    """An Authorization header for a challenge, which is a header's value"""
    nonce = challenge.split('nonce="')[1].split('"')[0]
    a1, a2 = md5(f"{user}:{REALM}:{password}"), md5(f"{method}:{uri}")
    head = f'Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}"'
    if "qop" in challenge:
        return f'{head}, qop=auth, nc=00000001, cnonce="c", response="{md5(f"{a1}:{nonce}:00000001:c:auth:{a2}")}"'
    return f'{head}, response="{md5(f"{a1}:{nonce}:{a2}")}"'


def get(authorization=None):
    line = f"Authorization: {authorization}\r\n" if authorization else ""
    return f"GET /metrics HTTP/1.1\r\nHost: {HOME}\r\n{line}Connection: close\r\n\r\n".encode()


def rtsp(method, uri, challenge=None, password=PASSWORD, more="", user=USER):
    line = f"Authorization: {digest(method, uri, challenge, password, user)}\r\n" if challenge else ""
    return f"{method} {uri} RTSP/1.0\r\nCSeq: 1\r\n{more}{line}\r\n".encode()


def uri_of(ports, name="rtsp"):
    return f"{name}://{HOME}:{ports[name]}/front"


def post(body):
    head = f"POST /onvif/device_service HTTP/1.1\r\nHost: {HOME}\r\nContent-Length: {len(body)}\r\n"
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


def call(port, secret=False):
    """A connection from HOME"""
    door = socket.create_connection((HOME, port), timeout=20)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as curl, browsers and recorders do
    if not secret:
        return door
    return ssl._create_unverified_context().wrap_socket(door)  # pylint: disable=protected-access


def ask(port, request, secret=False):
    """The status and the headers of the answer; the connection stays"""
    with call(port, secret) as door:
        return say(door, request)


def say(door, request):
    door.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = door.recv(65536)
        if not piece:
            break
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    size = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < size:  # what is left of one answer would be taken for the next
        piece = door.recv(65536)
        if not piece:
            break
        body += piece
    text = answer.decode("latin-1")
    return int((text.split(" ") + ["0", "0"])[1] or 0), text


def challenge_of(text):
    return next((line.split(":", 1)[1] for line in text.split("\r\n") if line.lower().startswith("www-authenticate:")), "")


def come_by_http(ports, name="http"):
    secret = name == "https"
    _, text = ask(ports[name], get(), secret)
    return ask(ports[name], get(digest("GET", "/metrics", challenge_of(text), PASSWORD)), secret)[0]


def come_by_https(ports):
    return come_by_http(ports, "https")


def come_by_rtsp(ports, name="rtsp"):
    with call(ports[name], name == "rtsps") as door:
        _, text = say(door, rtsp("DESCRIBE", uri_of(ports, name)))
        return say(door, rtsp("DESCRIBE", uri_of(ports, name), challenge_of(text)))[0]


def come_by_rtsps(ports):
    return come_by_rtsp(ports, "rtsps")


def watch(ports, name):
    """Somebody who watches all the time, so that nobody waits for the camera's first picture; RTSP's doors have one each"""
    name = name if name == "rtsps" else "rtsp"
    door, uri = call(ports[name], name == "rtsps"), uri_of(ports, name)
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


# What a stranger says: (ports, number, what was answered last or None) -> bytes, or None: no more


def bad_http(_ports, _i, answer, user=USER):
    return None if answer else get(digest("GET", "/metrics", f'nonce="{"0" * 80}", qop="auth"', "wrong", user))


def bad_rtsp(ports, _, answer):
    return None if answer else rtsp("DESCRIBE", uri_of(ports), f'nonce="{"0" * 16}"', "wrong")


def guess_rtsp(ports, _, answer, user=USER):
    """With the nonce that is given"""
    if not answer:
        return rtsp("DESCRIBE", uri_of(ports))
    challenge = challenge_of(answer.decode("latin-1"))
    return rtsp("DESCRIBE", uri_of(ports), challenge, "wrong", user=user) if "CSeq" in str(answer) and challenge else None


def once(make):
    return lambda ports, i, answer: None if answer else make(ports, i)


def client_hello(_ports, _i, answer, kept=[]):  # noqa: B006 pylint: disable=dangerous-default-value
    """The first words of TLS; the certificate and the signature that they want are the door's work"""
    if not kept:
        trust, out = ssl.create_default_context(), ssl.MemoryBIO()
        try:
            trust.wrap_bio(ssl.MemoryBIO(), out, server_hostname="camera.example").do_handshake()
        except ssl.SSLWantReadError:
            kept.append(out.read())
    return None if answer else kept[0]


def as_another(bad):
    return lambda ports, i, answer: bad(ports, i, answer, "admin")


silent = once(lambda ports, i: b"")
bad_onvif = once(lambda ports, i: scopes("wrong"))
bad_soap = once(lambda ports, i: scopes("wrong", ATTRIBUTES if i % 50 == 0 else ""))
no_http = once(lambda ports, i: get())
no_rtsp = once(lambda ports, i: rtsp("DESCRIBE", uri_of(ports)))

# name: door, what the user does, what the stranger says, where it says it from
DOORS = {
    "RTSP, wrong digest of an old nonce": ("rtsp", come_by_rtsp, bad_rtsp, STRANGER),
    "RTSP, wrong digest of the nonce given": ("rtsp", come_by_rtsp, guess_rtsp, STRANGER),
    "RTSP, no Authorization": ("rtsp", come_by_rtsp, no_rtsp, STRANGER),
    "RTSP, connects without a byte": ("rtsp", come_by_rtsp, silent, STRANGER),
    "RTSPS, begins TLS": ("rtsps", come_by_rtsps, client_hello, STRANGER),
    "HTTP, wrong digest": ("http", come_by_http, bad_http, STRANGER),
    "HTTP, no Authorization": ("http", come_by_http, no_http, STRANGER),
    "HTTP, connects without a byte": ("http", come_by_http, silent, STRANGER),
    "HTTPS, begins TLS": ("https", come_by_https, client_hello, STRANGER),
    "ONVIF, wrong token": ("http", come_by_onvif, bad_onvif, STRANGER),
    "ONVIF, wrong token, each 50th with 54 kB of attributes": ("http", come_by_onvif, bad_soap, STRANGER),
    "RTSP from the user's address, wrong digest of an old nonce": ("rtsp", come_by_rtsp, bad_rtsp, HOME),
    "RTSP from the user's address, another name": ("rtsp", come_by_rtsp, as_another(guess_rtsp), HOME),
    "RTSP from the user's address, his name": ("rtsp", come_by_rtsp, guess_rtsp, HOME),
    "HTTP from the user's address, another name": ("http", come_by_http, as_another(bad_http), HOME),
    "HTTP from the user's address, his name": ("http", come_by_http, bad_http, HOME),
    "HTTPS from the user's address, begins TLS": ("https", come_by_https, client_hello, HOME),
}


class Stranger:
    """One connection and what is still to be sent on it"""

    def __init__(self, door, words, since):
        self.door, self.words, self.since = door, words, since


def attack(ports, target, bad, ends):
    """RATE connections a second, each of which says its words and waits for the end of it, for two seconds at most; as many as
    900 at once. `ends` counts those that were answered or closed."""
    loop, begin, n, open_ = selectors.DefaultSelector(), time.monotonic(), 0, set()

    def drop(guest):
        loop.unregister(guest.door)
        guest.door.close()
        open_.discard(guest)

    def go_on(guest, events):
        if events & selectors.EVENT_WRITE:
            guest.words = guest.words[guest.door.send(guest.words):] if guest.words else b""
            if not guest.words:
                loop.modify(guest.door, selectors.EVENT_READ, guest)
            return True
        answer = guest.door.recv(65536)
        guest.words = bad(ports, n, answer) if answer else None
        if guest.words:
            loop.modify(guest.door, selectors.EVENT_WRITE, guest)
        return guest.words

    while True:
        now = time.monotonic()
        while n < (now - begin) * RATE and len(open_) < 900:
            guest = Stranger(socket.socket(), bad(ports, n, None), now)
            guest.door.setblocking(False)
            guest.door.connect_ex(target)
            loop.register(guest.door, selectors.EVENT_WRITE, guest)
            open_.add(guest)
            n += 1
        for key, events in loop.select(0.001):
            try:
                more = go_on(key.data, events)
            except BlockingIOError:
                continue
            except OSError:
                more = None
            if not more:
                drop(key.data)
                ends.value += 1
        for guest in [guest for guest in open_ if now - guest.since > 2][:50]:
            drop(guest)


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
    doors = [socket.create_server(("", 0)) for _ in range(n)]
    return [door.getsockname()[1] for door in doors]


def start(program, plugins):
    ports = dict(zip(("http", "rtsp", "https", "rtsps"), free_ports(4)))
    with open("users.ini", "w", encoding="utf-8") as file:
        file.write(f"[{USER}]\npassword = {PASSWORD}\n")
    os.chmod("users.ini", 0o600)
    with open("live.ini", "w", encoding="utf-8") as file:
        file.write("[service]\n" + "".join(f"{name} = 0.0.0.0:{port}\n" for name, port in ports.items()) +
                   "users = users.ini\ncertificate = door.crt\nprivate-key = door.key\n"
                   "[camera front]\nsource = test:ball\nrecovery = none\nsnapshot = no\nmask = face\nwidth = 320\nheight = 180\n"
                   "rate = 2\npreset = ultrafast\n")
    with open("live.log", "w", encoding="utf-8") as log:
        service = subprocess.Popen([program, "--config", "live.ini"], stderr=log, env={**os.environ, "GST_PLUGIN_PATH": plugins})
    for _ in range(200):
        try:
            if ask(ports["http"], b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200 and come_by_rtsp(ports) == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    return service, ports


def measure(program, plugins):
    """{door: {"quiet": figures, "loud": figures, "rate": bad connections a second that were answered or closed}}"""
    result = {}
    for name, (door, come, bad, origin) in DOORS.items():
        if os.environ.get("DOORS", "") not in name:
            continue
        service, ports = start(program, plugins)
        watcher = multiprocessing.Process(target=watch, args=(ports, door), daemon=True)
        watcher.start()
        visit(come, ports, 2)  # until the first picture is there
        quiet = figures(visit(come, ports, QUIET_S))
        ends = multiprocessing.Value("i", 0)
        stranger = multiprocessing.Process(target=attack, args=(ports, (origin, ports[door]), bad, ends), daemon=True)
        stranger.start()
        time.sleep(0.5)
        begin, before = time.monotonic(), ends.value
        loud = figures(visit(come, ports, LOUD_S))
        rate = (ends.value - before) / (time.monotonic() - begin)
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
        print(f"  {door}: alone {q['median']:.1f}, {q['p95']:.1f}, {q['worst']:.1f}; with {r['rate']:.0f} bad ones a second answered or closed "
              f"{l['median']:.1f}, {l['p95']:.1f}, {l['worst']:.1f} (median x {l['median'] / q['median']:.1f}); "
              f"{l['refused']} of {l['n']} in vain")


def move_in():
    """Into a network of its own, where the addresses are"""
    if "DOORS_INSIDE" not in os.environ:
        os.environ["DOORS_INSIDE"] = "yes"
        os.execvp("unshare", ["unshare", "-rn", sys.executable, os.path.abspath(__file__), *map(os.path.abspath, sys.argv[1:])])
    for words in ("link set lo up", f"addr add {STRANGER}/32 dev lo", f"addr add {HOME}/32 dev lo"):
        subprocess.run(["ip", *words.split()], check=True)


def make_certificate():
    subprocess.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=doors "
                   "-keyout door.key -out door.crt".split(), check=True, stderr=subprocess.DEVNULL)
    os.chmod("door.key", 0o600)


def main():
    move_in()
    out, plugins, programs = sys.argv[1], sys.argv[2], [os.path.abspath(program) for program in sys.argv[3:5]]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_certificate()
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
