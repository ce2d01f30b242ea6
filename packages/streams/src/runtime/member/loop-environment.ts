import type { RecordProducer } from "../../transport/record-producer.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { Restorer } from "../restore/restorer.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { Task } from "../task/task.ts";
import type { MemberState } from "./member-state.ts";

/** What the loop works on, and whom it tells. */
export interface LoopEnvironment {
  readonly settings: AppSettings;
  readonly metrics: AppMetrics;
  readonly state: () => MemberState;
  readonly tasks: () => ReadonlyMap<string, PreparedTask>;
  readonly producer: () => RecordProducer | undefined;
  /** The session may have ended, and others may have the tasks. */
  readonly unheard: () => boolean;
  readonly restorer: () => Restorer;
  readonly dispatch: (event: { readonly type: "due" | "overdue" | "giveUp" } | Void | Settled) => void;
  /** A task is halted: by a failure, or by a record that is to be tried again. */
  readonly failed: (task: Task) => void;
}

interface Void {
  readonly type: "void";
  readonly epoch: number;
}

interface Settled {
  readonly type: "settled";
  readonly commit: number;
}
