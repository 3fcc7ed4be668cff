import { deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With forward slashes. */
  name: string;
  bytes: Buffer;
}

const utf8Names = 0x0800;
const deflated = 8;
const version = 20;
/** 1 January 1980, the first day of this format: the same files make the same archive on every day. */
const epochDate = 0x0021;

/** A zip archive (PKWARE APPNOTE 4.3) of the entries in the order of their names. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of sorted) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const facts = factsOf(name, bytes, packed);
    const body = Buffer.concat([signature(0x04034b50), facts, Buffer.from(name), packed]);
    directory.push(Buffer.concat([signature(0x02014b50), number16(version), facts, directoryTail(offset), Buffer.from(name)]));
    bodies.push(body);
    offset += body.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...bodies, index, ending(sorted.length, index.length, offset)]);
}

/** The fields that an entry has in both places, from "version needed" to "extra field length". */
function factsOf(name: string, bytes: Buffer, packed: Buffer): Buffer {
  const shorts = [version, utf8Names, deflated, 0, epochDate].map(number16);
  const sizes = [crc32(bytes), packed.length, bytes.length].map(number32);
  return Buffer.concat([...shorts, ...sizes, number16(Buffer.byteLength(name)), number16(0)]);
}

/** No comment, first volume, no attributes. */
function directoryTail(offset: number): Buffer {
  return Buffer.concat([number16(0), number16(0), number16(0), number32(0), number32(offset)]);
}

function ending(count: number, size: number, offset: number): Buffer {
  const counts = [0, 0, count, count].map(number16);
  return Buffer.concat([signature(0x06054b50), ...counts, number32(size), number32(offset), number16(0)]);
}

const signature = number32;

function number16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function number32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}

/** CRC-32 of ISO 3309; Node's own is not in version 18. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ remainder((crc ^ byte) & 0xff);
  return crc ^ 0xffffffff;
}

function remainder(byte: number): number {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
}
