#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/check_text tells good text from other, in documents and sources made for it; TAP output.

usage: text.py SOURCE_ROOT
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CHECK = os.path.join(os.path.abspath(sys.argv[1]), "tools/check_text")
CONVENTIONS = "# Words\nWords to avoid: anew, of its own.\n"
ENVIRONMENT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
FULL = " * " + "a" * 91 + " and"  # no room for another word of the code's 100 columns
number, good = 0, True


def run(*command):
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False)


def write(path, text):
    os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
    with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
        file.write(text)


def check(name, status, words, *arguments):
    """`words` stand in what it says, one line each; none: it finds nothing."""
    global number, good
    number += 1
    done = run(CHECK, *arguments)
    said = re.sub(" +", " ", done.stdout + done.stderr)
    clean = status != 0 or ", 0 faults" in said
    passed = done.returncode == status and clean and all(word in said for word in words.split("\n"))
    good &= passed
    print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    if not passed:
        print("# " + f"status {done.returncode}: {said}".replace("\n", "\n# "))


def document(name, text, fault=""):
    write("a.md", text)
    check(name, 1 if fault else 0, fault, "a.md")


def comment(name, text, fault=""):
    write("src/a.c", text)
    check(name, 1 if fault else 0, fault, "src/a.c")


def sentence(n_words):
    return "Word" + " word" * (n_words - 1) + "."


def lines(text):
    return text.replace(" ", "\n")


def documents():
    short = " ".join([sentence(4)] * 4) + " "
    document("24_words_a_sentence_are_read", lines(sentence(24)))
    document("25_in_the_mean_are_not", lines(sentence(25)), "a.md:1: 25.0 words a sentence in the mean, not under 25")
    document("45_words_are_the_most_of_one", lines(short + sentence(45)))
    document("46_are_told_with_their_line", lines(short + sentence(46)), "a.md:17: a sentence of 46 words")
    document("a_list_is_made_of_sentences", "".join(f"- {lines(sentence(20))}\n" for _ in range(3)))
    document("a_dot_in_the_middle_parts_a_list", lines(short + " · ".join(["one two three"] * 20)))
    document("a_heading_and_a_table_are_no_sentences", f"# {sentence(50)}\n| {sentence(50)} |\n|---|\n{short}\n")
    document("code_is_no_sentence", f"```\n{sentence(50)}\n```\n\n    {sentence(50)}\n\n{short}`{lines(sentence(50))}`\n")
    document("an_address_is_no_words", f"{short}[here]({lines(sentence(50))}).\n")
    document("a_label_does_not_lower_the_mean", "**Label.** " * 40 + lines(sentence(26)), "in the mean")
    document("a_full_stop_of_a_short_word_ends_nothing", lines(short + "e.g. word " * 23), "a sentence of 46 words")
    document("130_columns_are_a_line", "w" * 130)
    document("131_are_not", "w\n" + "w" * 131, "a.md:2: a line of 131 columns")
    document("a_table_and_code_may_be_wider", f"| {'w' * 200} |\n\n```\n{'w' * 200}\n```\n")
    document("words_to_avoid_are_found_over_lines", "It begins anew.\nOne of\nits own.\n| Anew |",
             'a.md:1: "anew" is\na.md:2: "of its own" is\na.md:4: "anew" is')
    document("and_not_in_code_nor_in_longer_words", "Say `anew`, renew, of its ownership.\n```\nanew\n```\n")
    write("a.md", "A b c d. A b.\n")
    check("the_table_has_the_document", 0, "a.md 4.0 4 13", "a.md")


def comments():
    comment("a_comment_is_read", "/* All\n * well. */\nint a; /* b */ // c\n\n/*\n * Two,\n * three.\n */\n")
    comment("a_word_to_avoid_is_found_in_it", "int a;\n/* One of\n * its own. */\n// anew\n",
            'src/a.c:2: "of its own" is\nsrc/a.c:4: "anew" is')
    comment("and_not_in_code", 'const char *anew = "/* anew */";\n')
    comment("a_closing_mark_alone_is_found", "int a;\n/* One line.\n */\n", "src/a.c:3: the closing mark")
    comment("a_parted_type_is_found", "struct a {\n    float\n        b; /* c */\n};\n", "src/a.c:3: a type and the name")
    comment("a_filled_drawing_is_found", "/*\n *   a --> b\n * c d --> e\n *   f --> g\n */\n", "src/a.c:3: a drawing")
    comment("a_list_of_long_items_is_none", "/*\n *   b c\n * - d\n *   e\n */\n")
    comment("a_rest_of_a_line_is_found", f"/*\n{FULL}\n * so on\n * again. */\n", "src/a.c:3: what did not fit")
    comment("the_end_of_a_sentence_is_no_rest", f"/*\n{FULL}\n * so on.\n * again. */\n")
    comment("items_in_one_line_are_found", "/* As:\n * - a; - b\n * 1. a; 2. b\n */\n", "src/a.c:2: two items\nsrc/a.c:3: two items")
    comment("a_difference_is_no_item", "/* Below:\n * n - 1; and a - b\n */\n")


def trees():
    write("a.md", "All is well.\n")
    write("src/a.c", "/* anew */\n")
    write("tests/a.c", "/* anew */\n")
    write("new.md", "Anew.\n")
    run("git", "init", "-q")
    run("git", "add", "a.md", "CONVENTIONS.md", "src", "tests")
    check("what_git_knows_is_read", 1, 'src/a.c:1: "anew"\n3 files, 1 fault')
    check("a_file_that_is_none_is_told", 2, "check_text: ", "none.md")
    check("an_option_that_is_none_is_told", 2, "check_text [FILE...]", "--all")
    write("CONVENTIONS.md", "# Words\n")
    check("without_the_list_nothing_is_good", 2, "Words to avoid", "a.md")


if not shutil.which("git"):
    print("1..0 # SKIP git is not installed")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    write("CONVENTIONS.md", CONVENTIONS)
    check("the_list_itself_is_no_fault", 0, "", "CONVENTIONS.md")
    documents()
    comments()
    trees()
print(f"1..{number}")
sys.exit(not good)
