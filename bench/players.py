#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""players.py BAUTA CLIP OUT.json: protected files of every codec, container and size of recovery data, in every player
that is installed. A player passes if it ends well, says nothing, and shows every picture: where they can be had, the very
ones that ffmpeg decodes. VLC and the decoders of another origin, which have faults of their own, must show and say what they do
for the same file without SEI. Prints a table in Markdown."""
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

BAUTA, CLIP, OUT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
SECONDS, PICTURES, SIDE = 2, 20, (1152, 864)
CONTAINERS = ("mp4", "fmp4", "mkv", "ts", "raw")
# What is hidden and how it is kept, so that a picture carries about so many kilobytes.
SIZES = {1: ((480, 150, 160, 180), ("--recovery-crf", "18")), 20: ((0, 0, 1152, 864), ("--recovery-crf", "16")),
         200: ((0, 0, 1152, 864), ("--recovery", "lossless"))}


def run(*command, timeout=120, **more):
    return subprocess.run(command, capture_output=True, timeout=timeout, **more)


def said(done):
    """What a program complained of, in a few words; nothing if it ended well."""
    words = (done.stderr + done.stdout if done.returncode else done.stderr).decode(errors="replace").strip()
    return words.splitlines()[0][:60] if words else f"exit status {done.returncode}" if done.returncode else ""


def remux(source, target, container, *filter_options):
    fragmented = ("-movflags", "frag_keyframe+empty_moov+default_base_moof") if container == "fmp4" else ()
    run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-map", "0:v", "-c", "copy", *filter_options,
        *fragmented, target, check=True)


def make_file(codec, container, size):
    """Gives its name and the kilobytes of recovery data that a picture carries, as inspect tells."""
    stem = f"{codec}_{size}"
    source = f"{stem}.mp4"
    if not os.path.exists(source):
        (x, y, w, h), options = SIZES[size]
        with open("regions.jsonl", "w", encoding="utf-8") as file:
            for n in range(PICTURES):
                print(json.dumps({"picture": n, "regions": [{"target": 1, "class": "body", "x": x, "y": y, "w": w,
                                                             "h": h}]}), file=file)
        run(BAUTA, "protect", "--force", "--quiet", "--codec", codec, "--recipient", "own.pub", "--regions", "regions.jsonl",
            *options, "clip.mkv", source, check=True)
    told = json.loads(run(BAUTA, "inspect", "--json", source, check=True).stdout)
    kilobytes = told["recovery_bytes"] / told["pictures"] / 1000
    name = {"mp4": source, "fmp4": f"{stem}_fragmented.mp4", "raw": f"{stem}.{codec}"}.get(container, f"{stem}.{container}")
    if name != source:
        remux(source, name, container)
    return name, kilobytes


def sum_of(pixels):
    return hashlib.sha256(pixels).hexdigest(), len(pixels) // (SIDE[0] * SIDE[1] * 3 // 2)


def by_ffmpeg(name):
    done = run("ffmpeg", "-nostdin", "-v", "warning", "-i", name, "-fps_mode", "passthrough", "-f", "rawvideo", "-")
    return sum_of(done.stdout), said(subprocess.CompletedProcess((), done.returncode, b"", done.stderr))


def of_pictures(pixels, want):
    got = sum_of(pixels)
    if got[1] != want[1]:
        return f"{got[1]} of {want[1]} pictures"
    return "" if got == want else "other pictures"


def ffmpeg(name, codec, container, want):
    return by_ffmpeg(name)[1] or ("" if want[1] == PICTURES else f"{want[1]} of {PICTURES} pictures")


def mpv(name, codec, container, want):
    return said(run("mpv", "--no-config", "--vo=null", "--ao=null", "--untimed", "--really-quiet",
                    "--msg-level=all=warn", name))


def bare(name, codec, container):
    """The same file without SEI."""
    out = f"bare_{name}"
    if not os.path.exists(out):
        kinds = "6" if codec == "h264" else "39-40"
        remux(name, out, container, "-bsf:v", f"filter_units=remove_types={kinds}")
    return out


def as_bare(play, name, codec, container):
    """Whether what a player gives, pictures and words, is what it gives without SEI."""
    (pixels, words), (bare_pixels, bare_words) = play(name), play(bare(name, codec, container))
    if words - bare_words:
        return min(words - bare_words)[:60]
    if len(pixels) < (PICTURES - 3) * SIDE[0] * SIDE[1] * 3 // 2:  # VLC's transcoder loses two or three of any file
        return f"{sum_of(pixels)[1]} of {PICTURES} pictures"
    return "" if pixels == bare_pixels else "other pictures"


def vlc(name, codec, container, want):
    """VLC will not run as root. It looks for a slice in the first kilobyte or so to know a raw stream, so it is told what
    that is; then it says that it does not look so, and plays."""
    user = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    target = os.path.abspath("vlc_out/vlc.yuv")
    demux = ("--demux", codec.replace("h265", "hevc")) if container == "raw" else ()

    def play(path):
        if os.path.exists(target):
            os.remove(target)
        done = run(*user, "cvlc", "--intf", "dummy", "--no-audio", "--sout",
                   f"#transcode{{vcodec=I420}}:std{{access=file,mux=dummy,dst={target}}}", *demux, path, "vlc://quit",
                   env=dict(os.environ, HOME=os.path.abspath("vlc_out")))
        words = {line.split("] ", 1)[1] for line in done.stderr.decode(errors="replace").splitlines()
                 if "] " in line and "ES stream, continuing anyway" not in line}
        if not os.path.exists(target):
            return b"", words
        with open(target, "rb") as file:
            return file.read(), words

    return as_bare(play, name, codec, container)


def gstreamer(name, container, codec, *decoder):
    demux = {"mp4": ["qtdemux", "!"], "fmp4": ["qtdemux", "!"], "mkv": ["matroskademux", "!"], "ts": ["tsdemux", "!"],
             "raw": []}[container]
    if os.path.exists("gst.yuv"):
        os.remove("gst.yuv")
    done = run("gst-launch-1.0", "-q", "filesrc", f"location={name}", "!", *demux, f"{codec}parse", "!", *decoder, "!",
               "videoconvert", "!", "video/x-raw,format=I420", "!", "filesink", "location=gst.yuv")
    if said(done):
        return said(done)
    with open("gst.yuv", "rb") as file:
        return file.read()


def avdec(name, codec, container, want):
    got = gstreamer(name, container, codec, f"avdec_{codec}")
    return got if isinstance(got, str) else of_pictures(got, want)


def second(name, codec, container, want):
    """A decoder of another origin: Cisco's OpenH264, struktur's libde265."""
    def play(path):
        got = gstreamer(path, container, codec, "openh264dec" if codec == "h264" else "libde265dec")
        return (b"", {got}) if isinstance(got, str) else (got, set())

    return as_bare(play, name, codec, container)


def rtp(name, codec, container, want):
    """Packets over a socket, to a file; recovering from that gives the same originals."""
    if container != "mp4":
        return None
    if os.path.exists("rtp.mkv"):
        os.remove("rtp.mkv")
    caps = f"application/x-rtp,media=video,clock-rate=90000,encoding-name={codec.upper()}"
    server = subprocess.Popen(
        ("gst-launch-1.0", "-q", "-e", "udpsrc", "port=50123", "buffer-size=16777216", f"caps={caps}", "!",
         f"rtp{codec}depay", "!", f"{codec}parse", "!", "matroskamux", "!", "filesink", "location=rtp.mkv"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    threading.Event().wait(1.0)
    sent = run("gst-launch-1.0", "-q", "filesrc", f"location={name}", "!", "qtdemux", "!", f"{codec}parse",
               "config-interval=-1", "!", f"rtp{codec}pay", "mtu=1400", "!", "udpsink", "host=127.0.0.1", "port=50123",
               "buffer-size=16777216", "sync=true")
    threading.Event().wait(1.0)
    server.send_signal(2)
    server.communicate(timeout=30)
    if said(sent):
        return said(sent)
    sums = []
    for path in (name, "rtp.mkv"):
        done = run(BAUTA, "recover", "--force", "--reason", "test", "--lossless", "--quiet", "--key", "own.key", path, "recovered.mkv")
        if done.returncode:
            return said(done)
        sums.append(by_ffmpeg("recovered.mkv")[0])
    return "" if sums[0] == sums[1] else f"{sums[1][1]} pictures, or other originals"


PAGE = """<video muted></video><script>
const video = document.querySelector("video");
const play = name => new Promise(done => {
  const end = why => done({why, pictures: video.getVideoPlaybackQuality().totalVideoFrames});
  video.onended = () => end("");
  video.onerror = () => end(video.error.message || "error " + video.error.code);
  setTimeout(() => end("did not end"), 20000);
  video.src = name; video.defaultPlaybackRate = video.playbackRate = 2; video.play().catch(e => end(String(e)));
});
(async () => { const results = {};
  for (const name of await (await fetch("/list")).json()) results[name] = await play(name);
  await fetch("/results", {method: "POST", body: JSON.stringify(results)}); })();
