/** Names of variables and functions, none twice. */
export class Names {
  #count = 0;

  fresh(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }
}

/*
 * Statements that read a number at `p` into a declared variable. Numbers of one byte are the most, and are read in
 * place.
 */

const zigzag = (into: string): string => `${into} = (${into} >>> 1) ^ -(${into} & 1);\n`;

export const intCode = (into: string): string =>
  `if (p >= e) c.truncated();\n${into} = b[p++];\n` +
  `if (${into} > 127) { ${into} = r.intRest(c, b, p, e, ${into}); p = c.position; }\n${zigzag(into)}`;

export const longCode = (into: string, longs: "number" | "bigint"): string =>
  longs === "number"
    ? `if (p >= e) c.truncated();\n${into} = b[p++];\n` +
      `if (${into} > 127) { ${into} = r.longRest(c, b, p, e, ${into}); p = c.position; }\nelse ${zigzag(into)}`
    : `if (p >= e) c.truncated();\n${into} = b[p++];\n` +
      `if (${into} > 127) { ${into} = r.bigintRest(c, b, p, e, ${into}); p = c.position; }\n` +
      `else ${into} = BigInt((${into} >>> 1) ^ -(${into} & 1));\n`;

/** Declares the variable: a length in bytes that there are. */
export const lengthCode = (into: string): string =>
  `let ${into};\n${longCode(into, "number")}if (${into} < 0 || ${into} > e - p) c.badLength(${into});\n`;
