const low = 0x80;

/** Writes a whole number in [0, 2^53), seven bits a byte, the lowest first; answers where it ends. */
export const writeUvarint = (target: Buffer, at: number, value: number): number => {
  // By arithmetic: bit operators see 32 bits.
  let rest = value;
  let end = at;
  for (; rest >= low; rest = Math.floor(rest / low)) target[end++] = (rest % low) + low;
  target[end++] = rest;
  return end;
};

/** Moves the cursor behind it. Throws a RangeError where the bytes end. */
export const readUvarint = (bytes: Buffer, cursor: { at: number }): number => {
  let value = 0;
  for (let scale = 1; ; scale *= low) {
    const byte = bytes.readUInt8(cursor.at++);
    value += (byte % low) * scale;
    if (byte < low) return value;
  }
};
