import type { AnyRecord, StageNode } from "../../stages.ts";
import type { Topic } from "../../topic.ts";
import type { SourceInput } from "./attach.ts";

/** Names of the topics that a source reads in one life of a task. */
export type TopicsRead = (source: StageNode) => readonly string[];

/** What takes the records of one topic. */
export interface TopicInput {
  /** Whose serdes read it. */
  readonly node: StageNode;
  readonly topic: string;
  readonly input: SourceInput;
}

/**
 * What starts from one topic reads it once: each record goes to all, in the order of the topology. Where one of them is a
 * table, nulls are read, too; what does not take them `refuse`s the record, while the table deletes its row.
 */
export const sourcesByTopic = (
  inputs: ReadonlyMap<StageNode, SourceInput>,
  topicsRead: TopicsRead,
  refuse: (error: unknown) => void,
): readonly TopicInput[] => {
  const sources = new Map<string, { node: StageNode; readonly inputs: [StageNode, SourceInput][] }>();
  for (const [node, input] of inputs)
    for (const topic of topicsRead(node)) {
      const known = sources.get(topic);
      if (known === undefined) sources.set(topic, { node, inputs: [[node, input]] });
      else {
        known.inputs.push([node, input]);
        if (readsNulls(node)) known.node = node;
      }
    }
  return [...sources].map(([topic, source]) => ({
    node: source.node,
    topic,
    input: together(
      source.inputs.map(([node, input]) => {
        const { role } = node;
        const own = role.type === "source" ? role.topics.find(({ name }) => name === topic) : undefined;
        return own !== undefined && readsNulls(source.node) && !readsNulls(node)
          ? withoutNulls(own, input, refuse)
          : input;
      }),
    ),
  }));
};

const readsNulls = ({ role }: StageNode): boolean => role.type === "source" && role.nulls;

const together = (inputs: readonly SourceInput[]): SourceInput => {
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) return only;
  return (record) => {
    for (const input of inputs) input(record);
  };
};

const nothing = Buffer.alloc(0);

/** What the topic's own serdes make of a null that was read for a table. */
const withoutNulls =
  (
    { key, value }: Topic<unknown, unknown>,
    input: SourceInput,
    refuse: (error: unknown) => void,
  ): SourceInput =>
  (record) => {
    let own: AnyRecord = record;
    if (record.key === null || record.value === null)
      try {
        own = {
          ...record,
          key: record.key ?? key.deserialize(nothing, -1, 0),
          value: record.value ?? value.deserialize(nothing, -1, 0),
        };
      } catch (error) {
        refuse(error);
        return;
      }
    input(own);
  };
