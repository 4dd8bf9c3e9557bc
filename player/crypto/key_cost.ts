// SPDX-License-Identifier: Apache-2.0
// What a private key's file may ask of who tries its passphrase, before anything is derived. src/crypto/key_cost.h has the same
// numbers; docs/authority.md tells them.
import { KeyProblem } from "./key_problem.ts";

const MOST_ITERATIONS = 10_000_000; // some seconds
// scrypt (RFC 7914, 2 and 6): 128·r·N bytes of memory, and 128·r·p; these are filled p times.
export const MOST_SCRYPT_MEMORY = 256 * 2 ** 20; // bytes
const MOST_SCRYPT_P = 64;
const MOST_SCRYPT_WORK = 4 * 2 ** 30; // bytes, 128·r·N·p

const TOO_MUCH = "Trying a passphrase for this key costs too much:";

export function checkIterations(iterations: number): void {
  if (iterations > MOST_ITERATIONS)
    throw new KeyProblem(`${TOO_MUCH} ${iterations} iterations of PBKDF2, and ${MOST_ITERATIONS} is the limit.`);
}

export function checkScrypt(N: number, r: number, p: number): void {
  const memory = 128 * r * N;
  const fits = Math.max(memory, 128 * r * p) <= MOST_SCRYPT_MEMORY && memory * p <= MOST_SCRYPT_WORK;
  if (fits && p <= MOST_SCRYPT_P) return;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  throw new KeyProblem(`${TOO_MUCH} scrypt with N=${N}, r=${r}, p=${p} fills ${mib(memory)} ${p} times over; ` +
    `the limits are ${mib(MOST_SCRYPT_MEMORY)}, ${MOST_SCRYPT_P} times, and ${mib(MOST_SCRYPT_WORK)} in all.`);
}