</script>"""


def in_chromium(names):
    results, ready = {}, threading.Event()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            body = {"/": PAGE.encode(), "/list": json.dumps(names).encode()}.get(self.path)
            if body is None:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if self.path == "/" else "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            results.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            ready.set()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        browser = subprocess.Popen(
            ("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", f"--user-data-dir={profile}",
             "--autoplay-policy=no-user-gesture-required", f"http://127.0.0.1:{server.server_port}/"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ready.wait(60 + 25 * len(names))
        browser.terminate()
        browser.wait()
    server.shutdown()
    return {name: r["why"] or ("" if r["pictures"] >= PICTURES - 1 else f"{r['pictures']} pictures")
            for name, r in results.items()}


PLAYERS = {"ffmpeg": ("ffmpeg", ffmpeg), "mpv": ("mpv", mpv), "VLC": ("cvlc", vlc),
           "GStreamer avdec": ("gst-launch-1.0", avdec), "OpenH264 / libde265": ("gst-launch-1.0", second),
           "RTP and back": ("gst-launch-1.0", rtp)}


def versions():
    for command in (("ffmpeg", "-version"), ("mpv", "--version"), ("cvlc", "--version"),
                    ("gst-launch-1.0", "--version"), ("chromium", "--version")):
        if shutil.which(command[0]):
            text = run(*command).stdout.decode(errors="replace").splitlines()
            yield " ".join((text or ["cvlc"])[0].split()[:3])


def play_all():
    rows = []
    for codec in ("h264", "h265"):
        for size in SIZES:
            for container in CONTAINERS:
                name, kilobytes = make_file(codec, container, size)
                want = by_ffmpeg(name)[0]
                row = {"codec": codec, "container": container, "kB a picture": round(kilobytes, 1), "file": name,
                       "players": {player: play(name, codec, container, want) if shutil.which(program) else None
                                   for player, (program, play) in PLAYERS.items()}}
                rows.append(row)
                print(name, row["players"], file=sys.stderr)
    # Debian's Chromium has no H.265, and no browser plays raw streams or TS.
    shown = [r["file"] for r in rows if r["codec"] == "h264" and r["container"] in ("mp4", "fmp4", "mkv")]
    results = in_chromium(shown) if shutil.which("chromium") else {}
    for row in rows:
        row["players"]["Chromium"] = results.get(row["file"], "no answer") if results and row["file"] in shown else None
    return rows


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.chmod(folder, 0o755)
        os.mkdir("vlc_out")
        os.chmod("vlc_out", 0o777)
        run(BAUTA, "key", "new", "own", "--no-passphrase", check=True)
        run("ffmpeg", "-nostdin", "-v", "error", "-i", CLIP, "-t", str(SECONDS), "-an", "-vf", "scale=%d:%d" % SIDE, "-c:v",
            "ffv1", "clip.mkv",
            check=True)
        rows = play_all()
        os.chdir("/")
    told = {"players": list(versions()), "rows": rows}
    with open(OUT, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
    players = list(rows[0]["players"])
    print("| codec | container | kB a picture | " + " | ".join(players) + " |\n" + "|---" * (3 + len(players)) + "|")
    mark = {None: "–", "": "plays"}
    for row in rows:
        print(f"| {row['codec'].upper()} | {row['container']} | {row['kB a picture']} | " +
              " | ".join(mark.get(v, v) for v in row["players"].values()) + " |")
    print("\n" + " · ".join(told["players"]))
    sys.exit(any(v for row in rows for v in row["players"].values()))


main()
