/** Where the fields of a record batch (magic 2) stand, in bytes from its start. */
export const layout = {
  baseOffset: 0,
  length: 8,
  /** The length counts from here. */
  afterLength: 12,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  /** The CRC covers everything from here. */
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

export const batchHeaderSize = 61;
export const compressionMask = 0x07;
export const logAppendTimeFlag = 0x08;
export const transactionalFlag = 0x10;
export const controlFlag = 0x20;
