// SPDX-License-Identifier: Apache-2.0
// The player's reader in a browser, on the vectors that every reader passes; usage: vectors.mjs BAUTA_PROGRAM
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, bundle, check, emptyPage, launch, main, note } from "./browser.mjs";

const VECTORS = join(ROOT, "tests/vectors");
// Samples are the same bit for bit. Canvas and swscale turn them into RGB each in their own way: so far apart, of 255,
// may the two be.
const MOST = 2;
const MEAN = 0.25;
const CONVERSION = "scale=in_color_matrix=bt601:flags=accurate_rnd+full_chroma_int+neighbor";

const read = (path) => readFileSync(path);
const json = (path) => JSON.parse(read(path));
const base64 = (path) => read(path).toString("base64");

function rawPictures(stream, format, ...options) {
  return execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", stream, "-fps_mode", "passthrough", ...options, "-pix_fmt", format,
    "-f", "rawvideo", "-"], { maxBuffer: 1 << 28 });
}

/** Grants that the program makes, with what it says of them. */
function grants(bauta, folder) {
  const run = (...args) => execFileSync(bauta, args, { cwd: folder, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  const lines = Array.from({ length: 20 }, (_, picture) => JSON.stringify({
    picture, regions: [{ target: 1, class: "body", x: 40, y: 24, w: 32, h: 88 }, { target: 2, class: "face", x: 100, y: 30, w: 16, h: 20 }],
  })).join("\n");
  execFileSync("sh", ["-c", "cat >regions.jsonl; umask 077; printf secret >pass"], { cwd: folder, input: `${lines}\n` });
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=192x128:rate=10", "-frames:v", "20",
    "-c:v", "ffv1", "clear.mkv"], { cwd: folder });
  run("key", "new", "court", "--no-passphrase");
  run("key", "new", "operator", "--passphrase-file", "pass");
  run("key", "new", "--sign", "clerk", "--no-passphrase");
  run("protect", "--quiet", "--recipient", "court.pub", "--regions", "regions.jsonl", "--gop", "0.5", "clear.mkv", "masked.mp4");
  const make = (name, keys, signed, ...options) => {
    run("grant", "--key", "court.key", "--recipient", "operator.pub", "--reason", `why ${name}`, ...options, "masked.mp4", "-o", `${name}.grant`);
    return { name, keys, signed, reason: `why ${name}`, passphrase: "secret",
      key: read(join(folder, "operator.key")).toString(), grant: read(join(folder, `${name}.grant`)).toString() };
  };
  return [make("everything", 1, "none"), make("one", 12, "none", "--target", "1"),
    make("faces", 2, "none", "--class", "face", "--until", "1"),
    make("signed", 1, "good", "--sign", "clerk.key")];
}

await main(async () => {
  const bauta = process.argv[2];
  const folder = mkdtempSync(join(tmpdir(), "bauta-player-"));
  process.env.XDG_STATE_HOME = folder;
  const files = { size: { width: 192, height: 128 }, grants: grants(bauta, folder) };
  for (const name of readdirSync(VECTORS).filter((name) => name.endsWith(".json"))) files[name] = json(join(VECTORS, name));
  for (const row of files["key_files.json"].keys) row.text = read(join(VECTORS, "keys", row.file)).toString();
  for (const name of Object.keys(files["streams.json"].streams)) {
    files[name] = base64(join(VECTORS, "streams", name));
    if (name.endsWith("h265")) files[`${name}.yuv`] = rawPictures(join(VECTORS, "streams", name), "yuv420p").toString("base64");
  }
  const browser = await launch();
  const { page, close } = await emptyPage(browser);
  await page.addScriptTag({ content: bundle(join(ROOT, "tests/player/vectors.ts")) });
  const { results, canvas } = await page.evaluate((all) => globalThis.run(all), files);
  for (const { name, good, detail } of results) check(name, good, detail);
  compareCanvas(bauta, folder, canvas);
  await browser.close();
  close();
  rmSync(folder, { recursive: true });
});

/** The canvas against what the library recovers, converted by FFmpeg. */
function compareCanvas(bauta, folder, canvas) {
  const key = join(folder, "reader.key");
  const { private_key } = json(join(VECTORS, "streams.json"));
  const der = Buffer.from("302e020100300506032b656e04220420" + private_key, "hex").toString("base64");
  execFileSync("sh", ["-c", `umask 077; cat >"$0"`, key], { input: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n` });
  execFileSync(bauta, ["recover", "--reason", "test", "--quiet", "--lossless", "--key", key, join(VECTORS, "streams/reordered.h264"), join(folder, "out.mkv")]);
  const want = rawPictures(join(folder, "out.mkv"), "rgba", "-vf", CONVERSION).subarray(0, canvas.n);
  const got = Buffer.from(canvas.rgba, "base64");
  let most = 0;
  let sum = 0;
  for (let i = 0; i < canvas.n; i++) {
    const d = Math.abs(want[i] - got[i]);
    most = Math.max(most, d);
    sum += d;
  }
  note(`canvas against the library: at most ${most}, mean ${(sum / canvas.n).toFixed(3)} of 255`);
  check("the_canvas_shows_what_the_library_recovers", canvas.n === want.length && most <= MOST && sum / canvas.n <= MEAN,
    `at most ${most}, mean ${sum / canvas.n}`);
}
