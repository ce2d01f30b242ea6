/** Big-endian two's complement as text with `scale` digits behind the point. */
export const decimalText = (bytes: Buffer, scale: number): string => {
  let unscaled = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
  unscaled = BigInt.asIntN(8 * bytes.length, unscaled);
  const sign = unscaled < 0n ? "-" : "";
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

/** Some thousand digits are no trouble, whoever wrote more of them than the precision says. */
const alwaysReadBytes = 1_024;

/** How many bytes a decimal of this many digits may have, to be read as text. */
export const mostDecimalBytes = (precision: number): number =>
  Math.max(alwaysReadBytes, Math.ceil((precision * Math.log2(10) + 1) / 8));

const number = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * The shortest two's complement of what `decimalText` wrote, or the one of `size` bytes; undefined for text that is no
 * number of at most `precision` digits, `scale` of them behind the point.
 */
export const decimalBytes = (
  text: string,
  precision: number,
  scale: number,
  size: number | undefined,
): Buffer | undefined => {
  const [, sign, whole, fraction = ""] = number.exec(text) ?? [];
  if (whole === undefined || fraction.replace(/0+$/, "").length > scale) return undefined;
  const digits = whole + fraction.slice(0, scale).padEnd(scale, "0");
  if (digits.replace(/^0+/, "").length > precision) return undefined;
  const unscaled = sign === "-" ? -BigInt(digits) : BigInt(digits);
  const fits = (length: number): boolean => BigInt.asIntN(8 * length, unscaled) === unscaled;
  let length = size ?? 1;
  if (size === undefined) while (!fits(length)) length++;
  else if (!fits(size)) return undefined;
  const hex = BigInt.asUintN(8 * length, unscaled).toString(16);
  return Buffer.from(hex.padStart(2 * length, "0"), "hex");
};
