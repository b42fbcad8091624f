// Makes commune_portal/static/built: htmx and the fonts copied, the stylesheet and the islands minified. No network.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
const built = `${here}commune_portal/static/built`;
const fonts = `${here}node_modules/@fontsource/be-vietnam-pro/files`;

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
await copyFile(`${here}node_modules/htmx.org/dist/htmx.min.js`, `${built}/htmx.js`);
for (const script of ["vietnamese", "latin"]) {
  for (const weight of ["400", "600"]) {
    const name = `be-vietnam-pro-${script}-${weight}-normal.woff2`;
    await copyFile(`${fonts}/${name}`, `${built}/${script}-${weight}.woff2`);
  }
}
await build({
  entryPoints: [`${here}assets/portal.css`, `${here}assets/portal.ts`],
  outdir: built,
  bundle: true,
  minify: true,
  target: ["es2022", "chrome110", "firefox115", "safari16"],
  external: ["*.woff2"],
  legalComments: "none",
  logLevel: "warning",
});
