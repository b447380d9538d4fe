// Packs a folder as an office does before it is uploaded (ZIP, stored).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** The fields of a header, each [value, bytes]. */
function header(fields) {
  const bytes = Buffer.alloc(fields.reduce((all, [, width]) => all + width, 0));
  let at = 0;
  for (const [value, width] of fields) at = bytes.writeUIntLE(value, at, width);
  return bytes;
}

const names = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** A folder as one file. */
export function packed(folder) {
  const [files, directory] = [[], []];
  let at = 0;
  for (const entry of names(folder)) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const name = Buffer.from(path.slice(folder.length).replace(/^\//, ""));
    const bytes = readFileSync(path);
    // Names in UTF-8; stored; 1 January 1980.
    const about = [[0x0800, 2], [0, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]];
    const local = header([[0x04034b50, 4], [20, 2], ...about]);
    directory.push(header([[0x02014b50, 4], [20, 2], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), name);
    files.push(local, name, bytes);
    at += local.length + name.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length / 2;
  const end = header([[0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [central.length, 4], [at, 4], [0, 2]]);
  return Buffer.concat([...files, central, end]);
}
