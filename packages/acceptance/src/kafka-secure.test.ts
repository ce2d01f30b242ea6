import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { hasJvm, freePorts, kafkaOnJvm } from "@millrace/devstack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kafka, type KafkaOptions, noHeaders } from "@millrace/streams";

const run = promisify(execFile);
const password = "secret-of-the-test";

/** Needs a broker of its own, with a listener that takes TLS and SASL only; so on the JVM, whatever the others are on. */
describe.skipIf(!(await hasJvm()))("TLS and SASL", () => {
  let address = "";
  let ca = "";
  let folder = "";
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "secure-kafka-"));
    const keystore = join(folder, "broker.p12");
    const certificate = join(folder, "ca.pem");
    const keytool = (arguments_: string): Promise<unknown> =>
      run("keytool", [
        ...arguments_.split(" "),
        "-alias",
        "broker",
        "-keystore",
        keystore,
        "-storetype",
        "PKCS12",
        "-storepass",
        password,
      ]);
    await keytool(
      "-genkeypair -keyalg RSA -validity 2 -dname CN=localhost -ext SAN=dns:localhost,ip:127.0.0.1",
    );
    await keytool(`-exportcert -rfc -file ${certificate}`);
    ca = await readFile(certificate, "utf8");
    const [plain = 0, controller = 0, secure = 0] = await freePorts(3);
    const broker = await kafkaOnJvm(
      {},
      {
        listeners: `PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},SECURE://127.0.0.1:${secure}`,
        "advertised.listeners": `PLAINTEXT://127.0.0.1:${plain},SECURE://127.0.0.1:${secure}`,
        "controller.quorum.voters": `1@127.0.0.1:${controller}`,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.secure.plain.sasl.jaas.config":
          "org.apache.kafka.common.security.plain.PlainLoginModule required " +
          `user_millrace="${password}";`,
        "ssl.keystore.location": keystore,
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.password": password,
        "ssl.key.password": password,
      },
    );
    address = `127.0.0.1:${secure}`;
    stop = () => broker.stop();
  });
  afterAll(async () => {
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  });

  const options = (given: string): KafkaOptions => ({
    brokers: [address],
    connectTimeoutMs: 4_000,
    ssl: { ca: [ca] },
    sasl: { mechanism: "plain", username: "millrace", password: given },
  });

  test("writes and reads", async () => {
    const transport = kafka(options(password));
    await transport.connect();
    await transport.createTopics([{ topic: "secure", partitions: 1, configs: {} }]);
    const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    await producer.prepareTopics(["secure"]);
    producer.append("secure", 0, null, Buffer.from("through TLS"), 1, noHeaders);
    await producer.flush();
    const read: string[] = [];
    const fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 100,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 1 << 20,
      maxBufferedBytesPerPartition: 1 << 20,
      maxBufferedBytes: 64 << 20,
      onAvailable: () => {
        const records = fetcher.take("secure", 0)?.records;
        while (records?.advance())
          read.push(records.buffer.toString("utf8", records.valueStart, records.valueEnd));
      },
    });
    fetcher.add("secure", 0, 0);
    await expect.poll(() => read).toEqual(["through TLS"]);
    await fetcher.close();
    await producer.close();
    await transport.close();
  });

  test("says that a password is wrong, and does not ask again", async () => {
    const transport = kafka(options("wrong"));
    await expect(transport.connect()).rejects.toMatchObject({
      retriable: false,
      message: expect.stringMatching(/check the addresses, TLS and SASL/),
    });
    await transport.close();
  });

  test("does not trust a certificate that it does not know", async () => {
    const transport = kafka({ ...options(password), ssl: true });
    await expect(transport.connect()).rejects.toThrow(/self[- ]signed certificate|unable to verify/i);
    await transport.close();
  });
});
