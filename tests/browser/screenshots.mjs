// Pictures of the main pages, for docs/screenshots.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { open } from "./support/browser.mjs";
import { password, start } from "./support/portal.mjs";

const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

const pictures = [
  ["start", null, ""],
  ["register", null, "/register"],
  ["conversation", "anna.beispiel@musterhausen.example", "/conversations", "main a[href*='/conversations/']:not([href$='/new'])"],
  ["profile", "anna.beispiel@musterhausen.example", "/profile"],
  ["delete", "anna.beispiel@musterhausen.example", "/account/delete"],
  ["desk", "verwaltung@betreiber.example", "/desk"],
  ["account", "verwaltung@betreiber.example", "/desk/accounts?query=Bernd", "main a[href*='/desk/accounts/']"],
  ["privacy", null, "/privacy"],
];

mkdirSync(folder, { recursive: true });
const [browser, portal] = await Promise.all([open(), start()]);
try {
  for (const scheme of ["light", "dark"]) {
    for (const [name, email, path, link] of pictures) {
      if (scheme === "dark" && name !== "desk") continue;
      const context = await browser.newContext({ locale: "de-DE", colorScheme: scheme, viewport: { width: 1024, height: 768 } });
      const page = await context.newPage();
      if (email) {
        await page.goto(`${portal.url}/de/sign-in`);
        await page.fill("#email", email);
        await page.fill("#password", password);
        await page.click("main button");
      }
      await page.goto(`${portal.url}/de${path}`);
      if (link) await page.locator(link).first().click();
      await page.screenshot({ path: `${folder}${name}${scheme === "dark" ? "-dark" : ""}.png` });
      await context.close();
    }
  }
} finally {
  await browser.close();
  await portal.stop();
}
console.log(`screenshots: in ${folder}`);
