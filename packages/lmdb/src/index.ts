export { lmdbState, type LmdbStateOptions } from "./lmdb-state.ts";
export { readState, type StoredState, type StoredTask } from "./read-state.ts";
