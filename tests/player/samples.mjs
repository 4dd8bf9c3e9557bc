// SPDX-License-Identifier: Apache-2.0
// An MP4 changed as tools change it: another matrix in its track's header (ISO/IEC 14496-12, 8.3.2); or written anew with two samples of nothing but SEI after each key picture, as recorders write what some cameras
// send. Of one track, all samples in one piece.

const CAMERA_SEI = Buffer.concat([Buffer.from([6, 5, 20]), Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"), Buffer.from("CAM1\x80", "latin1")]);

function* boxes(bytes) {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    yield { type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + size) };
    at += size;
  }
}

function find(bytes, ...path) {
  return path.reduce((at, type) => [...boxes(at)].find((box) => box.type === type).body, bytes);
}

function box(type, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

function words(...numbers) {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => bytes.writeInt32BE(number | 0, 4 * i));
  return bytes;
}

/** Numbers of 32 bits in a full box, after `skip` of them. */
function table(bytes, skip) {
  return Array.from({ length: bytes.length / 4 - skip }, (_, i) => bytes.readUInt32BE(4 * (skip + i)));
}

function spread(pairs) {
  const all = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) for (let n = 0; n < pairs[i]; n++) all.push(pairs[i + 1]);
  return all;
}

function samplesOf(file, stbl) {
  const sizes = table(find(stbl, "stsz"), 3);
  const chunks = table(find(stbl, "stco"), 2);
  const runs = table(find(stbl, "stsc"), 2);
  const samples = [];
  chunks.forEach((offset, chunk) => {
    let perChunk = 0;
    for (let i = 0; i < runs.length; i += 3) if (runs[i] <= chunk + 1) perChunk = runs[i + 1];
    for (let n = 0, at = offset; n < perChunk; n++) {
      const size = sizes[samples.length];
      samples.push(file.subarray(at, at + size));
      at += size;
    }
  });
  return samples;
}

/** The track's pictures shown by this matrix: (1, 0) goes to (a, b), (0, 1) to (c, d). */
export function turned(file, [a, b, c, d]) {
  const copy = Buffer.from(file);
  const header = find(find(copy, "moov"), "trak", "tkhd"); // a view
  words(a << 16, b << 16, 0, c << 16, d << 16, 0).copy(header, 40);
  return copy;
}

export function withoutSlices(file) {
  const moov = find(file, "moov");
  const trak = find(moov, "trak");
  const stbl = find(trak, "mdia", "minf", "stbl");
  const samples = samplesOf(file, stbl);
  const lasts = spread(table(find(stbl, "stts"), 2));
  const shifts = spread(table(find(stbl, "ctts"), 2));
  const keys = new Set(table(find(stbl, "stss"), 2));
  const sei = Buffer.concat([words(CAMERA_SEI.length), CAMERA_SEI]);
  const out = { samples: [], lasts: [], shifts: [], keys: [] };
  const add = (sample, last, shift) => (out.samples.push(sample), out.lasts.push(last), out.shifts.push(shift));
  samples.forEach((sample, i) => {
    const key = keys.has(i + 1);
    if (key) out.keys.push(out.samples.length + 1);
    add(sample, lasts[i] - (key ? 2 : 0), shifts[i]);
    if (key) for (let n = 0; n < 2; n++) add(sei, 1, shifts[i]);
  });
  const pairs = (list) => Buffer.concat([words(0, list.length), ...list.map((value) => words(1, value))]);
  const table_ = (offset) => box("stbl", box("stsd", find(stbl, "stsd")), box("stts", pairs(out.lasts)), box("ctts", pairs(out.shifts)),
    box("stss", words(0, out.keys.length, ...out.keys)), box("stsc", words(0, 1, 1, out.samples.length, 1)),
    box("stsz", words(0, 0, out.samples.length, ...out.samples.map((s) => s.length))), box("stco", words(0, 1, offset)));
  const replaced = (bytes, path, made) => Buffer.concat([...boxes(bytes)].map(({ type, body }) =>
    type !== path[0] ? box(type, body) : path.length === 1 ? made : box(type, replaced(body, path.slice(1), made))));
  const ftyp = box("ftyp", find(file, "ftyp"));
  const movie = (offset) => box("moov", replaced(moov, ["trak", "mdia", "minf", "stbl"], table_(offset)));
  const offset = ftyp.length + movie(0).length + 8;
  return Buffer.concat([ftyp, movie(offset), box("mdat", ...out.samples)]);
}
