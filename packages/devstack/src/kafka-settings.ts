/** Broker settings by name, as in server.properties. */
export type KafkaSettings = Readonly<Record<string, string>>;

/** What brokers for tests have in common, however many there are. `replicas`: of Kafka's own topics. */
export const commonSettings = (replicas: number): KafkaSettings => ({
  "log.dirs": "data",
  "offsets.topic.replication.factor": `${replicas}`,
  "offsets.topic.num.partitions": "4",
  "transaction.state.log.replication.factor": `${replicas}`,
  "transaction.state.log.min.isr": `${Math.min(2, replicas)}`,
  "transaction.state.log.num.partitions": "4",
  "group.initial.rebalance.delay.ms": "0",
  "group.min.session.timeout.ms": "1000",
  "num.network.threads": "2",
  "num.io.threads": "4",
  "auto.create.topics.enable": "false",
  "log.cleaner.backoff.ms": "2000",
});

/** Of one node in KRaft mode that is broker and controller. `voters`: of all nodes, `id@host:port`. */
export const kraftSettings = (
  node: number,
  port: number,
  controllerPort: number,
  voters: string,
): KafkaSettings => ({
  "process.roles": "broker,controller",
  "node.id": `${node}`,
  "controller.quorum.voters": voters,
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
  "controller.listener.names": "CONTROLLER",
});

/** Of the topics of share groups, which Kafka has since 4. */
export const shareSettings = (replicas: number): KafkaSettings => ({
  "share.coordinator.state.topic.replication.factor": `${replicas}`,
  "share.coordinator.state.topic.min.isr": `${Math.min(2, replicas)}`,
});

/** The text of a properties file. */
export const propertiesText = (settings: KafkaSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** Port of the first listener, which overrides may have moved. */
export const firstPort = (settings: KafkaSettings): number =>
  Number(/:(\d+)(?:,|$)/.exec(settings["listeners"] ?? "")?.[1]);
