import { counted, type GroupOffset, oneLine, textTable } from "@millrace/operations";
import type { GroupTask, GroupTasks, TaskMember } from "@millrace/streams";

/** A task as the group has it, with how far its input is read. */
interface ShownTask extends GroupTask {
  readonly member: TaskMember | undefined;
  /** Records of its sources behind what it has committed; undefined where it has committed nothing. */
  readonly behind: number | undefined;
}

const shownTasks = ({ tasks, members }: GroupTasks, offsets: readonly GroupOffset[]): readonly ShownTask[] =>
  tasks.map((task) => {
    const read = offsets.filter(
      ({ topic, partition }) => partition === task.partition && task.sources.includes(topic),
    );
    return {
      ...task,
      member: members.find(({ memberId }) => memberId === task.memberId),
      behind: read.length === 0 ? undefined : read.reduce((sum, { lag }) => sum + lag, 0),
    };
  });

/** Who runs what, for people: a table for each sub-topology. */
export const tasksText = (
  application: string,
  group: GroupTasks,
  offsets: readonly GroupOffset[],
): readonly string[] => {
  const { state, members } = group;
  if (members.length === 0) return [`nobody runs "${application}" (its group is ${state})`];
  const tasks = shownTasks(group, offsets);
  const idle = tasks.filter(({ role }) => role === "unassigned").length;
  const strangers = members.filter(({ understood }) => !understood).map(whereText);
  const bySubTopology = Map.groupBy(tasks, ({ sources, stores }) => subTopologyText(sources, stores));
  return [
    `"${application}" is ${state}, with ${counted(members.length, "member")}`,
    ...(state === "Stable" ? [] : ["its tasks are being shared out: ask again in a moment"]),
    ...(idle > 0 ? [`${counted(idle, "task is", "tasks are")} run by nobody`] : []),
    ...(state === "Stable" && strangers.length > 0
      ? [`of another engine, or of another version, and it is unknown what they run: ${strangers.join(", ")}`]
      : []),
    ...[...bySubTopology].flatMap(([name, of]) => [
      "",
      name,
      ...textTable([
        ["PARTITION", "ROLE", "BEHIND", "STATE LACKS", "OF", "MEMBER"],
        ...of.map(({ partition, role, behind, state: held, member }) => [
          partition,
          role,
          role === "active" || role === "unassigned" ? (behind ?? "") : "",
          held?.lag ?? "",
          held?.whole ?? "",
          member === undefined ? "" : whereText(member),
        ]),
      ]),
    ]),
  ];
};

/** The same for machines, a task on each line. */
export const tasksJson = (group: GroupTasks, offsets: readonly GroupOffset[]): readonly string[] =>
  shownTasks(group, offsets).map(({ member, behind, state, ...task }) =>
    JSON.stringify({
      ...task,
      behind,
      stateLag: state?.lag,
      stateRecords: state?.whole,
      instanceId: member?.instanceId,
      clientId: member?.clientId,
      host: member?.host,
      endpoint: member?.endpoint,
    }),
  );

const subTopologyText = (sources: readonly string[], stores: readonly string[]): string =>
  `reads ${sources.join(", ")}${stores.length > 0 ? `, keeps ${stores.join(", ")}` : ""}`;

const whereText = ({ instanceId, memberId, host, endpoint }: TaskMember): string =>
  oneLine(`${instanceId ?? memberId} at ${endpoint ?? host}`);
