import type { Header, RecordProducer, Transport } from "@millrace/streams";
import { type Choice, isChosen, rangesOf } from "./choice.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { DeadLetterTopic } from "./dead-letter-topic.ts";
import { placeText } from "./place.ts";
import { createLedger, ledgerTopicOf } from "./replay-ledger.ts";

/** Header of a replayed record: `topic/partition:offset` of the dead letter that it was. */
const replayedFrom = "millrace.replayed.from";

/** Letters that one transaction takes. */
const perTransaction = 500;

/** What became of a chosen letter. */
export type ReplayResult = "replayed" | "was replayed before" | "can't be replayed";

/** Which letters of which topic are replayed, and who is told of each. */
export interface Replay {
  readonly transport: Transport;
  readonly topic: string;
  readonly choice: Choice;
  /** Writes nothing, and says `replayed` of what would have been. */
  readonly dryRun?: boolean;
  /** Called for each chosen letter, once its transaction is committed. `why` says what is in the way. */
  readonly onLetter: (letter: DeadLetter, result: ReplayResult, why?: string) => void;
}

/**
 * Writes chosen dead letters to where they came from: same topic, partition, key, value, headers and timestamp, with
 * one header more. Exactly once each: the ledger is written in the same transaction, and the transactional id lets
 * only one replay of a topic go on at a time.
 */
export const replay = async ({
  transport,
  topic,
  choice,
  dryRun = false,
  onLetter,
}: Replay): Promise<void> => {
  if (dryRun) return replayInto(undefined, { transport, topic, choice, onLetter });
  // Missing topics are found before a ledger is made beside them.
  await DeadLetterTopic.open(transport, topic);
  await createLedger(transport, topic);
  const producer = await transport.createProducer({
    transactionalId: ledgerTopicOf(topic),
    transactionTimeoutMs: 60_000,
    compression: "none",
  });
  try {
    await producer.prepareTopics([ledgerTopicOf(topic)]);
    await replayInto(producer, { transport, topic, choice, onLetter });
  } finally {
    await producer.close();
  }
};

const replayInto = async (
  producer: RecordProducer | undefined,
  { transport, topic, choice, onLetter }: Omit<Replay, "dryRun">,
): Promise<void> => {
  // Only now: the new producer has ended what another replay had begun, so the ledger is complete.
  const letters = await DeadLetterTopic.open(transport, topic);
  const obstacles = new Obstacles(transport, producer);
  let pending: DeadLetter[] = [];
  const commit = async (): Promise<void> => {
    await producer?.flush();
    for (const letter of pending) onLetter(letter, "replayed");
    pending = [];
  };
  for await (const chunk of letters.read(rangesOf(choice, topic, letters.ranges)))
    for (const letter of chunk) {
      if (!isChosen(choice, letter)) continue;
      if (letters.wasReplayed(letter)) {
        onLetter(letter, "was replayed before");
        continue;
      }
      const obstacle = await obstacles.before(letter);
      if (obstacle !== undefined) {
        onLetter(letter, "can't be replayed", obstacle);
        continue;
      }
      if (producer !== undefined) append(producer, letters, letter);
      if (pending.push(letter) === perTransaction) await commit();
    }
  await commit();
};

const append = (producer: RecordProducer, letters: DeadLetterTopic, letter: DeadLetter): void => {
  const { source, key, value, originalTimestamp } = letter;
  if (source === undefined) return;
  const from = Buffer.from(`${letters.name}/${placeText(letter)}`);
  const headers: readonly Header[] = [
    // Of a letter that was replayed and came back, only the last journey is of use.
    ...letter.originalHeaders.filter(([name]) => name !== replayedFrom),
    [replayedFrom, from],
  ];
  const now = Date.now();
  producer.append(source.topic, source.partition, key, value, originalTimestamp, headers);
  producer.append(
    ledgerTopicOf(letters.name),
    0,
    Buffer.from(letters.ledgerKeyOf(letter)),
    Buffer.from(
      JSON.stringify({ to: `${source.topic}/${source.partition}`, at: new Date(now).toISOString() }),
    ),
    now,
    [],
  );
};

/** What keeps letters from going back; asks the cluster once per topic. */
class Obstacles {
  readonly #transport: Transport;
  readonly #producer: RecordProducer | undefined;
  /** Number of partitions of the topics that letters came from, 0 for a missing one. */
  readonly #partitions = new Map<string, number>();

  constructor(transport: Transport, producer: RecordProducer | undefined) {
    this.#transport = transport;
    this.#producer = producer;
  }

  async before({ source }: DeadLetter): Promise<string | undefined> {
    if (source === undefined) return "its headers do not say where it came from";
    const { topic, partition } = source;
    let partitions = this.#partitions.get(topic);
    if (partitions === undefined) {
      partitions = (await this.#transport.describeTopics([topic])).get(topic)?.partitions ?? 0;
      if (partitions > 0) await this.#producer?.prepareTopics([topic]);
      this.#partitions.set(topic, partitions);
    }
    if (partitions === 0) return `its topic "${topic}" does not exist any more`;
    if (partition >= partitions) return `its topic "${topic}" has no partition ${partition}`;
    return undefined;
  }
}
