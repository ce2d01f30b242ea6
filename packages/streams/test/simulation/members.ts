import { type App, type AppOptions, createApp, MillraceError } from "../../src/index.ts";
import type { SimulatedTransport } from "../../src/testing/simulated-cluster/client/simulated-transport.ts";
import type { SimulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { SimulatedProcess } from "../../src/testing/simulated-cluster/simulated-process.ts";
import type { SimulatedDisk } from "../../src/testing/simulated-disk.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { oneOf } from "./input.ts";
import type { Stragglers } from "./stragglers.ts";
import type { Workload } from "./workload.ts";

interface Member {
  /** Stays the same over its lives. */
  readonly name: string;
  life: number;
  process: SimulatedProcess;
  transport: SimulatedTransport;
  app: App;
}

export interface MembersOptions {
  readonly clock: VirtualClock;
  readonly cluster: SimulatedCluster;
  readonly workload: Workload;
  readonly app: Omit<AppOptions, "transport" | "clock" | "instanceId">;
  /** Members keep their instance id over their lives. */
  readonly static: boolean;
  readonly trace: ((line: string) => void) | undefined;
  readonly stragglers: Stragglers;
  /** The disk that a member's lives have one after the other; undefined: state is in memory. */
  readonly disk: ((member: string) => SimulatedDisk) | undefined;
}

/** What a rebalance gave to a member, and took from it. */
export interface Move {
  readonly app: App;
  readonly generation: number;
  readonly added: readonly string[];
  readonly revoked: readonly string[];
}

const mostMembers = 4;

/** Who was frozen learns by its next heartbeat that it is no member any more, and joins again, within this time, ms. */
const backMs = 3_000;

/** The processes that run the application, and their supervisor: whoever dies is started again, in a new process. */
export class Members {
  readonly #options: MembersOptions;
  readonly #members: Member[] = [];
  /** What an application said that ended by itself. */
  readonly failures: string[] = [];
  /** What rebalances did, as members tell of it. */
  readonly moves: Move[] = [];
  #awayUntil = 0;
  /** Until when one of them may be frozen, monotonic ms. */
  #frozenUntil = 0;

  constructor(options: MembersOptions, count: number) {
    this.#options = options;
    for (let index = 0; index < count; index++) this.#add();
  }

  /** A member, running or not. */
  any(random: () => number): string {
    return oneOf(random, this.#members).name;
  }

  /** Whether each of them runs, and says so. */
  get allRun(): boolean {
    return this.#members.every(({ app, process }) => !process.killed && app.state === "running");
  }

  /** What each of them runs, by the names of their processes. */
  get apps(): ReadonlyMap<string, App> {
    return new Map(this.#members.map(({ process, app }) => [process.name, app]));
  }

  /** None is frozen, and who was has had the time to come back to its group. */
  get allAwake(): boolean {
    return this.#options.clock.monotonic() >= this.#frozenUntil + backMs;
  }

  /** What each of them says of itself. */
  get states(): readonly string[] {
    return this.#members.map(({ app, process }) => {
      const { active, restoring } = app.tasks;
      const lag = [...app.lag]
        .filter(([, records]) => records > 0)
        .map(([name, records]) => `${name}: ${records}`);
      return (
        `${process.name}: ${process.killed ? "killed" : app.state}, active ${active.join(" ") || "none"}, ` +
        `restoring ${restoring.join(" ") || "none"}, lag ${lag.join(", ") || "none"}`
      );
    });
  }

  /** One more, unless there are many. */
  join(): App | undefined {
    const isAway = this.#options.clock.monotonic() < this.#awayUntil;
    return this.#members.length < mostMembers && !isAway ? this.#add() : undefined;
  }

  kill(name: string, restartMs: number): void {
    const member = this.#member(name);
    if (member === undefined || member.process.killed) return;
    this.#trace(`${member.process.name} is killed`);
    member.process.kill();
    this.#options.clock.setTimeout(() => this.#start(member), restartMs);
  }

  /** All at once, and nobody comes back, or joins, before that time is over, ms. */
  killAllFor(ms: number): void {
    this.#awayUntil = this.#options.clock.monotonic() + ms;
    for (const { name } of this.#members) this.kill(name, ms);
  }

  /** Its wall clock is set, ms forward or back. */
  setClock(name: string, byMs: number): void {
    const member = this.#member(name);
    if (member === undefined) return;
    this.#trace(`the clock of ${member.process.name} is set by ${Math.round(byMs)} ms`);
    member.process.setClock(byMs);
  }

  killNamed(process: string, restartMs: number): void {
    const member = this.#members.find((candidate) => candidate.process.name === process);
    if (member !== undefined) this.kill(member.name, restartMs);
  }

  freeze(name: string, ms: number): void {
    const member = this.#member(name);
    if (member === undefined || member.process.killed) return;
    this.#trace(`${member.process.name} is frozen for ${ms} ms`);
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#options.clock.monotonic()) + ms;
    member.process.freeze(ms);
  }

  freezeNamed(process: string, ms: number): void {
    const member = this.#members.find((candidate) => candidate.process.name === process);
    if (member !== undefined) this.freeze(member.name, ms);
  }

  cutOff(name: string, how: "cut" | "break", ms: number): void {
    const member = this.#member(name);
    if (member === undefined) return;
    const { transport, process } = member;
    this.#trace(`${process.name} is cut off (${how}) for ${ms} ms`);
    transport[how]();
    this.#options.clock.setTimeout(() => {
      this.#trace(`${process.name} has its connections back`);
      transport.mend();
    }, ms);
  }

  /** Stops in good order, and starts again. */
  restart(name: string, afterMs: number): void {
    const member = this.#member(name);
    if (member === undefined || member.process.killed) return;
    const { process, app } = member;
    this.#trace(`${process.name} is asked to stop`);
    const again = (): void => {
      if (process.killed) return;
      this.#trace(`${process.name} has stopped`);
      process.kill();
      this.#options.clock.setTimeout(() => this.#start(member), afterMs);
    };
    app.stop({ timeoutMs: 5_000 }).then(again, again);
  }

  /** Ends all, as they are. */
  killAll(): void {
    for (const { process } of this.#members) process.kill();
  }

  #member(name: string): Member | undefined {
    return this.#members.find((candidate) => candidate.name === name);
  }

  #trace(line: string): void {
    this.#options.trace?.(line);
  }

  #add(): App {
    const name = String.fromCodePoint(97 + this.#members.length);
    const made = this.#make(name, 1);
    const member: Member = { name, life: 1, ...made };
    this.#members.push(member);
    this.#run(member);
    return member.app;
  }

  #start(member: Member): void {
    const { clock } = this.#options;
    if (clock.monotonic() < this.#awayUntil) {
      clock.setTimeout(() => this.#start(member), this.#awayUntil - clock.monotonic());
      return;
    }
    member.life++;
    Object.assign(member, this.#make(member.name, member.life));
    this.#run(member);
  }

  #make(name: string, life: number): Pick<Member, "process" | "transport" | "app"> {
    const { cluster, workload, app: given, trace } = this.#options;
    const process = cluster.process(`${name}${life}`);
    const transport = cluster.transport(process);
    const options: AppOptions = {
      ...given,
      transport,
      clock: process,
      ...(this.#options.static && { instanceId: name }),
      ...(this.#options.disk !== undefined && { state: this.#options.disk(name).open(process) }),
      log: (level, message, fields) => {
        trace?.(`${process.name}: ${level} ${message}`);
        if (fields !== undefined && "added" in fields)
          this.moves.push({ ...(fields as Omit<Move, "app">), app });
      },
    };
    const app: App = createApp(workload.topology(process), options);
    return { process, transport, app };
  }

  #run(member: Member): void {
    const { process, app } = member;
    const since = this.#options.clock.monotonic();
    this.#trace(`${process.name} starts`);
    let started = false;
    app.onState((state, before) => this.#trace(`${process.name}: ${before} -> ${state}`));
    const ended = (error: unknown): void => {
      if (process.killed) return;
      const said = error instanceof Error ? error.message : String(error);
      this.#trace(`${process.name} ends: ${said}`);
      // Not being able to start in bad weather is no fault; ending later is one.
      if (started && !this.#mayEnd(error) && !this.#isFenced(member, process.name, since, error))
        this.failures.push(`${process.name} ended by itself: ${said}`);
      process.kill();
      this.#options.clock.setTimeout(() => this.#start(member), 500);
    };
    const run = async (): Promise<void> => {
      await app.start();
      started = true;
      await app.done();
    };
    run().catch(ended);
  }

  /** By a request that its last life had sent: as with real brokers, it ends, and is started again. */
  #isFenced({ name }: Member, process: string, since: number, error: unknown): boolean {
    if (!(error instanceof MillraceError) || error.code !== "FENCED_INSTANCE_ID") return false;
    const isEarlier = (other: string): boolean => other !== process && other.startsWith(name);
    return this.#options.stragglers.hasFenced(process, since, isEarlier);
  }

  #mayEnd(error: unknown): boolean {
    const { mayEnd = [] } = this.#options.workload;
    return error instanceof MillraceError && mayEnd.includes(error.code);
  }
}
