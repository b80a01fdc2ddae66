// What holds for every page in every state: HTML that is valid, nothing that axe objects to in either colour scheme,
// nothing that scrolls sideways at 320 pixels, little to load.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { HtmlValidate } from "html-validate";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "long-title": "off", // A member's or a conversation's name is as long as it is.
    "no-trailing-whitespace": "off",
    "void-style": "off",
    "no-inline-style": "error",
    "tel-non-breaking": "off", // What people typed is shown as they typed it.
    "input-missing-label": "error",
    "prefer-native-element": "off",
    "require-sri": "off", // Everything comes from the portal itself.
    "no-redundant-for": "off",
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }],
  },
});

/** Bytes over the wire of a page with everything, headers included. */
const limit = 30 * 1024;
const assets = new Map();

export const seen = { pages: 0, html: 0, axe: 0, rules: 0, weights: [], firstBytes: [] };

/** Looks at a page; `answer` is the document's response. */
export async function check(page, answer, name, { hasScript = true, isNew = true } = {}) {
  seen.pages += 1;
  const html = await answer.text();
  const report = await validator.validateString(html, name);
  const messages = report.results.flatMap((result) => result.messages);
  if (messages.length > 0) {
    const told = messages.map(({ ruleId, message, line }) => `${ruleId} (line ${line}): ${message}`);
    throw new Error(`${name}: HTML:\n${told.join("\n")}\n${html}`);
  }
  seen.html += 1;
  await weigh(answer, name, html);
  if (!hasScript) return;
  if (isNew) await examine(page, name);
  await narrow(page, name);
}

async function examine(page, name) {
  await page.evaluate(axe);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await violations(page, scheme === "dark" ? ["color-contrast"] : null);
    if (found.length > 0) throw new Error(`${name} (${scheme}): axe:\n${found.join("\n")}`);
    seen.axe += 1;
  }
  await page.emulateMedia({ colorScheme: null });
}

async function violations(page, rules) {
  const options = {
    runOnly: rules ? { type: "rule", values: rules } : { type: "tag", values: tags },
    ...(rules ? {} : { rules: { "target-size": { enabled: true } } }),
    resultTypes: ["violations"],
  };
  const result = await page.evaluate((given) => globalThis.axe.run(document, given), options);
  seen.rules = Math.max(seen.rules, result.passes.length);
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary}`),
  );
}

async function narrow(page, name) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(before);
  if (width > 320) throw new Error(`${name}: scrolls sideways at 320 pixels: ${width}`);
}

/** Remembers what a stylesheet, script or picture weighs: a browser loads it once, each page is charged with its own. */
export function rememberAssets(page) {
  page.on("requestfinished", async (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/assets/")) return;
    const sizes = await request.sizes().catch(() => null);
    const size = sizes ? sizes.responseBodySize + sizes.responseHeadersSize : 0;
    if (size > (assets.get(pathname) ?? 0)) assets.set(pathname, size);
  });
}

async function weigh(answer, name, html) {
  const sizes = await answer.request().sizes();
  const own = sizes.responseBodySize + sizes.responseHeadersSize;
  const loaded = [...assets].filter(([path]) => html.includes(path));
  const all = own + loaded.reduce((sum, [, size]) => sum + size, 0);
  if (all > limit) throw new Error(`${name}: ${all} bytes to load`);
  seen.weights.push({ name, bytes: all });
  if (answer.request().method() === "GET") {
    const timing = answer.request().timing();
    seen.firstBytes.push({ name, milliseconds: timing.responseStart - timing.requestStart });
  }
}

const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** The figures of a run, for whoever reads its output. */
export function figures() {
  const heaviest = seen.weights.reduce((one, other) => (other.bytes > one.bytes ? other : one), { bytes: 0 });
  const firstByte = median(seen.firstBytes.map(({ milliseconds }) => milliseconds));
  return { ...seen, weights: undefined, firstBytes: undefined, heaviest, firstByte };
}
