#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client that keeps the nonce it was let in with, while its own name is guessed from its own address.
usage: in_stays_in.py HOST PORT SOURCE_ADDRESS USER PASSWORD; prints what failed, status 1 then.
"""
import hashlib
import http.client
import re
import sys
import threading
import time

HOST, PORT, SOURCE, USER, PASSWORD = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
PATH = "/metrics"


def ask(authorization=None):
    """The status, and the challenge if there is one."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=9, source_address=(SOURCE, 0))
    connection.request("GET", PATH, headers={"Authorization": authorization} if authorization else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("WWW-Authenticate", "")


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def answer(challenge, count, password):
    """RFC 7616, section 3.4."""
    realm, nonce = (re.search(f'{name}="([^"]*)"', challenge)[1] for name in ("realm", "nonce"))
    response = md5(f"{md5(f'{USER}:{realm}:{password}')}:{nonce}:{count:08x}:cn:auth:{md5(f'GET:{PATH}')}")
    return (f'Digest username="{USER}", realm="{realm}", nonce="{nonce}", uri="{PATH}", qop=auth, nc={count:08x}, '
            f'cnonce="cn", response="{response}"')


def guess_on():
    while not done.is_set():
        try:
            statuses.append(ask(answer(ask()[1], 1, "wrong"))[0])
        except OSError:  # closed: too many wait
            statuses.append(0)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got}, not {wanted}")


def expect_wait(what, request):
    """Not at each time: one a second is looked at, and that may be this one."""
    expect(what, 429 in [ask(request())[0] for _ in range(6)], True)


done, statuses = threading.Event(), []
status, mine = ask()
expect("who says nothing", status, 401)
expect("who knows the password", ask(answer(mine, 1, PASSWORD))[0], 200)
guessers = [threading.Thread(target=guess_on, daemon=True) for _ in range(12)]
for guesser in guessers:
    guesser.start()
patience = time.monotonic() + 60
while statuses.count(429) < len(guessers) and time.monotonic() < patience:
    time.sleep(0.1)
expect_wait("the right password with a new nonce", lambda: answer(ask()[1], 1, PASSWORD))
for count in range(2, 12):
    expect("with the nonce that it was let in with", ask(answer(mine, count, PASSWORD))[0], 200)
status, renewed = ask(answer(mine, 2, PASSWORD))
expect("a count that was used", (status, "stale=true" in renewed), (401, True))
for count in range(1, 10):
    expect("with the nonce given instead", ask(answer(renewed, count, PASSWORD))[0], 200)
expect("a wrong password with it", ask(answer(renewed, 10, "wrong"))[0], 401)
counts = iter(range(11, 99))
expect_wait("the right one after that", lambda: answer(renewed, next(counts), PASSWORD))
expect("with the first nonce, still", ask(answer(mine, 12, PASSWORD))[0], 200)
done.set()
for guesser in guessers:
    guesser.join()
