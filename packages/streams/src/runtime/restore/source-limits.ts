import { messageOf } from "../../errors.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { committedOffsets } from "../topics/committed-offsets.ts";
import type { Restorer } from "./restorer.ts";

const askEveryMs = 1_000;

/** What the limits are asked with, and whom they are told. */
export interface SourceLimitsEnvironment {
  readonly settings: Pick<AppSettings, "clock" | "log">;
  readonly coordinator: Pick<GroupCoordinator, "fetchOffsets">;
  readonly restorer: Pick<Restorer, "limited" | "limit">;
  /** Has something done in a turn of the member's loop. */
  readonly letter: (letter: () => void) => void;
}

/**
 * How far standbys may follow source topics that serve as changelogs: as far as their group has committed, or they would
 * be ahead of what their task goes on with. Asked again and again, for all of them in one request, while there are any.
 */
export class SourceLimits {
  readonly #environment: SourceLimitsEnvironment;
  #timer: unknown;
  #closed = false;

  constructor(environment: SourceLimitsEnvironment) {
    this.#environment = environment;
  }

  /** There may be some to ask for. */
  watch(): void {
    if (this.#closed || this.#timer !== undefined || this.#environment.restorer.limited.length === 0) return;
    this.#timer = this.#environment.settings.clock.setTimeout(() => void this.#ask(), askEveryMs);
  }

  close(): void {
    this.#closed = true;
    this.#environment.settings.clock.clearTimeout(this.#timer);
  }

  /** Never rejects: what can't be told now is asked for again. */
  async #ask(): Promise<void> {
    const { settings, coordinator, restorer, letter } = this.#environment;
    const partitions = restorer.limited;
    try {
      const offsets = await committedOffsets(coordinator, partitions);
      letter(() => {
        for (const one of partitions)
          restorer.limit(one, offsets.get(topicPartitionName(one.topic, one.partition)) ?? -1);
      });
    } catch (error) {
      settings.log("debug", `how far standbys may go on could not be asked: ${messageOf(error)}`);
    }
    letter(() => {
      this.#timer = undefined;
      this.watch();
    });
  }
}
