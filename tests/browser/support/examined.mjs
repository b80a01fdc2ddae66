// Which pages axe has examined. It judges an element by what it is and where it stands, so it finds nothing new on a page
// that is made of the same, however long its lists are; what comes twice and must not is found in every page's HTML.

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder with a file for each, where several files of tests are run together: each page is one's to examine. */
const folder = process.env.STAMMTISCH_EXAMINED;
const examined = new Set();

/** Whether nobody examined such a page; whoever asks does. */
export async function isNew(alike) {
  if (examined.has(alike)) return false;
  examined.add(alike);
  if (!folder) return true;
  const name = createHash("sha256").update(alike).digest("hex");
  return writeFile(join(folder, name), "", { flag: "wx" }).then(
    () => true,
    (error) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/**
 * Runs in a page: its kinds of elements, each by what it stands in, in the order in which they first come; and which of
 * them have their like beside them, since links can be too close to each other.
 */
export function madeOf() {
  const named = ({ name }) => name.startsWith("aria-") || ["disabled", "hidden", "required"].includes(name);
  const valued = ({ name }) => ["class", "role", "type"].includes(name);
  const kinds = new Set();
  const walk = (within, above) => {
    const beside = new Set();
    for (const one of within.children) {
      const attributes = [...one.attributes];
      const values = attributes.filter(valued).map(({ name, value }) => `${name}=${value}`);
      const kind = `${above}>${[one.localName, ...values, ...attributes.filter(named).map(({ name }) => name)].join(" ")}`;
      kinds.add(beside.has(kind) ? `${kind} again` : kind);
      beside.add(kind);
      walk(one, kind);
    }
  };
  walk(document.body, "");
  return [...kinds].join("\n");
}
