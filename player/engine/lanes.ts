// SPDX-License-Identifier: Apache-2.0
// Who was seen when, of a live stream, as far as it was received.
import type { Lane } from "../protocol.ts";

const GAP_S = 0.5; // who is away for longer begins a new span
const KEPT_S = 60;

type LaneSpans = Lane & { spans: [number, number][] };

export class LiveLanes {
  private readonly lanes = new Map<string, LaneSpans>();

  see(name: string, lane: Lane, time: number): void {
    const known = this.lanes.get(name) ?? { ...lane, spans: [] };
    const last = known.spans.at(-1);
    if (last && time <= last[1] + GAP_S) last[1] = Math.max(last[1], time);
    else known.spans.push([time, time]);
    this.lanes.set(name, known);
  }

  /** Those of the last minute before `now`; what is older is forgotten. */
  take(now: number): LaneSpans[] {
    for (const [name, lane] of this.lanes) {
      lane.spans = lane.spans.filter(([, end]) => end >= now - KEPT_S);
      if (!lane.spans.length) this.lanes.delete(name);
    }
    return [...this.lanes.values()];
  }
}
