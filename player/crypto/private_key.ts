// SPDX-License-Identifier: Apache-2.0
// Private key files: X25519 in PKCS#8, in the clear or under a passphrase. What they may be is the program's set, too:
// tests/vectors/key_files.json.
import { Refused, equal, hex } from "../format/bytes.ts";
import { KeyProblem } from "./key_problem.ts";
import { WRONG_PASSPHRASE, decrypt } from "./pbes2.ts";
import { pemLabels, readPem } from "./pem.ts";
import { bareX25519, readPkcs8, type Pkcs8 } from "./pkcs8.ts";

/** A recipient's key, as WebCrypto holds it; its bytes cannot be read out again. */
export interface PrivateKey {
  pair: CryptoKeyPair;
  public: Uint8Array<ArrayBuffer>; // 32 bytes
  keyId: Uint8Array<ArrayBuffer>; // 8 bytes
}

type Bytes = Uint8Array<ArrayBuffer>;

async function importKey(info: Pkcs8): Promise<PrivateKey> {
  const der = bareX25519(info);
  try {
    const readable = await crypto.subtle.importKey("pkcs8", der, "X25519", true, ["deriveBits"]);
    const { x } = await crypto.subtle.exportKey("jwk", readable);
    const publicBytes = Uint8Array.from(atob(x!.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    if (info.publicBytes && !equal(info.publicBytes, publicBytes))
      throw new KeyProblem("The public key that is attached to this private key is another key's.");
    const privateKey = await crypto.subtle.importKey("pkcs8", der, "X25519", false, ["deriveBits"]);
    const publicKey = await crypto.subtle.importKey("raw", publicBytes, "X25519", true, []);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicBytes));
    return { pair: { privateKey, publicKey }, public: publicBytes, keyId: digest.slice(0, 8) };
  } finally {
    der.fill(0);
  }
}

const KINDS: Record<string, string> = {
  "PUBLIC KEY": "a public key", "RSA PRIVATE KEY": "a key of type RSA", "EC PRIVATE KEY": "a key of type EC",
  "OPENSSH PRIVATE KEY": "an SSH key", "CERTIFICATE": "a certificate", "TRUSTED CERTIFICATE": "a certificate",
  "CERTIFICATE REQUEST": "a request for a certificate", "BAUTA GROUP": "a group", "BAUTA GRANT": "a grant",
};

/** What a file is that holds no private key. */
function kindOf(text: string): string {
  const [label] = pemLabels(text);
  if (label) return KINDS[label] ?? `a PEM file of '${label.slice(0, 64)}'`;
  if (/^(ssh-|ecdsa-sha2-|sk-|PuTTY-User-Key-File)/.test(text)) return "an SSH key";
  if (text.startsWith("0")) return "a binary (DER) file, which openssl pkey -inform DER makes PEM of";
  return "a file with no PEM text in it";
}

function readOpened(plain: Bytes): Pkcs8 {
  try {
    return readPkcs8(plain);
  } catch {
    throw new KeyProblem(WRONG_PASSPHRASE); // one in 256 leaves bytes
  }
}

async function readSealed(der: Bytes, passphrase: string): Promise<PrivateKey> {
  const plain = await decrypt(der, passphrase);
  try {
    return await importKey(readOpened(plain));
  } finally {
    plain.fill(0);
  }
}

/** Reads the text of a key file. KeyProblem says what is wrong with it. */
export async function readPrivateKey(pem: string, passphrase: string): Promise<PrivateKey> {
  const label = pemLabels(pem).find((one) => one === "PRIVATE KEY" || one === "ENCRYPTED PRIVATE KEY");
  if (!label) throw new KeyProblem(`This is ${kindOf(pem)}. What opens a recording is a private key, as PEM.`);
  const der = readPem(pem, label);
  if (!der) throw new KeyProblem("This private key is damaged.");
  try {
    return await (label === "PRIVATE KEY" ? importKey(readPkcs8(der)) : readSealed(der, passphrase));
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    if (error instanceof Refused) throw new KeyProblem(`This private key cannot be used: it has ${error.message}.`);
    throw new KeyProblem("This private key is damaged.");
  } finally {
    der.fill(0);
  }
}

export function keyName(key: PrivateKey): string {
  return hex(key.keyId);
}
