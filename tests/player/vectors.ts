// SPDX-License-Identifier: Apache-2.0
// Runs in the browser: the player's reader on tests/vectors. vectors.mjs gives it the files.
import { openCapsule } from "../../player/crypto/capsule.ts";
import { coverOf, openGrant, readGrant, verifyGrant } from "../../player/crypto/grant.ts";
import { open } from "../../player/crypto/hpke.ts";
import { Keyring } from "../../player/crypto/keyring.ts";
import { readPrivateKey, type PrivateKey } from "../../player/crypto/private_key.ts";
import { classKey, epochKey, targetKey } from "../../player/crypto/tree.ts";
import { compose } from "../../player/engine/compose.ts";
import { ObjectDecoder, codecString } from "../../player/engine/object_decoder.ts";
import { Opener } from "../../player/engine/opener.ts";
import { colorsOf } from "../../player/engine/recording.ts";
import { Revealer, type Revealed } from "../../player/engine/revealer.ts";
import { UPRIGHT } from "../../player/engine/turn.ts";
import { readPlanes, type Planes } from "../../player/engine/yuv.ts";
import { ascii, concat, hex, u32 } from "../../player/format/bytes.ts";
import { laneOf, parsePictureMessage, parseStreamMessage } from "../../player/format/messages.ts";
import { parseRecord, placeWindow } from "../../player/format/record.ts";
import type { Codec } from "../../player/format/units.ts";
import { damage, damageFiles, damageUnits } from "./damage.ts";
import { keyFiles } from "./keys.ts";
import { accessUnits, base64, bytes, check, keyFile, refuses, results, type Bytes, type Json, type Result } from "./parts.ts";
import { editLists, kindsOfUnits, turns, unitsOnTheirWay } from "./units.ts";

async function sha256(...parts: Uint8Array[]): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts))));
}

async function envelope(v: Json): Promise<void> {
  const key = await keyFile(v.private_key);
  check("a_key_file_gives_the_public_key_and_its_id", hex(key.public) === v.public_key && hex(key.keyId) === v.key_id);
  const opened = await open(key, "bauta v1 stream key", bytes(v.aad), bytes(v.enc), bytes(v.sealed));
  check("an_envelope_opens", opened?.length === 32 && hex(ascii("bauta v1 stream key")) === v.info, opened ? hex(opened) : "");
  const other = bytes(v.aad);
  other[0]! ^= 1;
  const wrong = await open(key, "bauta v1 stream key", other, bytes(v.enc), bytes(v.sealed));
  check("an_envelope_of_another_stream_does_not", wrong === null);
}

async function keyTree(v: Json): Promise<void> {
  for (const c of v.cases) {
    const ofEpoch = await epochKey(bytes(v.stream_key), 0, c.epoch);
    const own = await targetKey(await classKey(ofEpoch, c.class), c.target);
    check(`the_key_tree_reaches_epoch_${c.epoch}`, hex(ofEpoch) === c.epoch_key && hex(own) === c.target_key);
  }
}

async function capsules(v: Json): Promise<void> {
  for (const c of v.capsules) {
    const key = await crypto.subtle.importKey("raw", bytes(c.target_key), "AES-GCM", false, ["decrypt"]);
    const iv = concat(new Uint8Array(8), u32(c.picture));
    const opening = { name: "AES-GCM", iv, additionalData: concat(bytes(v.stream_id), bytes(c.head)) };
    const record = new Uint8Array(await crypto.subtle.decrypt(opening, key, bytes(c.capsule)));
    check(`a_capsule_of_epoch_${c.epoch}_opens`, hex(record) === c.record && hex(iv) === c.nonce);
  }
}

