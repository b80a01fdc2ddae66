// Asks the browser for a passkey, or to have one made: what it is to be asked comes from the portal, and what it answers
// goes there with the form. Without it, and in browsers that know no passkeys, such forms are not seen.
"use strict";

(() => {
  const known = window.PublicKeyCredential;
  if (!known?.parseRequestOptionsFromJSON || !known.parseCreationOptionsFromJSON) return;
  // Passkeys are bound to a name.
  if (/^\[|^[\d.]+$/.test(location.hostname)) return;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
  for (const part of document.querySelectorAll("[data-passkey]")) show(part);

  function show(part) {
    const { passkey: act, options: address, prove, longest } = part.dataset;
    const form = part.querySelector("form");
    const said = part.querySelector("[role=status]");
    const { ceremony, credential, name } = form.elements;
    let isBusy = false;
    part.hidden = false;
    // What is wrong with it would be found out when the passkey is made already.
    if (name && longest) name.maxLength = longest;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!isBusy) ask();
    });
    // A page that is gone back to asks anew.
    window.addEventListener("pageshow", () => (isBusy = false));

    async function ask() {
      isBusy = true;
      said.textContent = "";
      try {
        const headers = { accept: "application/json", "accept-language": document.documentElement.lang };
        const answer = await fetch(address, { method: "POST", headers });
        const offer = await answer.json();
        if (!answer.ok) return refused(offer);
        const publicKey =
          act === "create" ? known.parseCreationOptionsFromJSON(offer.options) : known.parseRequestOptionsFromJSON(offer.options);
        const shown = await navigator.credentials[act]({ publicKey });
        ceremony.value = offer.ceremony;
        credential.value = JSON.stringify(shown);
        form.submit();
      } catch (error) {
        isBusy = false;
        const words = { NotAllowedError: part.dataset.cancelled, InvalidStateError: part.dataset.known };
        said.textContent = words[error.name] ?? part.dataset.failed;
      }
    }

    function refused({ code, title }) {
      isBusy = false;
      if (prove && ["proof_required", "not_signed_in"].includes(code)) location.assign(prove);
      else said.textContent = title;
    }
  }
})();
