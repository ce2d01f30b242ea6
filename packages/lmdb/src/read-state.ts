import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type ByteStore, type KeptStore, MillraceError } from "@millrace/streams";
import { checkFile } from "./check-file.ts";
import { type Environment, openEnvironment, positionKey, taskKey } from "./environment.ts";
import { messageOf } from "./message-of.ts";
import { rangeOptions } from "./range-options.ts";
import { format, type TaskDescription } from "./task-description.ts";

/** A store of a task, as it lies in a state directory; to be read only. */
export interface StoredState extends KeptStore, Pick<ByteStore, "range"> {
  /** Next changelog offset after what is here; -1: none known. */
  readonly position: number;
}

/** The state of one task. */
export interface StoredTask {
  /** `<store>-<hash>_<partition>`. */
  readonly id: string;
  readonly partition: number;
  readonly stores: readonly StoredState[];
}

/**
 * Reads a state directory, also while its owner writes it. Each task is seen as one transaction left it, until the next one
 * is asked for: meanwhile its owner can't use pages again that it frees, and the file may grow. Nothing is changed but for
 * the reader's place in LMDB's lock file. Throws a MillraceError STATE_UNREADABLE where the directory holds no state, or
 * what can't be read.
 */
export async function* readState(directory: string): AsyncGenerator<StoredTask> {
  const names = tasksIn(directory);
  if (names.length === 0) {
    const within = applicationsIn(directory);
    throw new MillraceError(
      `"${directory}" holds no state: it must be the directory of one application, as lmdbState was given it` +
        (within.length === 0 ? "" : `, such as ${within.map((name) => `"${name}"`).join(", ")}`),
      { code: "STATE_UNREADABLE" },
    );
  }
  for (const name of names.toSorted()) yield* readTask(join(directory, name), decodeURIComponent(name));
}

const tasksIn = (directory: string): readonly string[] =>
  foldersIn(directory).filter((name) => existsSync(join(directory, name, "data.mdb")));

/** A service has a directory for each of its applications, below its `STATE_DIR`. */
const applicationsIn = (directory: string): readonly string[] =>
  foldersIn(directory)
    .map((name) => join(directory, name))
    .filter((path) => tasksIn(path).length > 0);

const foldersIn = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      )
    : [];

async function* readTask(path: string, id: string): AsyncGenerator<StoredTask> {
  let environment: Environment | undefined;
  let snapshot: { done(): void } | undefined;
  try {
    checkFile(join(path, "data.mdb"));
    environment = openEnvironment(path, { readOnly: true });
    const description = describedBy(environment);
    // All of them first: each one that is opened begins to read anew.
    for (const { name } of description.stores) environment.store(name);
    const transaction = environment.root.useReadTransaction();
    snapshot = transaction;
    const { meta, store } = environment;
    yield {
      id,
      partition: Number(id.slice(id.lastIndexOf("_") + 1)),
      stores: description.stores.map((kept) => ({
        ...kept,
        position: Number(meta.get(positionKey(kept.name), { transaction })?.toString() ?? -1),
        *range(from, to, reverse) {
          const options = { ...rangeOptions(from, to, reverse), transaction };
          for (const { key, value } of store(kept.name).getRange(options)) yield [key, value];
        },
      })),
    };
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError(`the state of task ${id} can't be read: ${messageOf(error)}`, {
      code: "STATE_UNREADABLE",
      cause: error,
    });
  } finally {
    snapshot?.done();
    await environment?.root.close();
  }
}

const describedBy = ({ meta }: Environment): TaskDescription => {
  const text = meta.getBinary(taskKey)?.toString();
  if (text === undefined) throw new Error("it has just been made, and says nothing of itself yet");
  const description = JSON.parse(text) as TaskDescription;
  if (description.format !== format)
    throw new Error(`it is in format ${description.format}, which is not ${format}`);
  return description;
};
