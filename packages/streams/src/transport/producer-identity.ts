/** Who writes, as brokers know it: of one id they refuse an earlier epoch wherever a later one has written. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}
