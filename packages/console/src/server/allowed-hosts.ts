import { isIP } from "node:net";
import { hostname } from "node:os";

const loopback = ["localhost", "127.0.0.1", "::1"];

/**
 * Which names this console answers to. A page of somebody else whose name was made to lead here (DNS rebinding) sends its
 * own name as Host: it gets nothing. Addresses can't be rebound, so where it listens to others any address will do.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;
  readonly #anyAddress: boolean;

  /** `listening`: the host that it listens at; `others`: names by which it is reached, a proxy's for example. */
  constructor(listening: string, others: readonly string[] = []) {
    const isLocal = loopback.includes(listening) || listening.startsWith("127.");
    const own = isLocal ? loopback : [...loopback, listening, hostname()];
    this.#names = new Set([listening, ...own, ...others].map((name) => name.toLowerCase()));
    this.#anyAddress = !isLocal;
  }

  /** Whether a Host header is one of them. */
  includes(header: string | undefined): boolean {
    const name = nameOf(`http://${header ?? ""}`);
    if (name === undefined) return false;
    return this.#names.has(name) || (this.#anyAddress && isIP(name) !== 0);
  }

  /** Whether a request that changes something comes from a page of this console: where it has an Origin it is the Host. */
  isOwn(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    const url = URL.parse(origin);
    return url !== null && url.host === host?.toLowerCase() && this.includes(url.host);
  }
}

const nameOf = (url: string): string | undefined => {
  const name = URL.parse(url)?.hostname.toLowerCase();
  return name === undefined || name === "" ? undefined : name.replace(/^\[|\]$/g, "");
};
