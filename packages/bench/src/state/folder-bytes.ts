import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Of a disk's blocks, as `stat` counts them. */
const blockBytes = 512;

/** What the files of a folder take on the disk, bytes; 0 where there is none. */
export const folderBytes = (folder: string | undefined): number => {
  if (folder === undefined || lstatSync(folder, { throwIfNoEntry: false }) === undefined) return 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += lstatSync(join(entry.parentPath, entry.name)).blocks * blockBytes;
  return bytes;
};
