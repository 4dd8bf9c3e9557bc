// SPDX-License-Identifier: Apache-2.0
// The browser player: how soon it shows something, and how many recovered pictures a second it plays.
// usage: player.mjs BUILD_FOLDER CLIP RESULT.json
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../tests/player/browser.mjs";
import { Viewer, startServer } from "../tests/player/viewer.mjs";

const [build, clip, result] = process.argv.slice(2);
const bauta = join(build, "bauta");
const folder = mkdtempSync(join(tmpdir(), "bauta-bench-"));
process.env.XDG_STATE_HOME = folder;
const TARGETS = 10;
const RATE = 50; // so that eight times the speed is more than can be played
const PICTURES = 2500;
const REPEATS = 5;

const run = (program, ...args) => execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });

/** Ten people of a fifth of the picture's height, who walk. */
function regions(width, height) {
  const even = (n) => 2 * Math.round(n / 2);
  const [w, h] = [even(height / 10), even(height / 3.5)];
  const lines = [];
  for (let picture = 0; picture < PICTURES; picture++) {
    const list = Array.from({ length: TARGETS }, (_, i) => {
      const sway = Math.sin(picture / 60 + i) / 2 + 0.5;
      return { target: i + 1, class: "body", x: even(sway * (width - w)), y: even(((i + 0.5) / TARGETS) * (height - h)), w, h };
    });
    lines.push(JSON.stringify({ picture, regions: list }));
  }
  return `${lines.join("\n")}\n`;
}

function protect(name, width, height) {
  writeFileSync(join(folder, "regions.jsonl"), regions(width, height));
  run("ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", "-1", "-r", String(RATE), "-i", clip, "-frames:v", String(PICTURES),
    "-vf", `scale=${width}:${height}:flags=bicubic`, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "clear.mp4");
  run(bauta, "protect", "--quiet", "--recipient", "court.pub", "--regions", "regions.jsonl", "clear.mp4", name);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function rateOf(viewer, seconds) {
  const count = async () => (await viewer.text("#recording-recovered")).match(/(\d+) of (\d+)/).slice(1).map(Number);
  await viewer.page.selectOption("#speed", "8");
  await viewer.page.click("#play");
  await viewer.page.waitForTimeout(1000);
  const [began, [shown, all]] = [performance.now(), await count()];
  await viewer.page.waitForTimeout(seconds * 1000);
  const [shownThen, allThen] = await count();
  const rate = (allThen - all) / ((performance.now() - began) / 1000);
  await viewer.page.click("#play").catch(() => undefined);
  return { rate, recovered: (shownThen - shown) / Math.max(1, allThen - all) };
}

async function measure(browser, name) {
  const server = await startServer(bauta, "--audit", join(folder, "audit.db"), join(folder, name));
  const first = [];
  const recovered = [];
  let rates = {};
  for (let i = 0; i < REPEATS; i++) {
    const began = performance.now();
    const viewer = await Viewer.open(browser, server.url);
    await viewer.until("#picture-time", /\d:\d/);
    first.push(performance.now() - began);
    await viewer.until("#verdict", /./);
    if (i === 0) rates.masked = await rateOf(viewer, 5).then(({ rate }) => rate);
    if (i === 0) await viewer.page.evaluate(() => document.querySelector("#play").blur());
    if (i === 0) await viewer.seek(1);
    await viewer.page.click("#unseal");
    await viewer.page.setInputFiles("#key-file", join(folder, "court.key"));
    await viewer.page.fill("#reason", "bench");
    const asked = performance.now();
    await viewer.page.click("#unseal-now");
    await viewer.until("#picture-regions", /shown/);
    recovered.push(performance.now() - asked);
    if (i === 0) rates = { ...rates, ...(await rateOf(viewer, 8)) };
    await viewer.close();
  }
  await server.stop();
  return { file: name, first_masked_ms: median(first), key_to_recovered_ms: median(recovered), masked_pictures_s: rates.masked,
    recovered_pictures_s: rates.rate, recovered_share: rates.recovered };
}

run(bauta, "key", "new", "court", "--no-passphrase");
const browser = await launch();
const rows = [];
for (const [width, height] of [[768, 576], [1920, 1080]]) {
  const name = `${width}x${height}.mp4`;
  protect(name, width, height);
  rows.push(await measure(browser, name));
  const r = rows.at(-1);
  console.log(`${name}: ${TARGETS} targets: first masked picture ${(r.first_masked_ms / 1000).toFixed(2)} s after opening the page; ` +
    `first recovered one ${(r.key_to_recovered_ms / 1000).toFixed(2)} s after the key; ${r.masked_pictures_s.toFixed(0)} masked, ` +
    `${r.recovered_pictures_s.toFixed(0)} recovered pictures a second (${(100 * r.recovered_share).toFixed(0)} % of them with somebody shown)`);
}
await browser.close();
rmSync(folder, { recursive: true });
writeFileSync(result, JSON.stringify(rows, null, 1));
