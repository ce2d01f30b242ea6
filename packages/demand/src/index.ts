export { type CapacityLookup, type SubLocation } from "./capacity.ts";
export { type DemandCounters, newDemandCounters } from "./counters.ts";
export { importHistory, type ImportHistoryOptions } from "./import-history.ts";
export { type DemandAppOptions, startDemand } from "./demand-app.ts";
export { type DemandSettings, demandSettings } from "./demand-settings.ts";
export { type DemandOptions, demandTopology } from "./demand-topology.ts";
