// Keeps a page up to date while it is looked at: it listens to the portal's events, and when something may have changed
// that the page shows, it asks for the page anew and takes over the parts marked `data-live`. What is being typed, the
// focus and the place on the page stay. Without it everything works, one reload later.
"use strict";

(() => {
  const main = document.querySelector("main[data-after]");
  if (!main || !window.EventSource) return;
  const { conversation } = main.dataset;
  const gather = 100; // milliseconds: what happens at once is asked for once
  let after = main.dataset.after;
  let source = null;
  let timer = null;
  let asking = false;

  function listen() {
    source = new EventSource(`/api/v1/events?after=${encodeURIComponent(after)}`);
    for (const name of ["message", "read", "conversation", "reset"]) source.addEventListener(name, hear);
  }

  function rest() {
    source?.close();
    source = null;
  }

  function hear(event) {
    if (event.lastEventId) after = event.lastEventId;
    const data = JSON.parse(event.data);
    const place = data.conversation_id ?? data.id;
    if (!conversation || !place || place === conversation) renewSoon();
  }

  function renewSoon() {
    timer ??= setTimeout(() => {
      timer = null;
      if (asking) renewSoon();
      else renew();
    }, gather);
  }

  async function renew() {
    asking = true;
    try {
      const address = new URL(location.href);
      address.searchParams.delete("done");
      address.hash = "";
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main[data-after]");
      // Signed out, or not in this conversation any more: the next click says so.
      if (!answer.ok || !fresh) return rest();
      after = fresh.dataset.after;
      takeOver(fresh);
    } catch {
      // The network is away; the stream comes back with it, and tells what was missed.
    } finally {
      asking = false;
    }
  }

  function takeOver(fresh) {
    const active = document.activeElement;
    const place = active && main.contains(active) ? active.getBoundingClientRect().top : null;
    const link = active?.getAttribute?.("href");
    for (const part of main.querySelectorAll("[data-live]")) {
      const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (next) become(part, next);
    }
    if (link && document.activeElement !== active) {
      const again = [...main.querySelectorAll("a")].find((one) => one.getAttribute("href") === link);
      again?.focus({ preventScroll: true });
    }
    if (place !== null && document.activeElement && document.activeElement !== document.body) {
      window.scrollBy({ top: document.activeElement.getBoundingClientRect().top - place, behavior: "instant" });
    }
  }

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

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      rest();
    } else if (!source) {
      listen();
      renewSoon();
    }
  });
  // A page that is kept to go back to holds no connection.
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !source) {
      listen();
      renewSoon();
    }
  });
  if (!document.hidden) listen();
})();
