import type { Environment } from "@millrace/service/settings";

const pattern = /^mongodb(\+srv)?:\/\/[^\s/]+(?:\/(?<database>[^\s/?]*))?(?:\?\S*)?$/;

/**
 * `MONGODB_URI`; undefined if it is optional and not set. Several hosts make it no URL that `URL` would parse. It must
 * name a database: the driver would take one called "test". What is wrong with it is told without its password.
 */
export const mongodbUri = (
  environment: Environment,
  { optional }: { readonly optional: boolean },
): string | undefined => {
  const what = "mongodb://host:port/database, or mongodb+srv://host/database";
  const uri = optional ? environment.optional("MONGODB_URI") : environment.required("MONGODB_URI", what);
  if (uri === undefined || uri === "") return uri;
  const match = pattern.exec(uri);
  const shown = `MONGODB_URI is "${withoutUser(uri)}"`;
  if (match === null) environment.problem(`${shown}; it must be ${what}`);
  else if ((match.groups?.["database"] ?? "") === "")
    environment.problem(`${shown}, which names no database; it must be ${what}`);
  return uri;
};

const withoutUser = (uri: string): string => uri.replace(/\/\/.*@/, "//***@");
