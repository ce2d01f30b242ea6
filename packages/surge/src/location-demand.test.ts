import { hours } from "@millrace/streams";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMember, emptyLocation, type LocationMember, subtractMember, summary } from "./location-demand.ts";

const hour = hours(1000);
const member = (change: Partial<LocationMember> = {}): LocationMember => ({
  subLocationId: "hall",
  hour,
  bookingsCount: 3,
  availableCapacity: 100,
  final: false,
  timestamp: 10,
  offset: 1,
  ...change,
});
const location = (...members: readonly LocationMember[]) => members.reduce(addMember, emptyLocation());
const bothCapacities = new Map([
  ["hall", 100],
  ["yard", 300],
]);

describe("addMember", () => {
  test("replaces a member's metric by a newer one", () => {
    const newer = member({ timestamp: 11, bookingsCount: 4 });
    expect(location(member(), newer)).toEqual(location(newer));
  });

  test("keeps a final against a later revision, and anything against what is older", () => {
    const final = member({ final: true });
    expect(location(final, member({ timestamp: 99, offset: 99 }))).toEqual(location(final));
    expect(location(member({ offset: 2 }), member({ offset: 1 }))).toEqual(location(member({ offset: 2 })));
  });

  test("orders each member on its own", () => {
    const yard = member({ subLocationId: "yard", timestamp: 5 });
    expect(location(member({ final: true, timestamp: 10 }), yard).members).toHaveLength(2);
  });
});

const anyMember = fc.record({
  subLocationId: fc.constantFrom("a", "b", "c"),
  hour: fc.constant(hour),
  bookingsCount: fc.nat(50),
  availableCapacity: fc.constantFrom(0, 50, 100),
  final: fc.boolean(),
  timestamp: fc.nat(20),
  offset: fc.nat(1000),
});
// Of two metrics with one offset there is none: a partition has each offset once.
const anyMembers = fc.uniqueArray(anyMember, { selector: ({ offset }) => offset, maxLength: 8 });

describe("a location", () => {
  test("is the same whatever the order in which metrics come", () => {
    fc.assert(
      fc.property(anyMembers, (members) => {
        expect(location(...members.toReversed())).toEqual(location(...members));
        expect(location(...members, ...members)).toEqual(location(...members));
      }),
    );
  });

  test("is what it was when a new member is subtracted again", () => {
    fc.assert(
      fc.property(anyMembers, anyMember, (members, one) => {
        const before = location(...members);
        const added = member({ ...one, subLocationId: "new" });
        expect(subtractMember(addMember(before, added), added)).toEqual(before);
      }),
    );
  });

  test("loses nothing by the subtraction of a metric that it does not hold", () => {
    const held = location(member({ timestamp: 20 }));
    expect(subtractMember(held, member({ timestamp: 10 }))).toEqual(held);
    expect(subtractMember(held, member({ subLocationId: "yard", timestamp: 20 }))).toEqual(held);
  });

  test("follows a table's replacement: old out, new in", () => {
    const held = location(member(), member({ subLocationId: "yard" }));
    const newer = member({ timestamp: 11, bookingsCount: 9 });
    expect(addMember(subtractMember(held, member()), newer)).toEqual(addMember(held, newer));
  });
});

describe("summary", () => {
  test("sums bookings and capacity, and takes the pressure from the sums", () => {
    const yard = member({ subLocationId: "yard", bookingsCount: 5, availableCapacity: 300, timestamp: 12 });
    expect(summary(location(member(), yard), bothCapacities)).toEqual({
      hour,
      bookingsCount: 8,
      availableCapacity: 400,
      demandPressure: 2,
      timestamp: 12,
      order: { hour, final: 0, timestamp: 22, offset: 2 },
    });
  });

  test("adds the capacity of a member without a metric, if it is known", () => {
    expect(summary(location(member()), bothCapacities)).toMatchObject({
      bookingsCount: 3,
      availableCapacity: 400,
      demandPressure: 0.75,
    });
    const unknownYard = new Map([...bothCapacities, ["yard", -1]] as const);
    expect(summary(location(member()), unknownYard)).toMatchObject({ availableCapacity: 100 });
  });

  test("leaves out a member whose metric has no capacity, bookings and all", () => {
    const yard = member({ subLocationId: "yard", availableCapacity: 0, timestamp: 99 });
    expect(summary(location(member(), yard), bothCapacities)).toMatchObject({
      bookingsCount: 3,
      availableCapacity: 100,
      timestamp: 10,
    });
  });

  test("leaves out a metric of a sub-location that is another location's now", () => {
    const moved = member({ subLocationId: "moved", bookingsCount: 50 });
    expect(summary(location(member(), moved), bothCapacities)).toMatchObject({
      bookingsCount: 3,
      availableCapacity: 400,
    });
  });

  test("has no capacity where no metric counts, whatever the silent members'", () => {
    const unknown = member({ availableCapacity: 0 });
    expect(summary(location(unknown), bothCapacities)).toMatchObject({
      bookingsCount: 0,
      availableCapacity: 0,
      demandPressure: 0,
    });
  });

  test("is undefined without any metric", () => {
    expect(summary(emptyLocation(), bothCapacities)).toBeUndefined();
  });
});
