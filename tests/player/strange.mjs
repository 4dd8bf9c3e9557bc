// SPDX-License-Identifier: Apache-2.0
// Files as other people's tools leave them, in the player; usage: strange.mjs BUILD_FOLDER. What a <video> element makes of
// the same file is what the player is held to.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { check, launch, main } from "./browser.mjs";
import { turned, withoutSlices } from "./samples.mjs";
import { Viewer, difference, startServer } from "./viewer.mjs";

const build = process.argv[2];
const bauta = join(build, "bauta");
const folder = join(build, "tests/player/strange");
const file = (name) => join(folder, name);
const audit = file("audit.db");
const court = { key: file("court.key") };
const NEAR = 1; // a small picture, drawn by others
const isNear = (d) => d < NEAR;
const OTHER = 8; // what the next picture, or a masked one, differs by at least

const TURNS = { // and the same by FFmpeg
  right: { matrix: [0, 1, -1, 0], filter: "transpose=1" },
  over: { matrix: [-1, 0, 0, -1], filter: "hflip,vflip" },
  left: { matrix: [0, -1, 1, 0], filter: "transpose=2" },
  mirrored: { matrix: [-1, 0, 0, 1], filter: "hflip" },
};

const OPEN = ["--encoder-options", "x264-params=open-gop=1:bframes=3:b-adapt=0:keyint=10:min-keyint=1:scenecut=0"];

const run = (program, ...args) => execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
const ffmpeg = (...args) => run("ffmpeg", "-nostdin", "-v", "error", "-y", ...args);

/** Sixty pictures, ten a second, each of its own brightness, with somebody in all of them. */
function make() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.XDG_STATE_HOME = folder;
  run(bauta, "key", "new", "court", "--no-passphrase");
  run(bauta, "key", "new", "--sign", "camera", "--no-passphrase");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x176:r=10:d=6", "-vf", "noise=alls=20:allf=t,eq=brightness='0.4*sin(n*1.3)':eval=frame",
    "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "clear.mp4");
  writeFileSync(file("regions.jsonl"), Array.from({ length: 60 }, (_, picture) => JSON.stringify({
    picture, regions: [{ target: 1, class: "body", x: 40 + 2 * picture, y: 40, w: 64, h: 120 }] })).join("\n"));
  const protect = (name, ...options) => run(bauta, "protect", "--quiet", "--recipient", "court.pub", "--sign", "camera.key",
    "--regions", "regions.jsonl", ...options, "clear.mp4", name);
  protect("masked.mp4", "--gop", "1");
  protect("open.mp4", "--gop", "10", ...OPEN);
  protect("both.mp4", "--gop", "3", ...OPEN); // IDR at 0 and 3 s, others at each second
  ffmpeg("-ss", "1", "-i", "both.mp4", "-c", "copy", "entered.mp4");
  run(bauta, "recover", "--reason", "test", "--quiet", "--lossless", "--preset", "ultrafast", "--key", "court.key", "masked.mp4", "recovered.mkv");
  ffmpeg("-ss", "1.35", "-i", "masked.mp4", "-c", "copy", "cut.mp4");
  writeFileSync(file("seionly.mp4"), withoutSlices(readFileSync(file("masked.mp4"))));
  for (const [name, { matrix }] of Object.entries(TURNS)) writeFileSync(file(`${name}.mp4`), turned(readFileSync(file("masked.mp4")), matrix));
  ffmpeg("-i", "masked.mp4", "-c", "copy", "-bsf:v", "h264_metadata=sample_aspect_ratio=2/1", "-aspect", "640:176", "wide.mp4");
}

async function withFile(browser, name, test) {
  const server = await startServer(bauta, "--signer", file("camera.pub"), "--audit", audit, file(name));
  const viewer = await Viewer.open(browser, server.url);
  await viewer.until("#picture-time", /\d:\d/);
  await test(viewer);
  await viewer.close();
  await server.stop();
}

function pictureOf(name, n, filter = "") {
  return execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", file(name), "-vf",
    `select=eq(n\\,${n})${filter},scale=in_color_matrix=bt601:flags=accurate_rnd+full_chroma_int+neighbor`, "-frames:v", "1",
    "-pix_fmt", "rgba", "-f", "rawvideo", "-"], { maxBuffer: 1 << 26 });
}

