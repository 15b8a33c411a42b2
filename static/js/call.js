// Madoi's own room: voices, and pictures for who likes, beside the guide. Nothing is recorded, and the guide goes on
// without. Who is muted is known by the others alone; the server only passes on how browsers find each other.
import { sendSignal } from "./room.js";
import { camera, canCall, devices, microphone, playTone, watchLevel } from "./call_devices.js";
import { Mesh } from "./call_peers.js";

const NAME_OF_MEMORY = "madoi-call";
const section = document.querySelector("[data-call]");
if (section) begin();

function begin() {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const button = (name) => section.querySelector(`[data-do=${name}]`);
  const words = section.dataset;
  const fold = section.querySelector("[data-fold]");
  const pick = { microphone: section.querySelector("[data-microphone]"), camera: section.querySelector("[data-camera]") };
  const tiles = new Map();
  let mesh = null;
  let people = {};
  let me = null;
  let mine = { audio: null, video: null };
  let muted = false;
  let turn = null;
  let present = []; // keys of those whose page is open
  let stopLevel = () => {};

  // In this tab only, so that a reload leads back in.
  const memory = {
    get: () => { try { return JSON.parse(sessionStorage.getItem(NAME_OF_MEMORY)) ?? {}; } catch { return {}; } },
    set: (said) => { try { sessionStorage.setItem(NAME_OF_MEMORY, JSON.stringify({ ...memory.get(), ...said })); } catch { /* asked again */ } },
  };

  const status = section.querySelector("[data-call-status]");
  const say = (text = "") => { if (status.textContent !== text) status.textContent = text; };

  function show(name, { focus = true } = {}) {
    for (const one of ["door", "check", "inside"]) part(one).hidden = one !== name && !(name === "check" && one === "inside" && mesh);
    for (const one of section.querySelectorAll("[data-at]")) one.hidden = one.dataset.at !== name && !(one.dataset.at === "inside" && mesh);
    if (name !== "check") endCheck();
    else fold.open = true;
    if (focus) (section.querySelector(`[data-at=${name}]`) ?? part(name).querySelector("button, select"))?.focus();
  }

  // The words for what getUserMedia throws, by the kind of trouble.
  const reason = ({ name }) => ({ NotAllowedError: words.refused, NotFoundError: words.missing }[name] ?? words.busy);

  async function openMicrophone(id) {
    const track = await microphone(id);
    track.onended = () => { say(words.missing); use("audio", null); };
    return track;
  }

  // What one sends, for who counts how long it speaks: nothing outside the call.
  const tell = () => document.dispatchEvent(new CustomEvent("madoi:microphone", { detail: mesh ? mine.audio : null }));

  function use(kind, track) {
    if (mine[kind] !== track) mine[kind]?.stop();
    mine = { ...mine, [kind]: track };
    if (kind === "audio" && track) track.enabled = !muted;
    mesh?.use(kind, track);
    tell();
    if (mesh) draw();
  }

  // Device check

  async function check() {
    say();
    show("check");
    try {
      if (!mine.audio) use("audio", await openMicrophone(memory.get().microphone));
      watch();
    } catch (error) {
      say(reason(error));
    }
    await list();
  }

  async function list() {
    for (const [kind, select, track] of [["audioinput", pick.microphone, mine.audio], ["videoinput", pick.camera, mine.video]]) {
      const chosen = track?.getSettings().deviceId ?? (kind === "audioinput" ? memory.get().microphone : "");
      const none = select.querySelector("option[value='']");
      const found = await devices(kind);
      select.replaceChildren(...(none ? [none] : []), ...found.map(({ deviceId, label }, place) => new Option(label || `${place + 1}`, deviceId, false, deviceId === chosen)));
      select.disabled = !found.length;
    }
  }

  function watch() {
    stopLevel();
    const meter = section.querySelector("[data-level]");
    const heard = section.querySelector("[data-heard]");
    heard.textContent = words.speak;
    stopLevel = watchLevel(mine.audio, (level) => {
      meter.value = level;
      if (level > 0.12 && heard.textContent !== words.heard) heard.textContent = words.heard;
    });
  }

  function preview() {
    const picture = section.querySelector("[data-preview]");
    picture.srcObject = mine.video ? new MediaStream([mine.video]) : null;
    picture.hidden = !mine.video;
  }

  function endCheck() {
    stopLevel();
    stopLevel = () => {};
  }

  async function chooseMicrophone() {
    try {
      use("audio", await openMicrophone(pick.microphone.value));
      memory.set({ microphone: pick.microphone.value });
      watch();
    } catch (error) {
      say(reason(error));
    }
  }

  async function chooseCamera(id) {
    try {
      use("video", id === "" ? null : await camera(id));
      memory.set({ camera: mine.video?.getSettings().deviceId ?? "" });
    } catch (error) {
      say(reason(error));
      pick.camera.value = "";
    }
    preview();
  }

  // In and out

  async function asked() {
    const answer = await fetch(words.call, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) throw new Error(answer.status === 409 ? words.closed : words.unreachable);
    const said = await answer.json();
    people = said.people;
    me = said.me;
    return said;
  }

  async function join({ listening = false, focus = true } = {}) {
    say(words.opening);
    try {
      if (!listening && !mine.audio) use("audio", await openMicrophone(memory.get().microphone));
    } catch (error) {
      say(reason(error));
      fold.open = true; // there one can go in without a microphone
      show("door");
      return;
    }
    if (mesh) return show("inside");
    let said;
    try {
      said = await asked();
    } catch (error) {
      say(error instanceof TypeError ? words.unreachable : error.message);
      show("door", { focus });
      return;
    }
    mesh = new Mesh({ me, others: present, ice: said.ice, send: sendSignal, changed: draw, replaced: () => leave(words.elsewhere) });
    for (const kind of ["audio", "video"]) mesh.use(kind, mine[kind]);
    tell();
    memory.set({ inside: true, listening, camera: mine.video?.getSettings().deviceId ?? "" });
    show("inside", { focus });
    draw();
  }

  function leave(why = "") {
    mesh?.leave();
    mesh = null;
    for (const kind of ["audio", "video"]) use(kind, null);
    memory.set({ inside: false });
    for (const tile of tiles.values()) tile.remove();
    tiles.clear();
    show("door");
    say(why);
  }

  // Who is there

  function tileOf(key) {
    if (!tiles.has(key)) {
      const tile = section.querySelector("[data-tile]").content.cloneNode(true).firstElementChild;
      tile.querySelector("[data-name]").textContent = people[key] ?? "";
      tile.dataset.key = key;
      tiles.set(key, tile);
      part("inside").querySelector("[data-tiles]").append(tile);
    }
    return tiles.get(key);
  }

  function fill(element, track) {
    if ((element.srcObject?.getTracks()[0] ?? null) === track) return;
    element.srcObject = track ? new MediaStream([track]) : null;
    if (track) element.play().catch(() => { button("sound").hidden = false; });
  }

  function drawTile(key, { state, video, audio = null }) {
    const tile = tileOf(key);
    fill(tile.querySelector("video"), video);
    fill(tile.querySelector("audio"), audio);
    tile.querySelector("video").hidden = !video;
    tile.querySelector("[data-state]").textContent = state;
    tile.classList.toggle("tile--turn", key === turn);
  }

  function draw() {
    if (!mesh) return;
    for (const [key, tile] of tiles) {
      if (key === me || mesh.peers.has(key)) continue;
      for (const element of tile.querySelectorAll("video, audio")) element.srcObject = null;
      tile.remove();
      tiles.delete(key);
    }
    const silent = !mine.audio || muted;
    drawTile(me, { video: mine.video, state: silent ? words.muted : words.you });
    for (const [key, { audio, video, connected, says }] of mesh.peers) {
      const state = connected ? (says.mic ? "" : words.muted) : words.connecting;
      drawTile(key, { audio, video: says.cam ? video : null, state });
    }
    const others = [...mesh.peers.values()];
    button("mute").setAttribute("aria-pressed", String(muted));
    button("mute").disabled = !mine.audio;
    button("camera").setAttribute("aria-pressed", String(Boolean(mine.video)));
    if (navigator.onLine === false) say(words.lost);
    else if (others.some(({ connected }) => !connected)) say(words.connecting);
    else say(others.length ? "" : words.alone);
  }

  // Once the dialogue runs, its turn comes first: the card becomes one line. Whoever opens it again keeps it open.
  let folded = false;
  function foldOnce(phase) {
    if (folded || phase === "waiting" || !part("check").hidden || (!mesh && status.textContent)) return;
    folded = true;
    fold.open = false;
  }

  // What people press

  const actions = {
    check,
    join: () => join(),
    listen: () => join({ listening: true }),
    tone: playTone,
    back: () => { if (!mesh) leave(); else show("inside"); },
    mute: () => { muted = !muted; mesh.mute(muted); draw(); },
    camera: () => chooseCamera(mine.video ? "" : memory.get().camera || undefined),
    devices: () => (part("check").hidden ? check() : show("inside")),
    sound: () => { for (const one of section.querySelectorAll("audio")) one.play(); button("sound").hidden = true; },
    leave: () => leave(),
  };
  section.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) actions[name]();
  });
  pick.microphone.addEventListener("change", chooseMicrophone);
  pick.camera.addEventListener("change", () => chooseCamera(pick.camera.value));

  // What comes from the room

  document.addEventListener("madoi:signal", async ({ detail: { from, data } }) => {
    if (!mesh) return;
    if (!(from in people)) await asked().catch(() => {}); // somebody who has come to the circle since
    mesh?.receive(from, data);
  });
  document.addEventListener("madoi:room", ({ detail }) => {
    foldOnce(detail.phase);
    present = [...detail.here, ...(detail.leader_here ? [detail.leader] : [])];
    mesh?.meet(present);
    if (detail.turn === turn) return;
    turn = detail.turn;
    draw();
  });
  document.addEventListener("madoi:closed", (event) => {
    if (!mesh?.peers.size) return;
    event.preventDefault();
    fold.open = true; // to say goodbye, and to leave
  });
  addEventListener("online", () => { mesh?.hurry(); draw(); });
  addEventListener("offline", draw);
  addEventListener("pagehide", () => { mesh?.leave(); mesh = null; });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  navigator.mediaDevices?.addEventListener?.("devicechange", () => part("check").hidden || list());

  if (!canCall()) {
    say(globalThis.isSecureContext ? words.unable : words.insecure);
    return;
  }
  foldOnce(JSON.parse(document.querySelector("[data-room]").dataset.state).phase);
  show("door", { focus: false });
  const before = memory.get();
  if (before.inside) {
    const camera = before.camera ? chooseCamera(before.camera) : Promise.resolve();
    camera.then(() => join({ listening: before.listening, focus: false }));
  }
}
