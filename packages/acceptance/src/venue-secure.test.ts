import { readFile, rename, writeFile } from "node:fs/promises";
import { schemaRegistry } from "@millrace/avro";
import { followTopic, hasJvm } from "@millrace/devstack";
import { kafka } from "@millrace/streams";
import { type DemandHourly, demandHourlyTopic } from "@millrace/venue";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { CertificateAuthority, type Issued } from "./certificates.ts";
import { Program } from "./program.ts";
import { RegistryGate } from "./registry-gate.ts";
import { type SecureBroker, secureBroker } from "./secure-broker.ts";
import { ServiceProcess } from "./service-process.ts";
import { until } from "./venue-client.ts";

const generateBookingLoad = new URL("../../venue/dist/generate-booking-load.js", import.meta.url);
const load = ["--scenario", "RAPID_TEST", "--sublocation", "studio", "--speed", "1000000"];

/** What a binary says that does not start. */
const refused = async (variables: Readonly<Record<string, string>>): Promise<string> => {
  const demand = new ServiceProcess("demand", variables, ["--create-topics", "--partitions", "1"]);
  expect(await demand.exit(), demand.output).toBe(1);
  return demand.output;
};

/** Needs a broker of its own, which asks for client certificates; so on the JVM, whatever the others are on. */
describe.skipIf(!(await hasJvm()))("a Kafka and a registry that let nobody in whom they do not know", () => {
  let authority: CertificateAuthority;
  let broker: SecureBroker | undefined;
  let client: Issued;
  let gates: RegistryGate[] = [];
  let environment: Readonly<Record<string, string>> = {};
  /** By the name of the variables: a registry that asks for user and certificate, and one that asks for a token. */
  let byUser: Readonly<Record<string, string>> = {};
  let byToken: Readonly<Record<string, string>> = {};
  let token = "first";

  beforeAll(async () => {
    authority = await CertificateAuthority.make();
    client = await authority.issue("client");
    const own = await authority.issue("registry");
    broker = await secureBroker(authority, "SSL", { "ssl.client.auth": "required" });
    const userGate = await RegistryGate.before(inject("registry"), {
      own,
      clientsOf: authority.ca,
      authorization: () => `Basic ${Buffer.from("venue:pass word").toString("base64")}`,
    });
    const tokenGate = await RegistryGate.before(inject("registry"), {
      own,
      authorization: () => `Bearer ${token}`,
    });
    gates = [userGate, tokenGate];
    const id = `secure-${Date.now()}`;
    environment = {
      KAFKA_BROKERS: broker.address,
      KAFKA_SSL: "true",
      KAFKA_SSL_CA: authority.ca,
      KAFKA_SSL_CERT: client.cert,
      KAFKA_SSL_KEY: client.key,
      KAFKA_GROUP_ID_AGGREGATOR: id,
      KAFKA_TOPIC_BOOKING_EVENTS: `${id}.bookings`,
      KAFKA_TOPIC_DEMAND_HOURLY: `${id}.demand`,
      DEMAND_DEFAULT_CAPACITY: "100",
      SCHEMA_REGISTRY_SSL_CA: authority.ca,
    };
    byUser = {
      // Nobody answers at the first.
      SCHEMA_REGISTRY_URL: `https://127.0.0.1:9,${userGate.url}`,
      SCHEMA_REGISTRY_USERNAME: "venue",
      SCHEMA_REGISTRY_PASSWORD: "pass word",
      SCHEMA_REGISTRY_SSL_CERT: client.cert,
      SCHEMA_REGISTRY_SSL_KEY: client.key,
    };
    byToken = { SCHEMA_REGISTRY_URL: tokenGate.url, SCHEMA_REGISTRY_TOKEN_FILE: authority.file("token") };
    await writeFile(authority.file("token"), token);
  });
  afterAll(async () => {
    for (const gate of gates) await gate.close();
    await broker?.stop();
    await authority.remove();
  });

  test("the binaries get in with a client certificate, a user, a token that changes, and work", async () => {
    const demand = new ServiceProcess("demand", { ...environment, ...byUser }, [
      "--create-topics",
      "--partitions",
      "1",
    ]);
    try {
      await until(
        () => demand.output.includes('"message":"started"'),
        () => demand.output,
        60_000,
      );
      for (const secret of ["pass word", "BEGIN"]) expect(demand.output).not.toContain(secret);
      const sending = async (variables: Readonly<Record<string, string>>): Promise<void> => {
        const program = new Program(generateBookingLoad, { ...environment, ...variables }, load);
        expect(await program.exit(), program.output).toBe(0);
      };
      await sending(byUser);
      token = "second";
      // In one go, as those do who renew tokens.
      await writeFile(authority.file("token.new"), `${token}\n`);
      await rename(authority.file("token.new"), authority.file("token"));
      await sending(byToken);

      const transport = kafka({
        brokers: [broker?.address ?? ""],
        ssl: {
          ca: await readFile(authority.ca),
          cert: await readFile(client.cert),
          key: await readFile(client.key),
        },
      });
      await transport.connect();
      const registry = schemaRegistry({ url: inject("registry") });
      const topic = demandHourlyTopic({ registry, name: environment["KAFKA_TOPIC_DEMAND_HOURLY"] ?? "" });
      await topic.value.start?.({ topic: topic.name, part: "value", use: "sink" });
      const hours = new Map<number, DemandHourly>();
      const reader = await followTopic(transport, topic, ({ value }) => hours.set(value.hour, value));
      const counted = (): number =>
        [...hours.values()].reduce((sum, { bookingsCount }) => sum + bookingsCount, 0);
      // Six in the minutes of each run, and what was cancelled of them is not there.
      await until(
        () => counted() > 6,
        () => `counted ${counted()}; ${demand.output}`,
        60_000,
      );
      await reader.close();
      await transport.close();
    } finally {
      demand.kill("SIGTERM");
      expect(await demand.exit()).toBe(0);
    }
  });

  test("who has no client certificate is told what Kafka wants", async () => {
    const { KAFKA_SSL_CERT: _cert, KAFKA_SSL_KEY: _key, ...without } = environment;
    expect(await refused({ ...without, ...byUser })).toMatch(/KAFKA_SSL_CERT/);
  });

  test("who does not trust Kafka's authority is told which setting says whom to trust", async () => {
    const { KAFKA_SSL_CA: _ca, ...without } = environment;
    expect(await refused({ ...without, ...byUser })).toMatch(/KAFKA_SSL_CA/);
  });

  test("a wrong password of the registry is told with its answer and the settings to look at", async () => {
    expect(await refused({ ...environment, ...byUser, SCHEMA_REGISTRY_PASSWORD: "wrong" })).toMatch(
      /who are you\? \(HTTP 401\).*SCHEMA_REGISTRY_USERNAME/,
    );
  });

  test("a registry whose authority is not known is told with the setting that says whom to trust", async () => {
    const { SCHEMA_REGISTRY_SSL_CA: _ca, ...without } = environment;
    expect(await refused({ ...without, ...byToken })).toMatch(/certificate.*SCHEMA_REGISTRY_SSL_CA/);
  });
});
