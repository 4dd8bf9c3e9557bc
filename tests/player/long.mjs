// SPDX-License-Identifier: Apache-2.0
// A file of half an hour, recovered as it plays, in bounded memory; usage: long.mjs BUILD_FOLDER [SECONDS]
// SECONDS of playing at eight times the speed; 0: all of the file.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, launch, main, note } from "./browser.mjs";
import { media } from "./media.mjs";
import { Viewer, startServer } from "./viewer.mjs";

const build = process.argv[2];
const seconds = Number(process.argv[3] ?? 40);
const bauta = join(build, "bauta");
const folder = media(bauta, build);
const MINUTES = 30;
const CLIP_SECONDS = 40;
const MOST_GROWTH_MB = 100; // between the thirds of a run: what is not collected yet comes and goes

function makeLong() {
  const list = join(folder, "long.txt");
  writeFileSync(list, "file 'masked.mp4'\n".repeat((MINUTES * 60) / CLIP_SECONDS));
  const path = join(folder, "long.mp4");
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", "-f", "concat", "-i", list, "-c", "copy", path]);
  rmSync(list);
  return path;
}

/** Memory of the browser's pages that is not mapped from files, in MB. */
async function memory(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  let kb = 0;
  for (const { type, id } of processInfo) {
    if (type !== "renderer") continue;
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    for (const [, n] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+)/gm)) kb += Number(n);
  }
  return kb / 1024;
}

const mean = (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Whether the last third needs no more than the middle one. */
function judge(samples, what) {
  const third = Math.floor(samples.length / 3);
  const thirds = [0, 1, 2].map((i) => mean(samples.slice(i * third, (i + 1) * third)));
  note(`${what}: ${thirds.map((mb) => mb.toFixed(0)).join(", ")} MB in the thirds of the run, at most ${Math.max(...samples).toFixed(0)}`);
  check(`memory_does_not_grow_while_${what}`, third > 1 && thirds[2] - thirds[1] < MOST_GROWTH_MB);
}

async function seekAll(viewer, session) {
  const samples = [];
  for (let i = 0; i < 90; i++) {
    const time = (i * 617) % (MINUTES * 60 - 1); // here and there
    await viewer.seek(time + 0.7);
    samples.push(await memory(session));
  }
  judge(samples, "it_is_sought_in");
}

async function playOn(viewer, session) {
  const samples = [];
  await viewer.seek(1);
  await viewer.page.selectOption("#speed", "8");
  await viewer.page.click("#play");
  await viewer.until("#play", /Pause/);
  const began = performance.now();
  const from = await viewer.picture();
  let at = from;
  while ((performance.now() - began) / 1000 < (seconds || Infinity) && /Pause/.test(await viewer.text("#play"))) {
    await viewer.page.waitForTimeout(1000);
    samples.push(await memory(session));
    at = await viewer.picture();
  }
  const played = (performance.now() - began) / 1000;
  note(`${at - from} pictures recovered in ${played.toFixed(1)} s: ${((at - from) / played).toFixed(0)} a second, to ${(at / 600).toFixed(1)} minutes`);
  check("it_plays_on", at - from > played * 10);
  check("it_is_recovered_to_the_end", /shown/.test(await viewer.text("#picture-regions")));
  judge(samples, "it_plays");
}

await main(async () => {
  const path = makeLong();
  const audit = join(folder, "long.db");
  const server = await startServer(bauta, "--signer", join(folder, "camera.pub"), "--audit", audit, path);
  const browser = await launch("emulated");
  const session = await browser.newBrowserCDPSession();
  const began = performance.now();
  const viewer = await Viewer.open(browser, server.url);
  await viewer.until("#picture-time", /\d:\d/);
  note(`first picture after ${((performance.now() - began) / 1000).toFixed(2)} s`);
  check("half_an_hour_is_there", /29:59|30:00/.test(await viewer.text("#duration")), await viewer.text("#duration"));
  await viewer.until("#recording-protected", /all 18000/, 60_000);
  await viewer.unseal({ key: join(folder, "court.key"), passphrase: "open sesame" });
  await viewer.until("#picture-regions", /shown/);
  await seekAll(viewer, session);
  await playOn(viewer, session);
  check("the_page_had_no_error", viewer.problems.length === 0, viewer.problems.join("\n"));
  await browser.close();
  await server.stop();
  rmSync(path);
  rmSync(audit, { force: true });
});
