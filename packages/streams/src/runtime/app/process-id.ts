import type { Clock } from "../../clock.ts";

/** A name for this process that no other has: 128 bits of the clock's chance, in hex. */
export const processId = (clock: Clock): string => {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(clock.random() * 256));
  return Buffer.from(bytes).toString("hex");
};
