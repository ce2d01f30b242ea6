import { MillraceError, messageOf } from "../../errors.ts";
import type { SomeStoreDefinition, StoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import { GlobalTables } from "../global/global-tables.ts";
import { AppMetrics } from "../metrics/app-metrics.ts";
import {
  hostsForKey,
  type KeyHosts,
  type KeyPartitioner,
  type StoreHost,
  storeHosts,
  type StoreHostsOptions,
} from "../query/store-hosts.ts";
import type { HeldPartitions } from "../query/held-partitions.ts";
import { heldStores } from "../query/held-stores.ts";
import type { QueriedStore, QueryableDefinition } from "../query/queried-store.ts";
import { storeNotOpen } from "../query/query-error.ts";
import type { QueryOptions } from "../query/query-options.ts";
import { queryStore } from "../query/query-store.ts";
import { prepareTopics } from "../topics/prepare-topics.ts";
import type { AppOptions, AppSettings } from "../settings/app-options.ts";
import { appSettings } from "../settings/app-settings.ts";
import { type AppState, StateMachine } from "../settings/app-state.ts";
import type { App, StopOptions } from "./app.ts";
import { outageLog } from "./outage-log.ts";
import { checkInternalNames } from "./check-internal-names.ts";
import { observedApp } from "./observed-app.ts";
import { OwnTimers } from "../../own-timers.ts";
import { Run } from "./run.ts";
import { startSerdes } from "../topics/start-serdes.ts";
import { failedUnseen, seen } from "./unseen-failures.ts";

/** An application from a topology and how to run it. Throws a MillraceError `CONFIG` for options that can't work. */
export const createApp = (topology: Topology, options: AppOptions): App => {
  const settings = appSettings(options, topology.name);
  checkInternalNames(topology, settings.applicationId);
  return new RunningApp(topology, settings);
};

class RunningApp implements App {
  readonly metrics: AppMetrics;
  failure: Error | undefined;
  readonly topology: Topology;
  readonly #settings: AppSettings;
  readonly #timers: OwnTimers;
  readonly #states: StateMachine;
  #globals: GlobalTables | undefined;
  #run: Run | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(topology: Topology, settings: AppSettings) {
    this.topology = topology;
    this.#timers = new OwnTimers(settings.clock);
    this.#settings = { ...settings, clock: this.#timers };
    this.#states = new StateMachine((error) =>
      settings.log("error", `a listener of the application's state failed: ${messageOf(error)}`),
    );
    this.metrics = new AppMetrics(topology, settings.clock, settings.applicationId);
    this.metrics.observed = observedApp(this, () => this.#run?.member);
  }

  get applicationId(): string {
    return this.#settings.applicationId;
  }

  get state(): AppState {
    return this.#states.state;
  }

  get tasks(): App["tasks"] {
    const { active = [], restoring = [], standby = [] } = this.#run?.member.view ?? {};
    return { active, restoring, standby };
  }

  get lag(): ReadonlyMap<string, number> {
    return this.#run?.member.view.lag ?? new Map<string, number>();
  }

  get standbyLag(): ReadonlyMap<string, number> {
    return this.#run?.member.view.standbyLag ?? new Map<string, number>();
  }

  get restores(): App["restores"] {
    const restores = this.#run?.member.view.restores ?? [];
    return restores.map(({ taskId: task, store, restored, remaining }) => ({
      task,
      store,
      restored,
      remaining,
    }));
  }

  storeHosts(store: SomeStoreDefinition | string): readonly StoreHost[] {
    return storeHosts(this.#hosts, store);
  }

  hostsForKey<K>(
    store: { readonly name: string } | string,
    key: K,
    partitioner?: KeyPartitioner<K>,
  ): KeyHosts {
    const name = typeof store === "string" ? store : store.name;
    return hostsForKey(this.#hosts, name, key, partitioner as KeyPartitioner<unknown> | undefined);
  }

  get #hosts(): StoreHostsOptions {
    const { applicationServer } = this.#settings;
    const { hosts = [], plan = { tasks: [] } } = this.#run ?? {};
    return { topology: this.topology, plan, hosts, applicationServer };
  }

  store<D extends QueryableDefinition>(store: D | string, options: QueryOptions = {}): QueriedStore<D> {
    const { applicationId } = this;
    const holder = {
      applicationId,
      topology: this.topology,
      held: (definition: StoreDefinition, stale: boolean) => this.#held(definition, stale),
    };
    return queryStore(holder, store, options) as QueriedStore<D>;
  }

  #held(definition: StoreDefinition, stale: boolean): HeldPartitions {
    const run = this.#run;
    const globals = this.#globals;
    if (
      run === undefined ||
      globals === undefined ||
      (this.state !== "running" && this.state !== "rebalancing")
    )
      throw storeNotOpen(definition.name, this.state);
    const { view } = run.member;
    const tasks = stale ? new Map([...view.keptStandbys, ...view.held]) : view.held;
    const waiting = view.restoring.filter((id) => !tasks.has(id));
    const held = heldStores({ topology: this.topology, plan: run.plan, globals, tasks, waiting }, definition);
    const hasNone = held.stores.size === 0 && held.restoring.length === 0;
    // It may be given some in a moment.
    if (hasNone && this.state === "rebalancing") throw storeNotOpen(definition.name, this.state);
    return held;
  }

  onState(listener: (state: AppState, before: AppState) => void): () => void {
    return this.#states.listen(listener);
  }

  async start(): Promise<void> {
    this.#states.mustBe("created", "start()");
    if (this.#starting !== undefined) throw new MillraceError("start() was called twice", { code: "STATE" });
    this.#starting = this.#start();
    await this.#starting;
  }

  async stop({ timeoutMs, leaveGroup = false }: StopOptions = {}): Promise<void> {
    if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0))
      throw new MillraceError(`timeoutMs of stop() is ${String(timeoutMs)}; it must be 0 or more`, {
        code: "CONFIG",
      });
    this.#stopping ??= this.#stop(timeoutMs, leaveGroup);
    await this.#stopping;
  }

  async done(): Promise<void> {
    await this.#ended();
    this.#throwFailure();
  }

  async #start(): Promise<void> {
    const { transport, log } = this.#settings;
    transport.onHealth(outageLog(log));
    let joined: Promise<boolean>;
    try {
      await transport.connect();
      const plan = await prepareTopics(this.topology, this.#settings);
      await startSerdes(this.topology, this.#settings.applicationId, plan.matched);
      this.#checkNotStopped();
      this.#states.to("rebalancing");
      const globals = new GlobalTables(
        this.topology,
        this.#settings,
        plan,
        this.metrics,
        (error) => void this.#fail(error),
      );
      this.#globals = globals;
      await globals.start();
      this.#checkNotStopped();
      this.#throwFailure();
      joined = new Promise((resolve) => {
        this.#run = new Run(this.topology, this.#settings, plan, this.metrics, globals, {
          changed: (state) => void this.#states.to(state),
          joined: () => resolve(true),
          failed: (error) => void this.#fail(error),
          replanned: (changed) => globals.follow(changed),
        });
      });
      this.#run?.begin();
    } catch (error) {
      // Whatever it was about: what stop() has closed meanwhile fails.
      this.#checkNotStopped(error);
      this.failure = error instanceof Error ? error : new Error(String(error));
      await this.#closeAll([
        () => this.#globals?.close(),
        () => transport.close(),
        () => this.#settings.state?.close(),
      ]);
      this.#end("error");
      throw error;
    }
    if (await Promise.race([joined, this.#ended()])) return;
    this.#throwFailure();
    this.#checkNotStopped();
  }

  /** Resolves with false when it has stopped, or failed. */
  async #ended(): Promise<false> {
    if (this.state !== "stopped" && this.state !== "error")
      await new Promise<void>((resolve) => {
        const end = this.#states.listen((state) => {
          if (state !== "stopped" && state !== "error") return;
          end();
          resolve();
        });
      });
    return false;
  }

  #throwFailure(): void {
    if (this.failure === undefined) return;
    seen(this.failure);
    throw this.failure;
  }

  #checkNotStopped(cause?: unknown): void {
    if (this.#stopping === undefined) return;
    throw new MillraceError("told to stop before it was a member of its group", { code: "STOPPED", cause });
  }

  async #stop(timeoutMs: number | undefined, leaveGroup: boolean): Promise<void> {
    if (this.failure !== undefined) {
      await this.#ended();
      return;
    }
    this.#states.to("pendingShutdown");
    try {
      await this.#run?.end(timeoutMs, leaveGroup);
      await this.#globals?.close();
      await this.#settings.transport.close();
      // A run closes it when its tasks are closed.
      if (this.#run === undefined) await this.#settings.state?.close();
      this.#end("stopped");
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
    await this.#closeAll([
      () => this.#run?.end(0, false),
      () => this.#globals?.close(),
      () => transport.close(),
    ]);
    this.#end("error");
  }

  /** All is closed. */
  #end(state: "stopped" | "error"): void {
    this.#timers.end();
    this.#states.to(state);
  }

  /** In this order; one that fails does not keep the others open. */
  async #closeAll(closes: readonly (() => Promise<void> | undefined)[]): Promise<void> {
    for (const close of closes)
      try {
        await close();
      } catch (error) {
        this.#settings.log("debug", `while stopping: ${messageOf(error)}`);
      }
  }
}
