// SPDX-License-Identifier: Apache-2.0
// Wishes that cross each other, and pictures at thirty a second, whose times are no whole microseconds; usage:
// crossing.mjs BUILD_FOLDER
import { rmSync } from "node:fs";
import { join } from "node:path";
import { check, launch, main } from "./browser.mjs";
import { media, pictureOf } from "./media.mjs";
import { Viewer, auditRows, startServer } from "./viewer.mjs";

const build = process.argv[2];
const bauta = join(build, "bauta");
const folder = media(bauta, build);
const file = (name) => join(folder, name);
const audit = join(folder, "crossing.db");
const NEAR = 0.25; // as in story.mjs
const isNear = (d) => d < NEAR;
const court = { key: file("court.key"), passphrase: "open sesame" };

const numberOf = async (viewer) => Number((await viewer.text("#picture-epoch")).match(/picture (\d+)/)[1]);

async function withFile(browser, name, test) {
  const server = await startServer(bauta, "--audit", audit, file(name));
  const viewer = await Viewer.open(browser, server.url);
  await viewer.until("#picture-time", /\d:\d/);
  await test(viewer);
  check(`no_error_in_${name.replace(".", "_")}`, viewer.problems.length === 0, viewer.problems.join("\n"));
  await viewer.close();
  await server.stop();
}

async function thirty(viewer) {
  for (let n = 1; n <= 7; n++) {
    await viewer.page.click("#step-on");
    await viewer.until("#picture-epoch", new RegExp(`picture ${n}$`));
  }
  await viewer.unseal(court);
  await viewer.until("#picture-regions", /shown/);
  check("the_picture_that_was_stopped_at_is_the_one_unsealed", (await numberOf(viewer)) === 7 &&
    (await viewer.distance(pictureOf(file("p30.mkv"), 7), isNear)) < NEAR, `picture ${await numberOf(viewer)}`);
  for (let n = 6; n >= 4; n--) {
    await viewer.page.click("#step-back");
    await viewer.until("#picture-epoch", new RegExp(`picture ${n}$`));
  }
  check("it_is_stepped_back_by_one_each_time", (await viewer.distance(pictureOf(file("p30.mkv"), 4), isNear)) < NEAR);
  await viewer.page.click("#forget");
  await viewer.until("#picture-regions", /^\d+ hidden/);
  check("forgetting_stays_at_the_picture", (await numberOf(viewer)) === 4);
  await viewer.unseal({ key: file("operator.key"), grant: file("agreed.grant") });
  await viewer.until("#picture-regions", /shown/);
  const row = auditRows(bauta, audit).at(-1);
  check("a_grant_that_two_of_three_agreed_to_opens", (await numberOf(viewer)) === 4 && row.approved_by.split(" ").length === 2, JSON.stringify(row));
}

/** What stands on the canvas is what the page tells of it. */
async function pauses(viewer) {
  await viewer.unseal(court);
  await viewer.until("#picture-regions", /shown/);
  await viewer.page.selectOption("#speed", "4");
  let wrong = "";
  for (let i = 0; i < 8; i++) {
    await viewer.page.click("#play");
    await viewer.page.waitForTimeout(350 + 37 * i);
    await viewer.page.click("#play");
    await viewer.until("#play", /Play/);
    await viewer.page.waitForTimeout(150);
    const at = await viewer.picture();
    if ((await viewer.distance(pictureOf(file("recovered.mkv"), at), isNear)) >= NEAR) wrong += ` ${at}`;
  }
  check("the_canvas_has_the_picture_that_the_page_tells_of", !wrong, wrong);
}

/** A seek and a switch, or a seek and another, at the same time, while it plays. */
async function crossings(viewer) {
  await viewer.page.selectOption("#speed", "1");
  const together = (time, id) => viewer.page.evaluate(([t, switched]) => {
    const slider = document.querySelector("#seek");
    slider.value = String(t);
    for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
    document.querySelector(switched)?.click();
  }, [time, id]);
  await viewer.page.click("#play");
  let wrong = "";
  for (const [i, time] of [30, 5, 22, 11, 34, 17].entries()) {
    await together(time, i % 2 ? "#show-head" : "#show-body");
    await viewer.page.waitForTimeout(1500);
    const seconds = (await viewer.picture()) / 10;
    if (seconds < time || seconds > time + 2.5) wrong += ` at ${seconds} instead of ${time};`;
    if (!/Pause/.test(await viewer.text("#play"))) wrong += ` stopped at ${seconds};`;
  }
  check("seeks_and_switches_that_cross_both_count", !wrong, wrong);
  await together(8, "#forget");
  await viewer.page.waitForSelector("#unsealed", { state: "hidden" });
  await viewer.page.waitForTimeout(800);
  await viewer.page.click("#play");
  await viewer.page.waitForTimeout(400);
  const at = await viewer.picture();
  check("a_seek_and_forgetting_that_cross_leave_everybody_masked",
    (await viewer.distance(pictureOf(file("masked.mp4"), at), isNear)) < NEAR && at >= 80, `${at}`);
}

await main(async () => {
  rmSync(audit, { force: true });
  const browser = await launch();
  await withFile(browser, "p30.mp4", thirty);
  await withFile(browser, "masked.mp4", async (viewer) => {
    await pauses(viewer);
    await crossings(viewer);
  });
  await browser.close();
  rmSync(audit, { force: true });
});
