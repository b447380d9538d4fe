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

// The contents follow what is being read.
const entries = new Map();
for (const link of document.querySelectorAll(".contents a")) {
  entries.set(decodeURIComponent(link.hash.slice(1)), link);
}
if (entries.size > 0) {
  const seen = new Set();
  const watch = new IntersectionObserver(
    (sections) => {
      for (const { target, isIntersecting } of sections) {
        if (isIntersecting) seen.add(target.id);
        else seen.delete(target.id);
      }
      let first = true;
      for (const [id, link] of entries) {
        const here = first && seen.has(id);
        if (here) {
          link.setAttribute("aria-current", "true");
          first = false;
        } else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "0px 0px -60% 0px" },
  );
  for (const id of entries.keys()) {
    const section = document.getElementById(id);
    if (section) watch.observe(section);
  }
}
