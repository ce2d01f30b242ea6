import { expect, test } from "vitest";
import { hexDump } from "./hex-dump.ts";
import { bytesText, oneLine } from "./printable.ts";

test("nothing in a record commands the terminal", () => {
  expect(oneLine("a\u001b[2Jb\nc\u202e")).toBe("a\\u{1b}[2Jb\\nc\\u{202e}");
});

test("bytes are text where they can be, else hexadecimal", () => {
  expect(bytesText(null)).toBe("null");
  expect(bytesText(Buffer.from("hall 4"))).toBe('"hall 4"');
  expect(bytesText(Buffer.from([0xff, 0]))).toBe("0xff00");
  expect(bytesText(Buffer.alloc(100, 0xff))).toMatch(/^0x(ff){64}… \(100 bytes\)$/);
});

test("dumps as hexdump -C does", () => {
  expect(hexDump(Buffer.from("0 hall four of the north\u0000"), 20)).toEqual([
    "00000000  30 20 68 61 6c 6c 20 66  6f 75 72 20 6f 66 20 74  |0 hall four of t|",
    "00000010  68 65 20 6e                                       |he n|",
    "… 5 more bytes",
  ]);
});
