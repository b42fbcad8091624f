// The islands: everything works without them. A form is not sent into nothing; a run shows itself live.

import { keepAttendance } from "./attendance";

const PATIENCE = 10_000;

/** Before a form leaves: does the portal answer? What was typed stays where it is when it does not, or is silent. */
async function answers(): Promise<boolean> {
  const waiting = new AbortController();
  const over = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    return (await fetch("/health", { cache: "no-store", signal: waiting.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(over);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || form.dataset.checked === "yes") return;
  event.preventDefault();
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  void answers().then((ok) => {
    const warning = document.getElementById("portal-away");
    if (!ok) {
      warning?.removeAttribute("hidden");
      warning?.focus();
      return;
    }
    form.dataset.checked = "yes";
    form.requestSubmit(button);
    setTimeout(() => { form.dataset.checked = ""; }, 3000);
  });
});

/** A run's page follows its events; when they end, the page shows the result. */
function follow(live: HTMLElement): void {
  const source = new EventSource(live.dataset.events ?? "");
  const show = (): void => {
    void fetch(location.href)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((page) => {
        const fresh = new DOMParser().parseFromString(page, "text/html").getElementById(live.id);
        if (fresh === null || fresh.dataset.events === undefined) {
          source.close();
          location.reload();
        } else {
          live.replaceChildren(...fresh.childNodes);
        }
      })
      .catch(() => undefined); // away for a moment: the next event asks again
  };
  let waiting = 0;
  const soon = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  };
  for (const kind of ["progress", "status", "end", "revoked"]) source.addEventListener(kind, soon);
  setInterval(soon, 4000);
}

/** Two maps under one pointer: a commune of one is shown in the other, and both are named below. */
function pair(maps: HTMLElement): void {
  const words = document.getElementById("under-pointer");
  const point = (event: Event): void => {
    const link = (event.target as Element).closest("a");
    const code = link?.getAttribute("href")?.split("/").pop();
    if (code === undefined) return;
    const same = [...maps.querySelectorAll("a")].filter((each) => each.getAttribute("href")?.endsWith(`/${code}`));
    for (const each of maps.querySelectorAll("a.on")) each.classList.remove("on");
    for (const each of same) each.classList.add("on");
    if (words !== null) words.textContent = same.map((each) => each.querySelector("title")?.textContent).join(" | ");
  };
  maps.addEventListener("mouseover", point);
  maps.addEventListener("focusin", point);
}

/** A list that a filter draws anew: whoever stood on a link of it stands on it afterwards, if it is still there. */
let stoodOn: string | null = null;
document.addEventListener("htmx:before:swap", () => { stoodOn = document.activeElement?.getAttribute("href") ?? null; });
document.addEventListener("htmx:after:swap", () => {
  if (stoodOn === null || document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`main a[href="${CSS.escape(stoodOn)}"]`)?.focus({ preventScroll: true });
});

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-at-once]")) form.requestSubmit();
for (const maps of document.querySelectorAll<HTMLElement>(".pair")) pair(maps);
for (const live of document.querySelectorAll<HTMLElement>("[data-events]")) follow(live);
keepAttendance();

/** On a phone the menu is wider than the page: the part one is in is seen. The focus stays where it is. */
const here = document.querySelector<HTMLElement>(".menu [aria-current]");
const row = here?.closest("ul");
if (here && row) row.scrollLeft = here.getBoundingClientRect().left - row.getBoundingClientRect().left - 60;
document.querySelector<HTMLElement>(".alert")?.focus();