function records(v: Json): void {
  v.records.forEach((c: Json, i: number) => {
    const r = parseRecord(bytes(c.record));
    const [x, y, width, height] = c.region;
    const sized = !r.size || (r.size.width === c.window[2] && r.size.height === c.window[3]);
    const good = Number(r.key) === c.key && r.sequence === c.sequence && hex(r.unit) === c.unit &&
      x - r.dx === c.window[0] && y - r.dy === c.window[1] && sized;
    check(`record_${i}_is_read`, good);
    if (r.size && r.size.width > 16) {
      const region = { x, y, width, height };
      check(`record_${i}_has_its_window_in_the_picture`, refuses(() => placeWindow(r, r.size!, region, { width: 16, height: 16 })));
    }
  });
}

function messages(v: Json): void {
  const s = parseStreamMessage(bytes(v.stream_message));
  check("a_stream_message_is_read", hex(s.id) === v.stream_id && s.epoch === v.epoch && s.envelopes.length === 1);
  const p = parsePictureMessage(bytes(v.picture_message));
  check("a_picture_message_is_read", hex(p.head) === v.picture_head && p.number === v.picture &&
    p.regions.map((region) => hex(region.capsule)).filter(Boolean).join() === v.capsules.join());
}

function streamMessages(v: Json): void {
  const good = v.messages.every((c: Json) => {
    const m = parseStreamMessage(bytes(c.message));
    return hex(m.id) === c.stream_id && m.epoch === c.epoch && m.utcMs === Number(c.utc_ms) && m.objectCodec === c.object_codec &&
      m.envelopes.length === c.envelopes.length && m.envelopes.every((e, i) => {
        const want = c.envelopes[i];
        return hex(e.keyId) === want.key_id && hex(e.enc) === want.enc && hex(e.sealed) === want.sealed;
      });
  });
  check("every_stream_message_of_the_vectors_is_read", v.messages.length > 0 && good, `${v.messages.length} messages`);
}

function pictureMessages(name: string, v: Json): void {
  const good = v.messages.every((c: Json) => {
    const m = parsePictureMessage(bytes(c.message));
    return m.tag === c.stream_tag && m.epoch === c.epoch && hex(m.slicesHash) === c.slices_hash && m.number === c.picture &&
      hex(m.head) === c.head && m.regions.length === c.regions.length && m.regions.every((region, i) => {
        const want = c.regions[i];
        const { x, y, width, height } = region.rect;
        return region.target === want.target && region.class === want.class && x === want.x && y === want.y &&
          width === want.w && height === want.h && hex(region.capsule) === c.capsules[i];
      });
  });
  check(name, v.messages.length > 0 && good, `${v.messages.length} messages`);
}

/** What is cut anywhere, or has bytes left over, is lost. */
function cutAnywhere(name: string, message: Bytes, parse: (message: Bytes) => unknown): void {
  let n = 0;
  for (let size = 0; size < message.length; size++) if (refuses(() => parse(message.slice(0, size)))) n++;
  check(`a_${name}_cut_anywhere_is_refused`, n === message.length && refuses(() => parse(concat(message, Uint8Array.of(0)))));
}

async function recoverAll(stream: Bytes, codec: Codec, key: PrivateKey, name: string): Promise<Revealed[]> {
  const out: Revealed[] = [];
  const units = accessUnits(stream, codec);
  const problems: string[] = [];
  const revealer = new Revealer({
    config: { codec: codecString(stream, codec), colorSpace: colorsOf(undefined, 128), hardwareAcceleration: "prefer-software" },
    keyring: new Keyring(key, null), shown: "everybody", from: -Infinity, until: Infinity,
    turn: UPRIGHT,
    timeOf: (timestamp) => timestamp / 1e6, closedToUs: () => problems.push("samples"),
    ready: (revealed) => out.push(revealed), progressed: () => undefined, failed: (problem) => problems.push(problem),
  });
  let first = true;
  for (const { sample, collected } of units) {
    revealer.push(collected, new EncodedVideoChunk({ type: first ? "key" : "delta", timestamp: collected.timestamp, data: sample }));
    first = false;
  }
  await revealer.drain();
  revealer.close();
  if (problems.length) check(`${name}_decodes`, false, problems.join());
  return out;
}

