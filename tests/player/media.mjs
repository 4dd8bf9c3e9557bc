// SPDX-License-Identifier: Apache-2.0
// What the player's tests play: the demo's clip, protected and signed, and what can become of a file. Made once for a
// program, and kept beside it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoClip } from "./demo_clip.mjs";

const SECONDS = 40; // of the clip
const TAMPERED_PICTURE = 155; // at 15.5 s

const STRIPPED = [205, 215]; // pictures whose recovery data are gone, from the first to before the last
const UUID = Buffer.from("7f247eef1dcd41279769ee7067ad093e", "hex");

/** The places of a file's packets. */
function packets(file) {
  const list = execFileSync("ffprobe", ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pos,size", "-of", "csv=p=0", file],
    { encoding: "utf8", maxBuffer: 1 << 26 });
  return list.trim().split("\n").map((line) => line.split(",").map(Number)).map(([size, pos]) => ({ pos, size }));
}

function tamper(from, to) {
  const bytes = readFileSync(from);
  const { pos, size } = packets(from)[TAMPERED_PICTURE];
  bytes[pos + size - 16] ^= 0x10; // within the last slice of its access unit
  writeFileSync(to, bytes);
}

/** Messages that are nobody's any more are as good as none. */
function strip(from, to) {
  const bytes = readFileSync(from);
  for (const { pos, size } of packets(from).slice(...STRIPPED)) {
    const unit = bytes.subarray(pos, pos + size);
    for (let at = unit.indexOf(UUID); at >= 0; at = unit.indexOf(UUID, at + 16)) unit[at] ^= 0xff;
  }
  writeFileSync(to, bytes);
}

/** Another signature than the signer's. */
function forge(from, to) {
  const [begin, ...rest] = readFileSync(from, "utf8").trim().split("\n");
  const end = rest.pop();
  const der = Buffer.from(rest.join(""), "base64");
  der[der.length - 1] ^= 1;
  writeFileSync(to, `${begin}\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n${end}\n`);
}

function make(bauta, folder) {
  const run = (program, ...args) => execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const ffmpeg = (...args) => run("ffmpeg", "-nostdin", "-v", "error", "-y", ...args);
  writeFileSync(join(folder, "pass"), "open sesame", { mode: 0o600 });
  run(bauta, "key", "new", "court", "--passphrase-file", "pass");
  run(bauta, "key", "new", "operator", "--no-passphrase");
  run(bauta, "key", "new", "stranger", "--no-passphrase");
  run(bauta, "key", "new", "--sign", "camera", "--no-passphrase");
  ffmpeg("-i", demoClip(), "-t", String(SECONDS), "-c", "copy", "clip.avi");
  run(bauta, "protect", "--quiet", "--recipient", "court.pub", "--sign", "camera.key", "--mask", "both",
    "--began", "2026-11-24T10:00:00Z", "clip.avi", "masked.mp4");
  ffmpeg("-i", "masked.mp4", "-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "fragmented.mp4");
  tamper(join(folder, "masked.mp4"), join(folder, "tampered.mp4"));
  strip(join(folder, "masked.mp4"), join(folder, "stripped.mp4"));
  ffmpeg("-i", "masked.mp4", "-c", "copy", "masked.mkv");
  ffmpeg("-i", "masked.mp4", "-c", "copy", "masked.ts");
  ffmpeg("-i", "clip.avi", "-frames:v", "20", "-c:v", "libx264", "-preset", "ultrafast", "plain.mp4");
  ffmpeg("-i", "clip.avi", "-frames:v", "20", "-c:v", "libx265", "-x265-params", "log-level=error", "h265.mp4");
  writeFileSync(join(folder, "nonsense.mp4"), "this is no video at all\n");
  const whole = readFileSync(join(folder, "fragmented.mp4"));
  writeFileSync(join(folder, "cut.mp4"), whole.subarray(0, Math.floor(whole.length * 0.6)));
  const grant = (name, day, ...options) => run("faketime", day, bauta, "grant", "--key", "court.key", "--passphrase-file", "pass", "--recipient", "operator.pub",
    "--reason", "theft, till 4", "--case", "2026-118", ...options, "masked.mp4", "-o", `${name}.grant`);
  grant("one", "now", "--target", "10");
  grant("expired", "2026-11-24", "--target", "10", "--expires", "2026-11-25T00:00:00Z");
  const recover = (name, ...options) => run(bauta, "recover", "--reason", "test", "--quiet", "--lossless", "--preset", "ultrafast", "--key", "court.key",
    "--passphrase-file", "pass", ...options, "masked.mp4", name);
  run(bauta, "key", "group", "--members", "court.pub,operator.pub,stranger.pub", "--threshold", "2", "council");
  ffmpeg("-r", "30", "-i", "clip.avi", "-frames:v", "90", "-c:v", "libx264", "-preset", "ultrafast", "clear30.mp4");
  writeFileSync(join(folder, "regions.jsonl"), Array.from({ length: 90 }, (_, picture) => JSON.stringify({
    picture, regions: [{ target: 1, class: "body", x: 100 + 4 * picture, y: 200, w: 120, h: 200 }] })).join("\n"));
  run(bauta, "protect", "--quiet", "--recipient", "council.group", "--recipient", "court.pub", "--regions", "regions.jsonl", "clear30.mp4", "p30.mp4");
  run(bauta, "recover", "--reason", "test", "--quiet", "--lossless", "--preset", "ultrafast", "--key", "court.key", "--passphrase-file", "pass", "p30.mp4", "p30.mkv");
  run(bauta, "grant", "--group", "council.group", "--recipient", "operator.pub", "--target", "1", "--reason", "agreed", "p30.mp4", "-o", "agreed.grant");
  writeFileSync(join(folder, "asked.grant"), readFileSync(join(folder, "agreed.grant"))); // nobody has approved this one
  run(bauta, "approve", "--key", "court.key", "--passphrase-file", "pass", "agreed.grant");
  run(bauta, "approve", "--key", "stranger.key", "agreed.grant");
  grant("signed", "now", "--target", "10", "--sign", "camera.key");
  forge(join(folder, "signed.grant"), join(folder, "forged.grant"));
  recover("recovered.mkv");
  recover("one.mkv", "--target", "10");
}

/** The folder of it all. */
export function media(bauta, build) {
  const folder = join(build, "tests/player/media");
  const { mtimeMs, size } = statSync(bauta);
  const stamp = `${mtimeMs} ${size} ${readFileSync(new URL(import.meta.url), "utf8")}`;
  if (existsSync(join(folder, "stamp")) && readFileSync(join(folder, "stamp"), "utf8") === stamp) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  process.env.XDG_STATE_HOME = join(part, "state");
  make(bauta, part);
  writeFileSync(join(part, "stamp"), stamp);
  renameSync(part, folder);
  return folder;
}

/** One picture of a file as RGBA, converted as a browser does it. */
export function pictureOf(file, n) {
  return execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", file, "-vf",
    `select=eq(n\\,${n}),scale=in_color_matrix=bt601:flags=accurate_rnd+full_chroma_int+neighbor`, "-frames:v", "1", "-pix_fmt", "rgba",
    "-f", "rawvideo", "-"], { maxBuffer: 1 << 26 });
}
