import type { Clock } from "../src/clock.ts";
import type { GroupCoordinator } from "../src/transport/group-coordinator.ts";
import { TransportError } from "../src/transport/transport-error.ts";

type Call = "join" | "sync" | "heartbeat" | "leave";

/** What becomes of a call: it fails before it arrives, its answer never comes, or both get lost. */
export type Fate = "pass" | "fail" | "loseAnswer" | "swallow" | TransportError;

/** A coordinator whose calls a test can let fail, each as it likes. What passes is the real one's. */
export class ScriptedCoordinator implements GroupCoordinator {
  readonly calls: { readonly call: Call; readonly memberId: string }[] = [];
  fate: (call: Call, memberId: string) => Fate = () => "pass";
  readonly describe: GroupCoordinator["describe"];
  readonly fetchOffsets: GroupCoordinator["fetchOffsets"];
  readonly commitOffsets: GroupCoordinator["commitOffsets"];
  readonly #real: GroupCoordinator;
  readonly #clock: Clock;

  constructor(real: GroupCoordinator, clock: Clock) {
    this.#real = real;
    this.#clock = clock;
    this.describe = (options) => real.describe(options);
    this.fetchOffsets = (partitions, options) => real.fetchOffsets(partitions, options);
    this.commitOffsets = (membership, offsets, options) => real.commitOffsets(membership, offsets, options);
  }

  readonly join: GroupCoordinator["join"] = (request) =>
    this.#call("join", request.memberId, () => this.#real.join(request));

  readonly sync: GroupCoordinator["sync"] = (membership, assignments) =>
    this.#call("sync", membership.memberId, () => this.#real.sync(membership, assignments));

  readonly heartbeat: GroupCoordinator["heartbeat"] = (membership) =>
    this.#call("heartbeat", membership.memberId, () => this.#real.heartbeat(membership));

  readonly leave: GroupCoordinator["leave"] = (membership) =>
    this.#call("leave", membership.memberId, () => this.#real.leave(membership));

  /** How often a call was made since `from` calls ago. */
  count(call: Call, from = 0): number {
    return this.calls.slice(from).filter((made) => made.call === call).length;
  }

  async #call<T>(call: Call, memberId: string, real: () => Promise<T>): Promise<T> {
    this.calls.push({ call, memberId });
    const fate = this.fate(call, memberId);
    if (fate instanceof TransportError) throw fate;
    if (fate === "swallow") return new Promise<never>(() => undefined);
    if (fate === "fail") {
      await new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, 1));
      throw new TransportError("the connection broke", "NETWORK", "retry");
    }
    const answer = await real();
    if (fate === "loseAnswer") throw new TransportError("the connection broke", "NETWORK", "retry");
    return answer;
  }
}
