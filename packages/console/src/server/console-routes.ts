import type { IncomingMessage } from "node:http";
import type { Applications } from "../collector/applications.ts";
import type { LetterBoard } from "../letters/letter-board.ts";
import { letterChoice } from "../letters/letter-choice.ts";
import type { ResetDesk } from "../reset/reset-desk.ts";
import { storeRows } from "../stores/store-rows.ts";
import type { AccessToken } from "./access-token.ts";
import type { Route } from "./console-server.ts";
import { jsonBody } from "./json-body.ts";
import { badRequest, RequestError } from "./request-error.ts";

/** What the routes are about. */
export interface ConsoleRoutesOptions {
  readonly token: AccessToken;
  readonly applications: Applications;
  readonly letters: LetterBoard;
  readonly resets: ResetDesk;
}

/** What a page can ask for beside its events. Whatever changes something asks for the token. */
export const consoleRoutes = ({
  token,
  applications,
  letters,
  resets,
}: ConsoleRoutesOptions): ReadonlyMap<string, Route> => {
  const withToken =
    (route: (body: Readonly<Record<string, unknown>>) => Promise<unknown>): Route =>
    async (request) => {
      mustHaveToken(token, request);
      return route(await jsonBody(request));
    };
  return new Map<string, Route>([
    [
      "GET /api/stores",
      (_, { searchParams }) => {
        const application = required(searchParams, "application");
        const parameters = new URLSearchParams(searchParams);
        parameters.delete("application");
        parameters.delete("store");
        return storeRows(
          applications.urlsOf(application),
          [application, required(searchParams, "store")],
          parameters,
        );
      },
    ],
    [
      "GET /api/letter",
      (_, { searchParams }) => letters.open(required(searchParams, "topic"), required(searchParams, "at")),
    ],
    [
      "GET /api/reset",
      (_, { searchParams }) =>
        resets.plan(required(searchParams, "application"), required(searchParams, "to")),
    ],
    [
      "POST /api/replay",
      withToken((body) => letters.replay(text(body, "topic"), letterChoice(body["choice"]))),
    ],
    ["POST /api/reset", withToken((body) => resets.reset(text(body, "application"), text(body, "to")))],
  ]);
};

const mustHaveToken = (token: AccessToken, { headers }: IncomingMessage): void => {
  if (token.isIn(headers.authorization)) return;
  throw new RequestError(
    401,
    headers.authorization === undefined
      ? "this changes something, and asks for the token that the console printed when it started"
      : "that is not the token that the console printed when it started",
  );
};

const required = (parameters: URLSearchParams, name: string): string => {
  const value = parameters.get(name);
  if (value === null || value === "") throw badRequest(`"${name}" is missing`);
  return value;
};

const text = (body: Readonly<Record<string, unknown>>, name: string): string => {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw badRequest(`"${name}" is missing`);
  return value;
};
