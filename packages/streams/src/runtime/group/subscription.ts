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

/** A sub-topology that a member can run, and the partitions of it that it runs now. */
export interface OfferedSubTopology extends SubTopologyDescription {
  readonly owned: readonly number[];
}

/** What a member says of itself when it joins. */
export interface Subscription {
  /** Generation in which it got what it owns, -1 for none: of two that claim a task the later one has it. */
  readonly generation: number;
  readonly offers: readonly OfferedSubTopology[];
  /** Why all members of the application are to stop (KIP-671). */
  readonly stop?: string | undefined;
}

/** A later version may add fields (lags, standbys, an endpoint), and must keep those of the first. */
const version = 1;

/** Bounds what a broken member can make the leader unpack; a thousand stores with long names are a fifth of it. */
const maxUnpackedBytes = 1 << 20;

/** A ConsumerProtocolSubscription; its user data is deflated JSON, for brokers keep all of a group in one record. */
export const encodeSubscription = ({ generation, offers, stop }: Subscription): Buffer =>
  encodeProtocolSubscription(
    [...new Set(offers.flatMap(({ sources }) => sources))].toSorted(),
    deflateRawSync(
      JSON.stringify({
        version,
        generation,
        stop,
        offers: offers.map(({ identity, sources, stores, tasks, owned }) => ({
          identity,
          sources,
          stores,
          tasks,
          owned,
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
  (said["stop"] === undefined || isString(said["stop"])) &&
  Array.isArray(said["offers"]) &&
  said["offers"].every(isOffer);

const isOffer = (said: unknown): boolean =>
  isObject(said) &&
  typeof said["identity"] === "string" &&
  isListOf(said["sources"], isString) &&
  isListOf(said["stores"], isString) &&
  isCount(said["tasks"]) &&
  isListOf(said["owned"], isCount);

const isObject = (said: unknown): said is Readonly<Record<string, unknown>> =>
  typeof said === "object" && said !== null;
const isString = (said: unknown): boolean => typeof said === "string";
const isCount = (said: unknown): said is number => Number.isSafeInteger(said) && Number(said) >= 0;
const isListOf = (said: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(said) && said.every(is);
