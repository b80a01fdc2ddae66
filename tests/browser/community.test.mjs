// Stories of people among themselves and with the operator, each in two windows and more: a group, a report with a block,
// an enquiry, mails about messages.

import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { Person, tellings } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

let browser, portal;

before(async () => {
  // Mails about messages leave with the next look for them.
  [browser, portal] = await Promise.all([open(), start({ STAMMTISCH_MAIL__MESSAGE_PAUSE: "0s" })]);
});

after(async () => {
  await browser?.close();
  await portal?.stop();
});

/** Whoever chooses mails, in each telling somebody else: what one ends stays ended. */
const readers = [
  ["ivo.novak@musterland.example", "Ivo Novák"],
  ["bernd.hansen@musterhausen.example", "Bernd Hansen"],
  ["emil.schroeder@beispieltal.example", "Emil Schröder"],
];

for (const [index, [locale, way]] of tellings.entries()) {
  const [readersAddress, readersName] = readers[index];
  const name = `${locale}, ${way}`;
  const word = name.replace(/\W+/g, "");
  const isLive = way !== "no script";

  const enter = async (email) => {
    const person = await Person.at(browser, portal, locale, way);
    await person.signIn(email);
    return person;
  };
  /** A link from a mail, which is in the language of its reader's account, as this telling reads it. */
  const linked = (mail, path) => mail.links.find((link) => link.includes(path)).replace("/de/", `/${locale}/`);
  /** What somebody else did is there: by itself where scripts run. */
  const sees = async (person, words) => {
    if (!isLive) await person.page.reload();
    await person.page.locator("main").getByText(words).first().waitFor();
  };

  test(`a group is opened, joined, renamed and left (${name})`, async () => {
    const dagmar = await enter("dagmar.koehler@musterhausen.example");
    const hanna = await enter("hanna.vogt@beispieltal.example");
    const gerd = await enter("gerd.lindner@beispieltal.example");
    const t = (key, values) => dagmar.t(key, values);
    const main = (person) => person.page.locator("main");
    const [group, renamed] = [`Runde Nord ${word}`, `Runde Süd ${word}`];
    const invite = async (person, query, guest) => {
      await person.type(t("members-query"), query);
      await person.press(t("members-search"));
      await person.choose(guest);
      await person.press(t("group-invite-button"), main(person));
      await person.reads(t("done-invited"));
    };
    const accept = async (person) => {
      await person.activate(main(person).locator("[data-live=invitations] a"));
      await person.reads(group);
      await person.press(new RegExp(`${t("invitations-accept")}.*${group}`));
      await person.reads(t("done-group-joined"));
    };
    const write = async (person, words) => {
      await person.type(t("message-body"), words);
      await person.press(t("message-send"));
      await person.reads(words);
    };

    await hanna.follow(t("menu-conversations"));
    await dagmar.follow(t("menu-conversations"));
    await dagmar.follow(t("conversations-new-group"));
    await dagmar.press(t("group-open"));
    await dagmar.reads(t("form-summary"));
    await dagmar.type(t("group-name"), group);
    await dagmar.press(t("group-open"));
    await dagmar.reads(t("done-group-opened"));
    await invite(dagmar, "Vogt", "Hanna Vogt");
    // The window that was open all the time.
    if (!isLive) await hanna.page.reload();
    await accept(hanna);

    await dagmar.follow(t("group-back"));
    await dagmar.follow(t("group-read"));
    await write(dagmar, `Die Bebauungspläne liegen aus (${word})`);
    await sees(hanna, `Die Bebauungspläne liegen aus (${word})`);
    await write(hanna, `Vielen Dank (${word})`);
    await sees(dagmar, `Vielen Dank (${word})`);
    await hanna.follow(t("group-settings"));
    await hanna.reads(t("group-managed-by", { name: "Dagmar Köhler" }));
    await hanna.follow(t("group-invite"));
    await invite(hanna, "Lindner", "Gerd Lindner");

    // Whoever joins later sees what is written from then on.
    await gerd.follow(t("menu-conversations"));
    await accept(gerd);
    await gerd.doesNotRead("Bebauungspläne");
    await write(dagmar, `Willkommen (${word})`);
    await sees(gerd, `Willkommen (${word})`);

    await dagmar.follow(t("conversation-search"));
    await dagmar.type(t("search-query"), `Bebauungsplan ${word}`);
    await dagmar.press(t("search-button"), main(dagmar));
    await main(dagmar).locator("mark", { hasText: "Bebauungspläne" }).waitFor();
    await dagmar.follow(group, main(dagmar));
    await dagmar.reads(t("conversation-found"));
    await dagmar.follow(t("group-settings"));
    await dagmar.type(t("group-name"), renamed);
    await dagmar.press(t("group-rename"), main(dagmar));
    await dagmar.reads(t("done-group-renamed"));
    await hanna.follow(t("menu-conversations"));
    await hanna.reads(renamed);

    await dagmar.follow(new RegExp(`${t("group-remove")}.*Gerd Lindner`));
    await dagmar.press(t("group-remove-button"), main(dagmar));
    await dagmar.reads(t("done-member-removed"));
    await sees(gerd, t("failure-not-found"));
    await gerd.follow(t("menu-conversations"));
    await gerd.doesNotRead(renamed);
    await dagmar.follow(t("group-leave"));
    await dagmar.press(t("group-leave-button"), main(dagmar));
    await dagmar.reads(t("done-group-left"));
    await hanna.follow(renamed, main(hanna));
    await hanna.follow(t("group-settings"));
    await hanna.reads(t("group-managed-by-you"));
    await Promise.all([dagmar.leave(), hanna.leave(), gerd.leave()]);
  });

  test(`a message is reported, its author blocked, and the desk removes it (${name})`, async () => {
    const [fatma, jana] = [await enter("fatma.oeztuerk@beispieltal.example"), await enter("jana.petersen@musterland.example")];
    const t = (key, values) => fatma.t(key, values);
    const [rude, later] = [`Das ist doch Unfug (${word})`, `Noch ein Wort dazu (${word})`];

    await fatma.follow(t("menu-members"));
    await fatma.type(t("members-query"), "Petersen");
    await fatma.press(t("members-search"));
    await fatma.follow("Jana Petersen", fatma.page.locator("main"));
    await fatma.follow(t("member-write", { name: "Jana Petersen" }));
    await fatma.type(t("message-body"), rude);
    await fatma.press(t("message-send"));
    await fatma.reads(rude);

    await jana.follow(t("menu-conversations"));
    await jana.follow("Fatma Öztürk", jana.page.locator("main"));
    await jana.reads(rude);
    await jana.activate(jana.page.locator("li.card", { hasText: rude }).getByRole("link", { name: t("message-report") }));
    await jana.press(t("report-send"), jana.page.locator("main"));
    await jana.reads(t("form-summary"));
    await jana.type(t("report-why"), `Beleidigend (${word})`);
    await jana.choose(t("report-block"));
    await jana.press(t("report-send"), jana.page.locator("main"));
    await jana.reads(t("done-reported-and-blocked"));

    // Whoever is blocked notices nothing, and reaches nobody.
    await fatma.type(t("message-body"), later);
    await fatma.press(t("message-send"));
    await fatma.reads(later);
    await jana.page.reload();
    await jana.doesNotRead(later);

    const vera = await enter("verwaltung@betreiber.example");
    await vera.follow(t("menu-desk"));
    await vera.follow(t("desk-part-reports"), vera.page.locator("main"));
    await vera.activate(vera.page.locator("li.card", { hasText: `Beleidigend (${word})` }).getByRole("link").first());
    await vera.reads(rude);
    await vera.doesNotRead(later);
    await vera.press(t("report-remove"), vera.page.locator("main"));
    await vera.reads(t("form-summary"));
    await vera.type(t("report-decision-reason"), `Bitte sachlich bleiben ${word}`);
    await vera.press(t("report-remove"), vera.page.locator("main"));
    await vera.reads(t("done-message-removed"));
    await portal.mail("fatma.oeztuerk@beispieltal.example", word);
    await fatma.follow(t("menu-conversations"));
    await fatma.follow("Jana Petersen", fatma.page.locator("main"));
    await fatma.doesNotRead(rude);
    await fatma.reads(later);

    await jana.follow(t("menu-account"));
    await jana.follow(t("account-to-blocks"));
    await jana.press(new RegExp(`${t("block-end")}.*Fatma Öztürk`));
    await jana.reads(t("done-unblocked"));
    await Promise.all([fatma.leave(), jana.leave(), vera.leave()]);
  });

  test(`an enquiry goes to and fro (${name})`, async () => {
    const [cem, vera] = [await enter("cem.yildiz@musterhausen.example"), await enter("verwaltung@betreiber.example")];
    const t = (key, values) => cem.t(key, values);
    const subject = `Öffnungszeiten ${word}`;

    await cem.follow(t("menu-enquiries"));
    await cem.type(t("label-subject"), subject);
    await cem.type(t("enquiry-body"), "Wann ist der Support erreichbar?");
    await cem.press(t("enquiry-send"));
    await cem.reads(t("done-asked"));
    const asked = await cem.page.locator("main").getByRole("link", { name: subject }).first().getAttribute("href");
    const id = asked.split(/[/#]/).find((part) => /^[0-9a-f-]{36}$/.test(part));

    await vera.follow(t("menu-desk"));
    await vera.follow(t("desk-part-enquiries"), vera.page.locator("main"));
    await vera.follow(subject, vera.page.locator("main"));
    await vera.press(t("enquiry-take"), vera.page.locator("main"));
    await vera.reads(t("done-enquiry-assigned"));
    await vera.type(t("enquiry-answer"), "Werktags von acht bis siebzehn Uhr.");
    await vera.press(t("enquiry-answer-send"));
    await vera.reads(t("done-answered"));

    const answered = await portal.mail("cem.yildiz@musterhausen.example", `/enquiries/${id}`);
    await cem.goTo(linked(answered, "/enquiries/"));
    await cem.reads("Werktags von acht bis siebzehn Uhr.");
    await cem.type(t("enquiry-reply"), "Und am Freitag?");
    await cem.press(t("enquiry-reply-send"), cem.page.locator("main"));
    await cem.reads(t("done-enquiry-written"));

    const waiting = await portal.mail("verwaltung@betreiber.example", `/desk/enquiries/${id}`);
    await vera.goTo(linked(waiting, "/desk/enquiries/"));
    await vera.reads("Und am Freitag?");
    await vera.type(t("enquiry-answer"), "Bis fünfzehn Uhr.");
    await vera.press(t("enquiry-answer-send"));
    await vera.reads(t("done-answered"));
    await cem.page.reload();
    await cem.reads("Bis fünfzehn Uhr.");
    await cem.press(t("enquiry-close"), cem.page.locator("main"));
    await cem.reads(t("done-enquiry-closed"));
    await Promise.all([cem.leave(), vera.leave()]);
  });

  test(`a mail tells of a message, and its link ends such mails (${name})`, async () => {
    const [anna, reader] = [await enter("anna.beispiel@musterhausen.example"), await enter(readersAddress)];
    const t = (key, values) => reader.t(key, values);
    const words = `Der Termin steht fest ${word}`;

    await reader.follow(t("menu-account"));
    await reader.follow(t("account-to-notifications"));
    await reader.choose(t("notifications-at-once"));
    await reader.press(t("notifications-button"));
    await reader.reads(t("done-notifications-set"));

    await anna.follow(t("menu-members"));
    await anna.type(t("members-query"), readersName);
    await anna.press(t("members-search"));
    await anna.follow(readersName, anna.page.locator("main"));
    await anna.follow(t("member-write", { name: readersName }));
    await anna.type(t("message-body"), words);
    await anna.press(t("message-send"));
    await anna.reads(words);

    const told = await portal.mail(readersAddress, "/unsubscribe?token", 40);
    for (const secret of [words, "Beispiel"]) if (told.text.includes(secret)) throw new Error(`the mail says ${secret}`);
    const stranger = await Person.at(browser, portal, locale, way);
    await stranger.goTo(linked(told, "/unsubscribe?"));
    await stranger.press(t("page-unsubscribe-button"));
    await stranger.reads(t("page-unsubscribe-done-title"));

    await reader.follow(t("menu-account"));
    await reader.follow(t("account-to-notifications"));
    if (!(await reader.page.getByLabel(t("notifications-never")).isChecked())) throw new Error("mails still come");
    await reader.follow(t("menu-conversations"));
    await reader.follow("Anna Beispiel", reader.page.locator("main"));
    await reader.reads(words);
    await Promise.all([anna.leave(), reader.leave(), stranger.leave()]);
  });
}
