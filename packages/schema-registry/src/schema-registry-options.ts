import type { Log } from "@millrace/streams";
import type { RegistryAuth } from "./http-requester.ts";

/** Where a registry is, and how it is asked. */
export interface SchemaRegistryOptions {
  /**
   * Base URL, with the path of Confluent's API where it has one; or several of the same registry, as a list or with
   * commas between them: the next is asked where one does not answer. Credentials in it are used as `auth`.
   */
  readonly url: string | readonly string[];
  /** Basic authentication, or a bearer token; a function is asked for the token before each request. */
  readonly auth?: RegistryAuth | undefined;
  /** Certificates (PEM) of the authorities that the registry's is checked against, instead of Node's own. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** A client's certificate and key (PEM), for registries that ask for one. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  /** Of the key, where it has one. */
  readonly passphrase?: string | undefined;
  /** Told about compatibility levels at start, and about a registry that does not answer. */
  readonly log?: Log;
  /** How long `register` and `lookup` go on asking a registry that is out of reach, ms; 30,000. */
  readonly patienceMs?: number;
  /** How long one request may take, ms; 10,000. */
  readonly deadlineMs?: number;
}
