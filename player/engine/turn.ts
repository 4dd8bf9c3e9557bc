// SPDX-License-Identifier: Apache-2.0
// How a container wants pictures to be shown: turned clockwise, then mirrored left to right.
import type { Rect } from "../format/messages.ts";
import type { Size } from "../format/record.ts";

export interface Turn {
  degrees: number; // 0, 90, 180 or 270
  flip: boolean;
}

export const UPRIGHT: Turn = { degrees: 0, flip: false };

export function turnedSize({ width, height }: Size, { degrees }: Turn): Size {
  return degrees % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Where a rectangle of a picture of this size is shown. */
export function turnedRect(rect: Rect, size: Size, turn: Turn): Rect {
  const right = size.width - rect.x - rect.width;
  const below = size.height - rect.y - rect.height;
  const { width, height } = turnedSize(rect, turn);
  const places: Record<number, [number, number]> = { 0: [rect.x, rect.y], 90: [below, rect.x], 180: [right, below], 270: [rect.y, right] };
  const [x, y] = places[turn.degrees]!;
  return { x: turn.flip ? turnedSize(size, turn).width - x - width : x, y, width, height };
}

type Context = OffscreenCanvasRenderingContext2D;

/** Draws a picture as it is to be shown, its corner at the canvas' own. */
export function drawTurned(context: Context, frame: VideoFrame, turn: Turn): void {
  const size = { width: frame.displayWidth, height: frame.displayHeight };
  const shown = turnedSize(size, turn);
  context.save();
  if (turn.degrees || turn.flip) {
    context.translate(shown.width / 2, shown.height / 2);
    context.scale(turn.flip ? -1 : 1, 1);
    context.rotate((turn.degrees * Math.PI) / 180);
    context.translate(-size.width / 2, -size.height / 2);
  }
  context.drawImage(frame, 0, 0, size.width, size.height);
  context.restore();
}
