// Loads modules into the 32-bit WebAssembly MicroPython and prints the bytes of heap they take:
// loaded.mjs <folder of micropython.mjs> <folder of .mpy files> <module>…
// Collects between calls only: while Python runs there, its stack cannot be scanned.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [installed, root, ...modules] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(join(installed, "micropython.mjs")));
const micropython = await loadMicroPython({ linebuffer: true, stdout: (line) => console.log(line) });

function copy(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder + "/" + entry.name;
    if (entry.isDirectory()) {
      micropython.FS.mkdirTree(path);
      copy(path);
    } else micropython.FS.writeFile(path, readFileSync(join(root, path)));
  }
}

function allocated() {
  for (let times = 0; times < 3; times++) micropython.runPython("import gc\ngc.collect()");
  micropython.runPython("allocated = gc.mem_alloc()");
  return micropython.globals.get("allocated");
}

copy("");
micropython.runPython("import sys, json, asyncio\nsys.path[:] = ['/lib', '.frozen']\nallocated = 0");
const before = allocated();
for (const module of modules) {
  micropython.runPython("import " + module);
  allocated();
}
console.log(allocated() - before);
