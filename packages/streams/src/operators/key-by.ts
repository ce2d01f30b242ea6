import { selectKey } from "./select-key.ts";

/** `selectKey` under the name that users of other stream processors look for. */
export const keyBy: typeof selectKey = (selector, options) => selectKey(selector, options);