async function wholeStream(name: string, stream: Bytes, key: PrivateKey, want: Json): Promise<void> {
  const revealed = await recoverAll(stream, "h264", key, name);
  const shown = revealed.flatMap(({ picture }) => picture.regions).filter(({ state }) => state === "shown").length;
  const recovered = await sha256(...revealed.map(({ planes }) => planes!.data));
  check(`${name}_is_recovered_to_the_same_pictures_as_by_the_library`,
    revealed.length === want.pictures && shown === want.shown && recovered === want.recovered_sha256, `${shown} ${recovered}`);
  check(`${name}_is_as_it_was_protected`, revealed.every(({ picture }) => picture.recovery === "good"));
  for (const { frame } of revealed) frame.close();
}

/** Of a stream whose base is decoded by somebody else: capsules, records, and objects where they are H.264. */
async function withBase(name: string, stream: Bytes, base: Bytes, size: { width: number; height: number },
                        key: PrivateKey, want: Json): Promise<void> {
  const units = accessUnits(stream, "h265").sort((a, b) => a.collected.timestamp - b.collected.timestamp);
  const opener = new Opener(new Keyring(key, null), "everybody");
  const pictures: Uint8Array[] = [];
  const nBytes = (size.width * size.height * 3) / 2;
  let nShown = 0;
  for (const [i, { collected }] of units.entries()) {
    opener.prepare(collected);
    const openings = await opener.feed(collected, size);
    const windows = await Promise.all(openings.map(({ part }) => part));
    nShown += openings.filter(({ state }) => state === "shown").length;
    const masked: Planes = { ...size, data: base.slice(i * nBytes, (i + 1) * nBytes) };
    pictures.push(compose(masked, openings.map(({ region }, n) => ({ rect: region.rect, window: windows[n]! }))).data);
  }
  opener.close();
  const decodes = (await VideoDecoder.isConfigSupported({ codec: "hev1.1.6.L93.B0" })).supported;
  const recovered = await sha256(...pictures);
  const objects = units[0]!.collected.stream!.objectCodec;
  if (objects === 1 || decodes)
    check(`${name}_is_recovered_over_a_base_that_was_decoded_elsewhere`,
      nShown === want.shown && recovered === want.recovered_sha256, recovered);
  else
    check(`${name}_stays_masked_where_its_objects_cannot_be_decoded`,
      nShown === 0 && recovered === want.masked_sha256, recovered);
}

/** Every capsule opens, and every record is read, whatever can be decoded. */
async function opensAll(name: string, stream: Bytes, codec: Codec, key: PrivateKey, want: Json): Promise<void> {
  const keyring = new Keyring(key, null);
  let n = 0;
  for (const { collected: { message, stream: of } } of accessUnits(stream, codec))
    for (const region of message!.regions) {
      const own = await keyring.capsuleKey(of!, message!.epoch, region.class, region.target);
      parseRecord((await openCapsule(own!, of!.id, message!, region.capsule))!);
      n++;
    }
  check(`every_capsule_of_${name}_opens`, n === want.regions);
}

/** The records of one lane of a stream, in presentation order. */
async function recordsOf(stream: Bytes, key: PrivateKey, lane: number) {
  const keyring = new Keyring(key, null);
  const records = [];
  const units = accessUnits(stream, "h264").sort((a, b) => a.collected.timestamp - b.collected.timestamp);
  for (const { collected: { message, stream: of } } of units)
    for (const region of message!.regions.filter((region) => laneOf(region) === lane)) {
      const own = await keyring.capsuleKey(of!, message!.epoch, region.class, region.target);
      const record = parseRecord((await openCapsule(own!, of!.id, message!, region.capsule))!);
      records.push({ record, epoch: message!.epoch, number: message!.number });
    }
  return records;
}

