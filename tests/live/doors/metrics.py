#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads Prometheus' text exposition format 0.0.4 as strictly as its description
(https://prometheus.io/docs/instrumenting/exposition_formats/) and promtool's lint allow; TAP output.

usage: metrics.py PROGRAM    the figures of invented cameras, which must be the right ones
       metrics.py -          standard input: of a running service
"""
import math
import re
import subprocess
import sys

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|Inf)|NaN")
TYPES = ("counter", "gauge", "summary", "histogram", "untyped")
OF_THE_SERVICE = ("bauta_build_info", "bauta_certificate_expiry_timestamp_seconds", "bauta_wrong_passwords_total")


class Fault(Exception):
    pass


def read_labels(text, line):
    labels = {}
    while text:
        found = LABEL.match(text)
        if not found or found.group(1) in labels:
            raise Fault(f"labels: {line}")
        labels[found.group(1)] = found.group(2)
        text = text[found.end():]
        if text and not text.startswith(","):
            raise Fault(f"labels: {line}")
        text = text[1:]
    return labels


def read_sample(line):
    found = re.fullmatch(r"([^\s{]+)(?:\{([^}]*)\})? (\S+)", line)
    if not found or not NAME.fullmatch(found.group(1)) or not NUMBER.fullmatch(found.group(3)):
        raise Fault(f"sample: {line}")
    return found.group(1), read_labels(found.group(2) or "", line), float(found.group(3))


def family_of(name, kind, families):
    """Of a sample: its own name, or without what summaries add."""
    if name in families:
        return name
    for end in ("_sum", "_count"):
        if name.endswith(end) and families.get(name[:-len(end)], (None,))[0] in ("summary", "histogram"):
            return name[:-len(end)]
    raise Fault(f"a sample without a type: {name}")


def parse(text):
    """{family: (type, help, [(name, labels, value)])}"""
    if not text.endswith("\n"):
        raise Fault("the last line has no end")
    families, helps, current, seen = {}, {}, None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, help_ = line.split(" ", 3)
            if name in helps or not help_.strip():
                raise Fault(f"a second or an empty help: {line}")
            helps[name] = help_
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if name in families or kind not in TYPES or name not in helps or not NAME.fullmatch(name):
                raise Fault(f"type: {line}")
            families[name] = (kind, helps[name], [])
            current = name
        else:
            name, labels, value = read_sample(line)
            if family_of(name, None, families) != current:
                raise Fault(f"a sample that stands apart from its family: {line}")
            key = (name, tuple(sorted(labels.items())))
            if key in seen:
                raise Fault(f"twice: {line}")
            seen.add(key)
            families[current][2].append((name, labels, value))
    return families


def lint(families):
    """What promtool would say of names, types and values."""
    for name, (kind, help_, samples) in families.items():
        if not re.match(r"(bauta|process)_", name):
            yield f"{name}: neither ours nor the process's"
        if (kind == "counter") != name.endswith("_total"):
            yield f"{name}: a {kind}"
        if re.search(r"(milli|micro|kilo)|_ms\b|_ms_|kbit", name):
            yield f"{name}: no base unit"
        for sample, labels, value in samples:
            if kind == "counter" and not (value >= 0 and math.isfinite(value)):
                yield f"{sample}: {value}"
            if name.startswith("bauta_") and name not in OF_THE_SERVICE and "camera" not in labels:
                yield f"{sample}: of no camera"
            if kind == "summary" and sample == name and "quantile" not in labels:
                yield f"{sample}: no quantile"


def value_of(families, name, **labels):
    for _, _, samples in families.values():
        for sample, its, value in samples:
            if sample == name and its == labels:
                return value
    return None


EXPECTED = [
    ("bauta_camera_state", dict(camera="front", state="running"), 1),
    ("bauta_camera_state", dict(camera="front", state="failed"), 0),
    ("bauta_camera_state", dict(camera="back-2", state="starting"), 1),
    ("bauta_camera_state_seconds", dict(camera="front"), 1),
    ("bauta_pictures_total", dict(camera="front", kind="in"), 9007199254740991),
    ("bauta_pictures_total", dict(camera="front", kind="out"), 3),
    ("bauta_faults_total", dict(camera="front", kind="stall"), 7),
    ("bauta_detection_rate_hertz", dict(camera="front"), 8.25),
    ("bauta_detection_seconds", dict(camera="front"), 0.1205),
    ("bauta_targets", dict(camera="front"), 4),
    ("bauta_source_protected", dict(camera="front"), 1),
    ("bauta_source_protected", dict(camera="back-2"), 0),
    ("bauta_recording", dict(camera="front"), 1),
    ("bauta_recording", dict(camera="back-2"), 0),
    ("bauta_detector_up", dict(camera="front"), 1),
    ("bauta_detector_up", dict(camera="back-2"), 0),
    ("bauta_stream_bytes_total", dict(camera="front", stream="main"), 123456789),
    ("bauta_stream_bytes_total", dict(camera="front", stream="sub"), 0),
    ("bauta_stream_bytes_total", dict(camera="back-2", stream="sub"), None),
    ("bauta_stream_age_seconds", dict(camera="front", stream="main"), 0.5),
    ("bauta_stream_age_seconds", dict(camera="back-2", stream="main"), None),
    ("bauta_latency_seconds", dict(camera="front", stream="main", quantile="0.95"), 0.2),
    ("bauta_latency_seconds_sum", dict(camera="front", stream="main"), 12.5),
    ("bauta_latency_seconds_count", dict(camera="front", stream="main"), 100),
]

# A control: what must not pass.
WRONG = [
    "a 1", "# HELP a b\n# TYPE a gauge\na 1,5\n", "# HELP a b\n# TYPE a gauge\na{b=\"c} 1\n",
    "# HELP a b\n# TYPE a gauge\na 1\na 1\n", "# TYPE a gauge\na 1\n", "# HELP a b\n# TYPE a number\na 1\n",
    "# HELP a b\n# TYPE a gauge\n# HELP c d\n# TYPE c gauge\na 1\n", "# HELP a b\n# TYPE a gauge\na 1\n\n",
]


def refuses(text):
    try:
        parse(text)
    except (Fault, ValueError):
        return True
    return False


def main():
    if sys.argv[1] == "-":
        text = sys.stdin.read()
    else:
        text = subprocess.run([sys.argv[1]], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    results = []
    try:
        families = parse(text)
        results.append(("the_figures_have_the_format", []))
    except (Fault, ValueError) as fault:
        families = {}
        results.append(("the_figures_have_the_format", [str(fault)]))
    results.append(("names_types_and_units_are_as_they_should_be", list(lint(families))))
    results.append(("there_is_a_version_and_a_process", [name for name in (
        "bauta_build_info", "process_cpu_seconds_total", "process_resident_memory_bytes", "process_threads",
        "process_open_fds", "process_start_time_seconds") if name not in families]))
    if sys.argv[1] != "-":
        results.append(("each_figure_is_the_camera_s", [
            f"{name} {labels}: {value_of(families, name, **labels)}, not {value}"
            for name, labels, value in EXPECTED if value_of(families, name, **labels) != value]))
        results.append(("without_pictures_there_is_no_latency", [] if math.isnan(value_of(
            families, "bauta_latency_seconds", camera="back-2", stream="main", quantile="0.5") or 0) else ["there is"]))
    results.append(("what_is_wrong_is_found", [text for text in WRONG if not refuses(text)]))
    print(f"1..{len(results)}")
    for number, (name, faults) in enumerate(results, 1):
        for line in faults:
            print(f"# {line}")
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
    return any(faults for _, faults in results)


sys.exit(main())
