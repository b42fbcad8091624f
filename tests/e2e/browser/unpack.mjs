// Unpacks the browser and the libraries it ships into .unpacked beside this file, and says there what it is called.
import { mkdirSync, writeFileSync } from "node:fs";

const folder = new URL(".unpacked/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder; // where the package unpacks to
process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x"; // makes it unpack the libraries, too
const { default: chromium } = await import("@sparticuz/chromium");
writeFileSync(`${folder}browser.json`, JSON.stringify({ executable: await chromium.executablePath() }));
