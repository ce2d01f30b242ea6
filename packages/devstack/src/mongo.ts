import type { Component, StartOptions } from "./component.ts";
import { mongoInDocker } from "./docker.ts";
import { climb } from "./ladder.ts";
import { mongoOnJvm } from "./mongo-jvm.ts";

/** Starts MongoDB, or finds the one that `MONGODB_URI` names. Simulated: there is none, and its address is "". */
export const startMongo = (options: StartOptions = {}): Promise<Component> =>
  climb(
    "MongoDB",
    [
      {
        rung: "given",
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
      { rung: "docker", start: mongoInDocker },
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
  );