async function brokenObjects(stream: Bytes, key: PrivateKey): Promise<void> {
  const records = await recordsOf(stream, key, 1 * 4 + 3);
  const decoder = new ObjectDecoder("h264");
  const fates: string[] = [];
  for (const { record, epoch, number } of records) {
    const broken = { ...record, unit: Uint8Array.of(0, 0, 0, 1, 0x41, 0) };
    const given = number === 3 && epoch === 0 ? broken : record;
    const follows = decoder.follows(given, epoch, number);
    fates.push(`${epoch}${!follows ? "-" : (await decoder.decode(given)) ? "+" : "x"}`);
  }
  decoder.close();
  const first = fates.filter((fate) => fate.startsWith("0")).join("");
  const later = fates.filter((fate) => !fate.startsWith("0")).join("");
  check("an_object_that_cannot_be_decoded_stays_masked_until_its_next_key_unit",
    /^0\+0\+0\+0x(0-)+$/.test(first) && /^(\d\+)+$/.test(later), `${first} ${later}`);
  const [one, two, three] = records;
  const other = new ObjectDecoder("h264");
  other.follows(one!.record, 0, one!.number);
  await other.decode(one!.record);
  check("a_unit_after_a_missing_one_does_not_follow",
    !other.follows(three!.record, 0, three!.number) && !other.follows(two!.record, 0, two!.number));
  other.close();
}

/** Units of two levels, all given at once: the second's decoder begins while the first has all of its pictures to give. */
async function twoLevels(stream: Bytes, key: PrivateKey): Promise<void> {
  const records = (await recordsOf(stream, key, 1 * 4 + 3)).filter(({ epoch }) => epoch === 0);
  const decoder = new ObjectDecoder("h264");
  const waiting: Promise<Planes | null>[] = [];
  const codecs = new Set<string>();
  for (const epoch of [0, 1])
    for (const { record, number } of records) {
      const unit = record.unit.slice();
      const at = unit.findIndex((byte, i) => (byte & 31) === 7 && hex(unit.subarray(i - 3, i)) === "000001");
      if (record.key) unit[at + 3]! += epoch; // of its sequence parameter set: level_idc
      if (record.key) codecs.add(codecString(unit, "h264"));
      const given = { ...record, unit };
      if (decoder.follows(given, epoch, number)) waiting.push(decoder.decode(given));
    }
  const nDecoded = (await Promise.all(waiting)).filter((planes) => planes !== null).length;
  decoder.close();
  check("a_key_unit_of_another_level_costs_none_of_the_units_before_it",
    codecs.size === 2 && records.length > 3 && nDecoded === 2 * records.length, `${nDecoded} of ${2 * records.length}, ${[...codecs].join()}`);
}

async function expiry(stream: Bytes, key: PrivateKey): Promise<void> {
  const { message, stream: of } = accessUnits(stream, "h264")[0]!.collected;
  const node = { first: 0, last: 0, depth: 32, key: new Uint8Array(32) };
  const granted = new Map([[hex(of!.id), { nodes: [node], below: new Map() }]]);
  const opens = async (expiresMs: number) =>
    (await new Keyring(key, granted, expiresMs).capsuleKey(of!, message!.epoch, 3, 1)) !== null;
  const [never, later, now] = [await opens(0), await opens(Date.now() + 60_000), await opens(Date.now())];
  check("a_grant_that_expires_while_it_is_used_opens_nothing_more", never && later && !now);
  const beyond = await new Keyring(key, granted).capsuleKey(of!, 1, 3, 1);
  check("a_grant_opens_no_epoch_beyond_its_own", beyond === null);
}

