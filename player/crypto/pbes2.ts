// SPDX-License-Identifier: Apache-2.0
// The passphrase of a private key: scheme PBES2 (RFC 8018, 6.2) with scrypt (RFC 7914) or PBKDF2, and AES-128-CBC or AES-256-CBC.
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { Reader, need } from "../format/bytes.ts";
import { INTEGER, SEQUENCE, follows, objectName, take, takeInteger, takeObject, takeOctets } from "./der.ts";
import { MOST_SCRYPT_MEMORY, checkIterations, checkScrypt } from "./key_cost.ts";
import { KeyProblem } from "./key_problem.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const PBES2 = "2a864886f70d01050d";
const PBKDF2 = "2a864886f70d01050c";
const SCRYPT = "2b06010401da47040b";
const HASHES: Record<string, string> = {
  "2a864886f70d0207": "SHA-1", "2a864886f70d0209": "SHA-256", "2a864886f70d020a": "SHA-384", "2a864886f70d020b": "SHA-512",
};
const KEY_SIZES: Record<string, number> = { "60864801650304012a": 32, "608648016503040102": 16 }; // AES-256-CBC, AES-128-CBC
const BLOCK = 16;

export const WRONG_PASSPHRASE = "The passphrase is wrong.";

/** How a key of `size` bytes comes from a passphrase. */
type Derive = (passphrase: Bytes, size: number) => Promise<Bytes>;

interface Scheme {
  derive: Derive;
  keySize: number;
  iv: Bytes;
  sealed: Bytes;
}

function unsupported(what: string, object: string): KeyProblem {
  return new KeyProblem(`This key is encrypted with the ${what} ${objectName(object)}. ` +
    "What can be read is PBES2 with PBKDF2 or scrypt, and AES-128-CBC or AES-256-CBC (openssl pkey -aes256 makes one).");
}

/** The size of the key, where it is said, must be that of the cipher's. */
function checkSize(parameters: Reader, keySize: number): void {
  if (follows(parameters, INTEGER)) need(takeInteger(parameters) === keySize, "a key of another length");
}

function readScrypt(parameters: Reader, keySize: number): Derive {
  const salt = new Uint8Array(takeOctets(parameters));
  const [N, r, p] = [takeInteger(parameters), takeInteger(parameters), takeInteger(parameters)];
  need(N > 1 && r > 0 && p > 0 && Number.isInteger(Math.log2(N)) && (r > 1 || N < 2 ** 16), "a scrypt that is none");
  checkScrypt(N, r, p);
  checkSize(parameters, keySize);
  return async (passphrase, size) =>
    new Uint8Array(await scryptAsync(passphrase, salt, { N, r, p, dkLen: size, maxmem: 3 * MOST_SCRYPT_MEMORY }));
}

function readPbkdf2(parameters: Reader, keySize: number): Derive {
  const salt = new Uint8Array(takeOctets(parameters));
  const iterations = takeInteger(parameters);
  checkSize(parameters, keySize);
  let hash: string | undefined = "SHA-1"; // RFC 8018's default
  if (parameters.left) {
    const object = takeObject(take(parameters, SEQUENCE));
    hash = HASHES[object];
    if (!hash) throw unsupported("hash", object);
  }
  need(iterations > 0, "a PBKDF2 that is none");
  checkIterations(iterations);
  return async (passphrase, size) => {
    const key = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, key, size * 8));
  };
}

function readDerivation(kdf: Reader, keySize: number): Derive {
  const object = takeObject(kdf);
  if (object === SCRYPT) return readScrypt(take(kdf, SEQUENCE), keySize);
  if (object === PBKDF2) return readPbkdf2(take(kdf, SEQUENCE), keySize);
  throw unsupported("key derivation", object);
}

/** EncryptedPrivateKeyInfo (RFC 5958, 3). Nothing is derived; the cipher is looked at first, as the program does. */
function readScheme(der: Bytes): Scheme {
  const whole = take(new Reader(der), SEQUENCE);
  const scheme = take(whole, SEQUENCE);
  const sealed = new Uint8Array(takeOctets(whole));
  const object = takeObject(scheme);
  if (object !== PBES2) throw unsupported("scheme", object);
  const parts = take(scheme, SEQUENCE);
  const kdf = take(parts, SEQUENCE);
  const cipher = take(parts, SEQUENCE);
  const cipherName = takeObject(cipher);
  const keySize = KEY_SIZES[cipherName];
  if (!keySize) throw unsupported("cipher", cipherName);
  const iv = new Uint8Array(takeOctets(cipher));
  const derive = readDerivation(kdf, keySize);
  need(iv.length === BLOCK && sealed.length > 0 && sealed.length % BLOCK === 0, "damage");
  return { derive, keySize, iv, sealed };
}

/** Takes the passphrase off: the PKCS#8 structure within. One wrong passphrase in 256 gives bytes that are none. */
export async function decrypt(der: Bytes, passphrase: string): Promise<Bytes> {
  const { derive, keySize, iv, sealed } = readScheme(der);
  if (!passphrase) throw new KeyProblem("This key has a passphrase.");
  const secret = new TextEncoder().encode(passphrase);
  const bytes = await derive(secret, keySize);
  secret.fill(0);
  const key = await crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["decrypt"]);
  bytes.fill(0);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
  } catch {
    throw new KeyProblem(WRONG_PASSPHRASE);
  }
}
