/** Tells what goes on: on standard error, as standard output has results alone. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
