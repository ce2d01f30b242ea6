import { readdirSync, readFileSync } from "node:fs";
import { kafkaSettingsHelp, registrySettingsHelp, runSettingsHelp } from "@millrace/service/settings";
import * as apps from "kubernetes-models/apps/v1";
import * as policy from "kubernetes-models/policy/v1";
import * as core from "kubernetes-models/v1";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: object };
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
      };
    };
  };
}

const folder = new URL("./", import.meta.url);
const manifests = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .flatMap((name) =>
    parseAllDocuments(readFileSync(new URL(name, folder), "utf8")).map(
      (document) => [name, document.toJS() as Manifest] as const,
    ),
  );
const named = manifests.map(
  ([file, manifest]) => [`${manifest.kind} ${manifest.metadata.name} of ${file}`, manifest] as const,
);

type Model = new (manifest: object) => { validate(): void };

/** Checked against the schemas of Kubernetes' own OpenAPI document. */
const models: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  "apps/v1": apps,
  "policy/v1": policy,
};

const validate = ({ apiVersion, kind, ...rest }: Manifest): void => {
  const model = models[apiVersion]?.[kind];
  if (model === undefined) throw new Error(`there is no ${apiVersion} ${kind}`);
  new (model as Model)(rest).validate();
};

test.each(named)("%s is what Kubernetes takes", (_name, manifest) => {
  expect(() => validate(manifest)).not.toThrow();
});

test("the check finds what is not", () => {
  const [, broken] = manifests.find(([, { kind }]) => kind === "StatefulSet") ?? [];
  expect(() =>
    validate({ ...broken, spec: { ...broken?.spec, replicas: "three" } } as unknown as Manifest),
  ).toThrow(/replicas/);
});

/** Those of the venue's own binaries, which have their own help. */
const venueSettings = ["MONGODB_URI", "VENUE_TIME_ZONE"];
const known = [...kafkaSettingsHelp, ...registrySettingsHelp, ...runSettingsHelp]
  .flatMap(([variables]) => variables.split(", "))
  .concat(venueSettings);

test.each(named.filter(([, { kind }]) => kind === "ConfigMap"))(
  "%s has settings that there are",
  (_name, { data }) => {
    expect(Object.keys(data ?? {}).filter((variable) => !known.includes(variable))).toEqual([]);
  },
);

test.each(named.filter(([, { spec }]) => spec?.template !== undefined))(
  "%s is selected by its own labels, and has time to commit and leave",
  (_name, { spec }) => {
    expect(spec?.template?.metadata.labels).toMatchObject(spec?.selector?.matchLabels ?? { none: true });
    expect(spec?.template?.spec.terminationGracePeriodSeconds).toBeGreaterThan(30);
    const variables = spec?.template?.spec.containers.flatMap(({ env }) => env.map(({ name }) => name)) ?? [];
    expect(variables.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(variables).toContain("KAFKA_GROUP_INSTANCE_ID");
  },
);
