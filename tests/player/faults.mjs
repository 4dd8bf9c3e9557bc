// SPDX-License-Identifier: Apache-2.0
// What became of files, and of the server, as the player shows it; usage: faults.mjs BUILD_FOLDER
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, launch, main } from "./browser.mjs";
import { media, pictureOf } from "./media.mjs";
import { Viewer, startServer } from "./viewer.mjs";

const build = process.argv[2];
const bauta = join(build, "bauta");
const folder = media(bauta, build);
const file = (name) => join(folder, name);
const shots = join(build, "tests/player/screenshots");
const audit = join(folder, "faults.db");
const NEAR = 0.25; // as in story.mjs
const isNear = (d) => d < NEAR;

const court = { key: file("court.key"), passphrase: "open sesame" };

/** Opens one file for as long as `test` needs it. */
async function withFile(browser, name, test) {
  const server = await startServer(bauta, "--signer", file("camera.pub"), "--audit", audit, file(name));
  const viewer = await Viewer.open(browser, server.url);
  await test(viewer, server);
  await viewer.close();
  await server.stop();
}

async function shows(viewer, name, n, isRight = isNear) {
  return viewer.distance(pictureOf(file(name), n), isRight);
}

async function tampered(viewer) {
  await viewer.until("#verdict", /not all of it/i);
  check("a_tampered_file_is_said_to_be_one", (await viewer.page.getAttribute("#verdict", "data-tone")) === "bad");
  check("what_was_changed_is_named_with_its_time", /picture changed/.test(await viewer.text("#finding-list")), await viewer.text("#finding-list"));
  await viewer.page.locator("#findings button[data-finding='picture changed']").click();
  await viewer.until("#picture-recovery", /changed|not as/i);
  check("the_changed_picture_says_so_itself", true);
  await viewer.screenshot(shots, "tampered");
  await viewer.unseal(court);
  await viewer.until("#picture-regions", /shown/);
  check("damage_does_not_cost_the_originals", true);
}

async function stripped(viewer) {
  await viewer.until("#verdict", /not all of it/i);
  check("stripped_recovery_data_are_named", /recovery stripped|stripped/.test(await viewer.text("#finding-list")), await viewer.text("#finding-list"));
  await viewer.unseal(court);
  await viewer.page.waitForSelector("#unsealed:not([hidden])");
  await viewer.seek(21);
  check("where_it_is_stripped_the_picture_stays_masked", (await shows(viewer, "masked.mp4", 210)) < NEAR, await viewer.text("#picture-recovery"));
  await viewer.screenshot(shots, "stripped");
  await viewer.seek(22.5);
  check("after_it_the_originals_are_there_again", (await shows(viewer, "recovered.mkv", 225)) < NEAR);
}

async function cut(viewer) {
  await viewer.until("#verdict", /not all of it/i);
  check("a_cut_file_is_said_to_be_one", await viewer.page.locator("#truncated").isVisible());
  check("a_cut_tail_is_named", /tail cut off/.test(await viewer.text("#finding-list")));
  await viewer.unseal(court);
  await viewer.page.waitForSelector("#unsealed:not([hidden])");
  await viewer.seek(21.5);
  check("what_is_left_is_recovered", (await shows(viewer, "recovered.mkv", 215)) < NEAR);
  await viewer.page.click("#play");
  await viewer.until("#play", /Pause/);
  await viewer.until("#play", /Play/, 20_000);
  check("it_plays_to_where_it_was_cut", (await viewer.picture()) >= 220, `${await viewer.picture()}`);
  await viewer.screenshot(shots, "cut");
}

function container(name) {
  return async (viewer) => {
    await viewer.until("#picture-time", /\d:\d/);
    await viewer.seek(13.7);
    const title = name.replace(".", "_");
    check(`${title}_is_sought_in`, (await shows(viewer, "masked.mp4", 137)) < NEAR, `${await shows(viewer, "masked.mp4", 137)}`);
    await viewer.unseal(court);
    await viewer.until("#picture-regions", /shown/);
    await viewer.page.waitForTimeout(200);
    check(`${title}_is_recovered`, (await shows(viewer, "recovered.mkv", 137)) < NEAR);
  };
}

async function unplayable(browser) {
  await withFile(browser, "plain.mp4", async (viewer) => {
    await viewer.until("#verdict", /./);
    await viewer.until("#picture-recovery", /no|none|absent/i);
    await viewer.page.waitForSelector("#unseal:disabled");
    check("what_was_never_protected_opens_to_nobody", /no recovery data/.test(await viewer.page.getAttribute("#unseal", "title")));
    await viewer.screenshot(shots, "unprotected");
  });
  await withFile(browser, "h265.mp4", async (viewer) => {
    await viewer.until("body", /does not decode H\.265/);
    check("h265_that_the_browser_cannot_decode_is_said_to_be_that", true);
    await viewer.screenshot(shots, "h265");
  });
}

