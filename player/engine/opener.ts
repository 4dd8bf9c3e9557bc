// SPDX-License-Identifier: Apache-2.0
// Opens the capsules of one picture and decodes the windows in them, as far as they are wanted.
import { openCapsule } from "../crypto/capsule.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { Refused } from "../format/bytes.ts";
import { CLASS_NAMES, laneOf, objectCodec, tryParse, type Region } from "../format/messages.ts";
import { parseRecord, placeWindow, type ObjectRecord, type Size } from "../format/record.ts";
import { laneName, type ClassName, type Lane, type RegionState, type Shown } from "../protocol.ts";
import type { Collected } from "./collector.ts";
import type { Part } from "./compose.ts";
import { ObjectDecoder } from "./object_decoder.ts";
import type { Planes } from "./yuv.ts";

// What a writer never exceeds, and a reader need not decode (docs/format.md, section 12).
const MOST_COVERED = 16; // areas of regions together, in pictures
const MOST_OPENED = 64; // areas of windows together, the same
const LEAST_OPENED = 4 << 20; // or so many pixels, if that is more
const IDLE_PICTURES = 100; // a lane that was not in so many pictures gives its decoder back

/** Target and class as the page knows them. */
export function laneOfRegion({ target, class: class_ }: { target: number; class: number }): Lane {
  return { target, class: CLASS_NAMES[class_] as ClassName };
}

function isBounded(regions: readonly Region[], { width, height }: Size): boolean {
  return regions.reduce((sum, { rect }) => sum + rect.width * rect.height, 0) <= MOST_COVERED * width * height;
}

/** A region on its way: what became of it, and its window when it is decoded. */
export interface Opening {
  region: Region;
  state: RegionState;
  part: Promise<Part["window"]>;
}

type OpenedCapsule = { record: ObjectRecord } | { state: RegionState };

interface LaneDecoder {
  decoder: ObjectDecoder;
  stream: string;
  lastUsed: number; // in pictures
}

export class Opener {
  private readonly lanes = new Map<number, LaneDecoder>();
  private readonly capsules = new WeakMap<Region, Promise<OpenedCapsule>>();
  private nPictures = 0;
  private budget = 0; // pixels of windows that may be opened of the picture at hand still

  constructor(private keyring: Keyring | null, private shown: Shown) {}

  allow(keyring: Keyring | null, shown: Shown): void {
    this.keyring = keyring;
    this.shown = shown;
    for (const [lane, { decoder }] of this.lanes)
      if (!this.wants({ target: Math.floor(lane / 4), class: lane % 4 })) {
        decoder.close();
        this.lanes.delete(lane);
      }
  }

  wants(region: { target: number; class: number }): boolean {
    return this.keyring !== null && (this.shown === "everybody" || this.shown.includes(laneName(laneOfRegion(region))));
  }

  /** Begins to open the capsules of a picture; order does not matter. */
  prepare(collected: Collected): void {
    for (const region of collected.message?.regions ?? [])
      if (this.wants(region)) this.capsules.set(region, this.openCapsule(collected, region));
  }

  private async openCapsule({ message, stream }: Collected, region: Region): Promise<OpenedCapsule> {
    if (region.capsule.length === 0) return { state: "missing" };
    const key = stream && (await this.keyring!.capsuleKey(stream, message!.epoch, region.class, region.target));
    if (!key) return { state: "denied" };
    const bytes = await openCapsule(key, stream.id, message!, region.capsule);
    const record = bytes && tryParse(parseRecord, bytes);
    return record ? { record } : { state: "broken" };
  }

  /** Gives units to their decoders. Pictures must come in presentation order, also those that are not shown. */
  async feed(collected: Collected, picture: Size): Promise<Opening[]> {
    this.nPictures++;
    const openings: Opening[] = [];
    const regions = collected.message?.regions ?? [];
    const bounded = isBounded(regions, picture);
    this.budget = Math.max(MOST_OPENED * picture.width * picture.height, LEAST_OPENED);
    for (const region of regions) openings.push(await this.feedRegion(collected, region, picture, bounded));
    this.releaseIdle();
    return openings;
  }

  private async feedRegion(collected: Collected, region: Region, picture: Size, bounded: boolean): Promise<Opening> {
    const nothing = (state: RegionState): Opening => ({ region, state, part: Promise.resolve(null) });
    const capsule = this.wants(region) ? await this.capsules.get(region) : undefined;
    if (!capsule) return nothing("hidden"); // or allowed only after it had come
    if ("state" in capsule || !bounded) {
      this.lanes.get(laneOf(region))?.decoder.interrupt();
      return nothing("state" in capsule ? capsule.state : "broken");
    }
    const { epoch, number, tag } = collected.message!;
    const decoder = this.decoderOf(region, tag, objectCodec(collected.stream!.objectCodec));
    if (!decoder) return nothing("broken");
    const waits = decoder.isNew && !capsule.record.key; // it was allowed in the middle of a run
    if (!decoder.follows(capsule.record, epoch, number)) return nothing(waits ? "hidden" : "missing");
    try {
      const { width, height } = decoder.windowSize!;
      const { x, y } = placeWindow(capsule.record, decoder.windowSize!, region.rect, picture);
      this.budget -= width * height;
      if (this.budget < 0) throw new Refused("windows that together are too large");
      const opening: Opening = { region, state: "shown", part: Promise.resolve(null) };
      opening.part = decoder.decode(capsule.record).then((planes: Planes | null) => {
        if (!planes) opening.state = "broken";
        return planes && { planes, x, y };
      });
      return opening;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      decoder.interrupt();
      return nothing("broken");
    }
  }

  private decoderOf(region: Region, stream: string, codec: ReturnType<typeof objectCodec>): ObjectDecoder | null {
    let lane = this.lanes.get(laneOf(region));
    if (lane && lane.stream !== stream) {
      lane.decoder.retire(); // pictures of the stream before may wait for it still
      lane = undefined;
    }
    if (!codec) return null;
    lane ??= { decoder: new ObjectDecoder(codec), stream, lastUsed: 0 };
    lane.lastUsed = this.nPictures;
    this.lanes.set(laneOf(region), lane);
    return lane.decoder;
  }

  private releaseIdle(): void {
    for (const [name, lane] of this.lanes)
      if (this.nPictures - lane.lastUsed > IDLE_PICTURES) {
        lane.decoder.close();
        this.lanes.delete(name);
      }
  }

  close(): void {
    for (const { decoder } of this.lanes.values()) decoder.close();
    this.lanes.clear();
  }
}
