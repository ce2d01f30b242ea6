export {
  type RegistryRequest,
  type RegistryServer,
  type RegistryServerOptions,
  startRegistryServer,
} from "./registry-server.ts";
