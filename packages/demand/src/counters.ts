/** What the demand topology counts beside the runtime's metrics. */
export interface DemandCounters {
  /** Repeated events that changed nothing. */
  duplicates: number;
  /** Records of sub-locations whose capacity nobody knows. */
  unknownCapacity: number;
}

/** All of them at 0. */
export const newDemandCounters = (): DemandCounters => ({ duplicates: 0, unknownCapacity: 0 });
