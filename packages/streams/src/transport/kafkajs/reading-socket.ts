import { connect, type Socket } from "node:net";

const readBytes = 64 * 1024;
const keepAliveAfterMs = 60_000;

/**
 * A TCP connection that reads into the same memory again and again: with memory of its own for each read, what a fetch
 * brings has the garbage collector look through all there is every few megabytes. Who listens for `data` copies what it
 * keeps.
 */
export const readingSocket = (host: string, port: number, onConnect: () => void): Socket => {
  const socket: Socket = connect(
    {
      host,
      port,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback: (length, buffer) => {
          socket.emit("data", buffer.subarray(0, length));
          return true;
        },
      },
    },
    onConnect,
  );
  return socket.setKeepAlive(true, keepAliveAfterMs);
};
