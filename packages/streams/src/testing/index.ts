export { TestDriver, type OutputRecord, type ProducedRecord, type TestDriverOptions } from "./test-driver.ts";
export {
  simulatedCluster,
  type SimulatedCluster,
  type SimulatedClusterOptions,
} from "./simulated-cluster/simulated-cluster.ts";
export type { SimulatedTransport } from "./simulated-cluster/simulated-transport.ts";
export { storeContract, type StoreBench, type StoreContractOptions } from "./store-contract.ts";
