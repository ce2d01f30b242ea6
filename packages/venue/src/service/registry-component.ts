import { type Component, httpComponent } from "@millrace/service";
import type { RegistrySettings } from "@millrace/service/settings";

/** The schema registry. */
export const registryComponent = ({ url, cert, key, passphrase }: RegistrySettings): Component =>
  httpComponent({
    name: "schema registry",
    urls: url,
    tls: { cert, key, passphrase },
    advice: "check SCHEMA_REGISTRY_URL, and that the registry runs",
  });
