#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""help.py BAUTA: what a command's help lists is what it takes, neither more nor less: options, and the values that it names;
and the exit statuses are the same in the usage text and in README. TAP output."""
import os
import re
import subprocess
import sys
import tempfile

BAUTA = os.path.abspath(sys.argv[1])
README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
os.environ["XDG_STATE_HOME"] = work.name
n_tests = 0


def ok(bad, name):
    global n_tests
    n_tests += 1
    for line in bad:
        print("#", line)
    print(f"{'not ' if bad else ''}ok {n_tests} - {name}", flush=True)


def run(*words):
    done = subprocess.run([BAUTA, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def options_of(command):
    """Each option that its help lists: the name of its value, and what is said of it."""
    lines = run(*command, "--help")[1].replace("\n                             ", " ").split("\n")
    found = (re.fullmatch(r"  --([a-z-]+)(?: ([^ ]+))? +(.*)", line) for line in lines)
    return {m[1]: (m[2], m[3]) for m in found if m}


def values_of(value, words):
    """Values that a help names: as choices, or as numbers that are told what they do."""
    if value == "N":
        return re.findall(r"(?:^|; )(\d+): ", words)
    choices = (value or "").split("|")
    return [choice for choice in choices if len(choices) > 1 and choice.islower()] + (["1"] if "N" in choices else [])


ENOUGH = {  # what is needed before a value is looked at; IN is not there
    "protect": ["--recipient", "own.pub", "in.mp4", "out.mp4"],
    "recover": ["--key", "own.key", "--reason", "test", "in.mp4", "out.mp4"],
    "export": ["--key", "own.key", "--reason", "test", "--clear", "1", "in.mp4", "out.mp4"],
    "erase": ["--sign", "camera.key", "--reason", "test", "--target", "1", "in.mp4", "out.mp4"],
    "grant": ["--key", "own.key", "--recipient", "own.pub", "--reason", "test", "in.mp4", "-o", "it.grant"],
    "detect": ["in.mp4"],
}

run("key", "new", "--no-passphrase", "own")
run("key", "new", "--no-passphrase", "--sign", "camera")
usage = run("--help")[1]
commands = [tuple(match.split()) for match in re.findall(r"^  bauta ((?:key|audit) \w+|\w+)", usage, re.M)]
listed = {command: options_of(command) for command in commands}
everything = {name for options in listed.values() for name in options}
ok([] if len(commands) > 15 and len(everything) > 60 else ["hardly any"], "commands_and_options_are_found")
for group in ("key", "audit"):
    status, said, _ = run(group, "--help")
    known = [" ".join(command) for command in commands if command[0] == group]
    ok([f"{status}: {said}"] if status or not all(f"bauta {name} " in said for name in known) else [], f"help_of_all_of_{group}")
    status, _, said = run(group, "nothing")
    ok([said] if status != 2 or f"there is no command '{group} nothing'" not in said else [], f"{group}_tells_which_is_not_there")
MISSING = {  # what it says when all but one are given
    "grant --key k IN -o G": "--recipient", "grant --key k --recipient p IN": "-o", "erase --reason x IN OUT": "--sign",
    "lock --sign k IN OUT": "--reason", "key group --threshold 2 NAME": "--members", "key group --members a,b NAME": "--threshold",
    "export --key k IN OUT": "--clear", "audit head --sign k": "-o", "rewrap --add p --key k IN OUT": "--reason",
    "verify IN": "--signer", "score --truth t": "--report"}
ok([f"{words}: {run(*words.split())[2]}" for words, option in MISSING.items()
    if run(*words.split())[0] != 2 or f"needs {option}" not in run(*words.split())[2].replace("at least one ", "")], "what_is_missing_is_named")
for command in commands:
    wrong = []
    all_listed = [f"--{name}=1" if value else f"--{name}" for name, (value, _) in listed[command].items()]
    if run(*command, *all_listed)[0]:  # --help is one of them, and is done if all others are known
        wrong.append("listed, and not known: " + run(*command, *all_listed)[2].strip())
    for name, (value, words) in listed[command].items():
        for choice in values_of(value, words) if command[0] in ENOUGH else []:
            status, _, said = run(*command, f"--{name}", choice, *ENOUGH[command[0]])
            if status == 2 or "wants" in said:
                wrong.append(f"--{name} {choice}: {said.strip()}")
    ok(wrong, "help_is_what_it_takes_" + "_".join(command))
wrong = []
for number, name in enumerate(sorted(everything)):  # each by one of the commands that do not list it
    others = [command for command in commands if name not in listed[command]]
    command = others[number % len(others)] if others else None
    if command and f"does not know --{name}" not in run(*command, f"--{name}=1")[2]:
        wrong.append(f"{' '.join(command)} knows --{name}, and does not list it")
ok(wrong, "what_help_does_not_list_is_not_known")


def statuses(text):
    """From "Exit status:" on: each number's words, without the commas between them."""
    text = " ".join(text[text.index("Exit status:"):].split())
    return re.sub(r"[^a-z0-9 ]", "", text[:text.index("do not cover")].replace("·", ""))


def equal(one, other):
    return [] if one.split() == other.split() else [one, other]


with open(README, encoding="utf-8") as file:
    ok(equal(statuses(usage), statuses(file.read())), "exit_statuses_are_those_of_README")
print(f"1..{n_tests}")
