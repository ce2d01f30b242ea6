/**
 * An Avro schema as JSON, and the type of its values in TypeScript: what the generator writes from an .avsc file. Any
 * schema will do where T is named by hand.
 */
export type AvroSchema<T = unknown> =
  | string
  | readonly unknown[]
  | ({ readonly [attribute: string]: unknown } & { readonly [valueOf]?: T });

declare const valueOf: unique symbol;
