import type { ConsoleState } from "../src/protocol/console-state.ts";
import { durationText } from "./amounts.ts";

/** What the page shows. */
export interface ConnectionsPageProps {
  readonly state: ConsoleState;
  /** An application that was asked for, and that nobody runs. */
  readonly missing?: string | undefined;
}

/** What the console asks, and what does not answer. */
export const ConnectionsPage = ({ state: { sources, kafka }, missing }: ConnectionsPageProps) => (
  <>
    <div class="title">
      <h1>Connections</h1>
    </div>
    {missing !== undefined && <p class="notice warn">No process that answers runs "{missing}".</p>}
    {sources.length === 0 && (
      <p class="notice warn">
        This console was given no applications: start it with --app http://host:port for each process, which
        is its HTTP_HOST and HTTP_PORT.
      </p>
    )}
    <section class="panel">
      <h2>Processes</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Processes">
        <table>
          <thead>
            <tr>
              <th scope="col">Endpoint</th>
              <th scope="col">Answers</th>
              <th scope="col">Applications</th>
              <th scope="col">Process</th>
              <th scope="col">Version</th>
              <th scope="col">Up for</th>
            </tr>
          </thead>
          <tbody>
            {sources.map(({ url, problem, applications, process }) => (
              <tr key={url}>
                <th scope="row" class="mono">
                  {url}
                </th>
                <td class={problem === undefined ? "good" : "bad"}>{problem ?? "yes"}</td>
                <td class="mono names">{applications.join(", ")}</td>
                <td class="mono">{process === undefined ? "" : `${process.host}:${process.pid}`}</td>
                <td>{process?.version}</td>
                <td>
                  {process === undefined ? "" : durationText(Math.max(0, Date.now() - process.startedAt))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
    <section class="panel">
      <h2>Kafka</h2>
      {kafka.address === undefined ? (
        <p class="muted">
          Not given: no dead letters, no reset. --brokers, or KAFKA_BROKERS, says where it is.
        </p>
      ) : (
        <p>
          <span class="mono">{kafka.address}</span>{" "}
          <span class={kafka.problem === undefined ? "good" : "bad"}>{kafka.problem ?? "answers"}</span>
        </p>
      )}
    </section>
  </>
);
