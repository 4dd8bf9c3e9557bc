// SPDX-License-Identifier: Apache-2.0

const LATE_MS = 250; // whoever is later than this goes on from where they are

/** Says when a picture is due. What cannot be decoded in time is shown late, and none is left out. */
export class Clock {
  private began: { wallMs: number; mediaS: number } | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Milliseconds from now until a picture of this time is due, at this speed; never negative. */
  wait(mediaS: number, speed: number): number {
    const wallMs = this.now();
    this.began ??= { wallMs, mediaS };
    const ms = this.began.wallMs + ((mediaS - this.began.mediaS) * 1000) / speed - wallMs;
    if (ms < -LATE_MS) this.began = { wallMs, mediaS };
    return Math.max(ms, 0);
  }

  /** After a pause, a seek or another speed. */
  restart(): void {
    this.began = null;
  }
}
