/** The sum of a counter or gauge of a service over its labels; undefined while its endpoint does not answer. */
export const serviceMetric = async (port: number, name: string): Promise<number | undefined> => {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
    (response) => response.text(),
    () => "",
  );
  const samples = text.split("\n").filter((line) => new RegExp(`^millrace_${name}[{ ]`).test(line));
  if (text === "") return undefined;
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
};
