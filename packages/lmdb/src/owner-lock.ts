import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { MillraceError } from "@millrace/streams";

/** Sockets take paths of about a hundred bytes. */
const longestPath = 100;
/** Whoever takes over what a dead process left has done so by then, ms. */
const takeOverMs = 5_000;

/**
 * Makes this process the directory's only owner, until it ends, however it ends: a socket in it that somebody listens
 * to. Works across containers that share the directory on one machine. Throws STATE_LOCKED.
 */
export class OwnerLock {
  readonly #server: Server;
  readonly #descriptor: number | undefined;

  private constructor(server: Server, descriptor: number | undefined) {
    this.#server = server;
    this.#descriptor = descriptor;
  }

  static async acquire(directory: string): Promise<OwnerLock> {
    const path = join(directory, "owner");
    const descriptor = path.length > longestPath ? openSync(directory, "r") : undefined;
    const address = descriptor === undefined ? path : `/proc/self/fd/${descriptor}/owner`;
    try {
      const server = (await listen(address)) ?? (await takeOver(directory, path, address));
      if (server === undefined)
        throw new MillraceError(
          `the state directory "${directory}" belongs to another process that is running: give each process one of its own`,
          { code: "STATE_LOCKED" },
        );
      server.unref();
      return new OwnerLock(server, descriptor);
    } catch (error) {
      if (descriptor !== undefined) closeSync(descriptor);
      throw error;
    }
  }

  async release(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

/** Undefined when a socket is there already. */
const listen = (address: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

/** A socket to which nobody listens is removed, by one process at a time. */
const takeOver = async (directory: string, path: string, address: string): Promise<Server | undefined> => {
  if (await answers(address)) return undefined;
  const taking = join(directory, "owner-taking");
  try {
    mkdirSync(taking);
  } catch {
    if (Date.now() - (statSync(taking, { throwIfNoEntry: false })?.mtimeMs ?? 0) < takeOverMs)
      return undefined;
  }
  try {
    if (await answers(address)) return undefined;
    rmSync(path, { force: true });
    return await listen(address);
  } finally {
    rmSync(taking, { recursive: true, force: true });
  }
};
