// Runs unit tests on the WebAssembly MicroPython: wasm_main.mjs <folder of micropython.mjs>
// <root of the tree> <comma-separated import folders> <module> <test>…
// The whole of these folders is copied into its own file system, at the same relative paths.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [installed, root, folders, module, ...names] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(join(installed, "micropython.mjs")));
const micropython = await loadMicroPython({
  stdout: (line) => console.log(line),
  stderr: (line) => console.log(line),
  linebuffer: true,
});

function copy(folder) {
  micropython.FS.mkdirTree("/" + folder);
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder + "/" + entry.name;
    if (entry.isDirectory()) copy(path);
    else micropython.FS.writeFile("/" + path, readFileSync(join(root, path)));
  }
}

const roots = folders.split(",");
[...roots, "host_tests/traces"].forEach(copy);
const run = `import sys
sys.path[:] = ${JSON.stringify(roots.map((folder) => "/" + folder))} + [".frozen"]
import unit_main
unit_main.run(${JSON.stringify(module)}, ${JSON.stringify(names)})
`;
try {
  micropython.runPython(run);
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
