import type { Component, StartOptions } from "./component.ts";
import { mongoInDocker, noDocker } from "./docker.ts";
import { chosen, climb, type Forced, forcedRung } from "./ladder.ts";
import { mongoOnJvm } from "./mongo-jvm.ts";
import { startSecantus } from "./secantus.ts";

const choices = ["given", "docker", "python", "python-standalone", "jvm", "simulated"] as const;
type Choice = (typeof choices)[number];

/**
 * Starts MongoDB, or finds the one that `MONGODB_URI` names. `MILLRACE_DEVSTACK_MONGO` forces one kind of it, whatever
 * `MILLRACE_DEVSTACK` says of the others. Simulated: there is none, and its address is "".
 */
export const startMongo = (options: StartOptions = {}): Promise<Component> => {
  const choice = chosen("MILLRACE_DEVSTACK_MONGO", choices);
  return climb(
    "MongoDB",
    [
      {
        rung: "given",
        missing: "MONGODB_URI is not set",
        start: async () => {
          const uri = process.env["MONGODB_URI"];
          if (uri === undefined || uri === "") return null;
          return {
            name: "mongo",
            rung: "given",
            address: uri,
            detail: "MONGODB_URI",
            stop: async () => undefined,
          };
        },
      },
      { rung: "docker", start: mongoInDocker, missing: noDocker },
      {
        rung: "python",
        start: (given) => startSecantus({ ...given, standalone: choice === "python-standalone" }),
      },
      { rung: "jvm", start: mongoOnJvm },
      {
        rung: "simulated",
        start: async () => ({
          name: "mongo",
          rung: "simulated",
          address: "",
          detail: "no MongoDB",
          stop: async () => undefined,
        }),
      },
    ],
    options,
    forced(choice),
  );
};

const forced = (choice: Choice | undefined): Forced | undefined => {
  if (choice !== undefined)
    return {
      rungs: [choice === "python-standalone" ? "python" : choice],
      by: `MILLRACE_DEVSTACK_MONGO=${choice}`,
    };
  const rung = forcedRung();
  if (rung === undefined) return undefined;
  // From a registry of packages, as the others: first the one that has transactions.
  return { rungs: rung === "jvm" ? ["python", "jvm"] : [rung], by: `MILLRACE_DEVSTACK=${rung}` };
};
