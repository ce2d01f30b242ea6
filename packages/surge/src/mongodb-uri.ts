import type { Environment } from "@millrace/venue";

const pattern = /^mongodb(\+srv)?:\/\/[^\s/]+(\/\S*)?$/;

/**
 * `MONGODB_URI`; undefined if it is optional and not set. Several hosts make it no URL that `URL` would parse. What
 * is wrong with it is told without its password.
 */
export const mongodbUri = (
  environment: Environment,
  { optional }: { readonly optional: boolean },
): string | undefined => {
  const what = "mongodb://host:port/database, or mongodb+srv://";
  const uri = optional ? environment.optional("MONGODB_URI") : environment.required("MONGODB_URI", what);
  if (uri === undefined || uri === "" || pattern.test(uri)) return uri;
  environment.problem(`MONGODB_URI is "${uri.replace(/\/\/.*@/, "//***@")}"; it must be ${what}`);
  return uri;
};
