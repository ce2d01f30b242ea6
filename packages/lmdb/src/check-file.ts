import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Where LMDB's meta pages have what is asked for here (its data format 2, as of lmdb 3). */
const at = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 } as const;
const magic = 0xbeef_c0de;
const dataFormat = 2;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Throws where a data file is none, or was cut off: LMDB maps it into memory and would end the process. What is wrong
 * within its pages can't be told: they have no checksums.
 */
export const checkFile = (path: string): void => {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    // There is none yet.
    return;
  }
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const first = readMeta(file, 0);
    const second = readMeta(file, first.pageSize);
    const newest = second.transaction > first.transaction ? second : first;
    const needed = (newest.lastPage + 1) * newest.pageSize;
    if (size < needed) throw new Error(`the file has ${size} bytes, where there should be ${needed}`);
  } finally {
    closeSync(file);
  }
};

const readMeta = (file: number, start: number): Meta => {
  const page = Buffer.alloc(at.end);
  const length = readSync(file, page, 0, page.length, start);
  if (length < page.length || page.readUInt32LE(at.magic) !== magic)
    throw new Error("the file is no LMDB environment");
  const version = page.readUInt32LE(at.version);
  if (version !== dataFormat)
    throw new Error(`the file has LMDB's data format ${version}, not ${dataFormat}`);
  return {
    pageSize: page.readUInt32LE(at.pageSize),
    lastPage: Number(page.readBigUInt64LE(at.lastPage)),
    transaction: page.readBigUInt64LE(at.transaction),
  };
};
