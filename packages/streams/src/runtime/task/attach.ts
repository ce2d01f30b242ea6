import { MillraceError, messageOf } from "../../errors.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { RecordCount } from "../metrics/record-count.ts";
import { counted } from "./counted.ts";
import { RecordFlow } from "./record-flow.ts";
import type { TaskContext } from "./task-context.ts";

/** Sends a record on to the repartition topic of a node. */
export type SendRepartition = (node: StageNode, record: AnyRecord) => void;

/** Where what a node forwards is counted; undefined for what only prepares others. */
export type CountOf = (node: StageNode) => RecordCount | undefined;

/** Takes the records of one source. */
export type SourceInput = (record: AnyRecord) => void;

/**
 * Wires the nodes of a sub-topology for one task, parents first, and answers an input per source topic. What has several
 * readers calls them in the order of the topology, as on the JVM; what sends to repartition topics comes last.
 */
export const attach = (
  subTopology: SubTopology,
  task: TaskContext,
  sendRepartition: SendRepartition,
  countOf: CountOf,
): ReadonlyMap<StageNode, SourceInput> => {
  const outputs = new Map<StageNode, RecordFlow>();
  const inputs = new Map<StageNode, SourceInput>();
  for (const node of subTopology.nodes) {
    if (subTopology.sources.includes(node)) {
      const source = new RecordFlow();
      inputs.set(node, (record) => source.next(record));
      outputs.set(node, source);
      continue;
    }
    const read = Object.fromEntries(
      Object.entries(node.inputs).map(([label, parent]) => {
        // A global table is not read here: it is looked into.
        const output = parent.role.type === "global" ? new RecordFlow() : outputs.get(parent);
        if (output === undefined)
          throw new Error(`"${node.operator}" stands before its parent "${parent.operator}"`);
        return [label, output];
      }),
    );
    const out = attached(node, read, task);
    const count = countOf(node);
    outputs.set(node, count === undefined ? out : counted(out, Object.values(read), count));
  }
  for (const node of subTopology.repartitions)
    for (const parent of node.parents)
      outputs.get(parent)?.each((record) => {
        if (record.key === null && !takesNullKeys(node)) task.drop("nullRepartitionKey");
        else sendRepartition(node, record);
      });
  return inputs;
};

/** What a node forwards. Throws a MillraceError, with the operator and the task, where a function of the user that makes it fails. */
const attached = (
  node: StageNode,
  read: Readonly<Record<string, RecordFlow>>,
  task: TaskContext,
): RecordFlow => {
  try {
    return node.attach(read, task);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const name = node.name === undefined ? "" : ` "${node.name}"`;
    throw new MillraceError(
      `${node.operator}()${name} could not be made for task ${task.taskId}: ${messageOf(error)}`,
      { code: "PROCESSING", cause: error },
    );
  }
};

const takesNullKeys = ({ role }: StageNode): boolean => role.type === "repartition" && role.nullKeys;
