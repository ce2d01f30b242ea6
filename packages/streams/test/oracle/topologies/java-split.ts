/** Java's `text.split(",")`: empty strings at the end are left out, so that of commas alone there is nothing. */
export const javaSplit = (text: string): readonly string[] => {
  if (text === "") return [""];
  const parts = text.replace(/,+$/, "");
  return parts === "" ? [] : parts.split(",");
};
