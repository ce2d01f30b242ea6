import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Decoder } from "../src/transport/kafkajs/decoder.ts";
import { Encoder } from "../src/transport/kafkajs/encoder.ts";
import { defaultAnswers } from "./scripted-answers.ts";

/** A request as it came. */
export interface ScriptedRequest {
  /** Kafka's name of it. */
  readonly name: string;
  /** The broker that got it. */
  readonly node: number;
  /** How often this name came to any broker, this time included. */
  readonly count: number;
  /** Behind the header. */
  readonly body: Decoder;
}

/** Writes an answer's body; or there is none; or the connection ends. */
export type Reply = ((encoder: Encoder) => void) | "silence" | "hang up";

export type Script = (request: ScriptedRequest) => Reply | undefined | Promise<Reply | undefined>;

const names = new Map([
  [0, "Produce"],
  [1, "Fetch"],
  [2, "ListOffsets"],
  [3, "Metadata"],
  [8, "OffsetCommit"],
  [9, "OffsetFetch"],
  [10, "FindCoordinator"],
  [11, "JoinGroup"],
  [12, "Heartbeat"],
  [13, "LeaveGroup"],
  [14, "SyncGroup"],
  [18, "ApiVersions"],
  [19, "CreateTopics"],
  [21, "DeleteRecords"],
  [22, "InitProducerId"],
  [24, "AddPartitionsToTxn"],
  [25, "AddOffsetsToTxn"],
  [26, "EndTxn"],
  [28, "TxnOffsetCommit"],
  [32, "DescribeConfigs"],
]);

/**
 * Brokers that speak Kafka's protocol over TCP and answer what a test tells them to: for what real brokers do once in a
 * year. What is not told is answered as by a healthy cluster that keeps nothing.
 */
export class ScriptedCluster {
  /** Node ids that metadata names. */
  readonly known = new Set<number>();
  /** Brokers that hold their connections, and answer nothing. */
  readonly frozen = new Set<number>();
  /** Who coordinates every group and transaction. */
  coordinator = 1;
  /** Who leads a partition. */
  leader: (topic: string, partition: number) => number = () => 1;
  /** Of every topic. */
  partitions = 1;
  /** `name@node`, in the order of arrival; without ApiVersions. */
  readonly requests: string[] = [];
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Map<number, Set<Socket>>();
  readonly #ports = new Map<number, number>();
  readonly #counts = new Map<string, number>();
  readonly #scripts = new Map<string, Script>();

  static async start(brokers = 1): Promise<ScriptedCluster> {
    const cluster = new ScriptedCluster();
    for (let node = 1; node <= brokers; node++) {
      await cluster.up(node);
      cluster.known.add(node);
    }
    return cluster;
  }

  /** How requests of that name are answered from now on; undefined answers as by default. */
  on(name: string, script: Script): void {
    this.#scripts.set(name, script);
  }

  address(node: number): { readonly host: string; readonly port: number } {
    return { host: "127.0.0.1", port: this.#ports.get(node) ?? 0 };
  }

  /** `host:port` of a broker. */
  addressText(node: number): string {
    return `127.0.0.1:${this.address(node).port}`;
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** A broker listens, where it did before if it did. */
  async up(node: number): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => undefined);
      this.#serve(node, socket);
    });
    await new Promise<void>((resolve) => server.listen(this.address(node).port, "127.0.0.1", resolve));
    this.#servers.set(node, server);
    this.#sockets.set(node, sockets);
    this.#ports.set(node, (server.address() as AddressInfo).port);
  }

  /** A broker is gone, and its connections with it. */
  async down(node: number): Promise<void> {
    const server = this.#servers.get(node);
    this.#servers.delete(node);
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of this.#sockets.get(node) ?? []) socket.destroy();
    if (server !== undefined) await closed;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((node) => this.down(node)));
  }

  #serve(node: number, socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const end = 4 + pending.readInt32BE(0);
        void this.#answer(node, socket, pending.subarray(4, end));
        pending = pending.subarray(end);
      }
    });
  }

  async #answer(node: number, socket: Socket, request: Buffer): Promise<void> {
    const body = new Decoder(request);
    const apiKey = body.int16();
    body.int16(); // version
    const correlationId = body.int32();
    body.string(); // client id
    const name = names.get(apiKey) ?? `api ${apiKey}`;
    const count = this.count(name) + 1;
    this.#counts.set(name, count);
    if (name !== "ApiVersions") this.requests.push(`${name}@${node}`);
    if (this.frozen.has(node)) return;
    const scripted = { name, node, count, body };
    const reply =
      (await this.#scripts.get(name)?.({
        ...scripted,
        body: new Decoder(request.subarray(body.position)),
      })) ?? defaultAnswers.get(name)?.(this, scripted);
    if (reply === undefined) throw new Error(`nobody has said how to answer ${name}`);
    if (reply === "silence") return;
    if (reply === "hang up") {
      socket.destroy();
      return;
    }
    const encoder = new Encoder().writeInt32(0).writeInt32(correlationId);
    reply(encoder);
    const parts = encoder.finish();
    const answer = Buffer.concat(parts);
    answer.writeInt32BE(answer.length - 4, 0);
    socket.write(answer);
  }
}
