#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Chromium 156 (Debian 12): a VideoDecoder that is given a chunk of nothing but SEI, which is an access unit without a
# picture, fails and is closed, and whatever was to be decoded after it is lost. FFmpeg passes over such units. The
# page is run by the installed browser, which wants more of its machine than a folder of packages gives.
. "$(dirname "$0")/lib.sh"
version=$(dpkg-query -W -f '${Version}' chromium 2>/dev/null || true)
if [ -z "$version" ]; then
    echo "finding: Debian's chromium is not installed"
    exit 77
fi
# shellcheck disable=SC2086 # a list of words
packages $FFMPEG_PACKAGES
say "chromium $version"
case $version in 156.*) ;; *) say "CHANGED: it was seen with 156"; exit 1 ;; esac

ff -f lavfi -i testsrc2=s=160x96:r=10:d=0.4 -c:v libx264 -profile:v baseline -bf 0 four.h264
# What is printed is the page as it stands when all of it has come: a picture that a server keeps back holds it open.
cat >server.py <<'EOF'
import http.server, time
class Late(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(20)
        self.send_response(204)
        self.end_headers()
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Late)
print(server.server_port, flush=True)
server.handle_request()
EOF
python3 server.py >port 2>/dev/null &
until [ -s port ]; do sleep 0.1; done
cat >page.html <<EOF
<!doctype html><title>t</title><pre id="out">waiting</pre><img src="http://127.0.0.1:$(cat port)/late.png"><script>
const stream = Uint8Array.from(atob("$(base64 -w0 four.h264)"), (c) => c.charCodeAt(0));
const units = [];
for (let at = 0, begin = -1; at <= stream.length; at++) {
  const code = stream[at] === 0 && stream[at + 1] === 0 && stream[at + 2] === 1;
  if (!code && at < stream.length) continue;
  if (begin >= 0) units.push(stream.subarray(begin, at));
  begin = at;
}
const isSlice = (unit) => [1, 5].includes(unit[3] & 31);
const samples = [];
let head = [];
for (const unit of units) {
  head.push(...unit);
  if (isSlice(unit)) { samples.push(head); head = []; }
}
const sei = [0, 0, 1, 6, 1, 2, 0xab, 0xcd, 0x80];
async function decode(list) {
  const said = [];
  const decoder = new VideoDecoder({ output: (frame) => { said.push("picture"); frame.close(); }, error: () => said.push("error") });
  decoder.configure({ codec: "avc1.42c00a", hardwareAcceleration: "prefer-software", optimizeForLatency: true });
  for (const [i, data] of list.entries()) {
    if (decoder.state !== "configured") break;
    decoder.decode(new EncodedVideoChunk({ type: i ? "delta" : "key", timestamp: i * 1e5, data: new Uint8Array(data) }));
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await decoder.flush().catch(() => {});
  return said.join(" ") + ", " + decoder.state;
}
(async () => {
  const plain = await decode(samples);
  const [first, ...rest] = samples;
  document.title = "done";
  document.getElementById("out").textContent = plain + " | " + await decode([first, sei, ...rest]);
})();
</script>
EOF
printed=$(env -u LD_LIBRARY_PATH chromium --headless --no-sandbox --disable-gpu --user-data-dir="$HERE/profile" \
    --dump-dom "file://$HERE/page.html" 2>/dev/null | sed -n 's/.*<pre id="out">\([^<]*\).*/\1/p')
seen "four pictures" "picture picture picture picture, configured" "${printed%% |*}"
seen "the same with SEI alone behind the first" "picture error, closed" "${printed##*| }"
