export { lmdbState, type LmdbStateOptions } from "./lmdb-state.ts";
