import { useEffect, useRef } from "preact/hooks";
import { drawingStart } from "../src/graph/drawing-start.ts";
import { counted } from "./amounts.ts";
import { TopologyDrawing } from "./topology-drawing.tsx";
import type { TopologyProps } from "./topology-props.ts";
import { TopologyTable } from "./topology-table.tsx";
import { waitsOf } from "./waits.ts";

/** The topology as a drawing, and the same in words. */
export const TopologyPanel = ({ application, graph }: TopologyProps) => {
  const waits = waitsOf(application);
  const frame = useRef<HTMLElement>(null);
  // Once for each application: where somebody has moved it to, it stays.
  useEffect(() => {
    const { current } = frame;
    if (current !== null) current.scrollLeft = drawingStart(graph.nodes, current.clientWidth).x;
  }, [graph.application]);
  return (
    <div class="columns">
      <section ref={frame} class="panel drawing" aria-label="Drawing" tabIndex={0}>
        <TopologyDrawing application={application} graph={graph} />
      </section>
      <div class="aside">
        <section class="panel">
          <h2>Where it waits</h2>
          {waits.length === 0 ? (
            <p class="muted">Nowhere: everything that is there is processed.</p>
          ) : (
            <ul class="plain">
              {waits.map(({ place, why }) => (
                <li key={`${place} ${why}`}>
                  <span class="mono">{place}</span> <span class="warn">{why}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section class="panel">
          <h2>Sub-topologies</h2>
          <ul class="plain">
            {graph.areas.map(({ subTopology }) => (
              <li key={subTopology}>
                <span class="mono">{subTopology}</span>{" "}
                <span class="muted">
                  {counted(
                    application.tasks.filter((task) => task.subTopology === subTopology).length,
                    "task",
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
        <details class="panel">
          <summary>As Kafka Streams describes it</summary>
          <pre tabIndex={0}>{graph.describe.trimEnd()}</pre>
        </details>
      </div>
      <details class="panel wide" id="topology-table">
        <summary>The drawing as a table</summary>
        <TopologyTable application={application} graph={graph} />
      </details>
    </div>
  );
};
