import { Program } from "./program.ts";

/** A binary of the venue as its operators run it: built, in a process of its own. */
export class ServiceProcess extends Program {
  constructor(
    name: "demand" | "surge" | "venue-service",
    environment: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ) {
    super(new URL(`../../${name}/dist/main.js`, import.meta.url), environment, args);
  }
}
