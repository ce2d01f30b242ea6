import type { JoinResponse } from "../../transport/group-coordinator.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Contact } from "./contact.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { leadGroup, tellIdle } from "./lead-group.ts";
import { type HeldState, offersOf } from "./local-tasks.ts";
import type { MembershipOptions } from "./membership-options.ts";
import { type ReadAssignment, readAssignment } from "./read-assignment.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import type { Standing } from "./standing.ts";
import { encodeSubscription } from "./subscription.ts";
import type { Waiting } from "./waiting.ts";

/** Names this assignor in the group; all members must have it. */
const protocol = "millrace";

/** What a round works with. */
export interface JoinRoundOptions {
  readonly options: MembershipOptions;
  readonly standing: Standing;
  readonly waiting: Waiting;
  readonly contact: Contact;
  readonly heartbeats: Heartbeats;
  /** A join was answered when nobody waited for it any more. */
  readonly tooLate: (answer: JoinResponse) => void;
}

/** One join and sync: with it a member gets its generation, and its tasks (the classic protocol). */
export class JoinRound {
  readonly #with: JoinRoundOptions;

  constructor(options: JoinRoundOptions) {
    this.#with = options;
  }

  /** Undefined where the assignment can't be read. `stop`: why this member asks all to stop. */
  async run(stop: string | undefined): Promise<ReadAssignment | undefined> {
    const { options, standing, waiting, contact, heartbeats } = this.#with;
    const { coordinator, log, groupId, rebalanceTimeoutMs, sessionTimeoutMs } = options;
    const states = await options.states();
    const runnable = options.runnable();
    // The others may take their whole rebalance time-outs, and the coordinator then waits for those that are gone.
    const timeoutMs = rebalanceTimeoutMs + sessionTimeoutMs;
    waiting.forget("rebalance");
    contact.joins();
    const joined = await waiting.answer(
      this.#join(runnable, states, stop, timeoutMs),
      timeoutMs,
      `all members of group "${groupId}" to join`,
      this.#with.tooLate,
    );
    // Before the generation counts: with the new one, brokers would take a commit of what was done in the old one.
    this.#checkNoneMissed(joined);
    standing.memberId = joined.memberId;
    standing.generation = joined.generationId;
    // Whatever heartbeats said of the generation before.
    waiting.forget("unseen", "expired", "refused");
    contact.joined();
    heartbeats.start(standing.membership);
    const led =
      joined.leaderId === joined.memberId && joined.members.length > 0
        ? leadGroup(joined, runnable, options.policy)
        : undefined;
    if (led !== undefined) tellIdle(log, groupId, led);
    standing.idle = led?.idle ?? [];
    const answer = await waiting.answer(
      coordinator.sync(standing.membership, led?.assignments ?? [], { timeoutMs }),
      timeoutMs,
      `the leader of group "${groupId}" to assign its tasks`,
      () => undefined,
    );
    return readAssignment(answer, runnable, options);
  }

  /**
   * A static member stays in the group when it has not joined in time: a generation goes by without it, in which its tasks
   * may have been others'. Throws a TransportError ILLEGAL_GENERATION (void) then.
   */
  #checkNoneMissed({ generationId }: JoinResponse): void {
    const { standing, options } = this.#with;
    const { generation } = standing;
    if (options.instanceId === undefined || generation < 0 || generationId <= generation + 1) return;
    throw new TransportError(
      `generation ${generation + 1} of group "${options.groupId}" has gone by without this member, which had ${generation}`,
      "ILLEGAL_GENERATION",
      "void",
    );
  }

  #join(
    runnable: readonly RunnableSubTopology[],
    states: ReadonlyMap<string, HeldState>,
    stop: string | undefined,
    timeoutMs: number,
  ): Promise<JoinResponse> {
    const { options, standing } = this.#with;
    const { coordinator, instanceId, sessionTimeoutMs, rebalanceTimeoutMs, endpoint, tags } = options;
    const { generation, owned, standbys, next } = standing;
    const subscription = {
      generation,
      offers: offersOf(runnable, { owned, standbys, next, states }),
      endpoint,
      tags,
      stop,
    };
    return coordinator.join(
      {
        memberId: standing.memberId,
        groupInstanceId: instanceId ?? null,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        protocols: [{ name: protocol, metadata: encodeSubscription(subscription) }],
        onMemberId: (memberId) => {
          if (standing.memberId === "") standing.memberId = memberId;
        },
      },
      { timeoutMs },
    );
  }
}
