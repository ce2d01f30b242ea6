import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { kafka, noHeaders, topic, string, bytes, type Transport } from "@millrace/streams";
import { followTopic } from "@millrace/devstack";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { packPackages } from "./pack-packages.ts";
import { Program } from "./program.ts";
import { publicPackages } from "./public-packages.ts";
import { pageFiles, readmePrograms } from "./readme-programs.ts";
import { until } from "./venue-client.ts";

const run = promisify(execFile);

/** Somebody who has nothing but the packages, with an rxjs of their own. */
describe("packed and installed in an empty folder", () => {
  let folder = "";
  const programs: { readonly file: string; readonly of: string; readonly text: string }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "packed-packages-"));
    await mkdir(join(folder, "tarballs"));
    const tarballs = await packPackages(join(folder, "tarballs"));
    const names = [...tarballs.keys()];
    await write("package.json", {
      private: true,
      type: "module",
      dependencies: {
        ...Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`])),
        rxjs: "7.8.1",
      },
      devDependencies: {
        "@types/node": "22.20.5",
        typescript: "7.0.2",
        "typescript-5": "npm:typescript@5.9.3",
      },
      overrides: Object.fromEntries(names.map((name) => [name, `$${name}`])),
    });
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], {
      cwd: folder,
    });
    for (const { name, folder: of } of publicPackages())
      // The README's first: its program is run as well.
      for (const [index, text] of pagesOf(of).flatMap(readmePrograms).entries()) {
        const file = join(folder, `${name.replace("@millrace/", "")}-${index + 1}.ts`);
        await writeFile(file, text);
        programs.push({ file, of: name, text });
      }
    await writeFile(join(folder, "own-rxjs.ts"), ownRxjs);
    await write("tsconfig.json", {
      compilerOptions: { module: "nodenext", target: "es2023", strict: true, noEmit: true, types: ["node"] },
      include: ["*.ts"],
    });
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, content: object): Promise<void> =>
    writeFile(join(folder, name), JSON.stringify(content));

  test("every package can be imported", async () => {
    const entries = publicPackages().map(({ name }) => name);
    const text = entries
      .map((name) => `console.log(Object.keys(await import(${JSON.stringify(name)})).length > 0);`)
      .join("\n");
    await writeFile(join(folder, "import-all.mjs"), text);
    const { stdout } = await run(process.execPath, [join(folder, "import-all.mjs")], { cwd: folder });
    expect(stdout.trim().split("\n")).toEqual(entries.map(() => "true"));
  });

  test.each(["typescript", "typescript-5"])("the READMEs' programs compile with %s", async (compiler) => {
    expect(programs.map(({ of }) => of)).toContain("@millrace/streams");
    const tsc = createRequire(pathToFileURL(join(folder, "x"))).resolve(`${compiler}/package.json`);
    const bin = join(tsc, "../bin/tsc");
    await run(process.execPath, [bin, "-p", folder]).catch((error: unknown) => {
      throw new Error((error as { readonly stdout?: string }).stdout ?? String(error));
    });
  });

  test("what the page for beginners has them write compiles, and its test passes", async () => {
    const streams = publicPackages().find(({ name }) => name === "@millrace/streams");
    const files = pageFiles(join(streams?.folder ?? "", "GETTING-STARTED.md"));
    expect([...files.keys()]).toEqual(["tsconfig.json", "page-views.ts", "page-views.test.ts", "main.ts"]);
    const place = join(folder, "page-views");
    await mkdir(place);
    for (const [name, text] of files) await writeFile(join(place, name), text);
    await writeFile(join(place, "package.json"), '{"type":"module"}');
    for (const compiler of ["typescript", "typescript-5"])
      await run(process.execPath, [join(folder, "node_modules", compiler, "bin/tsc"), "-p", place]).catch(
        (error: unknown) => {
          throw new Error((error as { readonly stdout?: string }).stdout ?? String(error));
        },
      );
    const { stdout } = await run(process.execPath, ["--test", "page-views.test.ts"], { cwd: place });
    expect(stdout).toContain("pass 1");
  });

  describe("the program of @millrace/streams' README", () => {
    let transport: Transport;
    let names: readonly string[] = [];
    let file = "";

    beforeAll(async () => {
      const program = programs.find(
        ({ of, text }) => of === "@millrace/streams" && text.includes("createApp("),
      );
      if (program === undefined)
        throw new Error("the README of @millrace/streams has no program with createApp");
      // Names of this test's own, should the broker be one that stays.
      const suffix = `-${Date.now()}`;
      names = [...program.text.matchAll(/topic\("([^"]+)"/g)].map(([, name]) => `${name}${suffix}`);
      if (!program.text.includes('"localhost:9092"')) throw new Error("that program has another broker");
      const text = program.text
        .replace(/topic\("([^"]+)"/g, (_, name: string) => `topic("${name}${suffix}"`)
        .replace(/topology\(\s*"([^"]+)"/, (_, name: string) => `topology("${name}${suffix}"`)
        .replace(
          '"localhost:9092"',
          inject("kafka")
            .split(",")
            .map((broker) => `"${broker}"`)
            .join(", "),
        );
      file = join(folder, "streams-on-kafka.ts");
      await writeFile(file, text);
      transport = kafka({ brokers: inject("kafka").split(",") });
      await transport.connect();
      await transport.createTopics(names.map((name) => ({ topic: name, partitions: 1, configs: {} })));
    });
    afterAll(() => transport.close());

    const send = async (key: string | null): Promise<void> => {
      const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
      const [source = ""] = names;
      await producer.prepareTopics([source]);
      const value = Buffer.from("a line");
      producer.append(source, 0, key === null ? null : Buffer.from(key), value, Date.now(), noHeaders);
      await producer.flush();
      await producer.close();
    };

    test("runs as it stands, and says at which record it stops when one has no key", async () => {
      const program = new Program(pathToFileURL(file), { PATH: process.env["PATH"] ?? "" });
      try {
        const found: string[] = [];
        await send("a key");
        const sink = topic(names.at(-1) ?? "", { key: string(), value: bytes() });
        const reader = await followTopic(transport, sink, ({ key }) => found.push(key));
        await until(
          () => found.length > 0,
          () => program.output,
        );
        await reader.close();
        expect(program.output).toBe("");
        await send(null);
        expect(await program.exit()).toBe(1);
        expect(program.output).toMatch(new RegExp(`^millrace error: .*${names[0]}-0 offset 1`, "m"));
      } finally {
        program.kill("SIGKILL");
      }
    });
  });
});

/** The README of a package, and what else it has to read with programs in it; files of a tutorial import one another. */
const pagesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md") && name !== "CHANGELOG.md" && name !== "GETTING-STARTED.md")
    .toSorted((a, b) => Number(b === "README.md") - Number(a === "README.md"))
    .map((name) => join(folder, name));

/** `via` takes operators of a copy of rxjs that is not ours. */
const ownRxjs = `
import { stream, string, to, topic, topology, via } from "@millrace/streams";
import { filter, map, pipe } from "rxjs";

const words = topic("words", { key: string(), value: string() });
export const loud = topology(
  "loud",
  stream(words).pipe(
    via(filter(({ value }) => value !== "")),
    via(pipe(map((record) => ({ ...record, value: record.value.toUpperCase() })))),
    to(topic("loud", { key: string(), value: string() })),
  ),
);
`;
