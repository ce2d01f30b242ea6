import { type ErasedSerde, erased } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KTable, StageNode } from "../stages.ts";
import { erasedStore, keyValueStore } from "../state/store-definition.ts";
import { combinedKeySerde } from "./combined-key.ts";
import { foreignKeyNames } from "./foreign-key-names.ts";
import { TopologyError } from "../errors.ts";
import type { ErasedForeignKey, ErasedJoin, ErasedJoiner } from "./joined.ts";
import { keptTable } from "./kept-table.ts";
import { attachLookUp } from "./look-up-subscriptions.ts";
import { missingSerde } from "./missing-serde.ts";
import { operatorStage } from "./operator-stage.ts";
import { readable } from "./readable.ts";
import { repartitionNode } from "./repartition-node.ts";
import { attachResolve } from "./resolve-responses.ts";
import { attachSubscribe } from "./send-subscriptions.ts";
import { storesRead } from "./stores-read.ts";
import { storeView } from "./store-view.ts";
import { type Subscription, subscriptionSerde } from "./subscription.ts";
import { type SubscriptionResponse, subscriptionResponseSerde } from "./subscription-response.ts";

/**
 * The join of two tables by a key in the left one's rows (KIP-213). Each row of the left table subscribes to the right row
 * that it names, through a topic that is partitioned as the right table is; the right table keeps the subscriptions, and
 * answers them, now and whenever its row changes, through another topic, to the partition where the left row is. There the
 * two meet, unless the left row has become another one meanwhile.
 */
export const foreignKeyJoin = (
  left: StageNode,
  right: StageNode,
  operator: string,
  foreignKey: ErasedForeignKey,
  joiner: ErasedJoiner,
  { name, value, store, partitioner, otherPartitioner }: ErasedJoin,
): KTable<unknown, unknown> => {
  if (name === undefined)
    throw new TopologyError(
      `${operator}() by a foreign key needs a name for its topics and its store: give it { name }`,
    );
  const isLeft = operator === "leftJoin";
  const leftView = readable(left, operator);
  const rightView = readable(right, operator);
  const names = foreignKeyNames(name);
  const serdes = {
    leftKey: needed(left, "key", operator, names.subscriptions),
    leftValue: needed(left, "value", operator, names.subscriptions),
    rightKey: needed(right, "key", operator, names.subscriptions),
    rightValue: needed(right, "value", operator, names.responses),
  };
  const stored = subscriptionSerde(serdes.leftKey);
  const sent = subscriptionSerde(serdes.leftKey, startBoth(serdes.leftKey, serdes.leftValue));
  const subscriptionStore = keyValueStore(names.store, {
    key: combinedKeySerde(serdes.rightKey, serdes.leftKey),
    value: stored,
  });

  const subscribe = operatorStage<"KStream", unknown, unknown>(
    "KStream",
    { input: left },
    {
      operator,
      name,
      role: { type: "foreignKeyJoin", part: "subscribe" },
      attach: attachSubscribe({ operator, foreignKey, isLeft, ...serdes }),
    },
  );
  const subscriptions = repartitionNode(subscribe.node, names.subscriptions, {
    operator,
    topic: names.subscriptions,
    nullKeys: true,
    // To where the right row is. Without a foreign key there is none, and any partition answers.
    partitioner:
      otherPartitioner &&
      ((_subscription, key, _record, partitions) =>
        key === null ? undefined : otherPartitioner(key, partitions)),
    key: nullable(serdes.rightKey),
    value: erased<Subscription<unknown>>(sent),
  });
  const lookUp = operatorStage<"KStream", unknown, unknown, "subscriptions" | "right">(
    "KStream",
    { subscriptions, right },
    {
      operator,
      name,
      role: { type: "foreignKeyJoin", part: "lookUp" },
      stores: [erasedStore(subscriptionStore), ...storesRead(right)],
      attach: attachLookUp({ operator, subscriptionStore, rightKey: serdes.rightKey, rightView }),
    },
  );
  const responses = repartitionNode(lookUp.node, names.responses, {
    operator,
    topic: names.responses,
    // To where the left row is, whatever put it there.
    partitioner: (response, key, _record, partitions) =>
      (response as SubscriptionResponse<unknown>).partition ?? partitioner?.(key, partitions),
    key: serdes.leftKey,
    value: erased<SubscriptionResponse<unknown>>(subscriptionResponseSerde(serdes.rightValue)),
  });
  const kept = keptTable(left, operator, store, value);
  return operatorStage<"KTable", unknown, unknown>(
    "KTable",
    { input: responses },
    {
      operator,
      name,
      role: { type: "foreignKeyJoin", part: "resolve" },
      key: left.key,
      value: kept?.value ?? value,
      rekeyed: false,
      stores: [...new Set([...storesRead(left), ...(kept === undefined ? [] : [kept])])],
      materialized: kept,
      // Without a store nobody could tell what the right side answered last.
      view: kept === undefined ? undefined : storeView(kept),
      attach: attachResolve({ operator, isLeft, joiner, leftView, leftValue: serdes.leftValue, kept }),
    },
  );
};

const needed = (table: StageNode, part: "key" | "value", operator: string, topic: string): ErasedSerde => {
  const serde = table[part];
  if (serde === undefined) throw missingSerde(`the topic "${topic}"`, part, `${operator}()`, table);
  return serde;
};

/** Under the names of Kafka Streams: what is inside of a record of the topic has a subject of its own. */
const startBoth = (key: ErasedSerde, value: ErasedSerde): ErasedSerde["start"] =>
  key.start === undefined && value.start === undefined
    ? undefined
    : async (role) => {
        await key.start?.({ ...role, topic: `${role.topic}-pk`, part: "key" });
        await value.start?.({ ...role, topic: `${role.topic}-vh`, part: "value" });
      };
