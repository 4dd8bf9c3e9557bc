#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/check_commits tells good commits from others, in a repository made for it; TAP output.

usage: commits.py SOURCE_ROOT
"""
import os
import shutil
import subprocess
import sys
import tempfile

CHECK = os.path.join(os.path.abspath(sys.argv[1]), "tools/check_commits")
WHY = "The old way did not work where the name was long."
ENVIRONMENT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
               "GIT_COMMITTER_EMAIL": "a@example.org", "LC_ALL": "C"}
number, good = 0, True


def run(*command):
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False)


def git(*arguments):
    done = run("git", *arguments)
    if done.returncode:
        sys.exit(f"Bail out! git {arguments[0]}: {done.stderr}")
    return done.stdout


def commit(message, n_lines, name="text"):
    """Makes `n_lines` added lines of it."""
    with open(os.path.join(folder, name), "a", encoding="ascii") as file:
        file.writelines(f"{number} {line}\n" for line in range(n_lines))
    git("add", "-A")
    git("commit", "-q", "-m", message)


def check(name, status, words, *arguments):
    global number, good
    number += 1
    done = run(CHECK, *arguments)
    passed = done.returncode == status and words in done.stdout + done.stderr
    good &= passed
    print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    if not passed:
        print("# " + f"status {done.returncode}: {done.stdout}{done.stderr}".replace("\n", "\n# "))


def refused(name, words, message, n_lines=1):
    commit(message, n_lines)
    check(name, 1, words)


if not shutil.which("git"):
    print("1..0 # SKIP git is not installed")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    git("init", "-q", "-b", "main")
    commit("Old history, as it was.", 3000)
    commit("mask: keep blocks on a fixed grid", 19)
    check("a_small_diff_needs_no_body", 0, "1 commit, 0 faults")
    commit(f"mask, track: keep blocks on a fixed grid\n\n{WHY}", 1999)
    check("a_body_that_says_why_is_enough_below_2000_lines", 0, "1 commit, 0 faults")
    check("nothing_before_the_range_is_looked_at", 0, "2 commits, 0 faults", "HEAD~2..HEAD")
    check("one_commit_may_be_named", 1, "the subject is not", "HEAD~2")
    commit("mask: a" + "b" * 65, 1)
    check("72_columns_are_enough", 0, "0 faults")
    refused("73_columns_are_not", "73 columns", "mask: a" + "b" * 66)
    refused("a_subject_has_an_area", "area: what", "keep blocks on a fixed grid")
    refused("an_area_is_lower_case", "area: what", "Mask: keep blocks on a fixed grid")
    refused("work_in_progress_is_no_area", "area: what", "wip: blocks")
    refused("a_subject_has_no_full_stop", "full stop", "mask: keep blocks.")
    refused("an_empty_line_follows_the_subject", "no empty line", "mask: keep blocks\n" + "of one size on a grid")
    refused("20_lines_need_a_body", "20 lines are changed", "mask: keep blocks", 20)
    refused("a_trailer_is_no_body", "no body", "mask: keep blocks\n\nSigned-off-by: A <a@example.org>", 20)
    refused("2000_lines_are_too_many", "not under 2000", f"mask: keep blocks\n\n{WHY}", 2000)
    git("mv", "text", "moved")
    git("commit", "-q", "-m", "mask: move the text")
    check("what_is_only_moved_does_not_count", 0, "0 faults")
    git("checkout", "-q", "-b", "side", "HEAD~1")
    commit("base: a side", 1, "other")
    git("checkout", "-q", "main")
    git("merge", "-q", "-m", "Merge of a side.", "side")
    check("a_merge_is_passed_over", 0, "1 commit, 0 faults", "HEAD^1..HEAD")
    check("a_range_that_is_none_is_told", 2, "check_commits: ", "nothing..here")
print(f"1..{number}")
sys.exit(not good)
