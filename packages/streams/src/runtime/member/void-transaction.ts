import { TransportError } from "../../transport/transport-error.ts";

/** Whether starting over from the last commit mends it; otherwise the application has to stop. */
export const isVoid = (trouble: unknown): boolean =>
  trouble instanceof TransportError && (trouble.rank === "retry" || trouble.rank === "void");
