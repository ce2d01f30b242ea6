/** The connection string of one database on a server. */
export const mongoUriOf = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
};
