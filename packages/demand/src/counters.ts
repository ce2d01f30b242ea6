/** What the demand topology counts beside the runtime's metrics. */
export interface DemandCounters {
  /** Repeated events that changed nothing. */
  duplicates: number;
  /** Records of sub-locations whose capacity nobody knows. */
  unknownCapacity: number;
}

export const newDemandCounters = (): DemandCounters => ({ duplicates: 0, unknownCapacity: 0 });
