import { setTimeout as sleep } from "node:timers/promises";
import { Program } from "../program.ts";
import { TcpSwitch } from "../tcp-switch.ts";
import type { MemberLine } from "./told.ts";

interface Member {
  readonly name: string;
  /** To each broker, by its port. */
  readonly wires: ReadonlyMap<number, TcpSwitch>;
  /** Its lives so far, the last one last. */
  readonly lives: Program[];
  /** Its end is expected: it was killed, or asked to stop. */
  ending: boolean;
}

/** The processes of the application, each with wires of its own to the brokers, and their supervisor. */
export class Members {
  readonly #brokers: readonly string[];
  readonly #members: Member[] = [];
  #closed = false;

  private constructor(brokers: readonly string[]) {
    this.#brokers = brokers;
  }

  static async start(brokers: readonly string[], names: readonly string[]): Promise<Members> {
    const members = new Members(brokers);
    for (const name of names) {
      const wires = new Map<number, TcpSwitch>();
      for (const broker of brokers) {
        const port = Number(broker.split(":").at(-1));
        wires.set(port, await TcpSwitch.before("127.0.0.1", port));
      }
      const member: Member = { name, wires, lives: [], ending: false };
      members.#members.push(member);
      members.#live(member);
    }
    return members;
  }

  get names(): readonly string[] {
    return this.#members.map(({ name }) => name);
  }

  /** What a member, or all of them, have said so far. */
  lines(by?: string): readonly MemberLine[] {
    return this.#members
      .filter(({ name }) => by === undefined || name === by)
      .flatMap(({ lives }) => lives.flatMap(linesOf));
  }

  /** Those that ended by themselves after they had been members, and why. */
  get failures(): readonly string[] {
    return this.#members.flatMap(({ name, lives }) =>
      lives
        .flatMap(linesOf)
        .flatMap(({ failed, started }) =>
          failed !== undefined && started === true ? [`${name} ended by itself: ${failed}`] : [],
        ),
    );
  }

  /** Whether all of them say that they run. */
  get allRun(): boolean {
    return this.#members.every(
      ({ lives }) =>
        lives.at(-1)?.running === true &&
        linesOf(lives.at(-1)).findLast(({ state }) => state !== undefined)?.state === "running",
    );
  }

  /** SIGKILL; started again after a while, ms. */
  async kill(name: string, restartMs: number): Promise<void> {
    const member = this.#member(name);
    member.ending = true;
    member.lives.at(-1)?.kill("SIGKILL");
    await member.lives.at(-1)?.exit();
    await sleep(restartMs);
    this.#live(member);
  }

  /** SIGTERM, and started again when it has ended; answers its exit code. */
  async restart(name: string): Promise<number | null> {
    const member = this.#member(name);
    member.ending = true;
    member.lives.at(-1)?.kill("SIGTERM");
    const code = (await member.lives.at(-1)?.exit()) ?? null;
    this.#live(member);
    return code;
  }

  /** SIGSTOP; it goes on after a while, ms. */
  async freeze(name: string, ms: number): Promise<void> {
    const life = this.#member(name).lives.at(-1);
    life?.kill("SIGSTOP");
    await sleep(ms);
    life?.kill("SIGCONT");
  }

  /** Has no broker within reach for a while, ms: its connections are cut, or silent. */
  async cutOff(name: string, how: "off" | "silence", ms: number): Promise<void> {
    const wires = [...this.#member(name).wires.values()];
    for (const wire of wires) wire[how]();
    await sleep(ms);
    for (const wire of wires) wire.on();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { lives, wires } of this.#members) {
      lives.at(-1)?.kill("SIGCONT");
      lives.at(-1)?.kill("SIGKILL");
      for (const wire of wires.values()) await wire.close();
    }
  }

  #member(name: string): Member {
    const member = this.#members.find((candidate) => candidate.name === name);
    if (member === undefined) throw new Error(`there is no member "${name}"`);
    return member;
  }

  #live(member: Member): void {
    if (this.#closed) return;
    const wires = Object.fromEntries([...member.wires].map(([port, wire]) => [port, wire.port]));
    const life = new Program(new URL("member-main.ts", import.meta.url), {
      CHAOS_BROKERS: this.#brokers.join(","),
      CHAOS_WIRES: JSON.stringify(wires),
    });
    member.ending = false;
    member.lives.push(life);
    void this.#supervise(member, life);
  }

  /** Who ends by itself is started again: brokers may be out of reach as it starts. */
  async #supervise(member: Member, life: Program): Promise<void> {
    await life.exit();
    if (member.ending || this.#closed || member.lives.at(-1) !== life) return;
    await sleep(1_000);
    if (member.lives.at(-1) === life) this.#live(member);
  }
}

const linesOf = (life: Program | undefined): readonly MemberLine[] =>
  (life?.output ?? "").split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as MemberLine];
    } catch {
      // It was killed in the middle of a line.
      return [];
    }
  });
