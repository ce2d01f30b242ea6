import { describe, expect, test } from "vitest";
import type { OffsetPolicy } from "./offset-policy.ts";
import { type ChangelogFacts, type SourceFacts, startPositions, type TaskFacts } from "./start-positions.ts";

const careful: OffsetPolicy = {
  startFrom: "earliest",
  onOffsetOutOfRange: undefined,
  onStateWithoutOffsets: "fail",
  onOffsetsWithoutState: "fail",
  onTopicRecreated: "fail",
};

const source = (facts: Partial<SourceFacts> = {}): SourceFacts => ({
  topic: "in",
  partition: 2,
  committed: 50,
  begin: 10,
  end: 100,
  sameTopic: true,
  fromBeginning: false,
  ...facts,
});

const changelog = (facts: Partial<ChangelogFacts> = {}): ChangelogFacts => ({
  store: "counts",
  topic: "app-counts-changelog",
  partition: 2,
  end: 30,
  holdsRows: false,
  ...facts,
});

const start = (facts: Partial<TaskFacts>, policy: Partial<OffsetPolicy> = {}) => {
  const decision = startPositions(
    { task: "0_2", sources: [source()], changelogs: [], sameChangelogs: true, ...facts },
    { ...careful, ...policy },
  );
  return decision.kind === "start"
    ? { at: [...decision.offsets.values()], warnings: decision.warnings.length, anew: decision.anew }
    : { stops: decision.error.code, says: decision.error.message };
};

const goesOn = (...at: readonly number[]) => ({ at, warnings: 0, anew: false });
const warns = (...at: readonly number[]) => ({ at, warnings: 1, anew: false });

test("goes on where the last commit ended", () => {
  expect(start({ changelogs: [changelog()] })).toEqual(goesOn(50));
  expect(
    start({ sources: [source({ committed: 10 }), source({ partition: 3, committed: 100 })] }),
  ).toMatchObject({
    warnings: 0,
  });
});

describe("with no committed offset", () => {
  const first = { sources: [source({ committed: -1, sameTopic: undefined })] };

  test("starts where it is told", () => {
    expect(start(first)).toEqual(goesOn(10));
    expect(start(first, { startFrom: "latest" })).toEqual(goesOn(100));
    const own = { sources: [source({ committed: -1, sameTopic: undefined, fromBeginning: true })] };
    expect(start(own, { startFrom: "latest" })).toEqual(start(first));
  });

  test("and nothing in its stores, as at the very first start, starts", () => {
    for (const empty of [changelog({ end: 0 }), changelog({ end: 30, holdsRows: false })])
      expect(start({ ...first, changelogs: [empty], sameChangelogs: undefined })).toEqual(goesOn(10));
  });

  const state = { ...first, changelogs: [changelog({ holdsRows: true })], sameChangelogs: undefined };

  test("and state, stops and says how to reset either", () => {
    expect(start(state)).toMatchObject({
      stops: "STATE_WITHOUT_OFFSETS",
      says: expect.stringMatching(/app-counts-changelog.*delete.*reset-offsets.*onStateWithoutOffsets/s),
    });
  });

  test("and state, starts where nothing is read again, or where that is wanted", () => {
    expect(start(state, { startFrom: "latest" })).toEqual(goesOn(100));
    expect(start({ ...state, sources: [source({ committed: -1, begin: 40, end: 40 })] })).toEqual(goesOn(40));
    expect(start(state, { onStateWithoutOffsets: "continue" })).toEqual(warns(10));
  });

  test("of one of several partitions, that one was empty", () => {
    const sources = [source(), source({ topic: "other", committed: -1, begin: 0 })];
    expect(start({ ...state, sources })).toEqual(goesOn(50, 0));
  });
});

