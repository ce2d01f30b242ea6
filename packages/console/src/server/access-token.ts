import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { MillraceError } from "@millrace/streams";

/** A given token of fewer characters could be guessed. */
const shortestToken = 16;

/** What replay and reset ask for. */
export class AccessToken {
  readonly text: string;
  readonly #digest: Buffer;

  /** `given`: by a setting; otherwise one by chance. Throws a MillraceError `CONFIG` where it is too short. */
  constructor(given?: string) {
    if (given !== undefined && given.length < shortestToken)
      throw new MillraceError(
        `the console's token (MILLRACE_CONSOLE_TOKEN) must have at least ${shortestToken} characters`,
        { code: "CONFIG" },
      );
    this.text = given ?? randomBytes(24).toString("base64url");
    this.#digest = digestOf(this.text);
  }

  /** Whether an Authorization header brings it. Takes as long for a wrong one, however wrong it is. */
  isIn(header: string | undefined): boolean {
    const brought = /^Bearer (.+)$/.exec(header ?? "")?.[1] ?? "";
    return timingSafeEqual(digestOf(brought), this.#digest);
  }
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
