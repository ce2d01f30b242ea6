export { type Console, type ConsoleOptions, startConsole } from "./start-console.ts";
