import {
  count,
  groupByKey,
  join,
  joinWindows,
  type KStream,
  leftJoin,
  long,
  nullable,
  outerJoin,
  repartition,
  selectKey,
  sessions,
  sessionWindowed,
  type Sink,
  stream,
  string,
  suppress,
  to,
  type Topic,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  untilWindowCloses,
  windowed,
  windowedBy,
} from "@millrace/streams";

/** The records of a round are so far apart at most, ms. */
export const spanMs = 1_000;
/** More than that: whatever order partitions are read in, none of a round is late. */
const grace = 2_000;
/** Of each topic. */
export const partitions = 4;

const texts = { key: string(), value: string() };
/** The part of a value that says whose it is: `whose:what`. */
const whose = (value: string): string => value.split(":", 1)[0] ?? value;
const both = (left: string | null, right: string | null): string => `${left}+${right}`;
const byOwner = (source: Topic<string, string>, name: string): KStream<string, string> =>
  stream(source).pipe(selectKey(whose, { key: string() }), repartition({ name, partitions }));
const tumblingWindows = tumbling(300, { grace });

/** What the application writes, by kind. Results can come more than once and in another order; rows replace each other. */
export interface Outputs {
  readonly results: readonly Topic<unknown, unknown>[];
  readonly rows: readonly Topic<unknown, unknown>[];
}

/** The topology, and the topics that it reads and writes. */
export interface Application {
  readonly topology: Topology;
  readonly orders: Topic<string, string>;
  readonly payments: Topic<string, string>;
  readonly visits: Topic<string, string>;
  readonly outputs: Outputs;
}

/**
 * Joins of streams, of tables and by foreign keys, sessions and windows that are held until they close, each by another key
 * than that of its source.
 * What comes out does not depend on the order in which records of a round come to a task: results without a match are told
 * when their window is over, which is later than the round, or at once.
 */
export const visitsAndOrders = (id: string): Application => {
  const orders = topic(`${id}-orders`, texts);
  const payments = topic(`${id}-payments`, texts);
  const visits = topic(`${id}-visits`, texts);
  const left = byOwner(orders, "orders-by-owner");
  const right = byOwner(payments, "payments-by-owner");
  const visited = byOwner(visits, "visits-by-visitor").pipe(groupByKey());

  const results = (name: string) => topic(`${id}-${name}`, texts);
  const [inner, leftOnly, outer] = [results("inner"), results("left"), results("outer")];
  const closed = topic(`${id}-closed`, { key: windowed(string(), tumblingWindows), value: long() });
  const ended = topic(`${id}-ended`, { key: sessionWindowed(string()), value: long() });
  const open = topic(`${id}-open`, { key: sessionWindowed(string()), value: nullable(long()) });
  const rows = (name: string) => topic(`${id}-${name}`, { key: string(), value: nullable(string()) });
  const [balances, neighbours] = [rows("balances"), rows("neighbours")];
  const orderCounts = left.pipe(groupByKey(), count({ store: "orders-of-owner" }));
  const paymentCounts = right.pipe(groupByKey(), count({ store: "payments-of-owner" }));
  const sinks: Sink[] = [
    left.pipe(
      join(right, both, { name: "inner", windows: joinWindows(0, { before: 300, after: 100, grace }) }),
      to(inner),
    ),
    left.pipe(
      leftJoin(right, both, { name: "left", windows: joinWindows(0, { before: 200, after: spanMs, grace }) }),
      to(leftOnly),
    ),
    left.pipe(outerJoin(right, both, { name: "outer", windows: joinWindows(spanMs, { grace }) }), to(outer)),
    orderCounts.pipe(
      outerJoin(paymentCounts, (ordered, paid) => `${ordered} ordered, ${paid} paid`),
      toStream(),
      to(balances),
    ),
    orderCounts.pipe(
      leftJoin(
        paymentCounts,
        (ordered) => `o${4 + (ordered % 12)}`,
        (ordered, paid) => `${ordered} ordered, ${paid} paid by another`,
        { name: "neighbours" },
      ),
      toStream(),
      to(neighbours),
    ),
    visited.pipe(
      windowedBy(tumblingWindows),
      count({ store: "visits-per-window" }),
      suppress(untilWindowCloses(), { store: "windows-that-are-open" }),
      toStream(),
      to(closed),
    ),
    visited.pipe(
      windowedBy(sessions(60, { grace }), { emit: "finals" }),
      count({ store: "ended-sessions" }),
      toStream(),
      to(ended),
    ),
    visited.pipe(
      windowedBy(sessions(60, { grace })),
      count({ store: "open-sessions" }),
      toStream(),
      to(open),
    ),
  ];
  return {
    topology: topology(id, ...sinks),
    orders,
    payments,
    visits,
    outputs: {
      results: [inner, leftOnly, outer, closed, ended] as never,
      rows: [open, balances, neighbours] as never,
    },
  };
};
