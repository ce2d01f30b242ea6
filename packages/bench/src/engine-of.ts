import type { Engine } from "./engine.ts";
import { jvm, kafkajs, millrace } from "./engines.ts";
import { quix } from "./hourly-quix.ts";

/** The engine of that name; throws where there is none. */
export const engineOf = (
  name: string,
  nodeOptions: readonly string[],
  onProgress: (line: string) => void,
): Engine => {
  if (name === "millrace") return millrace(nodeOptions);
  if (name === "jvm") return jvm(onProgress);
  if (name === "quix") return quix(onProgress);
  if (name === "kafkajs") return kafkajs;
  throw new Error(`--engines has "${name}"; it can have millrace, jvm, quix and kafkajs`);
};
