import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type AssignedPartitions, isTasks } from "./assigned-partitions.ts";

/** What a member that can be asked has, as all members are told. */
export interface HostTasks {
  /** "host:port". */
  readonly endpoint: string;
  readonly tasks: readonly AssignedPartitions[];
  readonly standbys: readonly AssignedPartitions[];
}

/** A thousand members with a thousand tasks each are a tenth of it. */
const maxUnpackedBytes = 64 << 20;

/** Packed, for each member is told of all of them, and brokers keep all of a group in one record. */
export const encodeHosts = (hosts: readonly HostTasks[]): string =>
  deflateRawSync(JSON.stringify(hosts)).toString("base64");

/** Throws on what is not packed so; what is no host in it is left out. */
export const decodeHosts = (packed: string): readonly HostTasks[] => {
  const said: unknown = JSON.parse(
    inflateRawSync(Buffer.from(packed, "base64"), { maxOutputLength: maxUnpackedBytes }).toString("utf8"),
  );
  return Array.isArray(said) ? said.filter(isHost) : [];
};

const isHost = (said: unknown): said is HostTasks =>
  typeof said === "object" &&
  said !== null &&
  "endpoint" in said &&
  typeof said.endpoint === "string" &&
  "tasks" in said &&
  isTasks(said.tasks) &&
  "standbys" in said &&
  isTasks(said.standbys);
