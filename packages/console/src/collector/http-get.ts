/** How long an application may take to answer, ms. */
const patienceMs = 3_000;

/** The answer to a GET. Rejects with a line that says what is out of reach, or what it answered instead. */
export const getText = async (url: string): Promise<string> => {
  const { origin, pathname } = new URL(url);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(patienceMs), redirect: "error" });
    text = await response.text();
  } catch (error) {
    throw new Error(`${origin} does not answer: ${reasonOf(error)}`, { cause: error });
  }
  if (!response.ok)
    throw new HttpGetError(response.status, `${origin}${pathname}: ${text.trim().slice(0, 500)}`);
  return text;
};

/** The same as JSON. What it says is taken as it is: the console asks its own applications. */
export const getJson = async <T>(url: string): Promise<T> => {
  const text = await getText(url);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`${url} answers no JSON: is it the endpoint of a Millrace application (HTTP_PORT)?`, {
      cause: error,
    });
  }
};

/** An answer that is a refusal. */
export class HttpGetError extends Error {
  override readonly name = "HttpGetError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `nothing came within ${patienceMs / 1_000} s`;
  // What fetch itself says is only that it failed.
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = "code" in cause ? String(cause.code) : undefined;
  if (code === undefined || cause.message.includes(code)) return cause.message;
  return cause.message === "" ? code : `${code}, ${cause.message}`;
};
