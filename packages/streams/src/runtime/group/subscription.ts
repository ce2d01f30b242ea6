import { deflateRawSync, inflateRawSync } from "node:zlib";
import { encodeProtocolSubscription, subscriptionUserData } from "./consumer-protocol.ts";

/** What the group knows of a sub-topology, whoever has it. */
export interface SubTopologyDescription {
  readonly identity: string;
  /** Names of its source topics. */
  readonly sources: readonly string[];
  /** Names of its stores. */
  readonly stores: readonly string[];
  /** Number of tasks, as the member that says so knows its topics. */
  readonly tasks: number;
}

/**
 * What a member has of the state of one task: how many records its changelogs hold that this state lacks, and how many
 * they hold at all, deleted ones included. Summed over the stores.
 */
export type StateLag = readonly [partition: number, lag: number, whole: number];

/** A sub-topology that a member can run, the partitions of it that it runs now, and what it has of their states. */
export interface OfferedSubTopology extends SubTopologyDescription {
  readonly owned: readonly number[];
  /** Partitions of which it keeps standbys now; undefined where it can keep none: there is no state, or no changelog. */
  readonly standbys?: readonly number[] | undefined;
  /** Those of its standbys that are to become tasks, as the last assignment said. */
  readonly next?: readonly number[] | undefined;
  /** Of the tasks that it runs, of its standbys, and of what lies on its disk. */
  readonly lags?: readonly StateLag[] | undefined;
}

/** What a member says of itself when it joins. */
export interface Subscription {
  /** Generation in which it got what it owns, -1 for none: of two that claim a task the later one has it. */
  readonly generation: number;
  readonly offers: readonly OfferedSubTopology[];
  /** Where its stores can be asked, "host:port" (`application.server`). */
  readonly endpoint?: string | undefined;
  /** What tells where it runs (`client.tag.*`, KIP-708): standbys of a task are kept apart by it. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Why all members of the application are to stop (KIP-671). */
  readonly stop?: string | undefined;
}

/** A later version may add fields, as the second did with states and endpoints, and must keep those of the first. */
const version = 2;

/** Bounds what a broken member can make the leader unpack; a thousand stores with long names are a fifth of it. */
const maxUnpackedBytes = 1 << 20;

/** A ConsumerProtocolSubscription; its user data is deflated JSON, for brokers keep all of a group in one record. */
export const encodeSubscription = ({ generation, offers, endpoint, tags, stop }: Subscription): Buffer =>
  encodeProtocolSubscription(
    [...new Set(offers.flatMap(({ sources }) => sources))].toSorted(),
    deflateRawSync(
      JSON.stringify({
        version,
        generation,
        endpoint,
        tags,
        stop,
        offers: offers.map(({ identity, sources, stores, tasks, owned, standbys, next, lags }) => ({
          identity,
          sources,
          stores,
          tasks,
          owned,
          standbys,
          next,
          lags,
        })),
      }),
    ),
  );

/** Reads what any later version adds to without it; undefined for what no such member wrote. */
export const decodeSubscription = (data: Buffer): Subscription | undefined => {
  try {
    const said: unknown = JSON.parse(
      inflateRawSync(subscriptionUserData(data), { maxOutputLength: maxUnpackedBytes }).toString("utf8"),
    );
    return isSubscription(said) && said.version >= 1 ? said : undefined;
  } catch {
    // Whatever it is, its member can be given nothing; the leader says so, and goes on with the others.
    return undefined;
  }
};

const isSubscription = (said: unknown): said is Subscription & { readonly version: number } =>
  isObject(said) &&
  isCount(said["version"]) &&
  Number.isSafeInteger(said["generation"]) &&
  isMaybe(said["stop"], isString) &&
  isMaybe(said["endpoint"], isString) &&
  isMaybe(said["tags"], isTags) &&
  Array.isArray(said["offers"]) &&
  said["offers"].every(isOffer);

const isOffer = (said: unknown): boolean =>
  isObject(said) &&
  typeof said["identity"] === "string" &&
  isListOf(said["sources"], isString) &&
  isListOf(said["stores"], isString) &&
  isCount(said["tasks"]) &&
  isListOf(said["owned"], isCount) &&
  isMaybe(said["standbys"], (list) => isListOf(list, isCount)) &&
  isMaybe(said["next"], (list) => isListOf(list, isCount)) &&
  isMaybe(said["lags"], (list) => isListOf(list, isLag));

const isLag = (said: unknown): boolean =>
  isListOf(said, isCount) && (said as readonly unknown[]).length === 3;
const isTags = (said: unknown): boolean => isObject(said) && Object.values(said).every(isString);
const isMaybe = (said: unknown, is: (said: unknown) => boolean): boolean => said === undefined || is(said);

const isObject = (said: unknown): said is Readonly<Record<string, unknown>> =>
  typeof said === "object" && said !== null;
const isString = (said: unknown): boolean => typeof said === "string";
const isCount = (said: unknown): said is number => Number.isSafeInteger(said) && Number(said) >= 0;
const isListOf = (said: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(said) && said.every(is);
