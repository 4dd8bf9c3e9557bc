// SPDX-License-Identifier: Apache-2.0
// The worker's door: what the page asks (protocol.ts), to the player and back.
import { KeyProblem } from "../crypto/key_problem.ts";
import type { FromEngine, ToEngine } from "../protocol.ts";
import { Player } from "./player.ts";
import { RecordingProblem } from "./recording.ts";

const say = (message: FromEngine) => self.postMessage(message);
const player = new Player(say);

function answer(message: ToEngine): Promise<unknown> {
  switch (message.verb) {
    case "open": return player.open(message.args.canvas, message.args.source);
    case "play": return player.play();
    case "pause": return player.pause();
    case "seek": return player.seek(message.args.time);
    case "step": return player.step(message.args.by);
    case "speed": return player.setSpeed(message.args.speed);
    case "key": return player.keys.readKey(message.args.pem, message.args.passphrase);
    case "grant": return player.keys.readGrant(message.args.pem);
    case "reach": return player.reach();
    case "show": return player.show(message.args.shown);
    case "forget": return player.forget();
    case "snapshot": return player.snapshot(message.args.title);
  }
}

function sentence(error: unknown): string {
  if (error instanceof KeyProblem || error instanceof RecordingProblem) return error.message;
  return `Something went wrong: ${error instanceof Error ? error.message : String(error)}`;
}

self.onmessage = async ({ data }: MessageEvent<ToEngine>) => {
  try {
    say({ id: data.id, result: (await answer(data)) ?? null });
  } catch (error) {
    say({ id: data.id, problem: sentence(error) });
  }
};
