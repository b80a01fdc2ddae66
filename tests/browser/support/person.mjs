// Someone in front of a browser: with a mouse and scripts, without scripts, or with the keyboard alone. Every page they
// come to is looked at.

import { text } from "./catalogue.mjs";
import { check, rememberAssets } from "./checks.mjs";
import { isNew, madeOf } from "./examined.mjs";
import { password } from "./portal.mjs";

/**
 * The language and the way in which each story is told: every way once, and both languages with scripts. The portal knows
 * no ways, and its languages differ in their words alone: a way finds in one language what it would find in the other, and
 * the words are on the same pages in each way.
 */
export const tellings = [
  ["de", "mouse"],
  ["en", "no script"],
  ["en", "keyboard"],
];

const looked = new Set();

/**
 * Runs in a page: after how many presses of the Tab key one of these should have the focus, 0 if it has. Only where the
 * keys lead is proof; this saves looking after each of them, which takes far longer than the key.
 */
function pressesTo(all) {
  const from = document.activeElement;
  if (all.includes(from)) return 0;
  // The first key says from where it goes on.
  if (from === document.body) return 1;
  // Of several radio buttons of a name one alone is stopped at.
  const group = ({ form, name }, state) => form.querySelector(`input[name="${name}"]${state}`);
  const isStop = (one) => one.type !== "radio" || one === (group(one, ":checked") ?? group(one, ""));
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && isStop(one),
  );
  const ahead = stops.filter((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  return Math.max(1, ahead.findIndex((one) => all.includes(one)) + 1);
}

export class Person {
  static async at(browser, portal, locale, way = "mouse") {
    const context = await browser.newContext({
      locale: locale === "de" ? "de-DE" : "en-GB",
      javaScriptEnabled: way !== "no script",
      viewport: { width: 1024, height: 768 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    return new Person({ portal, locale, way, context, page });
  }

  constructor(parts) {
    Object.assign(this, parts);
    rememberAssets(this.page);
    this.page.on("response", (answer) => {
      const request = answer.request();
      const isPage = request.isNavigationRequest() && request.frame() === this.page.mainFrame();
      if (isPage && (answer.status() < 300 || answer.status() >= 400)) this.answer = answer;
    });
    this.page.setDefaultTimeout(10_000);
  }

  t(key, values) {
    return text(this.locale, key, values);
  }

  async leave() {
    await this.context.close();
  }

  /** A page of the portal, in this person's language. */
  async open(path) {
    await this.goTo(`${this.portal.url}/${this.locale}${path}`);
  }

  async goTo(url) {
    this.answer = null;
    await this.page.goto(url);
    await this.look();
  }

  /** Looks at the page, once for each that reads alike. */
  async look() {
    await this.page.waitForLoadState("load");
    const answer = this.answer;
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) return;
    const { pathname } = new URL(this.page.url());
    const path = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27,}(_[0-9a-f-]+)?/g, "ID");
    const heading = await this.page.locator("h1").innerText();
    const errors = await this.page.locator(".summary li, .field .error").count();
    const state = `${path} ${answer.status()} ${errors} ${this.way === "no script"} ${heading}`;
    if (looked.has(state)) return;
    looked.add(state);
    const name = `${path} (${answer.status()}, ${heading})`;
    if (this.way === "no script") return check(this.page, answer, name, { hasScript: false });
    // Without its language: what axe looks at is the same in both, since they are made of the same.
    const alike = `${path.slice(3)} ${answer.status()} ${await this.page.evaluate(madeOf)}`;
    await check(this.page, answer, name, { isNew: await isNew(alike) });
  }

  /** Types into the field of this label. */
  async type(label, value, scope = this.page) {
    const field = scope.getByLabel(label, { exact: false }).first();
    if (this.way === "keyboard") {
      await this.reach(field);
      await this.page.keyboard.press("Control+A");
      await this.page.keyboard.press("Delete");
      if ((await field.getAttribute("type")) === "date") await field.fill(value);
      else await this.page.keyboard.insertText(value);
    } else {
      await field.fill(value);
    }
  }

  /** Ticks a box, or chooses one of several. */
  async choose(label, scope = this.page) {
    const field = scope.getByLabel(label, { exact: false }).first();
    if (await field.isChecked()) return;
    if (this.way !== "keyboard") return field.check(this.patience());
    if ((await field.getAttribute("type")) === "radio") {
      await this.reach(scope.locator(`input[name="${await field.getAttribute("name")}"]`));
      for (let tries = 0; tries < 20 && !(await field.isChecked()); tries += 1) await this.page.keyboard.press("ArrowDown");
      if (!(await field.isChecked())) await this.page.keyboard.press("Space");
    } else {
      await this.reach(field);
      await this.page.keyboard.press("Space");
    }
  }

  /** The same by its value, where the label is the operator's or the inventory's. */
  async chooseValue(name, value) {
    const id = await this.page.locator(`input[name="${name}"][value="${value}"]`).getAttribute("id");
    await this.choose(await this.page.locator(`label[for="${id}"]`).innerText());
  }

  async press(name, scope = this.page) {
    await this.activate(scope.getByRole("button", { name }).first());
  }

  async follow(name, scope = this.page) {
    await this.activate(scope.getByRole("link", { name }).first());
  }

  async activate(target) {
    this.answer = null;
    const navigated = this.page.waitForEvent("framenavigated");
    if (this.way === "keyboard") {
      await this.reach(target);
      await this.page.keyboard.press("Enter");
    } else {
      await target.waitFor();
      await target.click(this.patience());
    }
    await navigated;
    await this.look();
  }

  /** Without scripts the page has no timers by which the driver could wait for what moves. */
  patience() {
    return { force: this.way === "no script" };
  }

  /** Goes there with the Tab key; what has the focus shows it. */
  async reach(target) {
    await target.first().waitFor();
    for (let presses = 0; presses < 200; ) {
      const away = await target.evaluateAll(pressesTo);
      if (away === 0) {
        const outline = await this.page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
        });
        if (outline < 2) throw new Error("what has the focus does not show it");
        return;
      }
      for (const end = presses + away; presses < end; presses += 1) await this.page.keyboard.press("Tab");
    }
    throw new Error(`${target} cannot be reached with the keyboard on ${this.page.url()}`);
  }

  /** The page says this. */
  async reads(words) {
    const main = (await this.page.locator("body").innerText()).replace(/\s+/g, " ");
    if (!main.includes(words)) throw new Error(`${this.page.url()}: “${words}” is not to be read:\n${main}`);
  }

  async doesNotRead(words) {
    const main = await this.page.locator("body").innerText();
    if (main.includes(words)) throw new Error(`${this.page.url()}: “${words}” is to be read:\n${main}`);
  }

  async signIn(email, secret = password) {
    await this.open("/sign-in");
    await this.type(this.t("label-email"), email);
    await this.type(this.t("label-password"), secret);
    await this.press(this.t("sign-in-button"), this.page.locator("main"));
  }
}
