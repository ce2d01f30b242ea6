import { TopologyError } from "../errors.ts";
import type { ErasedSerde, Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Topic, TopicOptions } from "../topic.ts";
import type { Named } from "./named.ts";
import { sourceStage } from "./source-stage.ts";

/** A topic of whatever types. */
interface AnyTopic {
  readonly name: string;
  readonly key: Pick<Serde<unknown>, "deserialize">;
  readonly value: Pick<Serde<unknown>, "deserialize">;
}

/** What is read of a topic, or of any of several. */
type Read<T extends AnyTopic, Part extends "key" | "value"> = T extends unknown
  ? ReturnType<T[Part]["deserialize"]>
  : never;

/**
 * Starts a pipe with the records of a topic (`StreamsBuilder.stream`).
 *
 * Of several topics: those of all of them, each read by its own serdes and timestamps (`stream(Collection)`). There are as
 * many tasks as the greatest has partitions; where state follows without a repartition before it, all must have as many.
 *
 * Of a pattern: those of every topic whose whole name matches it (`stream(Pattern)`), read by the serdes that are given.
 * New topics are taken up while the application runs, within `metadataMaxAgeMs`, from their beginnings
 * whatever `startFrom` says, and one that is deleted is read no more;
 * the application's internal topics, and those for dead letters and late records, are not among them. What it finds is
 * bound as several topics are: where state follows, a topic with another number of partitions stops the application with
 * a MillraceError COPARTITION.
 *
 * Throws a TopologyError for no topic at all, two of one name, and a pattern with the flags "g" or "y".
 */
export const stream: {
  <T extends AnyTopic>(sources: readonly T[], options?: Named): KStream<Read<T, "key">, Read<T, "value">>;
  <K, V>(pattern: RegExp, options: Named & TopicOptions<K, V>): KStream<K, V>;
  // Last: errors are told of the last.
  <K, V>(source: Topic<K, V>, options?: Named): KStream<K, V>;
} = (
  source: AnyTopic | readonly AnyTopic[] | RegExp,
  options: Named & { readonly [Option in keyof TopicOptions<unknown, unknown>]?: unknown } = {},
): KStream<never, never> => {
  if (source instanceof RegExp) return matching(source, options as Named & TopicOptions<unknown, unknown>);
  const topics = [...new Set([source].flat())] as unknown as readonly Topic<unknown, unknown>[];
  checkTopics(topics);
  return sourceStage({
    operator: "stream",
    name: options.name,
    topics,
    key: common(topics.map(({ key }) => key)),
    value: common(topics.map(({ value }) => value)),
    nulls: false,
  });
};

const checkTopics = (topics: readonly Topic<unknown, unknown>[]): void => {
  if (topics.length === 0) throw new TopologyError("stream([]) reads nothing: give it a topic");
  const names = new Set<string>();
  for (const { name } of topics) {
    if (names.has(name))
      throw new TopologyError(`stream([...]) has two topics of the name "${name}": give it once`);
    names.add(name);
  }
};

const matching = <K, V>(pattern: RegExp, options: Named & TopicOptions<unknown, unknown>): KStream<K, V> => {
  const { key, value, timestamp, name } = options;
  if (pattern.global || pattern.sticky)
    throw new TopologyError(`the pattern ${pattern} of stream() must have neither the flag "g" nor "y"`);
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return sourceStage({
    operator: "stream",
    name,
    topics: [],
    pattern: {
      text: pattern.source,
      identity: String(pattern),
      matches: (topic) => whole.test(topic),
      reading: { key, value, ...(timestamp !== undefined && { timestamp }) },
    },
    key,
    value,
    nulls: false,
  });
};

/** The serde that all have. */
const common = ([first, ...others]: readonly ErasedSerde[]): ErasedSerde | undefined =>
  others.every((other) => other === first) ? first : undefined;
