// Makes a demonstration, ends it, and says in which folder it is: portals begin with copies of it.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { start } from "./portal.mjs";

const portal = await start();
await writeFile(join(portal.folder, "url"), portal.url);
await portal.end();
console.log(portal.folder);
