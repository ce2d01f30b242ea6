import { MillraceError, messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { AppOptions, AppSettings } from "./app-options.ts";
import { appSettings } from "./app-settings.ts";
import { type AppState, StateMachine } from "./app-state.ts";
import { prepareTopics } from "../topics/prepare-topics.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { Member } from "../member/member.ts";
import { GroupMember } from "../group/membership.ts";
import { runnableSubTopologies } from "../group/runnable.ts";
import { type Metrics, newMetrics } from "./metrics.ts";
import { processId } from "./process-id.ts";
import { startSerdes } from "./start-serdes.ts";
import { failedUnseen, seen } from "./unseen-failures.ts";

/** A topology that runs (Kafka Streams' `KafkaStreams`). */
export interface App {
  readonly applicationId: string;
  readonly state: AppState;
  readonly metrics: Readonly<Metrics>;
  /** Tasks that process, and tasks whose state is still being restored: ids as `<sub-topology>_<partition>`. */
  readonly tasks: { readonly active: readonly string[]; readonly restoring: readonly string[] };
  /** Records between what was processed and the end, by `topic-partition`, as far as known. */
  readonly lag: ReadonlyMap<string, number>;
  /** What ended it, in state `error`. */
  readonly failure: Error | undefined;
  /**
   * Connects, checks and creates topics, joins the group. Resolves when it is a member; rejects, in state `error`,
   * with a MillraceError that says what to do.
   */
  start(): Promise<void>;
  /**
   * Commits and leaves (`KafkaStreams.close(Duration)`). Resolves when everything is closed; calling it again waits for
   * the same. After `timeoutMs` (never, unless given) it stops waiting for the commit: what that would have held is
   * done again by whoever comes next.
   */
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Tells of each change of state; answers a function that ends it. */
  onState(listener: (state: AppState, before: AppState) => void): () => void;
  /**
   * Resolves when it has stopped; rejects with what ended it. If nobody calls it and the process comes to its end, that
   * is printed, and the exit code is 1.
   */
  done(): Promise<void>;
}

/** An application from a topology and how to run it. Throws a MillraceError `CONFIG` for options that can't work. */
export const createApp = (topology: Topology, options: AppOptions): App =>
  new RunningApp(topology, appSettings(options, topology.name));

class RunningApp implements App {
  readonly metrics: Metrics = newMetrics();
  failure: Error | undefined;
  readonly #topology: Topology;
  readonly #settings: AppSettings;
  readonly #states = new StateMachine();
  #member: Member | undefined;
  #group: GroupMember | undefined;
  #stopping: Promise<void> | undefined;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(topology: Topology, settings: AppSettings) {
    this.#topology = topology;
    this.#settings = settings;
  }

  get applicationId(): string {
    return this.#settings.applicationId;
  }

  get state(): AppState {
    return this.#states.state;
  }

  get tasks(): App["tasks"] {
    return { active: this.#member?.active ?? [], restoring: this.#member?.restoring ?? [] };
  }

  get lag(): ReadonlyMap<string, number> {
    return this.#member?.lag ?? new Map<string, number>();
  }

  onState(listener: (state: AppState, before: AppState) => void): () => void {
    return this.#states.listen(listener);
  }

  async start(): Promise<void> {
    this.#states.mustBe("created", "start()");
    const { transport } = this.#settings;
    try {
      await transport.connect();
      const plan = await prepareTopics(this.#topology, this.#settings);
      await startSerdes(this.#topology, this.#settings.applicationId);
      this.#states.to("rebalancing");
      this.#run(plan);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#states.to("error");
      await transport.close().catch(() => undefined);
      throw error;
    }
  }

  stop({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async done(): Promise<void> {
    if (this.state !== "stopped" && this.state !== "error")
      await new Promise<void>((resolve) => {
        const end = this.#states.listen((state) => {
          if (state !== "stopped" && state !== "error") return;
          end();
          resolve();
        });
      });
    if (this.failure === undefined) return;
    seen(this.failure);
    throw this.failure;
  }

  #run(plan: TopicPlan): void {
    const { applicationId, transport, clock, log } = this.#settings;
    const coordinator = transport.groupCoordinator(applicationId);
    const group = new GroupMember(
      {
        groupId: applicationId,
        coordinator,
        instanceId: this.#settings.instanceId,
        sessionTimeoutMs: this.#settings.sessionTimeoutMs,
        heartbeatIntervalMs: this.#settings.heartbeatIntervalMs,
        rebalanceTimeoutMs: this.#settings.rebalanceTimeoutMs,
        clock,
        log,
        runnable: () => runnableSubTopologies(this.#topology, applicationId, plan),
      },
      {
        beforeJoin: () => member.quiet(),
        assigned: (tasks) => member.assigned(tasks),
        revoked: (tasks) => member.revoked(tasks),
        lost: () => member.lost(),
        changed: (state) => {
          if (state === "joining") {
            this.metrics.rebalances++;
            this.#states.to("rebalancing");
          } else this.#states.to("running");
        },
      },
    );
    const member = new Member(
      this.#topology,
      this.#settings,
      plan,
      coordinator,
      group,
      this.metrics,
      processId(clock),
    );
    this.#member = member;
    this.#group = group;
    this.#loops = Promise.allSettled([
      member.run().catch((error: unknown) => this.#fail(error)),
      group.run().catch((error: unknown) => this.#fail(error)),
    ]);
  }

  async #stop(timeoutMs: number | undefined): Promise<void> {
    if (this.state === "error") return;
    this.#states.to("pendingShutdown");
    const { clock, log } = this.#settings;
    const member = this.#member;
    const impatience =
      timeoutMs === undefined
        ? undefined
        : clock.setTimeout(() => {
            log(
              "warn",
              `no commit within ${timeoutMs} ms: stopping without it; what it would have held is done again`,
            );
            void member?.abort();
          }, timeoutMs);
    try {
      await member?.stop().finally(() => clock.clearTimeout(impatience));
      await this.#group?.leave();
      await this.#loops;
      await this.#settings.transport.close();
      this.#states.to("stopped");
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Ends everything without a commit. */
  async #fail(error: unknown): Promise<void> {
    if (this.failure !== undefined) return;
    this.failure =
      error instanceof Error ? error : new MillraceError(messageOf(error), { code: "UNKNOWN", cause: error });
    failedUnseen(this.failure, this.applicationId);
    this.#settings.log("error", `stopping: ${this.failure.message}`, {
      code: error instanceof MillraceError ? error.code : "UNKNOWN",
    });
    const { transport } = this.#settings;
    for (const end of [() => this.#member?.abort(), () => this.#group?.leave(), () => transport.close()])
      try {
        await end();
      } catch (another) {
        this.#settings.log("debug", `while stopping: ${messageOf(another)}`);
      }
    this.#states.to("error");
  }
}
