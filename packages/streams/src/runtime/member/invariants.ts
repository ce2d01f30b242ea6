import type { MemberState } from "./member-state.ts";

/**
 * What holds in every state of a member, whatever came in which order; answers what does not, as text. Asserted over all
 * interleavings by the model test, and after every step in the simulation.
 */
export const brokenInvariants = (state: MemberState): readonly string[] => {
  const { life, member, joining, producer, tasks, commit, debts } = state;
  const phases = new Map([...tasks].map(([task, { phase }]) => [task, phase]));
  const working = [...phases].filter(([, phase]) => phase === "running" || phase === "draining");
  const draining = working.filter(([, phase]) => phase === "draining").map(([task]) => task);
  const deadlines = [
    ...debts.map(({ by }) => by),
    ...(commit.phase === "idle" ? [] : [commit.by]),
    ...(producer.phase === "opening" ? [producer.by] : []),
  ];
  const rules: readonly (readonly [holds: boolean, rule: string])[] = [
    [
      working.length === 0 || producer.phase === "open",
      "only tasks with an open producer take or send records",
    ],
    [member || tasks.size === 0, "who is no member has no tasks"],
    [
      commit.phase === "idle" || (member && producer.phase === "open"),
      "a commit has membership and a producer",
    ],
    [
      commit.phase !== "settling" || !joining || life === "stopping",
      "no commit begins while a join may change the generation",
    ],
    [
      commit.phase !== "wire" || commit.closing.every((task) => phases.get(task) === "draining"),
      "a task that drained stays until its commit is durable or void",
    ],
    [
      draining.every(
        (task) =>
          life === "stopping" || debts.some((debt) => debt.to === "revoked" && debt.tasks.includes(task)),
      ),
      "a task drains because somebody waits for it",
    ],
    [
      draining.length === 0 || commit.phase !== "idle" || (joining && life === "running"),
      "a task that drains has a commit under way",
    ],
    [
      debts.every((debt) => debt.to !== "join" || commit.phase === "wire"),
      "a join waits for nothing but a commit on the wire",
    ],
    [deadlines.every((by) => Number.isFinite(by)), "everything owed has a deadline"],
    [life !== "running" || !debts.some(({ to }) => to === "stop"), "who is told to stop is stopping"],
    [
      life !== "stopped" || (tasks.size === 0 && debts.length === 0 && producer.phase === "none"),
      "who has stopped owns and owes nothing",
    ],
    [
      [...phases.values()].every((phase) => phase !== "resuming" || producer.phase === "open"),
      "what took effect is asked only after the producer has ended what its predecessor left open",
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, rule]) => rule);
};
