import { textTable } from "@millrace/operations";
import type { StatusAnswer } from "@millrace/service";
import { fetchAnswer } from "./fetch-answer.ts";

/** What a process answers of its applications, and where it was asked. */
export interface ProcessStatus {
  readonly url: string;
  readonly status: StatusAnswer;
}

/** Asks a process for `/status`. Throws a MillraceError `USAGE` where nobody answers so. */
export const fetchStatus = async (url: string): Promise<ProcessStatus> => ({
  url,
  status: await fetchAnswer<StatusAnswer>(url, "/status"),
});

const lines = (processes: readonly ProcessStatus[], application: string | undefined) =>
  processes.flatMap(({ url, status }) =>
    status.applications
      .filter((one) => application === undefined || one.application === application)
      .flatMap(({ application: of, tasks, state }) =>
        tasks.map((task) => ({ application: of, applicationState: state, url, ...task })),
      ),
  );

/** The tasks of these processes as they are now, for people. */
export const statusText = (processes: readonly ProcessStatus[], application?: string): readonly string[] => {
  const tasks = lines(processes, application).toSorted(
    (a, b) =>
      a.application.localeCompare(b.application) ||
      a.subTopology - b.subTopology ||
      a.partition - b.partition ||
      a.state.localeCompare(b.state),
  );
  return [
    ...processes.flatMap(({ url, status }) =>
      status.applications
        .filter((one) => application === undefined || one.application === application)
        .map(
          ({ application: of, state, waitsFor }) =>
            `${url} runs "${of}": ${state}${waitsFor.length > 0 ? ` (${waitsFor.join("; ")})` : ""}`,
        ),
    ),
    "",
    ...(tasks.length === 0
      ? ["no tasks"]
      : textTable([
          ["APPLICATION", "TASK", "STATE", "BEHIND", "STATE LACKS", "PROCESS"],
          ...tasks.map(({ application: of, id, state, behind, stateLag, url }) => [
            of,
            id,
            state,
            behind ?? "",
            stateLag,
            url,
          ]),
        ])),
  ];
};

/** The same for machines, a task on each line. */
export const statusJson = (processes: readonly ProcessStatus[], application?: string): readonly string[] =>
  lines(processes, application).map((task) => JSON.stringify(task));
