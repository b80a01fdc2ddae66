// Pages that are asked for by their address, one after the other.

import assert from "node:assert/strict";

const typed = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea";

export async function visit(each, person, pages) {
  for (const page of pages) {
    const [path, status] = Array.isArray(page) ? page : [page, 200];
    await each.test(`${path || "/"} (${status})`, async () => {
      await person.open(path);
      assert.equal(person.answer.status(), status);
      const other = person.page.locator("a[hreflang]");
      assert.equal(await other.count(), 1, "the way to the other language");
    });
  }
}

/** Sends every form of these pages that is typed into without anything in it: what is refused is looked at as well. */
export async function sendEmpty(each, person, pages) {
  const forms = person.page.locator("main form[method=post]").filter({ has: person.page.locator(typed) });
  for (const path of pages) {
    await each.test(`empty forms of ${path}`, async () => {
      await person.open(path);
      for (let index = await forms.count(); index > 0; index -= 1) {
        const form = forms.nth(index - 1);
        await form.evaluate((form) => {
          form.noValidate = true;
          for (const field of form.elements) {
            if (["checkbox", "radio"].includes(field.type)) field.checked = false;
            else if (!["hidden", "submit", ""].includes(field.type)) field.value = "";
          }
        });
        await person.activate(form.getByRole("button").last());
        // Without a password nobody is let in; and where this took long, a hold is decided only after a fresh proof.
        assert.ok([401, 403, 422].includes(person.answer.status()), `${person.answer.status()}`);
        await person.open(path);
      }
    });
  }
}

/** The address of a list's first entry. */
export async function firstOf(person, path) {
  await person.open(path);
  const links = person.page.locator(`main a[href^="/${person.locale}${path}/"]:not([href$="/new"])`);
  return (await links.first().getAttribute("href")).slice(person.locale.length + 1);
}

/** The address of the first link of a page whose own address has this in it. */
export async function linkOf(person, path, part) {
  await person.open(path);
  const href = await person.page.locator(`main a[href*="${part}"]`).first().getAttribute("href");
  return href.slice(person.locale.length + 1);
}

export async function visitFirstOf(each, person, paths) {
  for (const path of paths) {
    await each.test(`the first of ${path}`, async () => {
      await person.open(await firstOf(person, path));
      assert.equal(person.answer.status(), 200);
    });
  }
}
