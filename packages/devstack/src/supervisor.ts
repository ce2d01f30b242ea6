// Runs one command in a folder of its own and ends it with the process that started this one, however that one
// ends: its standard input closes then. Not stopped by Ctrl-C in the terminal: its starter decides.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const [folder, command, ...args] = process.argv.slice(2);
if (folder === undefined || command === undefined)
  throw new Error("usage: supervisor FOLDER COMMAND [ARG...]");

const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
const impatience = 5_000;
let ending = false;

const end = (): void => {
  if (ending) return;
  ending = true;
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), impatience).unref();
};

process.stdin.on("end", end);
process.stdin.on("close", end);
process.stdin.on("error", end);
process.stdin.resume();
process.on("SIGTERM", end);
process.on("SIGINT", () => undefined);
child.on("exit", (code) => {
  if (ending) rmSync(folder, { recursive: true, force: true });
  process.exit(ending ? 0 : (code ?? 1));
});
process.stdout.write(`supervised ${child.pid}\n`);
