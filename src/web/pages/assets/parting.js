// Who signs out in one window leaves nothing behind in the others: each asks whether it still is somebody's, as they may
// have signed in again, and shows the page that there is instead if it is not. Without this a window shows what it showed
// until something is done in it.
"use strict";

(() => {
  if (!window.BroadcastChannel) return;
  const windows = new BroadcastChannel("signed-out");
  const isSignedOut = document.querySelector("script[data-signed-out]") !== null;
  if (isSignedOut) return windows.postMessage(null);

  async function look() {
    const answer = await fetch("/api/v1/session", { cache: "no-store" }).catch(() => null);
    if (answer?.status === 401) leave();
  }

  function leave() {
    document.querySelector("main").replaceChildren();
    const address = new URL(location.href);
    // Another place on the page that is shown would be no other page.
    address.hash = "";
    location.replace(address);
  }

  windows.addEventListener("message", look);
  // One that was kept to go back to heard of nothing meanwhile.
  window.addEventListener("pageshow", (event) => event.persisted && look());
})();
