import { TransportError } from "../transport-error.ts";
import { BrokerLink, type LinkSettings } from "./broker-link.ts";
import { type Request, requestText } from "./request.ts";
import type { BrokerAddress } from "./requests/metadata.ts";

/** Where a node is to be found now; undefined when the cluster does not have it. */
export type FindBroker = (node: number) => BrokerAddress | undefined;

/** What all connections have in common. */
export type LaneSettings = Omit<LinkSettings, "host" | "port" | "node">;

/**
 * One connection to each broker, for one kind of use. A broker answers the requests on a connection one after the
 * other: what it may hold for long (fetches, joins) must have no heartbeat behind it.
 */
export class BrokerLane {
  readonly #settings: LaneSettings;
  readonly #find: FindBroker;
  /** By address: a node that has moved is another one. */
  readonly #links = new Map<string, BrokerLink>();
  readonly #onClosed: () => void;
  #closed = false;

  constructor(settings: LaneSettings, find: FindBroker, onClosed: () => void) {
    this.#settings = settings;
    this.#find = find;
    this.#onClosed = onClosed;
  }

  /** Sends to a node, wherever the cluster has it now. Rejects with a TransportError, BROKER_NOT_AVAILABLE for nowhere. */
  send<Answer>(node: number, request: Request<Answer>, timeoutMs?: number): Promise<Answer> {
    const found = this.#find(node);
    if (found !== undefined || this.#closed) return this.sendTo(found ?? nowhere, request, timeoutMs);
    return Promise.reject(
      new TransportError(
        `${requestText(request)}: broker ${node} is not part of the cluster`,
        "BROKER_NOT_AVAILABLE",
        "retry",
      ),
    );
  }

  /** Sends to an address, over a new connection where the last one broke. Rejects with a TransportError. */
  async sendTo<Answer>(
    address: BrokerAddress,
    request: Request<Answer>,
    timeoutMs?: number,
  ): Promise<Answer> {
    if (this.#closed)
      throw new TransportError(`${requestText(request)}: the transport is closed`, "CLOSED", "fatal");
    return this.#link(address).send(request, timeoutMs);
  }

  /** Whether there is a connection to a node that was not seen to break. */
  isOpen(node: number): boolean {
    const found = this.#find(node);
    return found !== undefined && this.#links.get(addressOf(found))?.broken === false;
  }

  /** Closes every connection; requests on the wire are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map((link) => link.close()));
    this.#onClosed();
  }

  #link(address: BrokerAddress): BrokerLink {
    const name = addressOf(address);
    const known = this.#links.get(name);
    if (known !== undefined && !known.broken) return known;
    const link = new BrokerLink({ ...this.#settings, ...address });
    this.#links.set(name, link);
    return link;
  }
}

const nowhere: BrokerAddress = { node: -1, host: "", port: 0 };

const addressOf = ({ host, port }: BrokerAddress): string => `${host}:${port}`;