async function grants(files: Json): Promise<void> {
  for (const g of files) {
    const key = await readPrivateKey(g.key, g.passphrase ?? "");
    const grant = await readGrant(g.grant);
    const streams = await openGrant(grant, key);
    const keys = streams ? [...streams.values()].reduce((n, s) => n + s.nodes.length + s.below.size, 0) : 0;
    check(`the_grant_${g.name}_is_read_as_the_program_reads_it`,
      keys === g.keys && grant.statement.reason === g.reason && (await verifyGrant(grant)) === g.signed, `${keys} keys`);
    const altered = g.grant.split("\n");
    altered[2] = altered[2].replace(/[A-Za-z]/, (c: string) => (c === "A" ? "B" : "A"));
    const again = await readGrant(altered.join("\n")).catch(() => null);
    check(`the_grant_${g.name}_altered_opens_nothing`, !again || (await openGrant(again, key)) === null);
  }
  for (const [first, last] of [[0, 0], [0, 2 ** 32 - 1], [5, 1804], [7, 7], [2 ** 31, 2 ** 32 - 1]] as [number, number][]) {
    const cover = coverOf({ first, last });
    const joined = cover.every((node, i) => node.first === (i ? cover[i - 1]!.last + 1 : first));
    check(`nodes_cover_epochs_${first}_to_${last}`, joined && cover.at(-1)!.last === last && cover.length <= 62, `${cover.length} nodes`);
  }
}

async function canvasTolerance(stream: Bytes, key: PrivateKey): Promise<{ rgba: string; width: number; height: number; n: number }> {
  const [first, ...rest] = await recoverAll(stream, "h264", key, "canvas");
  const { displayWidth: width, displayHeight: height } = first!.frame;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.drawImage(first!.frame, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const planes = await readPlanes(first!.frame);
  check("what_is_drawn_has_the_recovered_samples", (await sha256(planes!.data)) === (await sha256(first!.planes!.data)));
  for (const { frame } of [first!, ...rest]) frame.close();
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return { rgba: btoa(text), width, height, n: data.length };
}

/** `files`: name → base64 of bytes, or parsed JSON. */
async function run(files: Record<string, Json>): Promise<{ results: Result[]; canvas: Json }> {
  await envelope(files["envelope.json"]);
  await keyTree(files["key-tree.json"]);
  await capsules(files["capsule.json"]);
  records(files["record.json"]);
  messages(files["messages.json"]);
  streamMessages(files["stream-message.json"]);
  pictureMessages("every_picture_message_of_the_vectors_is_read", files["picture-message.json"]);
  pictureMessages("every_wide_message_of_the_vectors_is_read", files["wide.json"]);
  const refused = files["wide.json"].refused.map(bytes);
  check("a_wide_message_without_need_or_too_wide_is_refused", refused.length === 3 &&
    refused.every((message: Bytes) => refuses(() => parsePictureMessage(message))));
  const v = files["messages.json"];
  cutAnywhere("stream_message", bytes(v.stream_message), parseStreamMessage);
  cutAnywhere("picture_message", bytes(v.picture_message), parsePictureMessage);
  damage(20261125, [bytes(v.stream_message), bytes(v.picture_message), bytes(v.records[0]), bytes(v.records[1])],
    [parseStreamMessage, parsePictureMessage, parseRecord, parseRecord]);
  damageUnits(20261126, base64(files["reordered.h264"]), "h264");
  damageUnits(20261127, base64(files["h265.h265"]), "h265");
  await damageFiles(20261128, files.grants[1]);
  await keyFiles(files["key_files.json"].keys);
  const key = await keyFile(files["streams.json"].private_key);
  for (const [name, want] of Object.entries<Json>(files["streams.json"].streams)) {
    const stream = base64(files[name]);
    const title = name.replace(".", "_");
    await opensAll(title, stream, name.endsWith("h264") ? "h264" : "h265", key, want);
    if (name.endsWith("h264")) await wholeStream(title, stream, key, want);
    else await withBase(title, stream, base64(files[`${name}.yuv`]), files.size, key, want);
  }
  await grants(files.grants);
  await brokenObjects(base64(files["reordered.h264"]), key);
  await twoLevels(base64(files["reordered.h264"]), key);
  await expiry(base64(files["reordered.h264"]), key);
  await unitsOnTheirWay(base64(files["reordered.h264"]));
  kindsOfUnits();
  editLists();
  turns();
  return { results, canvas: await canvasTolerance(base64(files["reordered.h264"]), key) };
}

Object.assign(globalThis, { run });
