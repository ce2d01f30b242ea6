export { TestDriver, type OutputRecord, type ProducedRecord, type TestDriverOptions } from "./test-driver.ts";
