import { expect, test } from "vitest";
import { connectMongo } from "./connect-mongo.ts";

test("refuses what is no connection string, without quoting its password", async () => {
  await expect(connectMongo("http://example.test")).rejects.toMatchObject({ code: "MONGO_CONNECT" });
  for (const uri of [
    "mongodb://me:s3/cret@host",
    "mongo://me:s3cret@host",
    "mongodb://me:s3cret@host/?bad=1",
  ]) {
    const failure: unknown = await connectMongo(uri).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "MONGO_CONNECT" });
    expect(String(failure)).not.toContain("cret");
  }
});
