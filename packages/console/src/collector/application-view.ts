import type { TopologyGraph } from "@millrace/streams";
import type { ApplicationView, LossesView, MemberView, RatesView } from "../protocol/console-state.ts";
import type { MemberSample } from "./member-sample.ts";
import { storesView } from "./stores-view.ts";
import { sums, total } from "./sums.ts";
import { tasksView } from "./tasks-view.ts";

/** From what needs somebody most to what is well. */
const gravest = ["error", "stopped", "pendingShutdown", "created", "rebalancing", "running"];

type Labels = Readonly<Record<string, string>>;
const label =
  (name: string) =>
  (labels: Labels): string =>
    labels[name] ?? "";
const topicOf = (labels: Labels): string => `${labels["sub_topology"]} ${labels["topic"]}`;

/** How an application does, from what its members said last; none of them: it is out of reach. */
export const applicationView = (
  id: string,
  graph: TopologyGraph,
  members: readonly MemberSample[],
): Omit<ApplicationView, "recent"> => {
  const samples = (metric: string) => members.flatMap((member) => member.samples(metric));
  const rates = (metric: string) => members.flatMap((member) => member.rates(metric));
  const lags = samples("lag_records");
  const ages = samples("last_commit_age_seconds").map(({ value }) => value);
  const commits = total(rates("commit_duration_seconds_count"));
  return {
    id,
    state: stateOf(members),
    waitsFor: [...new Set(members.flatMap(({ status: { waitsFor } }) => waitsFor))],
    deadLetterTopic: members[0]?.status.deadLetterTopic,
    members: members.map(memberView),
    tasks: tasksView(members),
    stores: storesView(graph, members),
    rates: ratesOf(rates),
    losses: lossesOf(samples),
    processed: total(rates("processed_records_total")),
    lag: total(lags),
    lagByTopic: sums(lags, label("topic")),
    asyncCalls: sums(samples("async_calls"), label("sub_topology")),
    commitMs: commits > 0 ? (1_000 * total(rates("commit_duration_seconds_sum"))) / commits : undefined,
    lastCommitMs: ages.length > 0 ? 1_000 * Math.min(...ages) : undefined,
    endToEndMs: endToEndOf(samples),
  };
};

const stateOf = (members: readonly MemberSample[]): string =>
  gravest.find((state) => members.some(({ status }) => status.state === state)) ?? "unreachable";

const memberView = ({ url, process, status }: MemberSample): MemberView => ({
  url,
  process,
  state: status.state,
  ready: status.ready,
  waitsFor: status.waitsFor,
  failure: status.failure?.message,
});

type Read = (metric: string) => ReturnType<MemberSample["samples"]>;

const ratesOf = (rates: Read): RatesView => ({
  forwarded: sums(rates("forwarded_records_total"), label("node")),
  consumed: sums(rates("consumed_records_total"), topicOf),
  sent: sums(rates("sent_records_total"), topicOf),
});

const lossesOf = (samples: Read): LossesView => ({
  late: total(samples("late_records_total")),
  deadLettered: sums(samples("dead_lettered_records_total"), label("reason")),
  dropped: sums(samples("dropped_records_total"), label("reason")),
});

/** Where records leave; where none do, as in a topology that writes elsewhere, where they come in. */
const endToEndOf = (samples: Read): number | undefined => {
  const all = samples("record_e2e_latency_avg_seconds");
  for (const at of ["sink", "source"]) {
    const measured = all.filter(({ labels, value }) => labels["at"] === at && value > 0);
    if (measured.length > 0) return 1_000 * Math.max(...measured.map(({ value }) => value));
  }
  return undefined;
};
