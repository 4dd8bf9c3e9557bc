// SPDX-License-Identifier: Apache-2.0
// The live service's stream in the player; usage: live.mjs BUILD_FOLDER
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, launch, main, note } from "./browser.mjs";
import { demoClip } from "./demo_clip.mjs";
import { Viewer, auditRows, startServer } from "./viewer.mjs";

const build = process.argv[2];
const bauta = join(build, "bauta");
const shots = join(build, "tests/player/screenshots");

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** `bauta live` with one camera, which shows the demo's clip again and again. */
async function startLive(folder) {
  const [rtsp, http] = [await freePort(), await freePort()];
  const run = (...args) => execFileSync(bauta, args, { cwd: folder, stdio: "ignore" });
  run("key", "new", "court", "--no-passphrase");
  run("key", "new", "--sign", "camera", "--no-passphrase");
  writeFileSync(join(folder, "live.ini"), `[service]
rtsp = 127.0.0.1:${rtsp}
http = 127.0.0.1:${http}
anonymous = yes
[camera door]
source = file:${demoClip()}
recipients = court.pub
sign = camera.key
preset = ultrafast
epoch = 1000
`);
  const service = spawn(bauta, ["live", "--config", "live.ini"], {
    cwd: folder, stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, GST_PLUGIN_PATH: join(build, "gst"), GST_REGISTRY: join(folder, "registry.bin") },
  });
  let log = "";
  service.stderr.on("data", (data) => (log += data));
  for (let tries = 0; tries < 100; tries++) {
    const figures = await fetch(`http://127.0.0.1:${http}/metrics`).then((answer) => answer.text(), () => "");
    if (/stream_units_total\{[^}]*main[^}]*\} [1-9]\d/.test(figures)) return { service, address: `rtsp://127.0.0.1:${rtsp}/door`, log: () => log };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the live service does not run:\n${log}`);
}

/** Mean seconds of media that pass in a second. */
async function pace(viewer) {
  const seconds = async () => {
    const [m, s] = (await viewer.text("#picture-time")).split(":").map(Number);
    return m * 60 + s;
  };
  const [began, from] = [performance.now(), await seconds()];
  await viewer.page.waitForTimeout(4000);
  return ((await seconds()) - from) / ((performance.now() - began) / 1000);
}

async function watch(viewer, folder, audit) {
  await viewer.until("#picture-time", /\d:\d/, 30_000);
  await viewer.page.waitForSelector("#live-badge", { state: "visible" });
  check("a_live_stream_is_shown", true);
  await viewer.until("#picture-regions", /\d+ hidden/, 30_000);
  check("it_is_masked", !/shown/.test(await viewer.text("#picture-regions")));
  const speed = await pace(viewer);
  check("it_runs_as_the_camera_does", speed > 0.7 && speed < 1.3, `${speed.toFixed(2)} s a second`);
  check("there_are_lanes_of_who_was_seen", (await viewer.page.locator("#lanes li").count()) > 0);
  await viewer.until("#finding-list", /authentic/, 20_000);
  check("its_signature_is_verified_as_it_comes", /camera\.pub/.test(await viewer.text("#signed-by")));
  await viewer.screenshot(shots, "live-masked");
  await viewer.unseal({ key: join(folder, "court.key") });
  await viewer.until("#picture-regions", /shown/, 20_000);
  check("a_live_stream_is_recovered", auditRows(bauta, audit).at(-1).why === "theft, till 4");
  const unsealedSpeed = await pace(viewer);
  note(`live: ${speed.toFixed(2)} s a second masked, ${unsealedSpeed.toFixed(2)} unsealed`);
  check("recovered_it_keeps_pace", unsealedSpeed > 0.7 && unsealedSpeed < 1.3, unsealedSpeed);
  check("nobody_stays_hidden", !/denied|broken/.test(await viewer.text("#picture-regions")), await viewer.text("#picture-regions"));
  await viewer.screenshot(shots, "live-unsealed");
  await viewer.page.uncheck("#show-everybody");
  await viewer.until("#picture-regions", /^\d+ hidden$/, 5_000);
  check("switched_off_everybody_is_masked_at_once", true);
  await viewer.page.check("#show-body");
  await viewer.until("#picture-regions", /shown/, 10_000);
  check("switched_on_again_bodies_are_shown_from_the_next_key_unit_on", true);
  await viewer.page.click("#forget");
  await viewer.page.waitForSelector("#unsealed", { state: "hidden", timeout: 1000 });
  await viewer.until("#picture-regions", /^\d+ hidden$/, 1000);
  check("with_the_key_forgotten_it_is_masked_at_once", auditRows(bauta, audit).at(-1).outcome === "done");
}

async function pauses(viewer, folder) {
  await viewer.unseal({ key: join(folder, "court.key") });
  await viewer.until("#picture-regions", /^\d+ shown$/, 20_000); // till the next key unit, only who came since is
  await viewer.page.click("#play");
  await viewer.until("#play", /Play/);
  await viewer.page.waitForTimeout(300);
  const clear = await viewer.canvas();
  await viewer.page.uncheck("#show-everybody");
  await viewer.until("#picture-regions", /^\d+ hidden$/, 5_000);
  check("whoever_is_switched_off_while_it_pauses_is_masked", (await viewer.distance(clear, (d) => d > 0.2)) > 0.2);
  const paused = await viewer.text("#picture-time");
  await viewer.page.click("#play");
  await viewer.page.waitForFunction((time) => document.querySelector("#picture-time").innerText !== time, paused, { timeout: 20_000 });
  check("after_a_pause_it_goes_on_live", (await pace(viewer)) > 0.5);
  await viewer.page.click("#forget");
}

/** Who cannot decide leaves no connection to the camera behind. */
async function hurries(viewer, folder) {
  for (let i = 0; i < 5; i++) {
    await viewer.unseal({ key: join(folder, "court.key") });
    await viewer.page.waitForSelector("#unsealed:not([hidden])");
    await viewer.page.click("#play");
    await viewer.until("#play", /Play/);
    await viewer.page.click("#play");
    await viewer.page.waitForTimeout(80);
    await viewer.page.click("#forget");
    await viewer.page.waitForSelector("#unsealed", { state: "hidden" });
  }
  const before = await viewer.text("#picture-time");
  await viewer.page.waitForFunction((time) => document.querySelector("#picture-time").innerText !== time, before, { timeout: 20_000 });
  check("pauses_and_forgetting_in_a_hurry_leave_no_connections", (await pace(viewer)) > 0.5 && !/already/.test(await viewer.text("#notices")));
}

await main(async () => {
  mkdirSync(shots, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "bauta-player-"));
  const audit = join(folder, "audit.db");
  const { service, address, log } = await startLive(folder);
  const server = await startServer(bauta, "--signer", join(folder, "camera.pub"), "--audit", audit, address);
  const browser = await launch();
  const viewer = await Viewer.open(browser, server.url);
  try {
    await watch(viewer, folder, audit);
    await pauses(viewer, folder);
    await hurries(viewer, folder);
    service.kill("SIGKILL");
    await viewer.until("#notices", /stream has ended/, 30_000);
    check("a_camera_that_goes_is_said_to_have_gone", !(await viewer.page.locator("#live-badge").isVisible()));
    await viewer.screenshot(shots, "live-gone");
    check("the_page_had_no_error", viewer.problems.filter((problem) => !/502|Failed to load|ERR_/.test(problem)).length === 0, viewer.problems.join("\n"));
  } catch (error) {
    note(log().split("\n").slice(-15).join("\n"));
    note(server.errors());
    note(await viewer.text("body"));
    throw error;
  } finally {
    service.kill("SIGKILL");
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
