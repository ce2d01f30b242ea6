import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { GroupCoordinator, GroupMembership, JoinResponse } from "../../transport/group-coordinator.ts";
import {
  type Cluster,
  contractTest,
  joinRequest,
  type RegisterTest,
  rejection,
  type Workbench,
} from "./workbench.ts";

export const groupContract = (makeTransport: () => Promise<Cluster>, register: RegisterTest): void => {
  const test = contractTest(makeTransport, register);

  test("gives each of two members what the leader assigned to it", async (bench) => {
    const { first, second } = await twoMembers(bench);
    assert.notEqual(first.membership.memberId, second.membership.memberId);
    assert.equal(first.membership.generationId, second.membership.generationId);
    assert.equal(first.assignment, `for ${first.membership.memberId}`);
    assert.equal(second.assignment, `for ${second.membership.memberId}`);
    await Promise.all(
      [first, second].map(({ coordinator, membership }) => coordinator.heartbeat(membership)),
    );
  });

  test("describes who is a member, and what was said and assigned", async (bench) => {
    const instanceId = `instance-${randomUUID()}`;
    const { first, second } = await twoMembers(bench, instanceId);
    const stranger = bench.transport.groupCoordinator(first.membership.groupId);
    const { state, members } = await stranger.describe();
    assert.equal(state, "Stable");
    const said = joinRequest("").protocols[0]?.metadata;
    assert.deepEqual(
      members
        .map(({ memberId, groupInstanceId, metadata, assignment }) => ({
          memberId,
          groupInstanceId,
          metadata: metadata.toString("hex"),
          assignment: assignment.toString("utf8"),
        }))
        .toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1)),
      [first, second]
        .map(({ membership: { memberId, groupInstanceId }, assignment }) => ({
          memberId,
          groupInstanceId,
          metadata: said?.toString("hex"),
          assignment,
        }))
        .toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1)),
    );
    for (const { clientId, clientHost } of members) assert.ok(clientId !== "" && clientHost !== "");
  });

  test("describes a group that nobody ever joined as dead, and without members", async (bench) => {
    const nobody = bench.transport.groupCoordinator(`contract-${randomUUID()}`);
    assert.deepEqual(await nobody.describe(), { state: "Dead", members: [] });
  });

  test("tells the others with the next heartbeat when a member leaves", async (bench) => {
    const { first, second } = await twoMembers(bench);
    await second.coordinator.leave(second.membership);
    const error = await rejection(first.coordinator.heartbeat(first.membership));
    assert.equal(error.kafkaError, "REBALANCE_IN_PROGRESS");
    const gone = await rejection(second.coordinator.heartbeat(second.membership));
    assert.equal(gone.kafkaError, "UNKNOWN_MEMBER_ID");
    const joined = await first.coordinator.join(joinRequest(first.membership.memberId));
    assert.equal(joined.generationId, first.membership.generationId + 1);
    assert.deepEqual(
      joined.members.map(({ memberId }) => memberId),
      [first.membership.memberId],
    );
  });

  test("answers heartbeats while a join waits for the others", async (bench) => {
    const { first, second } = await twoMembers(bench);
    const joining = first.coordinator.join(joinRequest(first.membership.memberId));
    await bench.pass(300);
    const error = await rejection(first.coordinator.heartbeat(first.membership));
    assert.equal(error.kafkaError, "REBALANCE_IN_PROGRESS");
    await second.coordinator.leave(second.membership);
    await joining;
  });

  test("refuses heartbeats of another generation and of strangers", async (bench) => {
    const { coordinator, membership } = await bench.soleMember();
    const { generationId } = membership;
    const old = await rejection(coordinator.heartbeat({ ...membership, generationId: generationId - 1 }));
    assert.equal(old.kafkaError, "ILLEGAL_GENERATION");
    const stranger = await rejection(coordinator.heartbeat({ ...membership, memberId: "stranger" }));
    assert.equal(stranger.kafkaError, "UNKNOWN_MEMBER_ID");
    await coordinator.heartbeat(membership);
  });

  test("takes a static member back without a rebalance, and fences its earlier life", async (bench) => {
    const instanceId = `instance-${randomUUID()}`;
    const { first, second } = await twoMembers(bench, instanceId);
    const restarted = bench.transport.groupCoordinator(second.membership.groupId);
    const joined = await restarted.join(joinRequest("", instanceId));
    assert.equal(joined.generationId, second.membership.generationId);
    assert.notEqual(joined.memberId, second.membership.memberId);
    const membership = { ...second.membership, memberId: joined.memberId };
    const assignment = await restarted.sync(membership, []);
    assert.equal(assignment.toString("utf8"), second.assignment);
    await first.coordinator.heartbeat(first.membership);
    await restarted.heartbeat(membership);
    const error = await rejection(second.coordinator.heartbeat(second.membership));
    assert.equal(error.kafkaError, "FENCED_INSTANCE_ID");
  });

  test("answers -1 for offsets that were never committed, and what was committed", async (bench) => {
    const topic = await bench.topic(3);
    const { coordinator, membership } = await bench.soleMember();
    const metadata = "AgAAAAAAAAAA";
    await coordinator.commitOffsets(membership, [
      { topic, partition: 1, offset: 2 ** 40, leaderEpoch: -1, metadata },
    ]);
    const offsets = await coordinator.fetchOffsets([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    assert.deepEqual(offsets, [
      { topic, partition: 0, offset: -1, leaderEpoch: -1, metadata: "" },
      { topic, partition: 1, offset: 2 ** 40, leaderEpoch: -1, metadata },
    ]);
    const old = { ...membership, generationId: membership.generationId - 1 };
    const error = await rejection(
      coordinator.commitOffsets(old, [{ topic, partition: 1, offset: 1, leaderEpoch: -1, metadata }]),
    );
    assert.equal(error.kafkaError, "ILLEGAL_GENERATION");
  });
};

interface Member {
  readonly coordinator: GroupCoordinator;
  readonly membership: GroupMembership;
  readonly assignment: string;
}

/** Two members of one generation; the first is dynamic, the second static if it has an instance id. */
const twoMembers = async (
  bench: Workbench,
  instanceId: string | null = null,
): Promise<{ readonly first: Member; readonly second: Member }> => {
  const { coordinator, membership } = await bench.soleMember();
  const { groupId } = membership;
  const other = bench.transport.groupCoordinator(groupId);
  const joining = other.join(joinRequest("", instanceId));
  await bench.until("the first member hears of the second", async () => {
    try {
      await coordinator.heartbeat(membership);
      return undefined;
    } catch (error) {
      return error instanceof Error ? true : undefined;
    }
  });
  const [firstJoined, secondJoined] = await Promise.all([
    coordinator.join(joinRequest(membership.memberId)),
    joining,
  ]);
  const leading = [firstJoined, secondJoined].find(({ memberId, leaderId }) => memberId === leaderId);
  const assignments = (leading?.members ?? []).map(({ memberId }) => ({
    memberId,
    assignment: Buffer.from(`for ${memberId}`),
  }));
  assert.equal(assignments.length, 2);
  const enter = async (
    through: GroupCoordinator,
    joined: JoinResponse,
    groupInstanceId: string | null,
  ): Promise<Member> => {
    const { generationId, memberId, leaderId } = joined;
    const own = { groupId, generationId, memberId, groupInstanceId };
    const assignment = await through.sync(own, memberId === leaderId ? assignments : []);
    return { coordinator: through, membership: own, assignment: assignment.toString("utf8") };
  };
  const [first, second] = await Promise.all([
    enter(coordinator, firstJoined, null),
    enter(other, secondJoined, instanceId),
  ]);
  return { first, second };
};
