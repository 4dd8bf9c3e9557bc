// SPDX-License-Identifier: Apache-2.0
// A picture as PNG, with a strip below it that says which one it is.
import type { Picture, Snapshot } from "../protocol.ts";
import { drawTurned, turnedSize, type Turn } from "./turn.ts";

/** 0:01:23.456 */
export function clockTime(time: number): string {
  const ms = Math.round(time * 1000);
  const digits = (n: number, size: number) => String(Math.floor(n)).padStart(size, "0");
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60];
  return `${digits(hours, 1)}:${digits(minutes, 2)}:${digits(seconds, 2)}.${digits(ms % 1000, 3)}`;
}

function wordsOf(picture: Picture, title: string): string[] {
  const shown = picture.regions.filter(({ state }) => state === "shown").sort((a, b) => a.target - b.target);
  const utc = picture.utcMs ? ` · ${new Date(picture.utcMs).toISOString()} by the stream's own clock` : "";
  const what = shown.length
    ? `UNSEALED: ${shown.map((lane) => `${lane.target} ${lane.class}`).join(", ")}`
    : "masked, nothing unsealed";
  const recovery = picture.recovery === "changed" ? " · NOT as it was protected" : "";
  return [
    `${title} · ${clockTime(picture.time)}${utc}`,
    `stream ${picture.stream || "unknown"} · epoch ${picture.epoch}, picture ${picture.number}${recovery}`,
    what,
  ];
}

/** Draws a line, smaller if it would not fit. */
function write(context: OffscreenCanvasRenderingContext2D, text: string, size: number, x: number, y: number, room: number) {
  context.font = `${size}px sans-serif`;
  const width = context.measureText(text).width;
  if (width > room) context.font = `${Math.max(7, Math.floor((size * room) / width))}px sans-serif`;
  context.fillText(text, x, y, room);
}

export async function takeSnapshot(frame: VideoFrame, picture: Picture, title: string, turn: Turn): Promise<Snapshot> {
  const { width, height } = turnedSize({ width: frame.displayWidth, height: frame.displayHeight }, turn);
  const size = Math.max(12, Math.round(height / 36));
  const lines = wordsOf(picture, title);
  const strip = Math.round(size * 1.5) * lines.length + size;
  const canvas = new OffscreenCanvas(width, height + strip);
  const context = canvas.getContext("2d")!;
  drawTurned(context, frame, turn);
  context.fillStyle = "black";
  context.fillRect(0, height, width, strip);
  context.fillStyle = "white";
  lines.forEach((line, i) => write(context, line, size, size, height + size * 1.5 * (i + 1), width - 2 * size));
  const png = await canvas.convertToBlob({ type: "image/png" });
  const base = title.replace(/\.(mp4|m4v|mov|mkv|ts)$/i, "").replace(/[^\w.-]+/g, "-");
  const name = `${base}-${clockTime(picture.time).replace(/:/g, ".")}-${picture.stream.slice(0, 8) || "unknown"}.png`;
  return { png, name, picture };
}
