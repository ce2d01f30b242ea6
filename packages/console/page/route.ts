import { useEffect, useState } from "preact/hooks";

/** What an application's page shows. */
export const views = ["topology", "tasks", "stores", "reset"] as const;
/** One of them. */
export type View = (typeof views)[number];

/** Which page is shown: the address behind `#`. */
export type Route =
  | { readonly page: "application"; readonly id: string; readonly view: View }
  | { readonly page: "letters" | "venue" | "connections" | "start" };

/** The address of a route, for links. */
export const addressOf = (route: Route): string =>
  route.page === "application" ? `#/app/${encodeURIComponent(route.id)}/${route.view}` : `#/${route.page}`;

/** The route that is shown; it changes with the address. */
export const useRoute = (): Route => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return routeOf(hash);
};

const routeOf = (hash: string): Route => {
  const [, page, id, view] = hash.split("/");
  if (page === "app" && id !== undefined)
    return {
      page: "application",
      id: decodeURIComponent(id),
      view: views.find((one) => one === view) ?? "topology",
    };
  return page === "letters" || page === "venue" || page === "connections" ? { page } : { page: "start" };
};