/** What a <video> element shows of a file: how long it is, and its picture at each of these times, as RGBA. */
async function asVideo(browser, name, times) {
  const server = createServer((request, answer) => {
    if (request.url !== "/v") return answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>t</title><video muted></video>");
    const bytes = readFileSync(file(name));
    const [, from = 0, to = bytes.length - 1] = (/bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? []).map((text) => Number(text) || undefined);
    answer.writeHead(206, { "Content-Type": "video/mp4", "Accept-Ranges": "bytes", "Content-Range": `bytes ${from}-${to}/${bytes.length}` });
    answer.end(bytes.subarray(from, to + 1));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const seen = await page.evaluate(async (all) => {
    const video = document.querySelector("video");
    const event = (name) => new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
    video.src = "/v";
    await event("loadeddata");
    const { videoWidth: width, videoHeight: height } = video;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    const pictures = [];
    for (const time of all) {
      video.currentTime = time;
      await event("seeked");
      let data, tries = 0;
      do { // until there is a picture: it may come a little later than the event
        if (++tries > 200) throw new Error(`no picture of the <video> at ${time}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        context.clearRect(0, 0, width, height);
        context.drawImage(video, 0, 0);
        ({ data } = context.getImageData(0, 0, width, height));
      } while (data[3] === 0);
      pictures.push(Array.from(data));
    }
    return { duration: video.duration, width, height, pictures };
  }, times);
  await page.close();
  server.close();
  return { ...seen, pictures: seen.pictures.map((data) => Buffer.from(data)) };
}

/** Cut by copying in the middle of an epoch: times are those that a <video> shows. */
async function cut(browser) {
  const times = [0.15, 0.65, 1.05, 2.55, 4.05];
  const video = await asVideo(browser, "cut.mp4", times);
  await withFile(browser, "cut.mp4", async (viewer) => {
    let far = "";
    for (const [i, time] of times.entries()) {
      await seek(viewer, time - 0.05);
      const d = await viewer.distance(video.pictures[i], isNear);
      if (d > NEAR) far += ` ${time}: ${d.toFixed(1)}`;
    }
    check("a_cut_file_is_shown_at_the_times_of_a_video_element", !far, far);
    const slider = Number(await viewer.page.getAttribute("#seek", "max"));
    check("and_lasts_as_long", Math.abs(slider - video.duration) < 0.15, `${slider} ${video.duration}`);
    await seek(viewer, 0);
    const first = await viewer.canvas();
    check("it_begins_with_the_first_picture_that_is_shown", difference(first, pictureOf("cut.mp4", 0)) < NEAR,
      `${difference(first, pictureOf("cut.mp4", 0))}`);
    await viewer.page.click("#step-back");
    await viewer.page.waitForTimeout(300);
    check("no_picture_before_it_is_stepped_to", (await viewer.distance(first, isNear)) === 0);
    await viewer.unseal(court);
    await viewer.page.waitForSelector("#unsealed:not([hidden])");
    await seek(viewer, 2);
    check("and_recovered_at_the_same_times", (await viewer.distance(pictureOf("recovered.mkv", 34), isNear)) < NEAR,
      `${await viewer.distance(pictureOf("recovered.mkv", 34), isNear)}`);
  });
}

/** To the picture that stands there, whenever it began. */
async function seek(viewer, time) {
  await viewer.page.evaluate((t) => {
    const slider = document.querySelector("#seek");
    slider.value = String(t);
    for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
  }, time);
  await viewer.page.waitForTimeout(800);
}

async function playsToTheEnd(viewer) {
  await viewer.page.selectOption("#speed", "4");
  await viewer.page.click("#play");
  await viewer.until("#play", /Pause/);
  await viewer.until("#play", /Play/, 20_000);
}

/** Samples with nothing but SEI. */
async function seiOnly(browser) {
  await withFile(browser, "seionly.mp4", async (viewer) => {
    await viewer.until("#verdict", /authentic: all/, 20_000);
    check("samples_without_a_slice_are_no_pictures_to_the_verdict", /60 of 60/.test(await viewer.text("#verification-words")),
      await viewer.text("#verification-words"));
    await viewer.unseal(court);
    await viewer.until("#picture-regions", /shown/);
    let far = "";
    for (const n of [0, 9, 10, 31, 59]) {
      await seek(viewer, n / 10);
      const d = await viewer.distance(pictureOf("recovered.mkv", n), isNear);
      if (d > NEAR) far += ` ${n}: ${d.toFixed(1)}`;
    }
    check("and_every_picture_is_recovered_in_its_place", !far, far);
    await seek(viewer, 0);
    await playsToTheEnd(viewer);
    check("it_plays_to_its_end", (await viewer.picture()) === 59, `${await viewer.picture()}`);
    check("nothing_is_complained_of", (await viewer.text("#notices")).trim() === "", await viewer.text("#notices"));
  });
}

/** Key pictures that are no IDR, followed by pictures that are shown before them. */
async function openGop(browser) {
  await withFile(browser, "open.mp4", async (viewer) => {
    let far = "";
    for (const n of [25, 19, 20, 31, 9, 50]) {
      await seek(viewer, n / 10);
      const d = await viewer.distance(pictureOf("open.mp4", n), isNear);
      if (d > NEAR) far += ` ${n}: ${d.toFixed(1)}`;
    }
    check("an_open_group_is_sought_in", !far, far);
    await seek(viewer, 1.5);
    await playsToTheEnd(viewer);
    check("and_played_over_its_key_pictures", (await viewer.picture()) === 59, `${await viewer.picture()}`);
    check("without_a_complaint", (await viewer.text("#notices")).trim() === "", await viewer.text("#notices"));
  });
}

/** Begins where no IDR picture is near: what cannot be decoded costs itself alone. */
async function entered(browser) {
  await withFile(browser, "entered.mp4", async (viewer) => {
    await viewer.until("#notices", /could not be decoded/);
    check("a_decoder_that_fails_is_told_of", true);
    await seek(viewer, 3.5);
    const d = await viewer.distance(pictureOf("both.mp4", 45), isNear);
    check("after_the_next_picture_that_can_be_entered_at_all_is_right", d < NEAR, `${d}`);
    await seek(viewer, 0);
    await playsToTheEnd(viewer);
    check("and_it_is_played_to_its_end", (await viewer.distance(pictureOf("both.mp4", 59), isNear)) < NEAR);
    check("and_is_not_the_end_of_the_page", viewer.problems.length === 0, viewer.problems.join());
  });
}

/** A container that wants its pictures turned, or wide. */
async function shapes(browser) {
  for (const word of [...Object.keys(TURNS), "wide"]) {
    const name = `${word}.mp4`;
    const video = await asVideo(browser, name, [2.05]);
    await withFile(browser, name, async (viewer) => {
      await seek(viewer, 2);
      const { width, height } = await viewer.page.evaluate(() => {
        const { width, height } = document.querySelector("#canvas");
        return { width, height };
      });
      check(`${word}_has_the_shape_of_a_video_element`, width === video.width && height === video.height, `${width}x${height}`);
      const d = await viewer.distance(video.pictures[0], isNear);
      check(`${word}_stands_as_in_a_video_element`, d < 3, `${d}`);
      const masked = await viewer.canvas();
      await viewer.unseal(court);
      await viewer.until("#picture-regions", /shown/);
      await viewer.page.waitForTimeout(200);
      const shown = await viewer.canvas();
      if (name !== "wide.mp4") {
        const want = difference(shown, pictureOf("recovered.mkv", 20, `,${TURNS[word].filter}`));
        check(`${word}_is_recovered_in_its_place`, want < NEAR, `${want}`);
      } else {
        check("wide_is_recovered", difference(shown, masked) > 1);
      }
    });
  }
}

await main(async () => {
  make();
  const browser = await launch();
  for (const test of [cut, seiOnly, openGop, entered, shapes]) await test(browser);
  await browser.close();
  check("the_next_picture_would_have_been_told_apart", difference(pictureOf("masked.mp4", 20), pictureOf("masked.mp4", 21)) > OTHER,
    `${difference(pictureOf("masked.mp4", 20), pictureOf("masked.mp4", 21))}`);
});
