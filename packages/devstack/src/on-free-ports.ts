import { freePorts } from "./free-port.ts";
import { EndedEarly } from "./supervised.ts";

const attempts = 3;

/**
 * Starts something on ports that were free a moment ago. Where somebody else has taken one since, it ends before it is
 * ready, and is tried on others.
 */
export const onFreePorts = async <T>(
  count: number,
  start: (ports: readonly number[]) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt++)
    try {
      return await start(await freePorts(count));
    } catch (error) {
      if (attempt === attempts || !(error instanceof EndedEarly)) throw error;
    }
};
