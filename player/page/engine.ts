// SPDX-License-Identifier: Apache-2.0
// The page's end of the line to the engine worker (../protocol.ts).

import type { FromEngine, Lane, Requests, State, Verb } from "../protocol.ts";

export interface EngineEvents {
  state(state: State): void;
  lanes(lanes: (Lane & { spans: [number, number][] })[]): void;
  fault(words: string): void;
  /** The worker is no more; nothing can be asked of it. */
  died(words: string): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Engine {
  private readonly worker = new Worker("/engine.js", { type: "module" });
  private readonly waiting = new Map<number, Waiting>();
  private readonly events: EngineEvents;
  private lastId = 0;
  private gone = "";

  constructor(events: EngineEvents) {
    this.events = events;
    this.worker.addEventListener("message", (event: MessageEvent<FromEngine>) => this.hear(event.data));
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.die(`The player's engine has stopped${event.message ? `: ${event.message}` : ""}.`);
    });
  }

  request<V extends Verb>(
    verb: V,
    args: Requests[V]["args"],
    transfer: Transferable[] = [],
  ): Promise<Requests[V]["result"]> {
    if (this.gone) return Promise.reject(new Error(this.gone));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.worker.postMessage({ id, verb, args }, transfer);
    });
  }

  /** Ends the worker, and with it every key that it has. */
  close(): void {
    this.worker.terminate();
    this.end("The recording was closed.");
  }

  private hear(message: FromEngine): void {
    if (this.gone) return;
    if ("id" in message) {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if ("problem" in message) waiting?.reject(new Error(message.problem));
      else waiting?.resolve(message.result);
    } else if ("state" in message) {
      this.events.state(message.state);
    } else if ("lanes" in message) {
      this.events.lanes(message.lanes);
    } else {
      this.events.fault(message.fault);
    }
  }

  private die(words: string): void {
    if (this.gone) return;
    this.worker.terminate();
    this.end(words);
    this.events.died(words);
  }

  private end(words: string): void {
    this.gone = words;
    for (const waiting of this.waiting.values()) waiting.reject(new Error(words));
    this.waiting.clear();
  }
}
