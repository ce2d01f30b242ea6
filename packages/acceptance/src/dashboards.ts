import { readFileSync } from "node:fs";

/** What a panel asks Prometheus, and how the answers are called. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

/** One of a dashboard's pictures, as far as tests look at it. */
export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly mappings?: readonly {
        readonly options: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
      }[];
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

/** A dashboard as Grafana is given it. */
export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
}

/** What is provisioned for Prometheus and Grafana. */
export const observability = new URL("../../container/observability/", import.meta.url);

const dashboard = (name: string): Dashboard =>
  JSON.parse(readFileSync(new URL(`grafana/dashboards/${name}.json`, observability), "utf8")) as Dashboard;

/** Those of any application, and of the venue's. */
export const dashboards: readonly Dashboard[] = ["application", "venue"].map(dashboard);
