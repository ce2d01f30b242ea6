import assert from "node:assert/strict";
import { mapValues, type Serde, stream, string, to, topic, topology } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { memorySchemaRegistry } from "../memory-schema-registry.ts";
import type { SchemaLanguage } from "../schema-language.ts";
import type { SchemaRegistry } from "../schema-registry.ts";
import { readmeExample } from "./readme-example.ts";

/** A serde of a registry, as its contract tries it. */
export interface RegistrySerdeBench<V> {
  readonly language: SchemaLanguage;
  /** A serde for `value` on that registry. */
  readonly serde: (registry: SchemaRegistry) => Serde<V>;
  readonly value: V;
  /** Messages of the serde's own schema that it can't read, without their framing. */
  readonly unreadable: readonly Uint8Array[];
  /** Folder of a package whose README begins with `test/readme-example.ts`: that one is run, too. */
  readonly folder?: URL;
}

/**
 * Registers the tests that every serde over a schema registry must pass: they need nothing but a `test` function, as of
 * vitest or `node:test`.
 */
export const registrySerdeContract = <V>(
  bench: RegistrySerdeBench<V>,
  test: (name: string, body: () => Promise<void>) => void,
): void => {
  const { language, serde, value, unreadable, folder } = bench;

  test("a topology dead-letters what can't be read, as it came and with its reason, and goes on", async () => {
    const source = topic("values", { key: string(), value: serde(memorySchemaRegistry(language)) });
    const texts = topic("texts", { key: string(), value: string() });
    const copied = topology(
      "copied",
      stream(source).pipe(
        mapValues((read) => JSON.stringify(read)),
        to(texts),
      ),
    );
    const driver = new TestDriver(copied, { deadLetterTopic: "dead" });
    await driver.start();
    await source.value.start?.({ topic: source.name, part: "value", use: "sink" });
    const own =
      source.value.serialize(value)?.subarray(0, framing) ?? assert.fail("a value became a tombstone");
    const bad: readonly (readonly [reason: string | undefined, bytes: Uint8Array | null])[] = [
      ["NULL_PAYLOAD", null],
      ["TRUNCATED", own.subarray(0, framing - 1)],
      ["WRONG_MAGIC", Buffer.from("no magic number at all")],
      ["UNKNOWN_SCHEMA_ID", Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1])],
      ...unreadable.map((message) => [undefined, Buffer.concat([own, message])] as const),
    ];
    for (const [, bytes] of bad) driver.pipeBytes(source.name, Buffer.from("k"), bytes, 1);
    driver.pipeInput(source, "k", value, 2);
    await driver.settle();
    assert.deepEqual(
      driver.readOutput(texts).map((record) => record.value),
      [JSON.stringify(value)],
    );
    const letters = driver.produced.filter((record) => record.topic === "dead");
    assert.deepEqual(
      letters.map((letter) => letter.value),
      bad.map(([, bytes]) => bytes && Buffer.from(bytes)),
    );
    for (const [at, [reason]] of bad.entries()) {
      const header = letters[at]?.headers.find(([name]) => name === "__streams.errors.exception");
      if (reason !== undefined) assert.equal(String(header?.[1]), reason);
    }
  });

  test("what one serde has written another reads, with one schema in the registry", async () => {
    const registry = memorySchemaRegistry(language);
    const [writer, reader] = [serde(registry), serde(registry)];
    const use = { topic: "values", part: "value" } as const;
    await writer.start?.({ ...use, use: "sink" });
    await reader.start?.({ ...use, use: "sink" });
    const bytes = Buffer.from(writer.serialize(value) ?? []);
    assert.deepEqual(Buffer.from(reader.serialize(value) ?? []), bytes);
    assert.deepEqual(reader.deserialize(bytes, 0, bytes.length), value);
  });

  if (folder !== undefined)
    test("the README's example is the one that is compiled, and it runs", () =>
      readmeExample(folder, language));
};

/** Magic number and schema id, bytes. */
const framing = 5;
