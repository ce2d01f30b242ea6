import { hours } from "@millrace/streams";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareMembers, compareMetrics, type MemberOrder, metricOrder } from "./metric-order.ts";

const order = (final: boolean, timestamp: number, offset: number): MemberOrder => ({
  final,
  timestamp,
  offset,
});
const member = fc.record({ final: fc.boolean(), timestamp: fc.nat(20), offset: fc.nat(20) });

describe("compareMembers", () => {
  test("puts a final after every revision, then goes by timestamp, then by offset", () => {
    const ascending = [order(false, 1, 9), order(false, 2, 1), order(false, 2, 2), order(true, 1, 1)];
    expect(ascending.toReversed().toSorted(compareMembers)).toEqual(ascending);
    expect(compareMembers(order(true, 1, 1), order(true, 1, 1))).toBe(0);
  });
});

describe("compareMetrics", () => {
  test("goes by hour first", () => {
    const earlierFinal = metricOrder(0, [order(true, 9, 9)]);
    const later = metricOrder(hours(1), [order(false, 1, 1)]);
    expect(compareMetrics(earlierFinal, later)).toBeLessThan(0);
    expect(compareMetrics(later, earlierFinal)).toBeGreaterThan(0);
    expect(compareMetrics(later, later)).toBe(0);
  });

  test("is the members' order where there is one member", () => {
    fc.assert(
      fc.property(member, member, (one, other) => {
        expect(Math.sign(compareMetrics(metricOrder(0, [one]), metricOrder(0, [other])))).toBe(
          Math.sign(compareMembers(one, other)),
        );
      }),
    );
  });

  test("rises with any member's newer metric and with a new member", () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), member, member, (others, one, other) => {
        const [older, newer] = [one, other].toSorted(compareMembers);
        if (older === undefined || newer === undefined) throw new Error("two are two");
        const before = metricOrder(0, [...others, older]);
        const after = metricOrder(0, [...others, newer]);
        expect(Math.sign(compareMetrics(before, after))).toBe(Math.sign(compareMembers(older, newer)));
        expect(compareMetrics(metricOrder(0, others), before)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
