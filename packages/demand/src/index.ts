export { type CapacityLookup, type SubLocation } from "./capacity.ts";
export { type DemandCounters, newDemandCounters } from "./counters.ts";
export { type DemandApp, type DemandAppOptions, startDemand } from "./demand-app.ts";
export { type DemandSettings, demandSettings } from "./demand-settings.ts";
export { type DemandOptions, demandTopology } from "./demand-topology.ts";
export { jsonLog } from "./json-log.ts";
