// SPDX-License-Identifier: Apache-2.0
// `bauta view` as a process, and its page in a browser, with every request that it makes written down.
import { spawn, execFileSync } from "node:child_process";
import { join } from "node:path";

/** Starts the server; resolves with its address when it has printed it. */
export async function startServer(bauta, ...args) {
  const child = spawn(bauta, ["view", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data).trim()));
    ended.then((status) => reject(new Error(`bauta view ended with ${status}: ${errors}`)));
  });
  const stop = () => (child.kill("SIGTERM"), ended);
  return { url, stop, errors: () => errors };
}

export function auditRows(bauta, audit) {
  const text = execFileSync(bauta, ["audit", "export", "--audit", audit], { encoding: "utf8" });
  return text.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** A page, and all that went through it. */
export class Viewer {
  requests = []; // "METHOD url", in order, also of the worker
  sent = []; // whatever left the page: addresses, headers, bodies
  problems = [];

  static async open(browser, url, options = {}) {
    const viewer = new Viewer();
    viewer.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, bypassCSP: false, ...options });
    viewer.page = await viewer.context.newPage();
    viewer.context.on("request", (request) => viewer.note(request));
    viewer.page.on("pageerror", (error) => viewer.problems.push(error.stack));
    viewer.page.on("console", (message) => message.type() === "error" && viewer.problems.push(message.text()));
    await viewer.page.goto(url);
    return viewer;
  }

  note(request) {
    this.requests.push(`${request.method()} ${request.url()}`);
    this.sent.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? "");
  }

  close() {
    return this.context.close();
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  /** Waits until a selector's text matches. */
  async until(selector, pattern, timeout = 15_000) {
    await this.page.waitForFunction(([s, p]) => new RegExp(p).test(document.querySelector(s)?.innerText ?? ""), [selector, pattern.source], { timeout });
    return this.text(selector);
  }

  /** The number of the picture on the canvas, at 10 pictures a second. */
  async picture() {
    const [minutes, seconds] = (await this.text("#picture-time")).split(":").map(Number);
    return Math.round((minutes * 60 + seconds) * 10);
  }

  async paused() {
    if (/pause/i.test(await this.text("#play"))) await this.page.click("#play");
    await this.page.waitForTimeout(300);
  }

  async seek(time) {
    await this.page.evaluate((t) => {
      const slider = document.querySelector("#seek");
      slider.value = String(t);
      for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
    }, time);
    await this.until("#picture-time", new RegExp(`^${Math.floor(time / 60)}:${(time % 60).toFixed(1).padStart(4, "0").replace(".", "\\.")}`));
    await this.page.waitForTimeout(150);
  }

  /** What stands on the canvas, as RGBA. */
  async canvas() {
    const text = await this.page.evaluate(() => {
      const shown = document.querySelector("#canvas");
      const copy = new OffscreenCanvas(shown.width, shown.height);
      const context = copy.getContext("2d");
      context.drawImage(shown, 0, 0);
      const { data } = context.getImageData(0, 0, shown.width, shown.height);
      let binary = "";
      for (let at = 0; at < data.length; at += 8192) binary += String.fromCharCode(...data.subarray(at, at + 8192));
      return btoa(binary);
    });
    return Buffer.from(text, "base64");
  }

  /**
   * How far the canvas is from a picture, as soon as `isRight` says so of it, or else after 3 s: what a worker draws is
   * shown some screens later, and no page is told when.
   */
  async distance(picture, isRight) {
    const until = performance.now() + 3000;
    for (;;) {
      const d = difference(await this.canvas(), picture);
      if (isRight(d) || performance.now() > until) return d;
      await this.page.waitForTimeout(50);
    }
  }

  async unseal({ key, passphrase = "", grant, reason = "theft, till 4", whom = "everybody", case: case_ = "" }) {
    if (!(await this.page.locator("#unseal-dialog").isVisible())) await this.page.click("#unseal");
    await this.page.setInputFiles("#key-file", key);
    await this.page.fill("#passphrase", passphrase);
    if (grant) await this.page.setInputFiles("#grant-file", grant);
    await this.page.fill("#reason", reason);
    await this.page.fill("#case", case_);
    await this.page.check(`#whom-${whom}`);
    await this.page.click("#unseal-now");
  }

  async screenshot(folder, name) {
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** How far two pictures are from one another: mean of the absolute differences, of 255. */
export function difference(a, b) {
  if (a.length !== b.length) return Infinity;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}
