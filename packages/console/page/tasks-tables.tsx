import type { ApplicationView, MemberView, TaskView } from "../src/protocol/console-state.ts";
import { countText, durationText, rateText } from "./amounts.ts";
import { kindOf } from "./state-dot.tsx";

/** Tasks and who runs them; processes and how they are. */
export const TasksTables = ({
  application: { tasks, members },
}: {
  readonly application: ApplicationView;
}) => {
  const nameOf = (url: string): string => {
    const member = members.find((one) => one.url === url);
    return member === undefined ? url : processName(member);
  };
  return (
    <>
      <section class="panel">
        <h2>Tasks</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Tasks">
          <table>
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col" class="number">
                  Sub-topology
                </th>
                <th scope="col" class="number">
                  Partition
                </th>
                <th scope="col">State</th>
                <th scope="col">Run by</th>
                <th scope="col">Standbys</th>
                <th scope="col" class="number">
                  Records/s
                </th>
                <th scope="col" class="number">
                  Behind
                </th>
              </tr>
            </thead>
            <tbody>
              {tasks.map((task) => (
                <TaskRow key={task.id} task={task} nameOf={nameOf} />
              ))}
            </tbody>
          </table>
        </div>
        {tasks.length === 0 && <p class="muted">Nobody whom the console can ask has a task.</p>}
      </section>
      <section class="panel">
        <h2>Processes</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Processes">
          <table>
            <thead>
              <tr>
                <th scope="col">Process</th>
                <th scope="col">Endpoint</th>
                <th scope="col">State</th>
                <th scope="col" class="number">
                  Tasks
                </th>
                <th scope="col" class="number">
                  Standbys
                </th>
                <th scope="col">Version</th>
                <th scope="col">Up for</th>
                <th scope="col">Waits for</th>
              </tr>
            </thead>
            <tbody>
              {members.map((member) => (
                <tr key={member.url}>
                  <th scope="row" class="mono">
                    {processName(member)}
                  </th>
                  <td class="mono">{member.url}</td>
                  <td class={kindOf(member.state, !member.ready)}>{member.state}</td>
                  <td class="number">{tasks.filter(({ active }) => active === member.url).length}</td>
                  <td class="number">
                    {tasks.filter(({ standbys }) => standbys.some(({ url }) => url === member.url)).length}
                  </td>
                  <td>{member.process.version}</td>
                  <td>{durationText(Math.max(0, Date.now() - member.process.startedAt))}</td>
                  <td>{member.waitsFor.join("; ") || <span class="muted">nothing</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
};

const processName = ({ process: { host, pid } }: MemberView): string => `${host}:${pid}`;

const TaskRow = ({ task, nameOf }: { readonly task: TaskView; readonly nameOf: (url: string) => string }) => (
  <tr>
    <th scope="row" class="mono">
      {task.id}
    </th>
    <td class="number">{task.subTopology}</td>
    <td class="number">{task.partition}</td>
    <td class={task.state === "active" ? "good" : task.state === "restoring" ? "warn" : "bad"}>
      {task.state}
    </td>
    <td class="mono">{task.active === undefined ? "–" : nameOf(task.active)}</td>
    <td class="mono">
      {task.standbys.length === 0
        ? "–"
        : task.standbys
            .map(
              ({ url, stateLag }) => `${nameOf(url)}${stateLag > 0 ? ` (lacks ${countText(stateLag)})` : ""}`,
            )
            .join(", ")}
    </td>
    <td class="number">{rateText(task.processed)}</td>
    <td class={task.lag > 0 ? "number warn" : "number"}>{countText(task.lag)}</td>
  </tr>
);
