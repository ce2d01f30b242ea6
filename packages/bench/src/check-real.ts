import type { Component } from "@millrace/devstack";

/** Throws unless all of these are real: nothing is measured on what is simulated. */
export const checkReal = (components: readonly Component[]): void => {
  for (const { name, rung, detail } of components)
    if (rung === "simulated")
      throw new Error(
        `this needs a real ${name}, and there is ${detail}: name one in the environment, or install Docker or a JDK with Maven`,
      );
};
