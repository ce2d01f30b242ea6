import { EMPTY, type Observable, Subject } from "rxjs";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { RecordCount } from "../metrics/record-count.ts";
import { counted } from "./counted.ts";
import type { TaskContext } from "./task-context.ts";

/** Sends a record on to the repartition topic of a node. */
export type SendRepartition = (node: StageNode, record: AnyRecord) => void;

/** Where what a node forwards is counted; undefined for what only prepares others. */
export type CountOf = (node: StageNode) => RecordCount | undefined;

/** Takes the records of one source. */
export type SourceInput = (record: AnyRecord) => void;

/**
 * Wires the nodes of a sub-topology for one task, parents first, and answers an input per source topic. Each
 * node is subscribed to once; what has several readers goes through a Subject, in the order of the topology.
 */
export const attach = (
  part: SubTopology,
  task: TaskContext,
  sendRepartition: SendRepartition,
  countOf: CountOf,
): ReadonlyMap<StageNode, SourceInput> => {
  const outputs = new Map<StageNode, Observable<AnyRecord>>();
  const inputs = new Map<StageNode, SourceInput>();
  for (const node of part.nodes) {
    if (part.sources.includes(node)) {
      const source = new Subject<AnyRecord>();
      inputs.set(node, (record) => source.next(record));
      outputs.set(node, source);
      continue;
    }
    const out = node.attach(
      Object.fromEntries(
        Object.entries(node.inputs).map(([label, parent]) => {
          const output = parent.role.type === "global" ? EMPTY : outputs.get(parent);
          if (output === undefined)
            throw new Error(`"${node.operator}" stands before its parent "${parent.operator}"`);
          return [label, output];
        }),
      ),
      task,
    );
    const count = countOf(node);
    outputs.set(node, shared(count === undefined ? out : counted(out, count), readers(node, part)));
  }
  for (const node of part.repartitions)
    for (const parent of node.parents)
      outputs.get(parent)?.subscribe((record) => {
        if (record.key === null && !takesNullKeys(node)) task.drop("nullRepartitionKey");
        else sendRepartition(node, record);
      });
  return inputs;
};

const takesNullKeys = ({ role }: StageNode): boolean => role.type === "repartition" && role.nullKeys;

const readers = (node: StageNode, part: SubTopology): number =>
  [...part.nodes.filter(({ role }) => role.type !== "repartition"), ...part.repartitions].reduce(
    (count, other) => count + other.parents.filter((parent) => parent === node).length,
    0,
  );

/** One reader subscribes directly; none still has to run; several share one run. */
const shared = (out: Observable<AnyRecord>, count: number): Observable<AnyRecord> => {
  if (count === 1) return out;
  const subject = new Subject<AnyRecord>();
  out.subscribe(subject);
  return subject;
};
