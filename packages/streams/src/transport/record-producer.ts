import type { Headers } from "../record.ts";
import type { CommitResult } from "./commit-result.ts";
import type { ProducerIdentity } from "./producer-identity.ts";
import type { GroupMembership, OffsetToCommit } from "./group-coordinator.ts";

/** How batches are compressed (`compression.type`). */
export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** A part of a commit that waits for brokers; `endTransaction` only where there are transactions. */
export type CommitRequest = "produce" | "sendOffsets" | "endTransaction";

/** What a producer is made of. */
export interface ProducerOptions {
  /** Present: transactional (EOS-v2). Absent: idempotent. */
  readonly transactionalId?: string;
  /**
   * Of an idempotent producer: that of one that was closed, whose id goes on, an epoch further (KIP-360). What that one still has
   * on the wire is refused wherever the new one has written, so that it never comes behind it.
   */
  readonly successorOf?: ProducerIdentity | undefined;
  /** After this long without an end the broker aborts the transaction; ms. */
  readonly transactionTimeoutMs: number;
  readonly compression: Compression;
  /** Told of each part of a commit how long it took, ms. */
  readonly onAnswer?: ((request: CommitRequest, tookMs: number) => void) | undefined;
}

/**
 * Writes records. `append` is synchronous and encodes at once into a growing batch per partition; nothing is sent
 * before `commit` (or `flush`). Appending goes on while a commit is on the wire: what comes after the call
 * belongs to the next one.
 */
export interface RecordProducer {
  /** As whom it writes. */
  readonly identity: ProducerIdentity;
  /**
   * Adds a record for a partition; key and value are copied. Batches are split below the topic's max.message.bytes; a single record over it
   * throws a TransportError MESSAGE_TOO_LARGE (rank `record`) and nothing is added. Throws CLOSED (rank `void`) once the
   * producer is closed.
   */
  append(
    topic: string,
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void;
  /** Bytes appended and not yet part of a commit. */
  readonly bufferedBytes: number;
  /**
   * Seals what was appended so far and makes it and the offsets durable together.
   * Transactional: AddPartitionsToTxn, Produce (one request per broker), AddOffsetsToTxn, TxnOffsetCommit v3 with
   * the membership, EndTxn; with nothing appended and no offsets it does nothing. Idempotent: Produce, then
   * OffsetCommit. One commit at a time. When it rejects, everything since the last commit is void: `close` this
   * producer, and begin again from the committed offsets with a new one. Records that a broker refuses (INVALID_TIMESTAMP,
   * INVALID_RECORD, MESSAGE_TOO_LARGE) are named in the error's `refused`.
   */
  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<CommitResult>;
  /** Sends what was appended without offsets (publisher, tests): within a transaction of its own if transactional. */
  flush(): Promise<CommitResult>;
  /**
   * Drops what was appended. A commit on the wire rejects at once with CLOSED (rank `void`): nobody knows which way it
   * goes. Asks the broker once to abort an open transaction, and waits no longer than about a second for that, whatever
   * brokers do. Never rejects.
   */
  close(): Promise<void>;
  /**
   * Number of bytes of the largest record batch the topic takes (max.message.bytes). Must be awaited once per topic
   * before its first `append`; `append` to an unknown topic throws.
   */
  prepareTopics(topics: readonly string[]): Promise<void>;
}
