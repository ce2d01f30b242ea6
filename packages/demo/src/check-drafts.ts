import type { DraftLine } from "./drafts-table.ts";
import type { ExpectedDraft } from "./expected-drafts.ts";

/** Whether a draft says what it must; multipliers are not rounded, so equal to the last digits. */
const isAsExpected = (line: DraftLine | undefined, { multiplier }: ExpectedDraft): boolean =>
  line !== undefined && Math.abs(line.multiplier - multiplier) < 1e-9;

/** What is wrong with the drafts, a line each. */
export const checkDrafts = (
  lines: ReadonlyMap<string, DraftLine>,
  expected: readonly ExpectedDraft[],
): readonly string[] => {
  const problems = expected.flatMap((draft) => {
    const key = `${draft.entityId} ${draft.effectiveFrom}`;
    const found = lines.get(key);
    if (isAsExpected(found, draft)) return [];
    return [
      `draft for ${draft.entityId} from ${new Date(draft.effectiveFrom).toISOString()}: expected ${draft.multiplier}, ` +
        `got ${found?.multiplier ?? "none"}`,
    ];
  });
  if (lines.size !== expected.length) problems.push(`${lines.size} drafts instead of ${expected.length}`);
  if (
    !expected.some(({ entityId, multiplier }) => entityId === "arena" && Math.abs(multiplier - 1.7577) < 1e-4)
  )
    problems.push("the system's own example, 15 bookings against 1.2, is not among the drafts");
  return problems;
};
