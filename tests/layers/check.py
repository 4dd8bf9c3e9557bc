#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file includes, or imports, only what its folder's row in ARCHITECTURE.md's table allows, and nothing is
made of a circle: no row, and no source file of src, gst or apps/live; TAP output."""
import os
import re
import sys

ROOT = sys.argv[1]
# Libraries that only one folder may know, by how their headers begin.
QUARANTINED = {
    "openssl": "openssl/", "onnxruntime": "onnxruntime", "dlfcn": "dlfcn.h", "pthread": "pthread.h",
    "jansson": "jansson.h", "libavformat": "libavformat/", "libavcodec": "libavcodec/",
    "gstreamer": "gst/", "libsoup": "libsoup/", "libsystemd": "systemd/", "libxml2": "libxml/", "glib": "glib",
    "libavutil": "libavutil/", "libswscale": "libswscale/", "sqlite": "sqlite3.h", "libgfshare": "libgfshare.h",
}


def read_table():
    """{folder: (folders it may include, libraries it is the home of)}"""
    table = {}
    with open(os.path.join(ROOT, "ARCHITECTURE.md"), encoding="utf-8") as text:
        for line in text:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 3 and re.fullmatch(r"(src|apps|player)/\w+|apps/live/\w+|gst", cells[0]):
                split = lambda cell: [word for word in re.split(r"[,\s]+", cell) if word]
                table[cells[0]] = (split(cells[1]), split(cells[2]))
    return table


def includes_of(path):
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if found:
                yield number, found.group(1), found.group(2)


def fault(folder, allowed, homes, bracket, header):
    for library, beginning in QUARANTINED.items():
        if header.startswith(beginning) and library not in homes:
            return f"<{header}> belongs in another folder"
    if folder.split("/")[:2] == ["apps", "live"]:
        return live_fault(folder, allowed, bracket, header)
    if bracket == '"' and "/" in header:
        other = header.split("/")[0]
        if folder.startswith("src/") and other != folder.split("/")[1] and other not in allowed:
            return f"\"{header}\" is not in the table's row"
    if bracket == '"' and not folder.startswith("src/") and "/" in header:
        return f"\"{header}\": programs include <bauta/...> only"
    return None


def check_folder(folder, allowed, homes):
    faults = []
    for name in sorted(os.listdir(os.path.join(ROOT, folder))):
        if name.endswith((".c", ".h")):
            path = os.path.join(folder, name)
            for number, bracket, header in includes_of(os.path.join(ROOT, path)):
                what = fault(folder, allowed, homes, bracket, header)
                if what:
                    faults.append(f"{path}:{number}: {what}")
    return faults


# ---- circles ----

def circles(graph):
    """The groups of nodes that reach each other, sorted; graph: {node: nodes that it uses}"""
    def reach(start):
        seen, ahead = set(), list(graph.get(start, ()))
        while ahead:
            node = ahead.pop()
            if node not in seen:
                seen.add(node)
                ahead += graph.get(node, ())
        return seen
    reached = {node: reach(node) for node in graph}
    groups = {tuple(sorted({node} | {other for other in seen if node in reached.get(other, ())}))
              for node, seen in reached.items() if node in seen}
    return sorted(groups)


def words_of(text):
    """All words of C that are no comment and no string."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    return text, set(re.findall(r"(?<!struct )(?<!enum )\b[a-z_]\w*\b", text))


def functions_of(text):
    """The functions that a file defines for others."""
    return re.findall(r"^(?!static\b|typedef\b)[a-z][\w \*]*?\b(\w+)\([^;{}]*\)\n\{", text, re.M)


def uses(texts):
    """{file: files whose functions it uses}; texts: {file: its text}"""
    stripped = {path: words_of(text) for path, text in texts.items()}
    home = {name: path for path, (text, _) in stripped.items() for name in functions_of(text) if name != "main"}
    return {path: {home[word] for word in words if word in home} - {path} for path, (_, words) in stripped.items()}


