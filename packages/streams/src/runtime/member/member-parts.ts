import type { Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import { changelogEnds } from "../restore/changelog-ends.ts";
import { LeftStates } from "../restore/left-states.ts";
import { Restorer } from "../restore/restorer.ts";
import { Standbys } from "../restore/standbys.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { KeptState } from "../task/kept-state.ts";
import { Refusals } from "../task/refusals.ts";
import { Slices } from "../task/slices.ts";
import { FoundTopics } from "../topics/found-topics.ts";
import { repartitionTopics } from "../topics/plan.ts";
import { RepartitionPurge } from "../topics/repartition-purge.ts";
import { Commits } from "./commits.ts";
import { HeldTasks } from "./held-tasks.ts";
import { Loop } from "./loop.ts";
import type { MemberOptions } from "./member-options.ts";
import type { MemberPost } from "./member-post.ts";
import { MemberView } from "./member-view.ts";
import { Producers } from "./producers.ts";
import { Reposition } from "./reposition.ts";
import { Starts } from "./starts.ts";
import { TaskMaker } from "./task-maker.ts";
import { TaskStarter } from "./task-starter.ts";
import { Troubles } from "./troubles.ts";

/** What a member carries its effects out with. */
export interface MemberParts {
  readonly view: MemberView;
  readonly loop: Loop;
  readonly fetcher: Fetcher;
  readonly held: HeldTasks;
  readonly producers: Producers;
  readonly restorer: Restorer;
  readonly kept: KeptState;
  readonly standbys: Standbys;
  readonly starts: Starts;
  readonly commits: Commits;
  readonly troubles: Troubles;
}

/** Makes what a member consists of, and lets each part know those that it works with. */
export const memberParts = (options: MemberOptions, post: MemberPost): MemberParts => {
  const { topology, settings, plan, metrics, globals, processId } = options;
  const { transport, clock, log, applicationId, guarantee, instanceId } = settings;
  const troubles = new Troubles(options, post);
  const loop: Loop = new Loop({
    settings,
    metrics,
    state: post.state,
    tasks: () => held.all,
    producer: () => producers.current,
    unheard: () => options.membership.unheard,
    restorer: () => restorer,
    dispatch: post.dispatch,
    failed: (task) => troubles.taskFailed(task),
  });
  const wake = (): void => loop.wake();
  const fetcher = transport.createFetcher(
    fetcherOptions(settings, wake, metrics.requestTimes("consumer", "fetch")),
  );
  const held: HeldTasks = new HeldTasks(fetcher, (prepared) => standbys.put(prepared));
  // Stable for a static member: its next life fences this one at once instead of waiting for the time-out.
  const transactionalId =
    guarantee === "exactly_once" ? `${applicationId}-${instanceId ?? processId}` : undefined;
  const commitTimes = {
    produce: metrics.requestTimes("producer", "produce"),
    sendOffsets: metrics.requestTimes("producer", "sendOffsets"),
    endTransaction: metrics.requestTimes("producer", "endTransaction"),
  };
  const producers: Producers = new Producers(
    settings,
    transactionalId,
    [...plan.partitions.keys()].filter((topic) => !plan.matched.includes(topic)),
    (request, tookMs) => commitTimes[request](tookMs),
  );
  const restorer: Restorer = new Restorer({ transport, clock, log, metrics, onAvailable: wake });
  const kept = new KeptState(settings, plan);
  const leftStates = new LeftStates({ ...options, kept });
  const refusals = new Refusals();
  const reposition = new Reposition(settings, plan, metrics, wake, options.doubt);
  const environment = {
    ...settings,
    metrics,
    globals,
    slices: new Slices(clock),
    expireInChangelog: true,
    emitIntervalMs: 0,
    wake,
  };
  const foundTopics = new FoundTopics(settings, () => producers.current);
  const destinations = { applicationId, plan, foundTopics, refusals };
  const maker = new TaskMaker({ topology, settings, environment, destinations, kept });
  const standbys: Standbys = new Standbys({
    settings,
    restorer,
    coordinator: options.coordinator,
    plan,
    make: (id) => maker.make(id),
    isOwned: (id) => post.state().tasks.has(id),
    letter: post.letter,
  });
  const starter = new TaskStarter({
    ...options,
    environment,
    fetcher,
    restorer,
    prepare: (id) => standbys.take(id) ?? maker.make(id),
    unreadable: (task, queue, error) => reposition.unreadable(task, queue, error),
  });
  const starts = new Starts(settings, starter, held, troubles, post);
  const purge = new RepartitionPurge(repartitionTopics(topology, applicationId), settings);
  const commits = new Commits({ ...options, held, producers, refusals, purge, troubles }, post);
  const view = new MemberView({
    state: post.state,
    held,
    producers,
    restorer,
    standbys,
    leftStates,
    ends: (changelogs) => changelogEnds(changelogs, options),
  });
  return { view, loop, fetcher, held, producers, restorer, kept, standbys, starts, commits, troubles };
};

const fetcherOptions = (
  { guarantee, maxFetchBytesPerPartition, maxBufferedBytes }: AppSettings,
  onAvailable: () => void,
  onAnswer: (tookMs: number) => void,
): FetcherOptions => ({
  readCommitted: guarantee === "exactly_once",
  maxWaitMs: 500,
  maxBytesPerPartition: maxFetchBytesPerPartition,
  maxBytes: Math.min(maxFetchBytesPerPartition * 8, 2 ** 31 - 1),
  maxBufferedBytesPerPartition: maxFetchBytesPerPartition * 2,
  maxBufferedBytes,
  onAvailable,
  onAnswer,
});
