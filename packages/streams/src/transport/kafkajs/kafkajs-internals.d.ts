declare module "kafkajs/src/protocol/encoder.js" {
  import type { Encoder } from "./wire.ts";
  const EncoderClass: new (initialSize?: number) => Encoder;
  export default EncoderClass;
}

declare module "kafkajs/src/protocol/error.js" {
  const errors: {
    readonly errorCodes: readonly {
      readonly type: string;
      readonly code: number;
      readonly retriable: boolean;
    }[];
  };
  export default errors;
}
