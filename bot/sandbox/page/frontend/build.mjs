// Bundles src/ into ../static: app.js, app.css, index.html. Content is self-contained: the page loads nothing else.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");

const options = {
  entryPoints: { app: join(here, "src", "main.tsx") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome110", "firefox115", "safari16"],
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

await mkdir(out, { recursive: true });
for (const name of ["index.html", "icon.svg"]) await copyFile(join(here, "src", name), join(out, name));
if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else {
  const { metafile } = await esbuild.build(options);
  await writeFile(join(out, "licenses.txt"), await licenses(Object.keys(metafile.inputs)));
  await writeFile(join(out, "source.sha256"), `${await digest()}\n`);
}

// Lets a test tell a bundle that is older than its source.
async function digest() {
  const entries = await readdir(join(here, "src"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of [...files, join(here, "package-lock.json")].sort()) hash.update(await readFile(file));
  return hash.digest("hex");
}

// The licences of every package that is in the bundle, as most of them ask for.
async function licenses(inputs) {
  const packages = inputs.map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean);
  const texts = await Promise.all([...new Set(packages)].sort().map(license));
  return texts.join(`\n${"-".repeat(78)}\n\n`);
}

async function license(folder) {
  const { name, version, license: kind } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  return `${name} ${version} (${kind})\n\n${text.trim()}\n`;
}
