// Keeps a page up to date while it is looked at: it listens to the portal's events, and when something may have changed
// that the page shows, it asks for the page anew and takes over the parts marked `data-live`. What is being typed, the
// focus and the place on the page stay. Without it everything works, one reload later.
"use strict";

(() => {
  const main = document.querySelector("main[data-after]");
  if (!main || !window.EventSource) return;
  const { conversation } = main.dataset;
  const gather = 100; // milliseconds: what happens at once is asked for once
  const pause = 1_000; // between two times that the page is asked for
  const patience = 15 * 60_000; // without a key or a movement nobody is there, and the session is to end as it would
  const attention = 60_000; // so long after one, what comes into a window that is in front counts as read
  const spread = 3_000; // who was told to look anew was not the only one
  let after = main.dataset.after;
  let source = null;
  let timer = null;
  let asking = false;
  let asked = 0;
  let failures = 0;
  let lastSeen = Date.now();
  let over = false; // the page is nobody's to see any more
  let unread = false; // it shows what nobody has looked at

  const isWatched = () => !document.hidden && Date.now() - lastSeen < patience;
  const isRead = () => !document.hidden && document.hasFocus() && Date.now() - lastSeen < attention;
  const fields = "textarea, input:not([type=hidden])";
  const isTyped = (field) => (field.matches("textarea") ? field.value : field.value !== field.defaultValue);
  const holds = (part) => part.querySelector("[data-unsent]") || [...part.querySelectorAll(fields)].some(isTyped);

  function listen() {
    if (source || over) return;
    source = new EventSource(`/api/v1/events?after=${encodeURIComponent(after)}`);
    for (const name of ["message", "read", "conversation", "reset"]) source.addEventListener(name, hear);
    source.addEventListener("open", () => (failures = 0));
    // After an answer that is no stream a browser does not try again by itself.
    source.addEventListener("error", () => source?.readyState === EventSource.CLOSED && comeBack());
  }

  function rest() {
    source?.close();
    source = null;
    clearTimeout(timer);
    timer = null;
  }

  function comeBack() {
    rest();
    failures += 1;
    const wait = Math.min(60_000, 2_000 * 2 ** failures) * (0.5 + Math.random() / 2);
    timer = setTimeout(() => {
      timer = null;
      if (!isWatched()) return;
      listen();
      renew();
    }, wait);
  }

  function hear(event) {
    if (event.lastEventId) after = event.lastEventId;
    const data = JSON.parse(event.data);
    const place = data.conversation_id ?? data.id;
    if (event.type === "reset") renewSoon(Math.random() * spread);
    else if (!conversation || place === conversation) renewSoon();
  }

  function renewSoon(later = 0) {
    if (over) return;
    const wait = Math.max(gather, later, asked + pause - Date.now());
    timer ??= setTimeout(() => {
      timer = null;
      if (!isWatched()) rest();
      else if (asking) renewSoon();
      else renew();
    }, wait);
  }

  /** The page as it is asked for, without what was just done on it. */
  function here() {
    const address = new URL(location.href);
    address.searchParams.delete("done");
    address.hash = "";
    return address;
  }

  /** Shows the page that there is instead now. What is typed stays where it is, and is answered when it is sent. */
  function goOn() {
    over = true;
    rest();
    if (!holds(main)) location.replace(here());
  }

  async function renew() {
    asking = true;
    asked = Date.now();
    const read = isRead();
    try {
      const answer = await fetch(here(), { headers: { accept: "text/html", "x-live": read ? "read" : "look" } });
      if ([401, 403, 404, 410].includes(answer.status) || answer.redirected) return goOn();
      if (!answer.ok) return comeBack();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main[data-after]");
      unread = !read;
      if (fresh) {
        after = fresh.dataset.after;
        takeOver(fresh);
      } else if (read) {
        // More is unread than the page shows at once: it is read from there on.
        goOn();
      }
    } catch {
      comeBack();
    } finally {
      asking = false;
    }
  }

  const placeOf = (link) => link?.getAttribute?.("href")?.replace(/#.*/, "");

  function takeOver(fresh) {
    const active = document.activeElement;
    const top = active && main.contains(active) ? active.getBoundingClientRect().top : null;
    const place = placeOf(active);
    for (const part of main.querySelectorAll("[data-live]")) {
      const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!next || staysAsItIs(part, next)) continue;
      // The window is called by the page's heading.
      if (part.dataset.live === "title") nameWindow(part.textContent, next.textContent);
      become(part, next);
    }
    if (place && document.activeElement !== active) {
      const again = [...main.querySelectorAll("a")].find((one) => placeOf(one) === place);
      again?.focus({ preventScroll: true });
    }
    if (top !== null && document.activeElement && document.activeElement !== document.body) {
      window.scrollBy({ top: document.activeElement.getBoundingClientRect().top - top, behavior: "instant" });
    }
  }

  const nameWindow = (old, name) => (document.title = document.title.replace(old, () => name));

  /** A form where there is to be one, and whatever somebody typed, is theirs alone. */
  const staysAsItIs = (part, next) => holds(part) || (part.querySelector("form") && next.querySelector("form"));

  /** What has an id stays the same element, so that nobody is read what they know. */
  function become(old, next) {
    if (old.isEqualNode(next)) return;
    const list = old.querySelector("ol, ul");
    const nextList = next.querySelector("ol, ul");
    if (!list || !nextList) return old.replaceChildren(...next.childNodes);
    const known = new Map([...list.children].filter((one) => one.id).map((one) => [one.id, one]));
    const wanted = [...nextList.children].map((one) => {
      const same = known.get(one.id);
      return same?.isEqualNode(one) ? same : one;
    });
    for (const one of [...list.children]) if (!wanted.includes(one)) one.remove();
    wanted.forEach((one, index) => {
      if (list.children[index] !== one) list.insertBefore(one, list.children[index] ?? null);
    });
  }

  function wake() {
    lastSeen = Date.now();
    if (over || timer || document.hidden || (source && !(unread && isRead()))) return;
    listen();
    renewSoon();
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
  // A page scrolls by itself, too, when something is added to it.
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(sign, wake, { passive: true });
  }
  window.addEventListener("focus", wake);
  // A page that is kept to go back to holds no connection.
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  setInterval(() => !isWatched() && rest(), 60_000);
  if (!document.hidden) listen();
})();
