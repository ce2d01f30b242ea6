import { LRUCache } from "lru-cache";
import type { DraftWrite } from "./decision.ts";
import { type EntityId, entityIdText } from "./entity-id.ts";
import type { WrittenRatesheet } from "./written-ratesheet.ts";

/** Drafts that are revised again and again: those of the present hours, a few for each config. */
const mostDrafts = 10_000;

/**
 * The drafts that were written last, so that the next revision need not read them first. They may have changed since: a
 * write that is guarded by what is remembered then does nothing, and is decided anew from what is there.
 */
export class DraftMemory {
  readonly #drafts = new LRUCache<string, WrittenRatesheet>({ max: mostDrafts });

  get(surgeConfigId: EntityId, effectiveFrom: number): WrittenRatesheet | undefined {
    return this.#drafts.get(keyOf(surgeConfigId, effectiveFrom));
  }

  remember({ ratesheet, order }: DraftWrite): void {
    const { surgeConfigId, effectiveFrom, approvalStatus } = ratesheet;
    const written = { approvalStatus, order, edited: false, document: ratesheet };
    this.#drafts.set(keyOf(surgeConfigId, effectiveFrom.getTime()), written);
  }

  forget(surgeConfigId: EntityId, effectiveFrom: number): void {
    this.#drafts.delete(keyOf(surgeConfigId, effectiveFrom));
  }
}

const keyOf = (surgeConfigId: EntityId, effectiveFrom: number): string =>
  `${effectiveFrom} ${entityIdText(surgeConfigId)}`;
