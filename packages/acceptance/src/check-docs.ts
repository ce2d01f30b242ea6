// Each public name of each package has a docstring: names without one are printed, and the exit code is 1.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-js";
import { publicPackages } from "./public-packages.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, (path) => ts.sys.readFile(path)) as {
  readonly config: { readonly compilerOptions: object };
};
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const entries = publicPackages().flatMap(({ entries: of }) => of);
const program = ts.createProgram([...entries], { ...options, noEmit: true });
const checker = program.getTypeChecker();

/** Where the name itself is declared, whoever exports it again. */
const declared = (symbol: ts.Symbol): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);

const bare = new Map<string, string>();
for (const entry of entries) {
  const file = program.getSourceFile(entry);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${entry} is no module`);
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = declared(exported);
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) throw new Error(`${exported.name} of ${entry} is declared nowhere`);
    if (symbol.getDocumentationComment(checker).length > 0) continue;
    const at = declaration.getSourceFile();
    const { line } = at.getLineAndCharacterOfPosition(declaration.getStart());
    bare.set(`${relative(root, at.fileName)}:${line + 1}`, exported.name);
  }
}
for (const at of [...bare.keys()].toSorted())
  process.stderr.write(`${at} ${bare.get(at)} has no docstring\n`);
process.exitCode = bare.size === 0 ? 0 : 1;
