// SPDX-License-Identifier: Apache-2.0
// Private key files: X25519 in PKCS#8 (RFC 8410), in the clear or under a passphrase (RFC 8018, scheme PBES2, with
// scrypt, RFC 7914, or PBKDF2).
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { Reader, Refused, hex, need } from "../format/bytes.ts";
import { INTEGER, OCTETS, SEQUENCE, follows, take, takeInteger, takeObject, takeOctets } from "./der.ts";
import { readPem } from "./pem.ts";

const OID = {
  pbes2: "2a864886f70d01050d",
  pbkdf2: "2a864886f70d01050c",
  scrypt: "2b06010401da47040b",
  hmacSha256: "2a864886f70d0209",
  aes256Cbc: "60864801650304012a",
  x25519: "2b656e",
  ed25519: "2b6570",
};
const WRONG_PASSPHRASE = "The passphrase is wrong.";
const MAX_SCRYPT_BYTES = 256 << 20;
const MAX_ITERATIONS = 10_000_000;

/** A recipient's key, as WebCrypto holds it; its bytes cannot be read out again. */
export interface PrivateKey {
  pair: CryptoKeyPair;
  public: Uint8Array<ArrayBuffer>; // 32 bytes
  keyId: Uint8Array<ArrayBuffer>; // 8 bytes
}

/** Sentences for the user. */
export class KeyProblem extends Error {}

type Bytes = Uint8Array<ArrayBuffer>;

async function byScrypt(parameters: Reader, passphrase: Bytes): Promise<Bytes> {
  const salt = takeOctets(parameters);
  const [N, r, p] = [takeInteger(parameters), takeInteger(parameters), takeInteger(parameters)];
  need(N > 1 && r > 0 && p > 0 && 128 * N * r <= MAX_SCRYPT_BYTES && p <= 64, "a scrypt that costs too much");
  return new Uint8Array(await scryptAsync(passphrase, salt, { N, r, p, dkLen: 32, maxmem: MAX_SCRYPT_BYTES * 2 }));
}

async function byPbkdf2(parameters: Reader, passphrase: Bytes): Promise<Bytes> {
  const salt = new Uint8Array(takeOctets(parameters));
  const iterations = takeInteger(parameters);
  need(iterations > 0 && iterations <= MAX_ITERATIONS, "a PBKDF2 that costs too much");
  if (follows(parameters, INTEGER)) need(takeInteger(parameters) === 32, "a key of another length");
  let hash = "SHA-1"; // RFC 8018's default
  if (parameters.left) {
    need(takeObject(take(parameters, SEQUENCE)) === OID.hmacSha256, "another hash than SHA-256");
    hash = "SHA-256";
  }
  const key = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, key, 256));
}

/** Takes the passphrase off: the PKCS#8 structure within. */
async function decrypt(der: Bytes, passphrase: string): Promise<Bytes> {
  const whole = take(new Reader(der), SEQUENCE);
  const scheme = take(whole, SEQUENCE);
  need(takeObject(scheme) === OID.pbes2, "another scheme than PBES2");
  const parts = take(scheme, SEQUENCE);
  const kdf = take(parts, SEQUENCE);
  const kdfName = takeObject(kdf);
  need(kdfName === OID.scrypt || kdfName === OID.pbkdf2, "another key derivation than scrypt and PBKDF2");
  const cipher = take(parts, SEQUENCE);
  need(takeObject(cipher) === OID.aes256Cbc, "another cipher than AES-256-CBC");
  const iv = new Uint8Array(takeOctets(cipher));
  const sealed = new Uint8Array(takeOctets(whole));
  const secret = new TextEncoder().encode(passphrase);
  const derive = kdfName === OID.scrypt ? byScrypt : byPbkdf2;
  const bytes = await derive(take(kdf, SEQUENCE), secret);
  secret.fill(0);
  const key = await crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["decrypt"]);
  bytes.fill(0);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
  } catch {
    throw new KeyProblem(WRONG_PASSPHRASE);
  }
}

/** Says what kind of key it is, before WebCrypto says less. */
function checkKind(der: Bytes): void {
  const whole = take(new Reader(der), SEQUENCE);
  takeInteger(whole);
  const kind = takeObject(take(whole, SEQUENCE));
  if (kind === OID.ed25519) throw new KeyProblem("This key is for signing. What opens a recording is a recipient's key.");
  need(kind === OID.x25519 && follows(whole, OCTETS), "another kind of key");
}

async function importKey(der: Bytes): Promise<PrivateKey> {
  checkKind(der);
  const readable = await crypto.subtle.importKey("pkcs8", der, "X25519", true, ["deriveBits"]);
  const { x } = await crypto.subtle.exportKey("jwk", readable);
  const publicBytes = Uint8Array.from(atob(x!.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const privateKey = await crypto.subtle.importKey("pkcs8", der, "X25519", false, ["deriveBits"]);
  const publicKey = await crypto.subtle.importKey("raw", publicBytes, "X25519", true, []);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicBytes));
  return { pair: { privateKey, publicKey }, public: publicBytes, keyId: digest.slice(0, 8) };
}

/** Reads the text of a key file. KeyProblem says what is wrong with it. */
export async function readPrivateKey(pem: string, passphrase: string): Promise<PrivateKey> {
  const plain = readPem(pem, "PRIVATE KEY");
  const sealed = readPem(pem, "ENCRYPTED PRIVATE KEY");
  if (readPem(pem, "PUBLIC KEY")) throw new KeyProblem("This is a public key. What opens a recording is the private one.");
  if (!plain && !sealed) throw new KeyProblem("This file holds no private key.");
  if (sealed && !passphrase) throw new KeyProblem("This key has a passphrase.");
  let der: Bytes | null = null;
  try {
    der = plain ?? (await decrypt(sealed!, passphrase));
    return await importKey(der);
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    if (sealed && der) throw new KeyProblem(WRONG_PASSPHRASE); // one in 256 leaves something that looks whole
    if (error instanceof Refused) throw new KeyProblem(`This private key cannot be used: it has ${error.message}.`);
    throw new KeyProblem("This private key is damaged.");
  } finally {
    der?.fill(0);
  }
}

export function keyName(key: PrivateKey): string {
  return hex(key.keyId);
}