def circles_of_calls(top):
    texts = {}
    for folder, _, names in os.walk(os.path.join(ROOT, top)):
        for name in names:
            if name.endswith(".c"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as text:
                    texts[os.path.relpath(path, ROOT)] = text.read()
    return [" and ".join(group) + " use one another" for group in circles(uses(texts))]


def check_circle_controls():
    """The check finds what it should find."""
    texts = {"a.c": "int a(void)\n{\n    return b(1);\n}\n",
             "b.c": "static int c(void)\n{\n}\nint b(int x,\n      int y)\n{\n    struct e inner; /* d() */\n    return c();\n}\n",
             "c.c": 'void c(void)\n{\n    d();\n}\n', "d.c": 'void d(void)\n{\n    c();\n}\n',
             "e.c": 'void e(void)\n{\n    say("d()");\n}\n'}
    return ([] if circles({"a": "b", "b": "c", "c": "b", "d": "d"}) == [("b", "c"), ("d",)] else ["circles are not found"]) + \
           ([] if uses(texts) == {"a.c": {"b.c"}, "b.c": {"c.c"}, "c.c": {"d.c"}, "d.c": {"c.c"}, "e.c": set()}
            else [f"uses are not found: {uses(texts)}"])


# ---- sizes ----

MOST = 0.15  # of the lines of src that one folder may hold


def check_sizes():
    lines = {}
    for folder in folders_of("src"):
        lines[folder] = 0
        for name in os.listdir(os.path.join(ROOT, folder)):
            if name.endswith((".c", ".h")):
                with open(os.path.join(ROOT, folder, name), encoding="utf-8") as text:
                    lines[folder] += sum(1 for _ in text)
    total = sum(lines.values())
    return [f"{folder} holds {100 * n / total:.1f} % of src" for folder, n in lines.items() if n > MOST * total]


# ---- rooms of apps/live ----

LIVE = "apps/live"


def live_fault(folder, allowed, bracket, header):
    """A room's own files are "file.h", those of another room "room/file.h"; the top is a room that none may include."""
    if bracket != '"':
        return None
    room, _, name = header.rpartition("/")
    if not room:
        own = os.path.exists(os.path.join(ROOT, folder, name))
        return None if own else f"\"{header}\" is not in this folder"
    return None if room in allowed else f"\"{header}\" is not in the table's row"


def live_graphs():
    """Who includes whom: {room: rooms} and {header: headers}, by names below apps/live."""
    rooms, headers = {}, {}
    for folder, _, names in os.walk(os.path.join(ROOT, LIVE)):
        room = os.path.relpath(folder, os.path.join(ROOT, LIVE))
        for name in sorted(names):
            if not name.endswith((".c", ".h")):
                continue
            for _, bracket, header in includes_of(os.path.join(folder, name)):
                if bracket == '"':
                    other = os.path.dirname(header) or room
                    if other != room:
                        rooms.setdefault(room, set()).add(other)
                    if name.endswith(".h"):
                        headers.setdefault(f"{room}/{name}", set()).add(f"{other}/{os.path.basename(header)}")
    return rooms, headers


def check_live_controls():
    """The checks find what they should find."""
    row = ("apps/live/record", ["base"], '"')
    return ([f"{header} is found" for header in ("recorder.h", "base/log.h") if live_fault(*row, header)]
            + [f"{header} is not found" for header in ("log.h", "service.h", "rtsp/rtsp.h", "../service.h", "base/x/log.h")
               if not live_fault(*row, header)])


# ---- TypeScript ----

def imports_of(text):
    """(line, what) of each import and export "from", of import "..." and of import("...")"""
    for found in re.finditer(r"""\b(?:from|import)\s*\(?\s*(["'`])(.+?)\1""", text):
        yield text.count("\n", 0, found.start()) + 1, found.group(2)


def import_fault(folder, allowed, homes, what):
    """folder: of player/, or "" for what is right in it"""
    if not what.startswith("."):
        known = any(what == library or what.startswith(library + "/") for library in homes)
        return None if known else f"\"{what}\" belongs in another folder"
    place = os.path.normpath(os.path.join("player", folder, what)).split("/")
    other = re.sub(r"\.ts$", "", place[1]) if len(place) in (2, 3) and place[0] == "player" else ""
    own = len(place) == 3 and other == folder
    return None if own or other in allowed else f"\"{what}\" is not in the table's row"


def check_player_folder(folder, allowed, homes):
    faults = []
    for name in sorted(os.listdir(os.path.join(ROOT, "player", folder))):
        if name.endswith(".ts"):
            path = os.path.join("player", folder, name)
            with open(os.path.join(ROOT, path), encoding="utf-8") as text:
                for number, what in imports_of(text.read()):
                    wrong = import_fault(folder, allowed, homes, what)
                    if wrong:
                        faults.append(f"{path}:{number}: {wrong}")
    return faults


def check_player_controls():
    """The check finds what it should find."""
    row = ("engine", ["format", "protocol"], ["mediabunny", "@noble/hashes"])
    good = ["mediabunny", "@noble/hashes/scrypt.js", "./run.ts", "../format/bytes.ts", "../protocol.ts", "../engine/run.ts"]
    bad = ["media", "mediabunny2", "@hpke/core", "../page/dom.ts", "../crypto/hpke.ts", "../main.ts", "../../src/x.ts",
           "../format/../page/dom.ts", "node:fs", "https://example.com/x.js"]
    text = ('import { a,\n  b } from "one";\nimport type C from \'two\';\nimport "three";\nexport * from "four";\n'
            'const d = await import("five");\nconst from = 1, importKey = "six";\n')
    return ([f"{what} is found" for what in good if import_fault(*row, what)]
            + [f"{what} is not found" for what in bad if not import_fault(*row, what)]
            + ([] if list(imports_of(text)) == [(2, "one"), (3, "two"), (4, "three"), (5, "four"), (6, "five")]
               else ["imports are not read"]))


def folders_of(top):
    return sorted(f"{top}/{name}" for name in os.listdir(os.path.join(ROOT, top))
                  if os.path.isdir(os.path.join(ROOT, top, name)) and name != "node_modules")


def main():
    table = read_table()
    folders = folders_of("apps") + folders_of(LIVE) + folders_of("src") + ["gst"] + folders_of("player")
    results = [("every_folder_has_a_row", [f for f in folders if f not in table])]
    for folder in folders:
        allowed, homes = table.get(folder, ([], []))
        top, _, name = folder.partition("/")
        faults = check_folder(folder, allowed, homes) if top != "player" else check_player_folder(name, allowed, homes)
        results.append((f"{folder.replace('/', '_')}_includes_only_what_its_row_allows", faults))
    for what, graph in zip(("rooms", "headers"), live_graphs()):
        results.append((f"no_circle_of_includes_in_apps_live_{what}",
                        [" and ".join(group) + " include one another" for group in circles(graph)]))
    results.append(("a_wrong_include_in_apps_live_is_found", check_live_controls()))
    results.append(("player_protocol_imports_nothing", check_player_folder("", [], [])))
    public = [f"include/bauta/{name}:{number}: <{header}>"
              for name in sorted(os.listdir(os.path.join(ROOT, "include/bauta")))
              for number, bracket, header in includes_of(os.path.join(ROOT, "include/bauta", name))
              if bracket == '"' or ("/" in header and not header.startswith("bauta/"))]
    results.append(("public_headers_include_only_each_other", public))
    rows = {folder.split("/")[1]: allowed for folder, (allowed, _) in table.items() if folder.startswith("src/")}
    results.append(("no_rows_use_one_another", [" and ".join(group) for group in circles(rows)]))
    results.append(("no_source_files_use_one_another", circles_of_calls("src") + circles_of_calls("gst") + circles_of_calls(LIVE)))
    results.append(("a_circle_is_found", check_circle_controls()))
    results.append(("no_folder_is_too_large", check_sizes()))
    # A control: the check finds what it should find.
    results.append(("a_wrong_include_is_found",
                    [] if fault("src/mask", ["base"], [], "<", "openssl/evp.h")
                    and fault("src/mask", ["base"], [], '"', "find/finder.h")
                    and not fault("src/mask", ["base"], [], '"', "base/rect.h") else ["it is not"]))
    results.append(("a_wrong_import_is_found", check_player_controls()))
    print(f"1..{len(results)}")
    for number, (name, faults) in enumerate(results, 1):
        for line in faults:
            print(f"# {line}")
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
    return any(faults for _, faults in results)


sys.exit(main())
