import { readFile } from "node:fs/promises";
import { followTopic, hasJvm } from "@millrace/devstack";
import { bytes, kafka, type KafkaOptions, noHeaders, nullable, string, topic } from "@millrace/streams";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CertificateAuthority } from "./certificates.ts";
import { runJvmClient } from "./run-jvm-client.ts";
import { type SecureBroker, secureBroker } from "./secure-broker.ts";

const password = "secret-of-the-test";

/** Needs a broker of its own, with a listener that takes TLS and SASL only; so on the JVM, whatever the others are on. */
describe.skipIf(!(await hasJvm()))("TLS and SASL", () => {
  let authority: CertificateAuthority;
  let broker: SecureBroker | undefined;
  let ca = "";

  beforeAll(async () => {
    authority = await CertificateAuthority.make();
    ca = await readFile(authority.ca, "utf8");
    const users = `org.apache.kafka.common.security.plain.PlainLoginModule required user_millrace="${password}";`;
    const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    broker = await secureBroker(authority, "SASL_SSL", {
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      "listener.name.named.sasl.enabled.mechanisms": "PLAIN",
      "listener.name.secure.plain.sasl.jaas.config": users,
      "listener.name.named.plain.sasl.jaas.config": users,
      "listener.name.secure.scram-sha-256.sasl.jaas.config": scram,
      "listener.name.secure.scram-sha-512.sasl.jaas.config": scram,
    });
    await runJvmClient("ScramUser", [broker.plainAddress, "millrace", password]);
  });
  afterAll(async () => {
    await broker?.stop();
    await authority.remove();
  });

  const options = (given: string): KafkaOptions => ({
    brokers: [broker?.address ?? ""],
    connectTimeoutMs: 4_000,
    ssl: { ca: [ca] },
    sasl: { mechanism: "plain", username: "millrace", password: given },
  });

  /** The same user, at the listener without TLS. */
  const unencrypted = (given: string): KafkaOptions => ({
    ...options(given),
    brokers: [broker?.addressWithoutTls ?? ""],
    ssl: false,
  });

  /** The same user, who shows to know the password without sending it. */
  const scram256 = (given: string): KafkaOptions => ({
    ...options(given),
    sasl: { mechanism: "scram-sha-256", username: "millrace", password: given },
  });

  const scram512 = (given: string): KafkaOptions => ({
    ...options(given),
    sasl: { mechanism: "scram-sha-512", username: "millrace", password: given },
  });

  test.each([
    ["with TLS", options],
    ["without TLS", unencrypted],
    ["with SCRAM-SHA-256", scram256],
    ["with SCRAM-SHA-512", scram512],
  ])("writes and reads %s, in transactions of a user with a password", async (how, optionsOf) => {
    const name = how.replace(" ", "-");
    const transport = kafka(optionsOf(password));
    await transport.connect();
    await transport.createTopics([{ topic: name, partitions: 1, configs: {} }]);
    const producer = await transport.createProducer({
      transactionalId: name,
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    await producer.prepareTopics([name]);
    producer.append(name, 0, null, Buffer.from(how), 1, noHeaders);
    await producer.flush();
    const read: string[] = [];
    const reader = await followTopic(
      transport,
      topic(name, { key: nullable(bytes()), value: string() }),
      ({ value }) => read.push(value),
    );
    await expect.poll(() => read).toEqual([how]);
    await reader.close();
    await producer.close();
    await transport.close();
  });

  test("says of a listener that asks for TLS, or for none, that the two speak differently", async () => {
    const { address = "", addressWithoutTls = "" } = broker ?? {};
    for (const wrong of [
      { ...unencrypted(password), brokers: [address] },
      { ...options(password), brokers: [addressWithoutTls] },
    ]) {
      const transport = kafka(wrong);
      await expect(transport.connect()).rejects.toThrow(/check the addresses, TLS and SASL/);
      await transport.close();
    }
  });

  test("says that a password is wrong, and does not ask again", async () => {
    for (const optionsOf of [options, unencrypted, scram512]) {
      const transport = kafka(optionsOf("wrong"));
      await expect(transport.connect()).rejects.toMatchObject({
        retriable: false,
        message: expect.stringMatching(/check the addresses, TLS and SASL/),
      });
      await transport.close();
    }
  });

  test("does not trust a certificate that it does not know", async () => {
    const transport = kafka({ ...options(password), ssl: true });
    await expect(transport.connect()).rejects.toThrow(/self[- ]signed certificate|unable to verify/i);
    await transport.close();
  });
});
