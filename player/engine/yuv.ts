// SPDX-License-Identifier: Apache-2.0
// Decoded pictures as planes: 8-bit 4:2:0, Y then U then V, without gaps between rows.
import type { Size } from "../format/record.ts";
import type { Codec } from "../format/units.ts";

export interface Planes extends Size {
  data: Uint8Array<ArrayBuffer>; // width * height * 3 / 2 bytes
}

/** A decoded picture's size, after cropping. */
export function sizeOf(frame: VideoFrame): Size {
  const { width, height } = frame.visibleRect!;
  return { width, height };
}

/** Browsers decode H.265 by hardware only; of H.264 what software decoded is handed out as it is. */
export function accelerationOf(codec: Codec): HardwareAcceleration {
  return codec === "h264" ? "prefer-software" : "no-preference";
}

/** Where plane 0, 1 or 2 begins, and how large it is. */
export function planeOf(size: Size, plane: number): Size & { at: number } {
  const luma = size.width * size.height;
  if (plane === 0) return { at: 0, width: size.width, height: size.height };
  return { at: plane === 1 ? luma : luma + luma / 4, width: size.width / 2, height: size.height / 2 };
}

function separateChroma(planes: Planes, pairs: Uint8Array): void {
  const u = planeOf(planes, 1).at;
  const v = planeOf(planes, 2).at;
  for (let i = 0; i < pairs.length / 2; i++) {
    planes.data[u + i] = pairs[2 * i]!;
    planes.data[v + i] = pairs[2 * i + 1]!;
  }
}

/** The samples of a decoded picture; null if they are not 8-bit 4:2:0, or cannot be had. */
export async function readPlanes(frame: VideoFrame): Promise<Planes | null> {
  const { width, height } = sizeOf(frame);
  const nv12 = frame.format === "NV12";
  if ((frame.format !== "I420" && !nv12) || width % 2 || height % 2) return null;
  const planes = { width, height, data: new Uint8Array((width * height * 3) / 2) };
  const luma = width * height;
  if (!nv12) {
    const layout = [0, 1, 2].map((p) => ({ offset: planeOf(planes, p).at, stride: planeOf(planes, p).width }));
    await frame.copyTo(planes.data, { layout });
    return planes;
  }
  const both = new Uint8Array(planes.data.length);
  await frame.copyTo(both, { layout: [{ offset: 0, stride: width }, { offset: luma, stride: width }] });
  planes.data.set(both.subarray(0, luma));
  separateChroma(planes, both.subarray(luma));
  return planes;
}

/** A picture to draw, with the time and the colours of the one that it was made of. */
export function toFrame(planes: Planes, of: VideoFrame): VideoFrame {
  return new VideoFrame(planes.data, {
    format: "I420", codedWidth: planes.width, codedHeight: planes.height, timestamp: of.timestamp,
    displayWidth: of.displayWidth, displayHeight: of.displayHeight,
    colorSpace: of.colorSpace.toJSON(),
  });
}
