import { type Component, httpComponent } from "@millrace/service";

/** The schema registry. */
export const registryComponent = (url: string): Component =>
  httpComponent({
    name: "schema registry",
    url,
    advice: "check SCHEMA_REGISTRY_URL, and that the registry runs",
  });
