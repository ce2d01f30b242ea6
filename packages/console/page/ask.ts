/** Asks the console; rejects with its own words. */
export const ask = async <T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> =>
  answerOf<T>(fetch(`${path}?${new URLSearchParams(parameters).toString()}`));

/** Has the console change something, with the token. */
export const change = async <T>(path: string, token: string, body: unknown): Promise<T> =>
  answerOf<T>(
    fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    }),
  );

/** A refusal of the console's. */
class AskError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const answerOf = async <T>(asked: Promise<Response>): Promise<T> => {
  let response: Response;
  try {
    response = await asked;
  } catch {
    throw new AskError(0, "the console does not answer: is it still running?");
  }
  const answer = (await response.json()) as T | { readonly error: string };
  if (!response.ok)
    throw new AskError(
      response.status,
      typeof answer === "object" && answer !== null && "error" in answer ? answer.error : response.statusText,
    );
  return answer as T;
};
