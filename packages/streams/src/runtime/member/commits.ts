import { TransportError } from "../../transport/transport-error.ts";
import type { Refusals } from "../task/refusals.ts";
import type { RepartitionPurge } from "../topics/repartition-purge.ts";
import { complete, seal, type SealedCommit } from "./commit.ts";
import type { HeldTasks } from "./held-tasks.ts";
import type { MemberOptions } from "./member-options.ts";
import type { MemberPost } from "./member-post.ts";
import type { Producers } from "./producers.ts";
import type { Troubles } from "./troubles.ts";

/** As many commits in a row may be refused for their records, before that is taken for something else. */
const mostRefusals = 5;

export interface CommitsOptions extends Pick<MemberOptions, "membership" | "settings" | "metrics"> {
  readonly held: HeldTasks;
  readonly producers: Producers;
  readonly refusals: Refusals;
  readonly purge: RepartitionPurge;
  readonly troubles: Troubles;
}

/** Sends the commits of a member, one at a time, and tells what became of them. */
export class Commits {
  readonly #options: CommitsOptions;
  readonly #post: MemberPost;
  /** The one on the wire. */
  #sealed: SealedCommit | undefined;
  #refused = 0;

  constructor(options: CommitsOptions, post: MemberPost) {
    this.#options = options;
    this.#post = post;
  }

  /** Nothing comes of the commit on the wire any more: its producer is shut. */
  forget(): void {
    this.#sealed = undefined;
  }

  /** Steps 3 to 6, of all that these tasks did since the last. */
  send(commit: number, epoch: number, ids: readonly string[]): void {
    const { membership, settings, producers, held } = this.#options;
    const { current } = producers;
    const started = settings.clock.monotonic();
    const sealed =
      current === undefined ? undefined : seal(commit, held.tasks(ids), current, membership.current());
    this.#sealed = sealed;
    if (sealed === undefined) {
      this.#post.post({ type: "durable", commit });
      return;
    }
    sealed.done.then(
      (result) =>
        this.#post.letter(() => {
          if (this.#sealed !== sealed) return;
          this.#sealed = undefined;
          complete(sealed, result, settings.applicationId);
          this.#durable(sealed, settings.clock.monotonic() - started);
          this.#post.dispatch({ type: "durable", commit });
        }),
      (error: unknown) => this.#post.letter(() => this.#failed(error, epoch)),
    );
  }

  #durable({ offsets }: SealedCommit, tookMs: number): void {
    const { metrics, refusals, purge } = this.#options;
    metrics.committed(tookMs);
    this.#refused = 0;
    refusals.clear();
    purge.committed(offsets);
  }

  #failed(error: unknown, epoch: number): void {
    if (epoch !== this.#post.state().epoch) return;
    const refused = error instanceof TransportError && error.rank === "record" ? error.refused : [];
    this.#options.refusals.add(refused);
    if (refused.length > 0 && ++this.#refused <= mostRefusals) {
      this.#post.dispatch({ type: "void", epoch });
      return;
    }
    this.#options.troubles.troubled(error, "a commit failed", { type: "void", epoch });
  }
}
