// The portal's own texts, so that stories are told in its words, in either language.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../config/locales/", import.meta.url);

const read = (locale) => {
  const texts = new Map();
  for (const name of readdirSync(new URL(`${locale}/`, folder))) {
    for (const line of readFileSync(new URL(`${locale}/${name}`, folder), "utf8").split("\n")) {
      const entry = /^([a-z][a-z0-9-]*) = (.*)$/.exec(line);
      if (entry) texts.set(entry[1], entry[2].replaceAll("{ -portal }", "Stammtisch"));
    }
  }
  return texts;
};

const catalogues = { de: read("de"), en: read("en") };

/** The text of a key, with its values filled in. A text that depends on a number is not known here. */
export function text(locale, key, values = {}) {
  const found = catalogues[locale].get(key);
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/\{ \$(\w+) \}/g, (_, name) => values[name] ?? "");
}
