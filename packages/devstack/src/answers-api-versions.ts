import { connect } from "node:net";

/** A round trip of the protocol's first request to a broker on this machine: it serves, not just listens. */
export const answersApiVersions = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.on("error", () => done(false));
    socket.on("connect", () => {
      // size, ApiVersions (18) v0, correlation id 1, null client id
      socket.write(Buffer.from("0000000a0012000000000001ffff", "hex"));
    });
    socket.on("data", (data) => done(data.length >= 10 && data.readInt16BE(8) === 0));
    socket.on("close", () => resolve(false));
  });
