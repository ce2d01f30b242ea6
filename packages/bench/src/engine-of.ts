import { type Engine, jvm, millrace } from "./engines.ts";

/** The engine of that name; throws where there is none. */
export const engineOf = (
  name: string,
  nodeOptions: readonly string[],
  onProgress: (line: string) => void,
): Engine => {
  if (name === "millrace") return millrace(nodeOptions);
  if (name === "jvm") return jvm(onProgress);
  throw new Error(`--engines has "${name}"; it can have millrace and jvm`);
};
