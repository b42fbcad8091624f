// Attendance without a network: what is ticked is kept by ids alone (no names stay in the browser), and sent once each.

interface Tick {
  key: string;
  volunteer_id: string;
  serves_on: string;
  outcome: string;
  reason: string;
  ticked_at: string;
}
interface Answer {
  items: { key: string; result: string; words: string }[];
}
const AGAIN_MS = 10_000;
const AT_ONCE = 200;

class Sheet {
  private readonly place: string;
  private sending = false;

  constructor(private readonly form: HTMLFormElement, private readonly news: HTMLElement) {
    this.place = `attendance:${location.pathname}`;
    form.addEventListener("change", (event) => { this.note(event.target as HTMLInputElement); });
    window.addEventListener("online", () => { void this.send(); });
    setInterval(() => { void this.send(); }, AGAIN_MS);
    this.showKept();
    void this.send();
  }

  /** Pending ticks, one a day of service: the newest word. */
  private read(): Record<string, Tick> {
    try {
      return JSON.parse(localStorage.getItem(this.place) ?? "{}") as Record<string, Tick>;
    } catch {
      return {};
    }
  }

  private write(ticks: Record<string, Tick>): void {
    if (Object.keys(ticks).length === 0) localStorage.removeItem(this.place);
    else localStorage.setItem(this.place, JSON.stringify(ticks));
    this.say(Object.keys(ticks).length);
  }

  private field(name: string): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}"]`);
  }

  private note(input: HTMLInputElement): void {
    const [kind, volunteer, day] = input.name.split("/");
    if (volunteer === undefined || day === undefined || (kind !== "outcome" && kind !== "reason")) return;
    const id = `${volunteer}/${day}`;
    const chosen = this.form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(`outcome/${id}`)}"]:checked`);
    const reason = this.field(`reason/${id}`)?.value.trim() ?? "";
    if (chosen === null) return;
    const ticks = this.read();
    if (chosen.value === "absent" && reason === "") {
      this.lack(ticks, id);
      return;
    }
    ticks[id] = {
      key: crypto.randomUUID(),
      volunteer_id: volunteer,
      serves_on: day,
      outcome: chosen.value,
      reason: chosen.value === "absent" ? reason : "",
      ticked_at: new Date().toISOString(),
    };
    this.write(ticks);
    void this.send();
  }

  /** An absence without its reason is no word yet: the page says so, and what was chosen before is not sent either. */
  private lack(ticks: Record<string, Tick>, id: string): void {
    this.write(Object.fromEntries(Object.entries(ticks).filter(([each]) => each !== id)));
    this.news.textContent = this.form.dataset.lacking ?? "";
  }

  private showKept(): void {
    const ticks = this.read();
    for (const [id, tick] of Object.entries(ticks)) {
      const name = CSS.escape(`outcome/${id}`);
      const box = this.form.querySelector<HTMLInputElement>(`input[name="${name}"][value="${CSS.escape(tick.outcome)}"]`);
      if (box !== null) box.checked = true;
      const reason = this.field(`reason/${id}`);
      if (reason !== null && tick.reason !== "") reason.value = tick.reason;
    }
    this.say(Object.keys(ticks).length);
  }

  private async send(): Promise<void> {
    const waiting = Object.values(this.read()).slice(0, AT_ONCE);
    if (this.sending || waiting.length === 0) return;
    this.sending = true;
    try {
      const body = new FormData();
      body.set("form_token", this.field("form_token")?.value ?? "");
      body.set("ticks", JSON.stringify(waiting));
      const answer = await fetch(`${location.pathname}/ticks`, { method: "POST", body, redirect: "error" });
      if (!answer.ok) return;
      this.settle((await answer.json()) as Answer);
    } catch {
      return; // no network, or nobody signed in any more: it stays, and is tried again in a while, not at once
    } finally {
      this.sending = false;
    }
    if (Object.keys(this.read()).length > 0 && waiting.length === AT_ONCE) void this.send();
  }

  /** What was taken is forgotten here; a word that came meanwhile has another key, and stays. */
  private settle(answer: Answer): void {
    const done = new Set(answer.items.map((each) => each.key));
    this.write(Object.fromEntries(Object.entries(this.read()).filter(([, tick]) => !done.has(tick.key))));
    const refused = answer.items.filter((each) => each.result === "refused").map((each) => each.words);
    if (refused.length > 0) this.news.textContent = [...new Set(refused)].join(" ");
  }

  private say(waiting: number): void {
    const words = waiting === 0 ? this.form.dataset.sent : this.form.dataset.waiting;
    this.news.textContent = (words ?? "").replace("%", String(waiting));
  }
}

export function keepAttendance(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-attendance]");
  const news = document.getElementById("attendance-news");
  if (form !== null && news !== null) new Sheet(form, news);
}
