// Makes the build ready for a phone far away. A browser asks for six files at once, and each takes a round trip: Next's
// three manifests become one file, and the first questions to the desk come after the scripts, so that two rounds do.
// Beside every script and style stays its Brotli form: a fifth smaller than what a server can compress in time.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const out = "out";
const SMALLEST = 1000;
const MANIFEST = /<script src="([^"]+\/)(_\w+Manifest\.js)" [^>]*><\/script>/g;
// What every page needs is one long script: told in one piece it is mostly, not always, smaller than in short ones.
const PIECES = [0, 20].map((length) => ({ params: { [constants.BROTLI_PARAM_LGBLOCK]: length } }));
const QUESTION = /<link rel="preload" as="fetch" [^>]*\/>/g;

const files = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));

for (const path of files(out, /\.html$/)) {
  const page = readFileSync(path, "utf8");
  const manifests = [...page.matchAll(MANIFEST)];
  if (manifests.length === 0) throw new Error(`${path} names none of Next's manifests: has Next changed?`);
  const [[first, folder, name]] = manifests;
  const scripts = manifests.map(([, , each]) => readFileSync(join(out, folder, each), "utf8"));
  writeFileSync(join(out, folder, "_manifests.js"), scripts.join(";\n")); // the folder is this build's alone
  const questions = page.match(QUESTION) ?? [];
  writeFileSync(
    path,
    page
      .replace(first, first.replace(name, "_manifests.js"))
      .replace(MANIFEST, "")
      .replace(QUESTION, "")
      .replace("</head>", `${questions.join("")}</head>`),
  );
}

for (const path of files(join(out, "_next/static"), /\.(js|css)$/)) {
  const content = readFileSync(path);
  if (content.length < SMALLEST) continue;
  const [smallest] = PIECES.map((each) => brotliCompressSync(content, each)).sort(
    (a, b) => a.length - b.length,
  );
  writeFileSync(`${path}.br`, smallest);
}
