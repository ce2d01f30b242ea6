import { Program } from "./program.ts";

const main = new URL("../packages/demand/src/main.ts", import.meta.url);

/** `millrace-demand` as its operators run it. */
export class DemandProcess extends Program {
  constructor(environment: Readonly<Record<string, string>>, args: readonly string[] = []) {
    super(main, environment, args);
  }
}
