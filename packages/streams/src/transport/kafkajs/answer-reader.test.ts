import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerReader } from "./answer-reader.ts";

const framed = (correlationId: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + payload.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, payload]);
};

test("answers come whole, and in order, however the network cuts them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (payloads, cuts) => {
        const wire = Buffer.concat(payloads.map((payload, at) => framed(at, payload)));
        const came: (readonly [number, Buffer])[] = [];
        const reader = new AnswerReader(({ correlationId, payload }) => came.push([correlationId, payload]));
        // Memory that is read into again and again, as a socket's.
        const piece = Buffer.alloc(40);
        for (let at = 0, n = 0; at < wire.length; n++) {
          const length = wire.copy(piece, 0, at, at + (cuts[n % cuts.length] as number));
          reader.take(piece.subarray(0, length));
          piece.fill(0xee);
          at += length;
        }
        expect(came).toEqual(payloads.map((payload, at) => [at, Buffer.from(payload)]));
      },
    ),
  );
});

test("an answer that is larger than what is taken at first is whole", () => {
  const payload = Buffer.alloc(20 * 1024 * 1024, "0123456789");
  const came: Buffer[] = [];
  const reader = new AnswerReader((answer) => came.push(answer.payload));
  const wire = framed(1, payload);
  for (let at = 0; at < wire.length; at += 1_000_003) reader.take(wire.subarray(at, at + 1_000_003));
  expect(came.map((bytes) => bytes.equals(payload))).toEqual([true]);
});

test("memory is taken by the bytes that came, not by the size that they claim", () => {
  const before = process.memoryUsage().arrayBuffers;
  const reader = new AnswerReader(() => undefined);
  reader.take(Buffer.of(0x7f, 0xff, 0xff, 0xff, 1, 2, 3));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

test("a size that no answer has is refused", () => {
  const reader = new AnswerReader(() => undefined);
  expect(() => reader.take(Buffer.of(0xff, 0xff, 0xff, 0xff))).toThrow("an answer of -1 bytes is none");
});
