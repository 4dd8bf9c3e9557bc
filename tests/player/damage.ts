// SPDX-License-Identifier: Apache-2.0
// Damaged at random, whatever the player reads is read or refused; the seed is told.
import { readGrant } from "../../player/crypto/grant.ts";
import { KeyProblem } from "../../player/crypto/key_problem.ts";
import { readPem } from "../../player/crypto/pem.ts";
import { readPrivateKey } from "../../player/crypto/private_key.ts";
import { Collector } from "../../player/engine/collector.ts";
import type { Codec } from "../../player/format/units.ts";
import { accessUnits, bytes, check, pem, refuses, type Bytes, type Json } from "./parts.ts";

/** Numbers below n, the same for the same seed. */
function randomOf(seed: number): (n: number) => number {
  let state = seed;
  return (n) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % n;
}

function damaged(good: Bytes, random: (n: number) => number): Bytes {
  const broken = good.slice(0, random(8) ? good.length : 1 + random(good.length));
  for (let k = random(4); k >= 0; k--) broken[random(broken.length)] = random(256);
  return broken;
}

const ROUNDS = 20_000;

/** Damaged at random, nothing but a refusal may come out of the parsers; whatever else is thrown fails the test. */
export function damage(seed: number, good: Bytes[], parsersOfThem: ((message: Bytes) => unknown)[]): void {
  const random = randomOf(seed);
  let nRefused = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const n = random(good.length);
    if (refuses(() => parsersOfThem[n]!(damaged(good[n]!, random)))) nRefused++;
  }
  check("damaged_messages_are_read_or_refused", nRefused > ROUNDS / 20 && nRefused < ROUNDS, `seed ${seed}: ${nRefused} refused`);
}

/** Of damaged access units whatever is there is taken; a picture's message is what it was, or lost. */
export function damageUnits(seed: number, stream: Bytes, codec: Codec): void {
  const random = randomOf(seed);
  const { sample } = accessUnits(stream, codec)[0]!;
  let nLost = 0;
  for (let i = 0; i < ROUNDS / 20; i++)
    for (const sizeBytes of [0, 4])
      if (!new Collector(codec, sizeBytes).collect(damaged(sample, random), 0)?.message) nLost++;
  check(`damaged_access_units_of_${codec}_are_read_or_lost`, nLost > 0 && nLost < ROUNDS / 10, `seed ${seed}: ${nLost} lost`);
}

/** Files that the user chooses: a sentence, or what they hold. */
export async function damageFiles(seed: number, file: Json): Promise<void> {
  const random = randomOf(seed);
  const grant = readPem(file.grant, "BAUTA GRANT")!;
  const sealedKey = readPem(file.key, "ENCRYPTED PRIVATE KEY")!;
  const clearKey = bytes("302e020100300506032b656e04220420" + "42".repeat(32));
  let nRefused = 0;
  let wrong = "";
  const sentence = (error: unknown) => (error instanceof KeyProblem ? nRefused++ : (wrong ||= String(error)));
  for (let i = 0; i < ROUNDS / 40; i++) {
    await readGrant(pem("BAUTA GRANT", damaged(grant, random))).catch(sentence);
    await readPrivateKey(pem("PRIVATE KEY", damaged(clearKey, random)), "").catch(sentence);
    await readPrivateKey(pem("ENCRYPTED PRIVATE KEY", damaged(sealedKey, random)), "").catch(sentence); // derives nothing
  }
  check("damaged_keys_and_grants_are_read_or_refused_in_a_sentence", !wrong && nRefused > 0,
    `seed ${seed}: ${nRefused} refused; ${wrong}`);
}
