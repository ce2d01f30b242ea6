import type { Component, Rung, StartOptions } from "./component.ts";

export interface LadderStep {
  readonly rung: Rung;
  /** Starts the component; null, or an error, when this rung is not to be had here. */
  readonly start: (options: StartOptions) => Promise<Component | null>;
}

const rungs: readonly Rung[] = ["given", "docker", "jvm", "simulated"];

/** The rung that `MILLRACE_DEVSTACK` forces, if it does. Throws on any other word. */
export const forcedRung = (environment: NodeJS.ProcessEnv = process.env): Rung | undefined => {
  const asked = environment["MILLRACE_DEVSTACK"];
  if (asked === undefined || asked === "") return undefined;
  const rung = rungs.find((candidate) => candidate === asked);
  if (rung === undefined)
    throw new Error(
      `MILLRACE_DEVSTACK is "${asked}"; it can be ${rungs.map((name) => `"${name}"`).join(", ")}`,
    );
  return rung;
};

/** Starts a component on the first rung that works, or on the forced one: then never on another. */
export const climb = async (
  name: string,
  steps: readonly LadderStep[],
  options: StartOptions,
  forced: Rung | undefined = forcedRung(),
): Promise<Component> => {
  const passedOver: string[] = [];
  for (const { rung, start } of steps) {
    if (forced !== undefined && rung !== forced) continue;
    try {
      const component = await start(options);
      if (component !== null)
        return passedOver.length === 0
          ? component
          : { ...component, detail: `${component.detail} (${passedOver.join("; ")})` };
      passedOver.push(`not ${rung}`);
    } catch (error) {
      if (forced !== undefined) throw error;
      passedOver.push(
        `not ${rung}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      );
    }
  }
  throw new Error(
    `${name} can't be started${forced === undefined ? "" : ` on the rung "${forced}" that MILLRACE_DEVSTACK forces`}: ` +
      (passedOver.join("; ") || "there is no such rung for it"),
  );
};
