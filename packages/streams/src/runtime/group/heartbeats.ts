import type { Clock } from "../../clock.ts";
import type { GroupCoordinator, GroupMembership } from "../../transport/group-coordinator.ts";
import { TransportError } from "../../transport/transport-error.ts";
import { within } from "../../within.ts";

export interface HeartbeatsOptions {
  readonly coordinator: Pick<GroupCoordinator, "heartbeat">;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly sessionTimeoutMs: number;
}

/** What comes of a heartbeat. */
export interface HeartbeatListener {
  /** The coordinator knows this member; `rebalancing`: it waits for it to join. */
  alive(rebalancing: boolean): void;
  /** The coordinator does not know it any more, or refuses it. */
  refused(error: TransportError): void;
  /** Nobody has answered for so long, ms. */
  silent(forMs: number, error: unknown): void;
}

const refusals = new Set(["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "FENCED_INSTANCE_ID"]);

/** Says again and again that a member lives. It has a timer of its own, and waits for nothing but an answer, briefly. */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #listener: HeartbeatListener;
  #membership: GroupMembership | undefined;
  #timer: unknown;
  /** When the coordinator was asked what it has answered last, ms of the monotonic clock: its session began after that. */
  #lastContact = 0;

  constructor(options: HeartbeatsOptions, listener: HeartbeatListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** For how long the coordinator may not have heard of this member, ms: since it was asked what it has answered last. */
  get silentMs(): number {
    return this.#options.clock.monotonic() - this.#lastContact;
  }

  /** Begins with a new generation: the coordinator has answered just now. */
  start(membership: GroupMembership): void {
    this.stop();
    this.#membership = membership;
    this.#lastContact = this.#options.clock.monotonic();
    this.#later();
  }

  /** Nothing is told any more, also not of one on the wire. */
  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#membership = undefined;
  }

  #later(): void {
    const { clock, intervalMs } = this.#options;
    const membership = this.#membership;
    this.#timer = clock.setTimeout(() => {
      if (membership !== undefined) void this.#beat(membership);
    }, intervalMs);
  }

  async #beat(membership: GroupMembership): Promise<void> {
    const { clock, coordinator, sessionTimeoutMs } = this.#options;
    // One that hangs must not cost the session: there is time for two more.
    const timeoutMs = Math.max(1, Math.floor(sessionTimeoutMs / 3));
    const askedAt = clock.monotonic();
    const asked = coordinator.heartbeat(membership, { timeoutMs });
    const answer = await within(clock, asked, timeoutMs, "a heartbeat").then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (membership !== this.#membership) return;
    this.#tell(answer, askedAt);
    if (membership === this.#membership) this.#later();
  }

  #tell(answer: { readonly error: unknown } | undefined, askedAt: number): void {
    const error = answer?.error;
    const name = error instanceof TransportError ? error.kafkaError : "";
    if (answer === undefined || name === "REBALANCE_IN_PROGRESS") {
      this.#lastContact = askedAt;
      this.#listener.alive(answer !== undefined);
    } else if (error instanceof TransportError && refusals.has(name)) this.#listener.refused(error);
    else this.#listener.silent(this.silentMs, error);
  }
}
