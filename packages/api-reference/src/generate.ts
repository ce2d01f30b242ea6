// Writes the API reference of all published packages to docs/api. With --check nothing is written. A link that leads
// nowhere, and whatever else TypeDoc warns of, makes the exit code 1.
import { normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, type TypeDocOptions } from "typedoc";
import { frontPage } from "./front-page.ts";
import { publicPackages } from "../../acceptance/src/public-packages.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const options: TypeDocOptions = {
  name: "Millrace",
  entryPoints: publicPackages().flatMap(({ entries }) => entries.map(normalize)),
  tsconfig: `${root}tsconfig.test.json`,
  // What is wrong with types is told by the compiler that is used elsewhere.
  skipErrorChecking: true,
  basePath: root,
  out: `${root}docs/api`,
  readme: frontPage(`${root}README.md`),
  disableSources: true,
  excludeInternal: true,
  treatWarningsAsErrors: true,
  // Public names without a docstring are found by check:docs; types that only public ones mention need no page.
  validation: {
    notExported: false,
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notDocumented: false,
  },
};

const application = await Application.bootstrapWithPlugins(options);
const project = await application.convert();
if (project === undefined) throw new Error("TypeDoc could not read the packages");
application.validate(project);
const check = process.argv.includes("--check");
if (!check && !application.logger.hasErrors()) await application.generateOutputs(project);
process.exitCode = application.logger.hasErrors() || application.logger.hasWarnings() ? 1 : 0;
