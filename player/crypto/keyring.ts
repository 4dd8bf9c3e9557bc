// SPDX-License-Identifier: Apache-2.0
// What a recipient's key opens, alone or with a grant: from the envelopes of a stream to the key of one capsule.
import { concat, equal, hex } from "../format/bytes.ts";
import type { StreamMessage } from "../format/messages.ts";
import type { GrantedKeys } from "./grant.ts";
import { open } from "./hpke.ts";
import type { PrivateKey } from "./private_key.ts";
import { classKey, epochKey, targetKey, type TreeKey } from "./tree.ts";

const MAX_EPOCHS = 8; // whose keys are kept

/** Of one epoch of one stream: its own key, if that can be had, and those of capsules below it. */
interface EpochKeys {
  root: Promise<TreeKey | null>;
  lanes: Map<string, Promise<CryptoKey | null>>;
}

/** The stream key, from the envelopes that are for this key; null if none opens. */
async function openEnvelopes(key: PrivateKey, stream: StreamMessage): Promise<TreeKey | null> {
  const aad = concat(stream.id, Uint8Array.of(stream.objectCodec));
  for (const envelope of stream.envelopes) {
    if (!equal(envelope.keyId, key.keyId)) continue;
    const streamKey = await open(key, "bauta v1 stream key", aad, envelope.enc, envelope.sealed);
    if (streamKey?.length === 32) return streamKey;
  }
  return null;
}

/** The keys of capsules. With a grant only what it grants is opened, even by a recipient. */
export class Keyring {
  private readonly streamKeys = new Map<string, Promise<TreeKey | null>>();
  private readonly epochs = new Map<string, EpochKeys>();

  /** `expiresMs`: when the grant does, since 1970; 0: never. */
  constructor(
    private readonly key: PrivateKey, private readonly granted: Map<string, GrantedKeys> | null, private readonly expiresMs = 0,
  ) {}

  /** Whether it opens anything of a stream. */
  async opens(stream: StreamMessage): Promise<boolean> {
    if (this.granted) return this.granted.has(hex(stream.id));
    return (await this.streamKey(stream)) !== null;
  }

  /** The key of a target and class in an epoch; null: denied. */
  capsuleKey(stream: StreamMessage, epoch: number, class_: number, target: number): Promise<CryptoKey | null> {
    if (this.expiresMs && this.expiresMs <= Date.now()) return Promise.resolve(null);
    const { root, lanes } = this.keysOf(stream, epoch);
    const lane = `${class_} ${target}`;
    let key = lanes.get(lane);
    if (!key) {
      key = this.derive(root, stream, epoch, class_, target);
      lanes.set(lane, key);
    }
    return key;
  }

  private keysOf(stream: StreamMessage, epoch: number): EpochKeys {
    const name = `${hex(stream.id)} ${epoch}`;
    let keys = this.epochs.get(name);
    if (!keys) {
      keys = { root: this.epochRoot(stream, epoch), lanes: new Map() };
      this.epochs.set(name, keys);
      if (this.epochs.size > MAX_EPOCHS) this.epochs.delete(this.epochs.keys().next().value!);
    }
    return keys;
  }

  private streamKey(stream: StreamMessage): Promise<TreeKey | null> {
    // A later epoch may have other recipients: an envelope that did not open is tried again there.
    const name = `${hex(stream.id)} ${stream.envelopes.map((e) => hex(e.enc)).join(" ")}`;
    let key = this.streamKeys.get(name);
    if (!key) {
      key = openEnvelopes(this.key, stream);
      this.streamKeys.set(name, key);
      if (this.streamKeys.size > 64) this.streamKeys.delete(this.streamKeys.keys().next().value!);
    }
    return key;
  }

  /** The epoch's key, from the stream's or from a granted node above it. */
  private async epochRoot(stream: StreamMessage, epoch: number): Promise<TreeKey | null> {
    if (!this.granted) {
      const key = await this.streamKey(stream);
      return key && epochKey(key, 0, epoch);
    }
    const node = this.granted.get(hex(stream.id))?.nodes.find((n) => n.first <= epoch && epoch <= n.last);
    return node ? epochKey(node.key, node.depth, epoch) : null;
  }

  private async derive(
    root: Promise<TreeKey | null>, stream: StreamMessage, epoch: number, class_: number, target: number,
  ): Promise<CryptoKey | null> {
    const below = this.granted?.get(hex(stream.id))?.below;
    const ofEpoch = await root;
    const ofClass = below?.get(`${epoch} ${class_}`) ?? (ofEpoch && (await classKey(ofEpoch, class_)));
    const own = below?.get(`${epoch} ${class_} ${target}`) ?? (ofClass && (await targetKey(ofClass, target)));
    return own && crypto.subtle.importKey("raw", own, "AES-GCM", false, ["decrypt"]);
  }
}
