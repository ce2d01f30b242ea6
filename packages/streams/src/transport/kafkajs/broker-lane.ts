import { TransportError } from "../transport-error.ts";
import { BrokerLink } from "./broker-link.ts";
import type { ConnectionSettings } from "./internals.ts";
import type { Request } from "./request.ts";
import type { BrokerAddress } from "./requests/metadata.ts";

/** Where a node is to be found now; undefined when the cluster does not have it. */
export type FindBroker = (node: number) => BrokerAddress | undefined;

/**
 * One connection to each broker, for one kind of use. A broker answers the requests on a connection one after the
 * other: what it may hold for long (fetches, joins) must have no heartbeat behind it.
 */
export class BrokerLane {
  readonly #settings: Omit<ConnectionSettings, "host" | "port">;
  readonly #find: FindBroker;
  readonly #links = new Map<number, BrokerLink>();
  readonly #onClosed: () => void;
  #closed = false;

  constructor(settings: Omit<ConnectionSettings, "host" | "port">, find: FindBroker, onClosed: () => void) {
    this.#settings = settings;
    this.#find = find;
    this.#onClosed = onClosed;
  }

  /** Sends to a node, over a new connection where the last one broke. Rejects with a TransportError. */
  async send<Answer>(node: number, request: Request<Answer>): Promise<Answer> {
    if (this.#closed) throw new TransportError(`${request.name}: the transport is closed`, "CLOSED", "fatal");
    return this.#link(node).send(request);
  }

  /** Whether there is a connection to a node that was not seen to break. */
  isOpen(node: number): boolean {
    return this.#links.get(node)?.broken === false;
  }

  /** Closes every connection; requests on the wire are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map((link) => link.close()));
    this.#onClosed();
  }

  #link(node: number): BrokerLink {
    const found = this.#find(node);
    if (found === undefined)
      throw new TransportError(`broker ${node} is not part of the cluster`, "BROKER_NOT_AVAILABLE", "retry");
    const { host, port } = found;
    const known = this.#links.get(node);
    if (known !== undefined && !known.broken) {
      if (known.address === `${host}:${port}`) return known;
      void known.close(); // the node has moved
    }
    const link = new BrokerLink({ ...this.#settings, host, port });
    this.#links.set(node, link);
    return link;
  }
}
