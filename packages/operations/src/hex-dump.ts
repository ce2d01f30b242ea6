const perLine = 16;

/** Lines as `hexdump -C` has them, of the first `limit` bytes: offset, bytes, and the same as ASCII. */
export const hexDump = (bytes: Uint8Array, limit = 512): readonly string[] => {
  const lines: string[] = [];
  const shown = bytes.subarray(0, limit);
  for (let at = 0; at < shown.length; at += perLine) {
    const line = [...shown.subarray(at, at + perLine)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0"));
    const halves = [hex.slice(0, perLine / 2).join(" "), hex.slice(perLine / 2).join(" ")];
    const columns = halves.map((half) => half.padEnd((perLine / 2) * 3 - 1)).join("  ");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${columns}  |${line.map(ascii).join("")}|`);
  }
  if (bytes.length > shown.length) lines.push(`… ${bytes.length - shown.length} more bytes`);
  return lines;
};

const ascii = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");
