#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""memory.py BAUTA: where keys are in a recovering process's memory, as a debugger sees it: while it works only in memory that
is locked and left out of core dumps, when it ends nowhere. In a folder with own.key, locked.key (the same key under the
passphrase in phrase.txt) and masked.h264. TAP."""
import ctypes
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))
sys.dont_write_bytecode = True
import reader  # noqa: E402, tests/vectors: the independent reader, for the keys of the stream

BAUTA = sys.argv[1]
TRACEME, CONT, SYSCALL, SETOPTIONS = 0, 7, 24, 0x4200
SYSGOOD, TRACEEXIT, EXITKILL, EVENT_EXIT = 1, 0x40, 0x100000, 6
RENAMES = {82, 264, 316, 38, 276}  # rename and its kin, on x86-64 and on 64-bit ARM
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
n_tests = 0


def ok(holds, name, why=""):
    global n_tests
    n_tests += 1
    print(f"{'ok' if holds else 'not ok'} {n_tests} - {name}")
    if not holds:
        print(f"# {why}")


def find_keys():
    """By name, what must not stay in memory."""
    der = subprocess.run(["openssl", "pkey", "-in", "own.key", "-outform", "DER"], check=True, capture_output=True).stdout
    private = der[-32:]
    with open("own.key", encoding="ascii") as file:
        text = file.read().splitlines()[1]
    with open("phrase.txt", encoding="ascii") as file:
        phrase = file.read().strip()
    with open("own.key", "rb") as file:
        own = reader.load_pem_private_key(file.read(), None)
    with open("masked.h264", "rb") as file:
        streams, _, _ = reader.read_access_units(file.read(), "h264")
    stream_key = reader.open_envelopes(next(iter(streams.values())), own)
    epoch_key = reader.epoch_key(stream_key, 1)  # the last one of four seconds
    return {"private key": private, "private key in base 64": text[-40:].encode(), "passphrase": phrase.encode(),
            "stream key": stream_key, "epoch key": epoch_key,
            "target key": reader.target_key(epoch_key, 3, 1)}


def regions(pid):
    """(start, end, flags) of all memory that can be read."""
    with open(f"/proc/{pid}/smaps", encoding="ascii", errors="replace") as file:
        for line in file:
            start = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if start:
                low, high, rights = int(start[1], 16), int(start[2], 16), start[3]
            elif line.startswith("VmFlags:") and rights[0] == "r":
                yield low, high, line.split()[1:]


def scan(pid, needles):
    """{name: the flags of each region that it was found in}"""
    found = {name: [] for name in needles}
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for low, high, flags in regions(pid):
            try:
                memory.seek(low)
                content = memory.read(high - low)
            except (OSError, ValueError):
                continue  # the kernel's own pages
            for name, needle in needles.items():
                if needle in content:
                    found[name].append(flags)
    return found


def trace(command, needles):
    """Runs a command; scans it before it renames its output, and when it ends. Two results, and its exit status."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        libc.ptrace(TRACEME, 0, None, None)
        os.execv(command[0], command)
    os.waitpid(pid, 0)
    if libc.ptrace(SETOPTIONS, pid, None, SYSGOOD | TRACEEXIT | EXITKILL) != 0:
        raise PermissionError("processes may not be traced")
    at_work = at_end = limits = None
    deliver = 0
    while True:
        libc.ptrace(SYSCALL if at_work is None else CONT, pid, None, deliver)
        deliver = 0
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            return at_work, at_end, limits, os.waitstatus_to_exitcode(status)
        stop = status >> 8
        if stop == signal.SIGTRAP | EVENT_EXIT << 8:
            at_end = scan(pid, needles)
        elif stop == signal.SIGTRAP | 0x80:
            with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
                number = file.read().split()[0]
            if number.isdigit() and int(number) in RENAMES:
                at_work = scan(pid, needles)
                with open(f"/proc/{pid}/limits", encoding="ascii") as file:
                    limits = file.read()
        elif stop & 0x7f != signal.SIGTRAP:
            deliver = stop & 0x7f


def check(name, command):
    needles = find_keys()
    own_path = command[command.index("--key") + 1].encode()
    at_work, at_end, limits, status = trace(command, {**needles, "path": own_path})
    ok(status == 0, f"{name}_recovers_under_a_debugger", f"exit status {status}")
    seen = [key for key in ("private key", "stream key", "epoch key") if at_work and at_work[key]]
    ok(len(seen) == 3, f"{name}_has_its_keys_in_memory_while_it_works", f"only {seen}")
    loose = [key for key in needles if at_work and any("lo" not in f or "dd" not in f for f in at_work[key])]
    ok(not loose, f"{name}_has_them_in_locked_memory_that_no_dump_holds_and_nowhere_else", f"elsewhere: {loose}")
    ok(limits and re.search(r"Max core file size\s+0\s+0", limits), f"{name}_leaves_no_core", limits)
    ok(at_end and at_end["path"], f"{name}_is_searched_when_it_ends", "not even the key's path was found")
    left = [key for key in needles if at_end and at_end[key]]
    ok(not left, f"{name}_leaves_no_key_behind", f"still there: {left}")


def main():
    try:
        check("recover", [BAUTA, "recover", "--force", "--reason", "test", "--quiet", "--key", "own.key", "masked.h264", "out.mp4"])
        check("recover_with_a_passphrase", [BAUTA, "recover", "--force", "--reason", "test", "--quiet", "--key", "locked.key", "--passphrase-file",
                                            "phrase.txt", "masked.h264", "out.mp4"])
    except PermissionError as why:
        print(f"ok {n_tests + 1} - keys_in_memory # SKIP {why}")
        print(f"1..{n_tests + 1}")
        return
    print(f"1..{n_tests}")


main()
