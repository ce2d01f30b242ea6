export { TestDriver } from "./test-driver.ts";
export type { PipedRecord, TestDriverOptions } from "./test-driver/test-driver-options.ts";
export type { OutputRecord, ProducedRecord } from "./test-driver/driver-outputs.ts";
export { SimulatedDisk, type SimulatedDiskOptions } from "./simulated-disk.ts";
export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export type { Fate, NetworkWeather } from "./simulated-cluster/network-weather.ts";
export {
  type PipeOptions,
  type ReadRecord,
  SimulatedCluster,
  simulatedCluster,
  type SimulatedClusterOptions,
} from "./simulated-cluster/simulated-cluster.ts";
export type { LateArrival } from "./simulated-cluster/late-arrival.ts";
export type { SimulatedBrokers } from "./simulated-cluster/broker/simulated-brokers.ts";
export type { SimulatedProcess } from "./simulated-cluster/simulated-process.ts";
export type { SimulatedTransport } from "./simulated-cluster/client/simulated-transport.ts";
export { storeContract, type StoreBench, type StoreContractOptions } from "./store-contract.ts";
export { openStore } from "../state/open-store.ts";
