// SPDX-License-Identifier: Apache-2.0
// Playing, seeking and stepping: the requests of buttons, keys and timeline to the engine, in order.

import type { State } from "../protocol.ts";
import { sentence } from "./dom.ts";
import type { Engine } from "./engine.ts";

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 4, 8];

const AT_REST: State = {
  playing: false, waiting: true, ended: false, speed: 1, duration: 0, picture: null, decodedPictures: 0,
  recoveredPictures: 0,
};

export class Playback {
  readonly live: boolean;
  state: State = AT_REST;
  private readonly engine: Engine;
  private readonly tell: (words: string) => void;
  private target: number | null = null; // where to seek next
  private seeking = false;
  private stepping = false;

  constructor(engine: Engine, live: boolean, tell: (words: string) => void) {
    this.engine = engine;
    this.live = live;
    this.tell = tell;
  }

  /** Where it is, or is about to be. */
  get time(): number {
    return this.target ?? this.state.picture?.time ?? 0;
  }

  async toggle(): Promise<void> {
    const { playing, ended } = this.state;
    if (!playing && ended && !this.live) await this.seek(0);
    await this.ask(() => this.engine.request(playing ? "pause" : "play", {}));
  }

  pause(): Promise<void> {
    return this.ask(() => this.engine.request("pause", {}));
  }

  play(): Promise<void> {
    return this.ask(() => this.engine.request("play", {}));
  }

  /** Of many seeks that come while one runs only the last is done. */
  async seek(time: number): Promise<void> {
    if (this.live) return;
    this.target = Math.min(Math.max(0, time), this.state.duration || time);
    if (this.seeking) return;
    this.seeking = true;
    let done: number | null = null;
    while (this.target !== null && this.target !== done) {
      done = this.target;
      const to = done;
      await this.ask(() => this.engine.request("seek", { time: to }));
    }
    this.target = null;
    this.seeking = false;
  }

  jump(by: number): Promise<void> {
    return this.seek(this.time + by);
  }

  async step(by: 1 | -1): Promise<void> {
    if (this.live || this.stepping) return;
    this.stepping = true;
    if (this.state.playing) await this.pause();
    await this.ask(() => this.engine.request("step", { by }));
    this.stepping = false;
  }

  setSpeed(speed: number): Promise<void> {
    return this.ask(() => this.engine.request("speed", { speed }));
  }

  /** One speed up or down the list. */
  shiftSpeed(by: 1 | -1): Promise<void> {
    const here = SPEEDS.findIndex((speed) => speed >= this.state.speed);
    const next = SPEEDS[Math.min(Math.max(0, here + by), SPEEDS.length - 1)] ?? 1;
    return this.setSpeed(next);
  }

  private async ask(request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
    } catch (error) {
      this.tell(sentence(error));
    }
  }
}