async function folderOfFiles(browser) {
  const server = await startServer(bauta, "--audit", audit, folder);
  const viewer = await Viewer.open(browser, server.url);
  await viewer.page.waitForSelector("#recordings:not([hidden])");
  const names = await viewer.text("#recording-list");
  check("a_folder_s_recordings_are_listed_and_nothing_else", /masked\.mp4/.test(names) && /masked\.mkv/.test(names) && !/court|grant|audit/.test(names));
  await viewer.screenshot(shots, "recordings");
  await viewer.page.getByRole("button", { name: /nonsense\.mp4/ }).click();
  await viewer.until("body", /cannot be read|no video/);
  check("what_is_no_video_is_said_to_be_none", true);
  await viewer.page.click("#to-recordings");
  await viewer.page.getByRole("button", { name: /fragmented\.mp4/ }).click();
  await viewer.until("#picture-time", /\d:\d/);
  check("another_recording_is_opened_after_it", (await shows(viewer, "masked.mp4", 0)) < NEAR);
  await viewer.until("#verdict", /nobody named/);
  check("a_signer_whom_nobody_named_is_said_to_be_that", true);
  await viewer.close();
  await server.stop();
}

/** What no signature covers is said, and is never called authentic where it is pictures. */
async function notCovered(browser) {
  const mux = (name, ...input) => execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", file("masked.mp4"), ...input,
    "-map", "0:v", "-map", "1", "-c:v", "copy", file(name)]);
  mux("sound.mp4", "-f", "lavfi", "-i", "sine=d=5");
  mux("more.mp4", "-i", file("plain.mp4"));
  const hidden = (viewer) => viewer.page.locator("#not-covered").isHidden();
  await withFile(browser, "masked.mkv", async (viewer) => {
    await viewer.until("#verdict", /authentic: all of it/, 30_000);
    check("where_all_is_covered_nothing_is_said_of_the_rest", await hidden(viewer));
  });
  await withFile(browser, "sound.mp4", async (viewer) => {
    await viewer.until("#verdict", /authentic: all of it/, 30_000);
    check("sound_is_said_to_be_covered_by_no_signature", (await viewer.text("#not-covered")) === "Not covered by any signature: sound (aac).",
      await viewer.text("#not-covered"));
  });
  await withFile(browser, "more.mp4", async (viewer) => {
    await viewer.until("#verdict", /not all that the file shows is signed/, 30_000);
    check("another_video_track_is_no_authentic_file", (await viewer.page.getAttribute("#verdict", "data-tone")) === "bad" &&
      !/: all of it/.test(await viewer.text("#verdict")), await viewer.text("#verdict"));
    check("and_it_is_named", /video/.test(await viewer.text("#not-covered")), await viewer.text("#not-covered"));
    await viewer.screenshot(shots, "not-covered");
  });
  rmSync(file("sound.mp4"));
  rmSync(file("more.mp4"));
}

/** What is played is the file that was verified. */
async function changing(browser) {
  const path = join(folder, "changing.mp4");
  copyFileSync(file("masked.mp4"), path);
  const server = await startServer(bauta, "--signer", file("camera.pub"), "--audit", audit, path);
  const viewer = await Viewer.open(browser, server.url);
  await viewer.until("#verdict", /authentic: all/, 30_000);
  appendFileSync(path, Buffer.alloc(8)); // a box of no kind, and another size and time
  await viewer.page.evaluate(() => {
    const slider = document.querySelector("#seek");
    slider.value = slider.max - 5;
    for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
  });
  check("a_file_that_has_changed_is_played_no_further", /has changed/.test(await viewer.until("#notices", /./)), await viewer.text("#notices"));
  check("and_its_verdict_is_withdrawn", /has changed/.test(await viewer.until("#verdict", /changed/, 20_000)));
  check("nothing_green_is_left_in_the_timeline", (await viewer.page.locator("#findings button").count()) === 0);
  await viewer.screenshot(shots, "changed");
  await viewer.close();
  await server.stop();
  rmSync(path);
}

/** Nothing is shown that cannot be written down, and the page outlives its server. */
async function withoutServer(browser) {
  const own = join(folder, "own");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  const log = join(own, "audit.db");
  const server = await startServer(bauta, "--audit", log, file("masked.mp4"));
  const viewer = await Viewer.open(browser, server.url);
  await viewer.until("#picture-time", /\d:\d/);
  for (const name of ["", "-wal", "-shm", "-journal"]) rmSync(log + name, { force: true });
  writeFileSync(log, "this is no database".repeat(1000));
  await viewer.unseal(court);
  const words = await viewer.until("#unseal-problem", /./);
  check("without_a_log_nothing_is_shown", /log|written/.test(words) && (await shows(viewer, "masked.mp4", 0)) < NEAR, words);
  await viewer.screenshot(shots, "no-log");
  await viewer.page.click("#unseal-cancel");
  await server.stop();
  await viewer.unseal(court);
  check("without_a_server_nothing_is_shown", /server|answer|log/i.test(await viewer.until("#unseal-problem", /./)) &&
    (await shows(viewer, "masked.mp4", 0)) < NEAR);
  await viewer.page.click("#unseal-cancel");
  await viewer.screenshot(shots, "no-server");
  await viewer.close();
}

await main(async () => {
  mkdirSync(shots, { recursive: true });
  rmSync(audit, { force: true });
  const browser = await launch();
  for (const [name, test] of Object.entries({ "tampered.mp4": tampered, "stripped.mp4": stripped, "cut.mp4": cut,
    "fragmented.mp4": container("fragmented.mp4"), "masked.mkv": container("masked.mkv"), "masked.ts": container("masked.ts") }))
    await withFile(browser, name, test);
  await unplayable(browser);
  await folderOfFiles(browser);
  await withoutServer(browser);
  await changing(browser);
  await notCovered(browser);
  await browser.close();
  rmSync(audit, { force: true });
});
