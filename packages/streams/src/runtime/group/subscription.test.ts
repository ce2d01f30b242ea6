import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeAssignment, encodeAssignment } from "./assignment.ts";
import { encodeProtocolAssignment, encodeProtocolSubscription } from "./consumer-protocol.ts";
import {
  decodeSubscription,
  encodeSubscription,
  type OfferedSubTopology,
  type Subscription,
} from "./subscription.ts";

const subscription: Subscription = {
  generation: 7,
  offers: [
    {
      identity: "a,b|s",
      sources: ["a", "b"],
      stores: ["s"],
      tasks: 3,
      owned: [0, 2],
      standbys: [1],
      next: [1],
      lags: [
        [0, 0, 100],
        [1, 7, 90],
      ],
    },
    { identity: "c|", sources: ["c"], stores: [], tasks: 1, owned: [] },
  ],
  endpoint: "host:8080",
  tags: { zone: "a" },
};

const withUserData = (said: unknown): Buffer =>
  encodeProtocolSubscription(["a"], deflateRawSync(JSON.stringify(said)));

test("a subscription comes back as it was said", () => {
  expect(decodeSubscription(encodeSubscription(subscription))).toMatchObject(subscription);
});

test("Kafka's tools find version 0 of its own layout, with the topics in order", () => {
  const data = encodeSubscription(subscription);
  expect(data.subarray(0, 15).toString("hex")).toBe(
    ["0000", "00000003", "000161", "000162", "000163"].join(""),
  );
  expect(data.readInt32BE(15)).toBe(data.length - 19);
});

test("what a later version adds is passed over", () => {
  const later = {
    ...subscription,
    version: 3,
    colour: "red",
    offers: subscription.offers.map((offer) => ({ ...offer, weight: 5 })),
  };
  expect(decodeSubscription(withUserData(later))).toMatchObject(subscription);
});

test("what the first version said is understood: it keeps no standbys", () => {
  const [{ identity, sources, stores, tasks, owned }] = subscription.offers as [OfferedSubTopology];
  const first = { version: 1, generation: 7, offers: [{ identity, sources, stores, tasks, owned }] };
  expect(decodeSubscription(withUserData(first))).toEqual(first);
});

test("what no member of this kind wrote is told apart, and never thrown", () => {
  for (const said of [null, 5, [], {}, { version: 0, ...subscription }, { version: 1, generation: 1 }])
    expect(decodeSubscription(withUserData(said))).toBeUndefined();
  const [offer] = subscription.offers;
  for (const wrong of [
    { tasks: -1 },
    { tasks: "3" },
    { owned: [1.5] },
    { sources: "a" },
    { identity: 1 },
    { standbys: 1 },
    { next: [-1] },
    { lags: [1] },
    { lags: [[1, 2]] },
    { lags: [[1, 2, -3]] },
  ])
    expect(
      decodeSubscription(withUserData({ version: 1, generation: 1, offers: [{ ...offer, ...wrong }] })),
    ).toBeUndefined();
  for (const wrong of [{ endpoint: 8080 }, { tags: "zone" }, { tags: { zone: 1 } }])
    expect(
      decodeSubscription(withUserData({ version: 2, generation: 1, offers: [offer], ...wrong })),
    ).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodeSubscription(Buffer.from(bytes))).toBeUndefined();
    }),
  );
});

test("bytes that unpack to more than any subscription has are not unpacked", () => {
  const bomb = encodeProtocolSubscription(["a"], deflateRawSync(Buffer.alloc(8 << 20)));
  expect(decodeSubscription(bomb)).toBeUndefined();
});

test("200 stores with long names take a few kilobytes", () => {
  const stores = Array.from({ length: 200 }, (_, at) => `bookings-of-a-location-by-hour-and-kind-${at}`);
  const offers = [{ identity: `in|${stores.join()}`, sources: ["in"], stores, tasks: 50, owned: [1, 2] }];
  expect(encodeSubscription({ generation: 1, offers }).length).toBeLessThan(4_096);
});

test("an assignment comes back as it was made, and no bytes are none", () => {
  const tasks = [{ identity: "a,b|s", partitions: [0, 2] }];
  const standbys = [{ identity: "a,b|s", partitions: [1, 3] }];
  const next = [{ identity: "a,b|s", partitions: [3] }];
  const hosts = [
    { endpoint: "one:80", tasks, standbys },
    { endpoint: "two:80", tasks: [], standbys: [] },
  ];
  const partitions = [
    { topic: "a", partition: 0 },
    { topic: "b", partition: 0 },
    { topic: "a", partition: 2 },
  ];
  for (const giving of [false, true])
    for (const madeFor of [undefined, -7]) {
      const assignment = { tasks, standbys, next, probing: giving, hosts, giving, madeFor };
      expect(decodeAssignment(encodeAssignment(assignment, partitions))).toEqual(assignment);
    }
  expect(decodeAssignment(Buffer.alloc(0))).toEqual({
    tasks: [],
    standbys: [],
    next: [],
    probing: false,
    hosts: [],
    giving: false,
  });
  const first = Buffer.from(JSON.stringify({ version: 1, tasks, giving: false }));
  expect(decodeAssignment(encodeProtocolAssignment(partitions, first))).toMatchObject({
    tasks,
    standbys: [],
  });
});
