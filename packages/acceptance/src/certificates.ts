import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** PEM files of a certificate and its key. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test's own, made by openssl, whom nobody else trusts; its files are in a folder that goes with it. */
export class CertificateAuthority {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<CertificateAuthority> {
    const authority = new CertificateAuthority(await mkdtemp(join(tmpdir(), "millrace-authority-")));
    await authority.#openssl(
      "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
    );
    return authority;
  }

  /** PEM file of its own certificate. */
  get ca(): string {
    return this.file("ca.pem");
  }

  /** For 127.0.0.1 and localhost, as a server or as a client. */
  async issue(name: string): Promise<Issued> {
    const extensions = this.file(`${name}.extensions`);
    await writeFile(extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    await this.#openssl(`req -newkey rsa:2048 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    await this.#openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ${name}.extensions -out ${name}.pem`,
    );
    return { cert: this.file(`${name}.pem`), key: this.file(`${name}.key`) };
  }

  /** One file with certificate and key, as Kafka's PEM key stores want it. */
  async bundle(name: string, { cert, key }: Issued): Promise<string> {
    await writeFile(this.file(name), (await readFile(key, "utf8")) + (await readFile(cert, "utf8")));
    return this.file(name);
  }

  file(name: string): string {
    return join(this.#folder, name);
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #openssl(args: string): Promise<unknown> {
    return run("openssl", args.split(" "), { cwd: this.#folder });
  }
}
