export { describeModule } from "./describe-module.ts";
