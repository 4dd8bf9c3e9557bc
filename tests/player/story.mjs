// SPDX-License-Identifier: Apache-2.0
// The player on the demo's clip, as an officer uses it; usage: story.mjs BUILD_FOLDER
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { check, launch, main, moduleFile, note } from "./browser.mjs";
import { media, pictureOf } from "./media.mjs";
import { Viewer, auditRows, startServer } from "./viewer.mjs";

const build = process.argv[2];
const bauta = join(build, "bauta");
const folder = media(bauta, build);
const file = (name) => join(folder, name);
const shots = join(build, "tests/player/screenshots");
const audit = join(folder, "story.db");
const NEAR = 0.25; // mean difference of the canvas from FFmpeg's conversion of the same picture, of 255
const isNear = (d) => d < NEAR;
const FAR = 1; // and at least so far apart are the picture masked and recovered

async function shows(viewer, name, picture, isRight = isNear) {
  return viewer.distance(pictureOf(file(name), picture), isRight);
}

async function axe(viewer, state) {
  const source = readFileSync(moduleFile("axe-core/axe.min.js"), "utf8");
  await viewer.page.evaluate(source);
  const { violations, passes } = await viewer.page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  note(`axe, ${state}: ${passes.length} rules pass, ${violations.length} violations, ${serious.length} serious`);
  check(`axe_finds_nothing_serious_${state}`, serious.length === 0,
    serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`).join("\n"));
}

async function masked(viewer) {
  await viewer.page.waitForSelector("#viewer:not([hidden])");
  await viewer.until("#picture-time", /\d:\d/);
  check("the_first_picture_is_shown_masked", (await shows(viewer, "masked.mp4", 0)) < NEAR);
  await viewer.until("#verdict", /authentic: all of it/);
  check("the_recording_is_said_to_be_authentic_and_by_whom", /camera\.pub/.test(await viewer.text("#signed-by")));
  const lanes = await viewer.page.locator("#lanes li").count();
  check("there_is_a_lane_for_each_target_and_class", lanes > 50, `${lanes}`);
  await viewer.screenshot(shots, "masked");
  await axe(viewer, "masked");
  await viewer.page.click("#play");
  await viewer.page.waitForTimeout(2500);
  await viewer.paused();
  const at = await viewer.picture();
  check("it_plays_at_the_recording_s_speed", at >= 18 && at <= 32, `picture ${at} after 2.5 to 2.8 s`);
  check("what_is_played_is_masked", (await shows(viewer, "masked.mp4", at)) < NEAR && (await shows(viewer, "recovered.mkv", at, (d) => d > FAR)) > FAR);
}

async function refused(viewer) {
  await viewer.page.click("#unseal");
  await viewer.screenshot(shots, "dialog");
  await axe(viewer, "in_the_dialog");
  await viewer.page.setInputFiles("#key-file", file("court.key"));
  await viewer.page.click("#unseal-now");
  check("without_a_reason_nothing_is_opened", /reason/.test(await viewer.until("#unseal-problem", /./)));
  await viewer.unseal({ key: file("court.key"), passphrase: "close sesame" });
  check("a_wrong_passphrase_is_said_to_be_one", /passphrase is wrong/.test(await viewer.until("#unseal-problem", /passphrase/)));
  await viewer.unseal({ key: file("stranger.key") });
  check("a_key_that_is_no_recipient_s_opens_nothing", /opens nothing/.test(await viewer.until("#unseal-problem", /opens/)));
  await viewer.screenshot(shots, "wrong-key");
  await viewer.unseal({ key: file("court.pub") });
  check("a_public_key_is_said_to_be_one", /public key/.test(await viewer.until("#unseal-problem", /public/)));
  await viewer.unseal({ key: file("operator.key"), grant: file("expired.grant") });
  check("an_expired_grant_opens_nothing", /expired/.test(await viewer.until("#unseal-problem", /expired/)));
  await viewer.screenshot(shots, "expired-grant");
  await viewer.unseal({ key: file("operator.key"), grant: file("asked.grant") });
  check("a_grant_that_nobody_has_approved_opens_nothing", /approv/.test(await viewer.until("#unseal-problem", /approv/)));
  await viewer.unseal({ key: file("operator.key"), grant: file("forged.grant") });
  check("a_grant_with_another_s_signature_opens_nothing", /sign/.test(await viewer.until("#unseal-problem", /sign/)));
  await viewer.unseal({ key: file("stranger.key"), grant: file("one.grant") });
  check("a_grant_for_another_key_opens_nothing", /another key|for key|not for/.test(await viewer.until("#unseal-problem", /key/)));
  await viewer.page.click("#unseal-cancel");
  check("after_all_that_the_picture_is_masked", (await shows(viewer, "masked.mp4", await viewer.picture())) < NEAR);
  const rows = auditRows(bauta, audit);
  check("what_was_refused_is_in_the_log", rows.filter(({ outcome }) => outcome === "denied").length === 5, JSON.stringify(rows));
}

async function unsealed(viewer) {
  const at = await viewer.picture();
  const waiting = [];
  let holds = true;
  await viewer.page.route("**/api/audit", (route) => (holds ? waiting.push(route) : route.continue()));
  await viewer.unseal({ key: file("court.key"), passphrase: "open sesame", case: "2026-118" });
  await viewer.page.waitForTimeout(1500);
  check("until_the_log_has_answered_nothing_is_shown", waiting.length === 1 && (await shows(viewer, "masked.mp4", at)) < NEAR);
  holds = false;
  for (const route of waiting) await route.continue();
  await viewer.page.waitForSelector("#unsealed:not([hidden])");
  await viewer.until("#picture-regions", /shown/);
  check("the_right_key_shows_everybody", (await shows(viewer, "recovered.mkv", at)) < NEAR,
    `picture ${at}: ${await shows(viewer, "recovered.mkv", at)}, ${await viewer.text("#picture-regions")}`);
  const row = auditRows(bauta, audit).at(-1);
  check("the_log_has_reason_case_and_key", row.why === "theft, till 4" && row.case === "2026-118" && row.action === "view" &&
    row.key.length === 16 && /everybody/.test(row.what), JSON.stringify(row));
  await viewer.screenshot(shots, "unsealed");
  await axe(viewer, "unsealed");
  await viewer.page.click("#play");
  await viewer.page.waitForTimeout(2000);
  await viewer.paused();
  const later = await viewer.picture();
  check("it_plays_on_recovered", later > at + 10 && (await shows(viewer, "recovered.mkv", later)) < NEAR, `${later}`);
  await viewer.seek(13.7);
  check("a_place_in_the_middle_of_a_group_of_pictures_is_recovered_at_once", (await shows(viewer, "recovered.mkv", 137)) < NEAR);
  await viewer.page.click("#step-on");
  await viewer.until("#picture-time", /0:13\.8/);
  check("one_picture_on", (await shows(viewer, "recovered.mkv", 138)) < NEAR);
  await viewer.page.click("#step-back");
  await viewer.until("#picture-time", /0:13\.7/);
  check("one_picture_back", (await shows(viewer, "recovered.mkv", 137)) < NEAR);
  const partly = [];
  for (const n of [22, 40, 41, 42, 58, 59]) { // just before somebody's window becomes larger
    await viewer.seek(n / 10);
    const words = await viewer.text("#picture-regions");
    if ((await shows(viewer, "recovered.mkv", n)) >= NEAR || !/^\d+ shown$/.test(words)) partly.push(`${n}: ${words}`);
  }
  check("a_picture_before_somebody_s_window_grows_shows_everybody", partly.length === 0, partly.join("\n"));
  await viewer.seek(13.7);
}

async function oneTarget(viewer) {
  await viewer.page.uncheck("#show-everybody");
  await viewer.until("#picture-regions", /^\d+ hidden/);
  check("switched_off_everybody_is_masked_again", (await shows(viewer, "masked.mp4", 137)) < NEAR);
  await viewer.page.check('#lanes li[data-lane="10 head"] input[type=checkbox]');
  await viewer.until("#picture-regions", /^1 shown/);
  check("one_class_of_one_target_is_shown", (await shows(viewer, "masked.mp4", 137, (d) => d > 0.002)) > 0.002);
  await viewer.page.click('#lanes li[data-lane="10 face"] button.all');
  await viewer.until("#picture-regions", /^2 shown/);
  await viewer.page.waitForTimeout(300);
  check("one_target_alone_is_shown", (await shows(viewer, "one.mkv", 137)) < NEAR, `${await shows(viewer, "one.mkv", 137)}`);
  await viewer.screenshot(shots, "one-target");
}

async function snapshot(viewer) {
  const [download] = await Promise.all([viewer.page.waitForEvent("download"), viewer.page.click("#snapshot")]);
  const path = join(shots, "snapshot.png");
  await download.saveAs(path);
  const png = readFileSync(path);
  check("a_snapshot_is_a_png_with_a_strip_below", png.toString("latin1", 1, 4) === "PNG" && png.readUInt32BE(16) === 768 && png.readUInt32BE(20) > 576,
    download.suggestedFilename());
  check("its_name_says_when_and_of_which_stream", /13\.700-[0-9a-f]{8}\.png$/.test(download.suggestedFilename()), download.suggestedFilename());
  check("the_snapshot_is_in_the_log", /snapshot/.test(auditRows(bauta, audit).at(-1).what));
}

async function forgotten(viewer) {
  await viewer.page.click("#forget");
  await viewer.page.waitForSelector("#unsealed", { state: "hidden" });
  await viewer.until("#picture-regions", /^\d+ hidden/);
  check("with_the_key_forgotten_everybody_is_masked", (await shows(viewer, "masked.mp4", await viewer.picture())) < NEAR);
  await viewer.page.waitForTimeout(300);
  check("the_log_has_the_end", auditRows(bauta, audit).at(-1).outcome === "done");
}

async function granted(viewer) {
  await viewer.seek(20.3);
  await viewer.unseal({ key: file("operator.key"), grant: file("one.grant") });
  await viewer.until("#picture-regions", /shown/);
  await viewer.page.waitForTimeout(300);
  check("a_grant_shows_whom_it_is_for_and_nobody_else", (await shows(viewer, "one.mkv", 203)) < NEAR, `${await shows(viewer, "one.mkv", 203)}`);
  const row = auditRows(bauta, audit).at(-1);
  check("the_log_has_the_grant", row.grant.length === 32 && row.why.length > 0, JSON.stringify(row));
  const other = viewer.page.locator('#lanes li[data-lane="15 body"]');
  check("whom_the_grant_is_not_for_is_marked", (await other.getAttribute("data-state")) === "denied" && await other.locator("input").isDisabled());
  await viewer.screenshot(shots, "granted");
  await viewer.page.click("#forget");
  await viewer.page.waitForSelector("#unsealed", { state: "hidden" });
}

/** Nothing secret leaves the page, nor stays in it, and nobody else is spoken to. */
async function discreet(viewer, url) {
  const { origin } = new URL(url);
  const strangers = viewer.requests.filter((request) => !request.split(" ")[1].startsWith(`${origin}/`) && !request.includes(` blob:${origin}/`));
  check("nobody_but_the_server_is_spoken_to", strangers.length === 0, strangers.join("\n"));
  const secrets = ["open sesame", "open%20sesame", "close sesame"];
  for (const name of ["court.key", "operator.key", "stranger.key"]) {
    const base64 = readFileSync(file(name), "utf8").split("\n").filter((line) => line && !line.startsWith("---")).join("");
    const der = Buffer.from(base64, "base64");
    const raw = der.subarray(-32);
    secrets.push(base64.slice(0, 60), base64.slice(-44, -4), der.toString("hex"), raw.toString("hex"), raw.toString("base64").slice(0, 40),
      raw.toString("base64url").slice(0, 40));
  }
  const grant = readFileSync(file("one.grant"), "utf8").split("\n")[5];
  const leaks = [...secrets, grant].filter((secret) => viewer.sent.some((sent) => sent.includes(secret)));
  check("no_key_passphrase_or_grant_is_in_any_request", leaks.length === 0 && viewer.sent.length > 30, leaks.join("\n"));
  check("the_control_sees_what_was_sent", viewer.sent.some((sent) => sent.includes("theft, till 4")));
  const kept = await viewer.page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie.length,
    (await indexedDB.databases()).length, (await caches.keys()).length, location.search.length]);
  check("nothing_is_kept_in_the_browser", kept.every((n) => n === 0), kept.join());
  const counted = new Map();
  for (const request of viewer.requests) counted.set(request.replace(origin, ""), (counted.get(request.replace(origin, "")) ?? 0) + 1);
  note("all requests of the session:");
  for (const [request, n] of counted) note(`  ${n} x ${request}`);
}

async function looks(browser, url) {
  const looks = { dark: { colorScheme: "dark" }, "zoom-200": { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 } };
  for (const [name, options] of Object.entries(looks)) {
    const viewer = await Viewer.open(browser, url, options);
    await viewer.until("#verdict", /authentic/);
    await viewer.until("#picture-time", /\d:\d/);
    const wide = await viewer.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`nothing_reaches_over_the_side_${name}`, wide <= 0, `${wide} pixels`);
    await viewer.screenshot(shots, name);
    await axe(viewer, name);
    await viewer.close();
  }
}

async function keyboard(browser, url) {
  const viewer = await Viewer.open(browser, url);
  await viewer.until("#picture-time", /\d:\d/);
  const reached = new Set();
  for (let i = 0; i < 40; i++) {
    await viewer.page.keyboard.press("Tab");
    reached.add(await viewer.page.evaluate(() => document.activeElement?.id));
  }
  const wanted = ["help", "seek", "back", "step-back", "play", "step-on", "on", "speed", "snapshot", "full-screen", "unseal"];
  check("every_control_is_reached_by_tab", wanted.every((id) => reached.has(id)), wanted.filter((id) => !reached.has(id)).join());
  await viewer.page.evaluate(() => document.activeElement.blur());
  await viewer.page.keyboard.press("Space");
  await viewer.until("#play", /Pause/);
  await viewer.page.keyboard.press("Space");
  await viewer.until("#play", /Play/);
  await viewer.page.keyboard.press("End");
  await viewer.until("#picture-time", /0:39\.9/);
  check("the_keyboard_plays_and_goes_to_the_end", true);
  await viewer.page.keyboard.press("u");
  check("the_keyboard_opens_the_dialog", await viewer.page.locator("#unseal-dialog").isVisible());
  await viewer.close();
}

await main(async () => {
  rmSync(shots, { recursive: true, force: true });
  rmSync(audit, { force: true });
  mkdirSync(shots, { recursive: true });
  const server = await startServer(bauta, "--signer", file("camera.pub"), "--audit", audit, file("masked.mp4"));
  const browser = await launch();
  const stranger = await Viewer.open(browser, new URL(server.url).origin);
  check("without_the_token_nothing_is_shown", await stranger.page.locator("#no-token").isVisible());
  await stranger.screenshot(shots, "no-token");
  await stranger.close();
  const viewer = await Viewer.open(browser, server.url);
  for (const step of [masked, refused, unsealed, oneTarget, snapshot, forgotten, granted]) await step(viewer);
  await discreet(viewer, server.url);
  check("the_page_had_no_error", viewer.problems.length === 0, viewer.problems.join("\n"));
  await viewer.close();
  await looks(browser, server.url);
  await keyboard(browser, server.url);
  await browser.close();
  check("the_server_ends_when_told", (await server.stop()) === 0);
  rmSync(audit, { force: true });
});
