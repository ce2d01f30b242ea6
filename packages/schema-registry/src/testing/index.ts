export {
  type RegistryRequest,
  type RegistryServer,
  type RegistryServerOptions,
  startRegistryServer,
} from "./registry-server.ts";
export { registrySerdeContract, type RegistrySerdeBench } from "./registry-serde-contract.ts";
