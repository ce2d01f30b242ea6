import { BSON, type Document } from "mongodb";

/** One command. */
export interface Message {
  readonly id: number;
  /** Asked by OP_QUERY, as a first `hello` is, and to be answered by OP_REPLY. */
  readonly old: boolean;
  readonly body: Document;
  /** How many documents are to be written. Those beside the body, as the driver sends them, are counted, not read. */
  readonly documents: number;
}

const headerBytes = 16;
const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

/** The messages of MongoDB's protocol in what comes over a connection. */
export async function* messagesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < headerBytes) continue;
    let all = waiting.length === 1 ? piece : Buffer.concat(waiting);
    while (all.length >= headerBytes && all.length >= all.readInt32LE(0)) {
      const length = all.readInt32LE(0);
      yield read(all.subarray(0, length));
      all = all.subarray(length);
    }
    waiting = [all];
    bytes = all.length;
  }
}

const read = (message: Buffer): Message => {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === opQuery) {
    // Flags, the collection's name, two numbers, the document.
    const at = message.indexOf(0, headerBytes + 4) + 1 + 8;
    return { id, old: true, body: BSON.deserialize(message.subarray(at)), documents: 0 };
  }
  if (opcode !== opMsg) throw new Error(`no answer is known to an opcode ${opcode} of MongoDB's protocol`);
  let body: Document = {};
  let documents = 0;
  for (let at = headerBytes + 4; at < message.length;) {
    const kind = message[at];
    const size = message.readInt32LE(at + 1);
    const end = at + 1 + size;
    if (kind === 0) body = BSON.deserialize(message.subarray(at + 1, end));
    else
      for (let next = message.indexOf(0, at + 5) + 1; next < end; next += message.readInt32LE(next))
        documents++;
    at = end;
  }
  for (const name of ["documents", "updates"]) {
    const inBody: unknown = body[name];
    if (Array.isArray(inBody)) documents += inBody.length;
  }
  return { id, old: false, body, documents };
};

let lastId = 0;

/** The bytes of an answer. */
export const replyTo = ({ id, old }: Message, answer: Document): Buffer => {
  const document = BSON.serialize(answer);
  // OP_REPLY: flags, a cursor's id of 8 bytes, where it starts, how many documents; OP_MSG: flags, a section's kind.
  const between = Buffer.alloc(old ? 20 : 5);
  if (old) between.writeInt32LE(1, 16);
  const header = Buffer.alloc(headerBytes);
  header.writeInt32LE(headerBytes + between.length + document.length, 0);
  header.writeInt32LE(++lastId, 4);
  header.writeInt32LE(id, 8);
  header.writeInt32LE(old ? opReply : opMsg, 12);
  return Buffer.concat([header, between, document]);
};