describe("with offsets, and a changelog that was made anew", () => {
  const lost = { changelogs: [changelog({ end: 0 })], sameChangelogs: false };

  test("stops, and says what can be done", () => {
    expect(start(lost)).toMatchObject({
      stops: "OFFSETS_WITHOUT_STATE",
      says: expect.stringMatching(/app-counts-changelog.*rewind.*continue/s),
    });
  });

  test("goes on, or builds it anew from all that is left, as asked", () => {
    expect(start(lost, { onOffsetsWithoutState: "continue" })).toEqual(warns(50));
    expect(start(lost, { onOffsetsWithoutState: "rewind" })).toEqual({ at: [10], warnings: 1, anew: true });
  });

  test("does not rewind while another store would count twice", () => {
    const changelogs = [changelog({ end: 0 }), changelog({ store: "sums", topic: "app-sums-changelog" })];
    expect(start({ ...lost, changelogs }, { onOffsetsWithoutState: "rewind" })).toMatchObject({
      stops: "OFFSETS_WITHOUT_STATE",
    });
  });

  test("goes on with one that somebody has filled, with one that never had a row, and where nothing was read", () => {
    expect(start({ ...lost, changelogs: [changelog({ end: 30 })] })).toEqual(goesOn(50));
    expect(start({ ...lost, sameChangelogs: true })).toEqual(goesOn(50));
    expect(start({ ...lost, sameChangelogs: undefined })).toEqual(goesOn(50));
    expect(start({ ...lost, sources: [source({ committed: 0, begin: 0 })] })).toEqual(goesOn(0));
  });
});

describe("with an offset below the log's beginning", () => {
  const below = { sources: [source({ committed: 4 })] };

  test("goes on with the first record that is left, and says how many are lost", () => {
    const decision = startPositions(
      { task: "0_2", ...below, changelogs: [], sameChangelogs: undefined },
      careful,
    );
    expect(decision).toMatchObject({
      kind: "start",
      warnings: [{ message: expect.stringContaining("6 records of in-2"), fields: { lost: 6 } }],
    });
    expect(start(below)).toEqual(warns(10));
  });

  test("does as it is told", () => {
    expect(start(below, { onOffsetOutOfRange: "earliest" })).toEqual(warns(10));
    expect(start(below, { onOffsetOutOfRange: "latest" })).toEqual(warns(100));
    expect(start(below, { onOffsetOutOfRange: "fail" })).toMatchObject({ stops: "OFFSET_OUT_OF_RANGE" });
  });
});

const beyond = (sameTopic: boolean | undefined) => ({ sources: [source({ committed: 140, sameTopic })] });

describe("with an offset beyond the log's end", () => {
  test("goes on at the end of a log that brokers have cut", () => {
    expect(start(beyond(true))).toEqual(warns(100));
  });

  test("stops where it may be another log, and says what to do", () => {
    expect(start(beyond(undefined))).toMatchObject({
      stops: "OFFSET_OUT_OF_RANGE",
      says: expect.stringContaining("--reset-offsets"),
    });
  });

  test("does as it is told", () => {
    expect(start(beyond(undefined), { onOffsetOutOfRange: "earliest" })).toEqual(warns(10));
    expect(start(beyond(undefined), { onOffsetOutOfRange: "latest" })).toEqual(warns(100));
    expect(start(beyond(true), { onOffsetOutOfRange: "fail" })).toMatchObject({
      stops: "OFFSET_OUT_OF_RANGE",
    });
  });
});

describe("with an offset of a topic that was made anew", () => {
  const anew = { sources: [source({ sameTopic: false })] };

  test("stops although the offset is in range, and says what to do", () => {
    expect(start(anew)).toMatchObject({
      stops: "TOPIC_RECREATED",
      says: expect.stringContaining('onTopicRecreated "restart"'),
    });
  });

  test("reads the new one from where a new one is read, as asked", () => {
    expect(start(anew, { onTopicRecreated: "restart" })).toEqual(warns(10));
    expect(start(anew, { onTopicRecreated: "restart", startFrom: "latest" })).toEqual(warns(100));
  });
});
