import { registrySettings as fromEnvironment, type RegistrySettings } from "@millrace/service/settings";
import { checkedSettings, type Variables } from "./checked-settings.ts";

/**
 * How to reach the schema registry: `--registry` or `SCHEMA_REGISTRY_URL`, and `SCHEMA_REGISTRY_*`; undefined where
 * neither is given. Throws a MillraceError `USAGE` on what can't be used.
 */
export const registrySettings = (
  url: string | undefined,
  variables: Variables,
): RegistrySettings | undefined => {
  if ((url ?? variables["SCHEMA_REGISTRY_URL"] ?? "") === "") return undefined;
  const given = { flag: "--registry", variable: "SCHEMA_REGISTRY_URL", value: url };
  return checkedSettings(variables, given, fromEnvironment);
};
