// Makes pages smoother. No page needs it: every link and form here works without.
"use strict";

// Where faults are listed, the reader begins there.
const faults = document.querySelector(".faults");
if (faults) {
  faults.setAttribute("tabindex", "-1");
  faults.focus();
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// Leaving a form that was changed asks first.
const kept = document.querySelector("form[data-keep]");
if (kept) {
  let changed = false;
  kept.addEventListener("input", () => (changed = true));
  kept.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

// The contents follow what is being read: a clause without a line of its own belongs to the line before it.
const lines = new Map();
for (const link of document.querySelectorAll(".contents a")) {
  lines.set(decodeURIComponent(link.hash.slice(1)), link);
}
const owners = new Map();
let owner = null;
for (const clause of document.querySelectorAll(".clause")) {
  owner = lines.get(clause.id) ?? owner;
  owners.set(clause, owner);
}
if (lines.size > 0) {
  const seen = new Set();
  const watch = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      const first = [...owners.keys()].find((clause) => seen.has(clause));
      for (const link of lines.values()) link.removeAttribute("aria-current");
      owners.get(first)?.setAttribute("aria-current", "true");
    },
    { rootMargin: "0px 0px -60% 0px" },
  );
  for (const clause of owners.keys()) watch.observe(clause);
}

// Passkeys (WebAuthn, level 3): the form asks the server for options, the browser for an answer, and sends the answer as it is.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const said = document.getElementById("live");
    try {
      const body = new URLSearchParams(new FormData(form));
      const reply = await fetch(form.dataset.options, { method: "POST", body, headers: { accept: "application/json" } });
      if (!reply.ok) throw new Error(reply.statusText);
      const options = await reply.json();
      const asked = options.publicKey ?? options;
      const credential =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      const note = document.createElement("p");
      note.className = "notice is-error";
      note.textContent = form.dataset.failed;
      said.replaceChildren(note);
    }
  });
}
