import { foreach, stream, string, topic, type Topology, topology } from "@millrace/streams";

const reading = (name: string): Topology =>
  topology(name, stream(topic(name, { key: string(), value: string() })).pipe(foreach(() => undefined)));

export const one: Topology = reading("one");
export const two: Topology = reading("two");
export const note = "no topology";
