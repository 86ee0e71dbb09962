// The simulator's page: shows what the gadget reports and hands on what the visitor does.
// One WebSocket carries both; what the light means comes from the state, never from its pixels.

import { Lamp, Panel } from "./lamp.js";

const AGAIN_MS = 1000;
const SAID_MS = 4000;

// state → headline, meaning. "#" stands for the unread count.
const WORDS = {
  starting: ["Starting", "Give me a minute."],
  connecting: ["Connecting", "Give me a minute."],
  not_set_up: ["Not set up", "Breathing: plug me into a computer."],
  nothing: ["Nothing waiting", "Steady: I checked, there is none."],
  unread: ["# unread", "Steady: I know how many wait."],
  new: ["New mail", "Swelling: it just came."],
  not_sure: ["Not sure", "One blink: I keep trying, nothing for you to do."],
  needs_you: ["It needs you", "Two blinks: read the screen."],
  refused: ["Not safe", "Three blinks: no password was sent."],
  reached_zero: ["All read", "One sweep: well done."],
  service: ["Service mode", "Breathing: it does not watch mail; reboot ends it."],
  safe: ["Safe mode", "Two blinks: it crashed three times; press the button."],
};

const LETTERS = [
  ["Deniz Yıldız <deniz@example.org>", "Lunch on Thursday?"],
  ["Zofia Gęślą <zofia@example.org>", "Zażółć: the photos are here"],
  ["Parcel desk <parcels@example.org>", "Your parcel waits at the counter"],
  ["Anna Kovač <anna@example.org>", "Thank you! See you at seven"],
];
const CYRILLIC = ["Мария Иванова <maria@example.org>", "Новое письмо: Привет из Сараева"];

const at = (id) => document.getElementById(id);
const lamp = new Lamp(at("lamp"));
const panel = new Panel(at("panel"));
const seen = { status: null, age: null, ageAt: 0, letter: 0, silence: 0 };
let socket = null;

function connect() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.onopen = () => setLink("live", "live");
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = () => {
    setLink("lost", "no connection");
    setText("headline", "The simulator has ended");
    setText("meaning", "Start it again; this page comes back by itself.");
    setTimeout(connect, AGAIN_MS);
  };
}

function setLink(is, words) {
  at("link").dataset.is = at("gadget").dataset.link = is;
  at("link").lastElementChild.textContent = words;
}

/** Show the news: the server sends only what changed. */
function take(news) {
  if (news.light) lamp.show(news.light);
  if (news.panel) panel.show(news.panel);
  if (news.log) showLog(news.log);
  if ("mail" in news) showMail(news.mail);
  if ("wifi" in news) at("wifi").setAttribute("aria-checked", news.wifi);
  if ("said" in news) say(news.said, news.is);
  if (news.status) {
    seen.status = news.status;
    seen.age = news.proven_age_s;
    seen.ageAt = performance.now();
    showStatus(news.status);
  }
  if (news.end != null) {
    setText("headline", "The firmware ended");
    setText("meaning", `Exit code ${news.end}; its console says why.`);
  }
  document.body.dataset.ready = Boolean(seen.status?.state);
}

function showStatus(status) {
  if (!status.state) return; // it boots, and has not said anything yet
  const [headline, meaning] = WORDS[status.state] ?? [status.state, ""];
  const words = headline.replace("#", status.unseen ?? "?");
  setText("headline", words);
  setText("meaning", meaning);
  setText("unseen", status.unseen ?? "?");
  setText("reconnects", status.reconnects ?? "–");
  setText("heap", status.heap_free == null ? "–" : `${Math.round(status.heap_free / 1024)} kB`);
  const parts = [status.state, status.cause, status.detail].filter(Boolean);
  setText("state", parts.join(": ").replace("_", " "));
  at("lamp").setAttribute("aria-label", `The light: ${words}. ${meaning}`);
  at("panel").setAttribute("aria-label", `The display: ${(status.screen ?? []).join(" / ")}`);
  document.title = `${words} · Postlamp`;
  showAge();
}

/** The gadget reports changes, not ages. It may have checked again without a change, so what
 *  grows here is the most it can be; its own display shows the age itself. */
function showAge() {
  if (seen.age == null) return setText("checked", "–");
  const seconds = Math.round(seen.age + (performance.now() - seen.ageAt) / 1000);
  const words = seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  setText("checked", seconds > seen.age ? `≤ ${words} ago` : `${words} ago`);
}

/** Only what differs is written: a screen reader would say it again. */
function setText(id, words) {
  if (at(id).textContent !== String(words)) at(id).textContent = words;
}

/** `mail`: null when the account is not ours to fill, else whether our server listens. */
function showMail(mail) {
  for (const part of document.querySelectorAll("[data-needs=mail]")) part.hidden = mail === null;
  at("server").setAttribute("aria-checked", mail === true);
}

function showLog(lines) {
  const log = at("log");
  const follows = log.scrollTop + log.clientHeight > log.scrollHeight - 20;
  log.textContent = lines.join("\n");
  if (follows) log.scrollTop = log.scrollHeight;
}

function say(words, is) {
  setText("said", words);
  at("said").dataset.is = is;
  clearTimeout(seen.silence);
  seen.silence = setTimeout(() => setText("said", ""), SAID_MS);
}

function ask(request) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
  else say("the simulator has ended", "problem");
}

function prefill(letter) {
  [at("sender").value, at("subject").value] = LETTERS[letter % LETTERS.length];
}

/** A letter of ours is replaced by the next one; what the visitor typed is left alone. */
function send(sender, subject) {
  ask({ do: "send", sender, subject });
  const [ours, words] = LETTERS[seen.letter % LETTERS.length];
  if (sender === ours && subject === words) prefill(++seen.letter);
}

at("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  send(at("sender").value, at("subject").value);
});
at("cyrillic").addEventListener("click", () => send(...CYRILLIC));
at("read").addEventListener("click", () => ask({ do: "read" }));
for (const id of ["press", "knob"]) at(id).addEventListener("click", () => ask({ do: "press" }));
for (const id of ["server", "wifi"]) {
  at(id).addEventListener("click", () => {
    ask({ do: id, on: at(id).getAttribute("aria-checked") !== "true" });
  });
}

prefill(seen.letter);
setInterval(showAge, 1000);
connect();
