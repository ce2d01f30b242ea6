import type { Component, Rung, StartOptions } from "./component.ts";

export interface LadderStep {
  readonly rung: Rung;
  /** Starts the component; null, or an error, when this rung is not to be had here. */
  readonly start: (options: StartOptions) => Promise<Component | null>;
  /** What to do when it is not to be had and must be. */
  readonly missing?: string;
}

/** Where a component may come from, and what it is that demands so. */
export interface Forced {
  readonly rungs: readonly Rung[];
  /** As `MILLRACE_DEVSTACK=jvm`. */
  readonly by: string;
}

const choices = ["given", "docker", "jvm", "simulated"] as const;

/** What `MILLRACE_DEVSTACK` forces, if it does. Throws on any other word. */
export const forcedRung = (
  environment: NodeJS.ProcessEnv = process.env,
): (typeof choices)[number] | undefined => chosen("MILLRACE_DEVSTACK", choices, environment);

/** Which of the choices a variable names; undefined where it is not set. Throws on any other word. */
export const chosen = <T extends string>(
  variable: string,
  allowed: readonly T[],
  environment: NodeJS.ProcessEnv = process.env,
): T | undefined => {
  const asked = environment[variable];
  if (asked === undefined || asked === "") return undefined;
  const choice = allowed.find((candidate) => candidate === asked);
  if (choice === undefined)
    throw new Error(`${variable} is "${asked}"; it can be ${allowed.map((name) => `"${name}"`).join(", ")}`);
  return choice;
};

const forcedByDefault = (): Forced | undefined => {
  const rung = forcedRung();
  return rung === undefined ? undefined : { rungs: [rung], by: `MILLRACE_DEVSTACK=${rung}` };
};

/** Starts a component on the first rung that works, or on a forced one: then never on another. */
export const climb = async (
  name: string,
  steps: readonly LadderStep[],
  options: StartOptions,
  forced: Forced | undefined = forcedByDefault(),
): Promise<Component> => {
  const passedOver: string[] = [];
  for (const { rung, start, missing } of steps) {
    if (forced?.rungs.includes(rung) === false) continue;
    try {
      const component = await start(options);
      if (component !== null)
        return passedOver.length === 0
          ? component
          : { ...component, detail: `${component.detail} (${passedOver.join("; ")})` };
      passedOver.push(forced === undefined || missing === undefined ? `not ${rung}` : missing);
    } catch (error) {
      // The only one: all of the error is worth having.
      if (forced?.rungs.length === 1) throw error;
      passedOver.push(
        `not ${rung}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      );
    }
  }
  throw new Error(
    `${name} can't be started${forced === undefined ? "" : ` as ${forced.by} demands`}: ` +
      (passedOver.join("; ") || "there is no such rung for it"),
  );
};
