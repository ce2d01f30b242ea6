// kafkajs has no types for its inside: internals.ts says what it expects of each module.
declare module "kafkajs/src/*" {
  const inside: unknown;
  export default inside;
}
