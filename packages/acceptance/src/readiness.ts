/** What a service answers when it is asked whether it is ready: 200 or 503; undefined while its endpoint does not answer. */
export const readiness = (port: number): Promise<number | undefined> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status,
    () => undefined,
  );
