import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import {
  type App,
  count,
  createApp,
  groupByKey,
  kafka,
  long,
  noHeaders,
  nullable,
  partitionForKey,
  stream,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  type Transport,
} from "../../index.ts";

const partitions = 4;
const keys = 60_000;

interface Member {
  readonly app: App;
  readonly transport: Transport;
  /** When it was told that tasks are its own now, and when the last of them took records, ms. */
  givenAt: number;
  runsAt: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const until = async (done: () => boolean, what: string): Promise<void> => {
  for (const end = performance.now() + 90_000; !done(); await pause(20))
    if (performance.now() > end) throw new Error(`not within 90 s: ${what}`);
};

/** A key each, once. */
const send = async (transport: Transport, name: string): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([name]);
  for (let n = 0; n < keys; n++) {
    const key = Buffer.from(`key-${n}`);
    producer.append(name, partitionForKey(key, partitions), key, Buffer.from("v"), n, noHeaders);
    if (n % 5_000 === 0) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};

const counting = (id: string): Topology =>
  topology(
    id,
    stream(topic(`${id}-in`, { key: string(), value: string() })).pipe(
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      to(topic(`${id}-out`, { key: string(), value: long() })),
    ),
  );

const mirroring = (id: string): Topology =>
  topology(
    id,
    table(topic(`${id}-in`, { key: string(), value: string() }), {
      store: "latest",
      sourceAsChangelog: true,
    }).pipe(toStream(), to(topic(`${id}-out`, { key: string(), value: nullable(string()) }))),
  );

const start = async (what: Topology): Promise<Member> => {
  const transport = kafka({ brokers: [inject("kafka")] });
  const app = createApp(what, {
    transport,
    standbyReplicas: 1,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 300,
    log: (_, message) => {
      if (message.startsWith("generation ")) member.givenAt = performance.now();
      if (message.endsWith(" runs")) member.runsAt = performance.now();
    },
  });
  const member: Member = { app, transport, givenAt: 0, runsAt: 0 };
  await app.start();
  return member;
};

test.for([
  ["with a changelog of its own", counting],
  ["whose changelog is its source", mirroring],
] as const)(
  "a warm standby %s takes over within a second after the group has noticed, and reads no more than the tail",
  { timeout: 240_000 },
  async ([, made]) => {
    const id = `take-over-${randomUUID()}`;
    const transport = kafka({ brokers: [inject("kafka")] });
    await transport.connect();
    await transport.createTopics(
      [`${id}-in`, `${id}-out`].map((name) => ({ topic: name, partitions, configs: {} })),
    );
    const one = await start(made(id));
    const two = await start(made(id));
    await until(() => [one, two].every(({ app }) => app.tasks.active.length === 2), "the tasks are shared");
    await send(transport, `${id}-in`);
    await until(
      () =>
        one.app.metrics.processed + two.app.metrics.processed >= keys &&
        [
          [one, two],
          [two, one],
        ].every(
          ([own, other]) =>
            own?.app.tasks.standby.length === 2 &&
            // Each key came once, so that the other's changelogs have a row for each of its records.
            own.app.metrics.standbyRestored >= (other?.app.metrics.processed ?? 0) &&
            [...own.app.lag.values(), ...own.app.standbyLag.values()].every((lag) => lag === 0),
        ),
      "all is counted, and the standbys have it",
    );
    const { restored, standbyRestored } = two.app.metrics;
    expect(standbyRestored).toBeGreaterThan(keys / 3);
    // It is gone without a word, as after a kill: its session has to end.
    one.app.done().catch(() => undefined);
    await one.transport.close();
    await until(() => two.app.tasks.active.length === 4, "the tasks are taken over");
    const tookMs = two.runsAt - two.givenAt;
    const read = two.app.metrics.restored - restored;
    process.stdout.write(
      `took ${two.app.tasks.active.length / 2} tasks with ${standbyRestored} rows over in ${Math.round(tookMs)} ms, reading ${read} records\n`,
    );
    expect(read).toBeLessThan(keys / 100);
    expect(tookMs).toBeLessThan(1_000);
    await send(transport, `${id}-in`);
    await until(() => [...two.app.lag.values()].every((lag) => lag === 0), "it goes on");
    await two.app.stop();
    await transport.close();
  },
);
