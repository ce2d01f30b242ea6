import { parseArgs } from "node:util";
import { groupOffsets, noGroup } from "@millrace/operations";
import { groupTasks } from "@millrace/streams";
import { type Command, connectionOptions, print, withTransport } from "./command.ts";
import { fetchStatus, statusJson, statusText } from "./show-status.ts";
import { tasksJson, tasksText } from "./show-tasks.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace tasks APPLICATION [--json]
millrace tasks [APPLICATION] --url URL... [--json]

  Which tasks there are, who runs them, and who keeps standbys or warms their state up (role standby, warmup).
    BEHIND         records of its sources that a task has not committed yet
    STATE LACKS    records of its changelogs that a state does not have: when its member joined last, which is when all have
                   said so; as it is now with --url
  Asked of Kafka by the application's id, or of processes by the HTTP endpoints of their services, as http://10.0.0.7:8080.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...connectionOptions,
      url: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
    },
  });
  const [application, ...rest] = positionals;
  if (rest.length > 0) throw usageError(help);
  if (values.url !== undefined) {
    const processes = await Promise.all(values.url.map(fetchStatus));
    const theirs = processes.flatMap(({ status }) => status.applications.map((one) => one.application));
    if (application !== undefined && !theirs.includes(application))
      throw usageError(
        `nobody at ${values.url.join(", ")} runs "${application}"; there run ${theirs.map((id) => `"${id}"`).join(", ") || "none yet"}`,
      );
    print((values.json ? statusJson : statusText)(processes, application));
    return;
  }
  if (application === undefined) throw usageError(help);
  await withTransport(values.brokers, async (transport) => {
    const group = await groupTasks(transport, application);
    if (group.state === "Dead") throw noGroup(application);
    const sources = [...new Set(group.tasks.flatMap((task) => task.sources))];
    const offsets = sources.length === 0 ? [] : await groupOffsets(transport, application, sources);
    const lines = values.json ? tasksJson(group, offsets) : tasksText(application, group, offsets);
    if (lines.length > 0) print(lines);
  });
};

/** `millrace tasks`. */
export const tasks: Command = {
  summary: "who runs which tasks, and keeps standbys",
  help,
  connects: true,
  run,
};
