/** The error of a serde that takes no null. */
export const nullPayload = (serde: string): Error =>
  new Error(`null where the ${serde} serde needs bytes; wrap it in nullable() if null is allowed here`);
