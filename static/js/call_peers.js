// The connections of one call: each browser with each other one, found through short messages (`send`).
//
// Of two people the one with the lower key makes every offer, the other one asks for it. So two offers never cross,
// and nobody has to take one back. A microphone or camera that is switched changes no connection: only what is sent.
// Messages: join (I am here), here (so am I), offer, answer, more (candidates), again (please offer anew), bye.
const GATHERING = 700; // ms that a description waits for candidates, so that most travel in one message
const PATIENCE = 6000; // ms until a connection that does not come about, or has broken, is tried anew
const TRIES = 3; // with the same connection; then with a new one
const GIVE_UP = 90_000; // ms after which somebody who has gone without a word is let go
const ANNOUNCED_EVERY = 15_000; // ms between two greetings to whom we are not connected: one may get lost
const TICK = 1000;

// What six people can send from a phone: each sends one small picture to each other one.
const pictureFor = (others) => ({
  maxBitrate: Math.max(45_000, Math.min(150_000, Math.round(360_000 / Math.max(1, others)))),
  maxFramerate: others > 3 ? 8 : 12,
  scaleResolutionDownBy: others > 3 ? 1.5 : 1,
});
const VOICE_BITRATE = 24_000;

export class Mesh {
  #peers = new Map();
  #me;
  #id = crypto.randomUUID();
  #ice;
  #send;
  #changed;
  #replaced;
  #sent = { audio: null, video: null };
  #timer;
  #announced = 0;
  #count = 0;
  #others = [];

  // me: own key. others: keys of whom we may meet. ice: for RTCPeerConnection. send(to, data): a promise.
  // changed(): something about somebody is new. replaced(): the same person went in on another device.
  constructor({ me, others, ice, send, changed, replaced }) {
    this.#me = me;
    this.#ice = ice;
    this.#send = send;
    this.#changed = changed;
    this.#replaced = replaced;
    this.meet(others);
    this.#timer = setInterval(() => this.#look(), TICK);
  }

  // Who is there besides us: key → { audio, video (tracks), connected, says: { mic, cam } }.
  get peers() {
    return this.#peers;
  }

  // Whose page is open: those we say hello to.
  meet(others) {
    const before = this.#others;
    this.#others = others.filter((key) => key !== this.#me);
    if (this.#others.some((key) => !before.includes(key))) this.#announce();
  }

  use(kind, track) {
    this.#sent[kind] = track;
    for (const peer of this.#peers.values()) this.#hand(peer, kind);
    this.#tell();
  }

  // Muting sends silence and keeps the microphone, so that it is back at once.
  mute(muted) {
    if (this.#sent.audio) this.#sent.audio.enabled = !muted;
    this.#tell();
  }

  // Tried at once, and not when its time comes: the network is back.
  hurry() {
    for (const peer of this.#peers.values()) if (!peer.connected) peer.tried = 0;
    this.#announced = 0;
    this.#look();
  }

  leave() {
    clearInterval(this.#timer);
    for (const [key, peer] of this.#peers) {
      this.#say(peer, { bye: true });
      this.#post(key, { type: "bye" });
      peer.pc.close();
    }
    this.#peers.clear();
    this.#changed();
  }

  async receive(from, data) {
    if (from === this.#me) return;
    if (data.to && data.to !== this.#id) return; // for another device of ours
    const known = this.#peers.get(from);
    if (data.type === "bye") return void (known?.id === data.id && this.#drop(from));
    if (data.type === "join" || data.type === "here") return this.#greet(from, data);
    const now = data.type === "offer" ? this.#met(from, data.id, data.number) : known;
    if (!now || now.id !== data.id || (now.number !== data.number && data.type !== "again")) return;
    // One after the other: an answer must not overtake what it answers.
    now.queue = now.queue.then(() => this.#heard(from, now, data)).catch((error) => this.#trouble(now, error));
  }

  #greet(from, { type, id }) {
    this.#part(from, id);
    const known = this.#peers.get(from);
    if (this.#me > from) return void (type === "join" && !known?.connected && this.#post(from, { type: "here", to: id }));
    if (!known) this.#offer(from, this.#connect(from, id, ++this.#count));
  }

  // The connection that an offer is about: a higher number means that they have begun anew.
  #met(key, id, number) {
    this.#part(key, id);
    const known = this.#peers.get(key);
    if (known && known.number >= number) return known;
    known?.pc.close();
    return this.#connect(key, id, number);
  }

  // Whoever comes with another id has come in anew, or on another device: the earlier one is let go.
  #part(key, id) {
    const known = this.#peers.get(key);
    if (!known || known.id === id) return;
    this.#say(known, { replaced: true });
    this.#drop(key);
  }

  #connect(key, id, number) {
    const pc = new RTCPeerConnection(this.#ice);
    const peer = { pc, id, number, audio: null, video: null, connected: false, says: { mic: true, cam: false } };
    Object.assign(peer, { tried: Date.now(), tries: 0, since: Date.now(), offers: 0, late: [], queue: Promise.resolve() });
    this.#peers.set(key, peer);
    peer.channel = pc.createDataChannel("state", { negotiated: true, id: 0 });
    peer.channel.onopen = () => this.#tell(peer);
    peer.channel.onmessage = ({ data }) => this.#told(key, peer, JSON.parse(data));
    pc.ontrack = ({ track }) => {
      peer[track.kind] = track;
      this.#changed();
    };
    pc.onicecandidate = ({ candidate }) => candidate && peer.described && this.#more(key, peer, candidate);
    pc.onconnectionstatechange = () => {
      if (this.#peers.get(key) !== peer) return;
      peer.connected = pc.connectionState === "connected";
      if (peer.connected) peer.tries = 0;
      else peer.since = Date.now();
      if (pc.connectionState === "failed") peer.tried = 0;
      this.#fit();
      this.#changed();
    };
    this.#changed();
    return peer;
  }

  #offer(key, peer, restart = false) {
    peer.tried = Date.now();
    peer.queue = peer.queue
      .then(async () => {
        const { pc } = peer;
        if (pc.signalingState === "closed") return;
        if (!pc.getTransceivers().length) {
          for (const kind of ["audio", "video"]) prefer(pc.addTransceiver(kind, { direction: "sendrecv" }), kind);
          await Promise.all(["audio", "video"].map((kind) => this.#hand(peer, kind)));
        }
        peer.offers += 1;
        peer.described = false;
        await pc.setLocalDescription(await pc.createOffer({ iceRestart: restart }));
        await this.#describe(key, peer, "offer");
      })
      .catch((error) => this.#trouble(peer, error));
  }

  async #heard(key, peer, data) {
    const { pc } = peer;
    if (pc.signalingState === "closed") return;
    if (data.type === "again") return void this.#anew(key, peer, data.fresh);
    if (data.type === "more") {
      if (!pc.remoteDescription) return void peer.late.push(...data.candidates);
      return void (await add(pc, data.candidates));
    }
    if (data.type === "answer" && (pc.signalingState !== "have-local-offer" || data.offers !== peer.offers)) return;
    if (data.type === "offer") peer.offers = data.offers;
    await pc.setRemoteDescription({ type: data.type, sdp: data.sdp });
    await add(pc, peer.late.splice(0));
    if (data.type === "answer") return void this.#fit();
    peer.tried = Date.now();
    for (const transceiver of pc.getTransceivers()) transceiver.direction = "sendrecv";
    await Promise.all(["audio", "video"].map((kind) => this.#hand(peer, kind)));
    peer.described = false;
    await pc.setLocalDescription(await pc.createAnswer());
    await this.#describe(key, peer, "answer");
    this.#fit();
  }

  async #describe(key, peer, type) {
    await gathered(peer.pc);
    peer.described = true;
    const { pc, number, offers } = peer;
    await this.#post(key, { type, sdp: pc.localDescription.sdp, to: peer.id, number, offers });
  }

  #more(key, peer, candidate) {
    peer.waiting ??= [];
    if (peer.waiting.push(candidate.toJSON()) > 1) return;
    setTimeout(() => {
      const candidates = peer.waiting.splice(0);
      this.#post(key, { type: "more", candidates, to: peer.id, number: peer.number });
    }, 200);
  }

  #look() {
    const now = Date.now();
    if (navigator.onLine === false) return;
    if (now - this.#announced > ANNOUNCED_EVERY) this.#announce();
    for (const [key, peer] of this.#peers) {
      if (peer.connected || now - peer.tried < PATIENCE) continue;
      if (now - peer.since > GIVE_UP) this.#drop(key);
      else {
        peer.tried = now;
        peer.tries += 1;
        this.#anew(key, peer, peer.tries % TRIES === 0);
      }
    }
  }

  #anew(key, peer, fresh) {
    if (this.#me > key) return void this.#post(key, { type: "again", fresh, to: peer.id, number: peer.number });
    if (!fresh) return void this.#offer(key, peer, true);
    const { since, tries } = peer;
    peer.pc.close();
    const next = this.#connect(key, peer.id, ++this.#count);
    Object.assign(next, { since, tries });
    this.#offer(key, next);
  }

  #trouble(peer, error) {
    if (peer.pc.signalingState === "closed") return;
    console.warn("call", error.name, error.message);
    peer.tries = TRIES - 1; // whatever went wrong: next time with a new connection
  }

  #announce() {
    this.#announced = Date.now();
    for (const key of this.#others) if (!this.#peers.get(key)?.connected) this.#post(key, { type: "join" });
  }

  #drop(key) {
    this.#peers.get(key)?.pc.close();
    this.#peers.delete(key);
    this.#fit();
    this.#changed();
  }

  // A message that does not get through is not sent again: #look does what is still needed then.
  async #post(key, data) {
    try {
      await this.#send(key, { ...data, id: this.#id });
    } catch {
      /* offline, or the server starts anew */
    }
  }

  #say({ channel }, words) {
    if (channel.readyState === "open") channel.send(JSON.stringify(words));
  }

  #tell(one) {
    const { audio, video } = this.#sent;
    const words = { mic: Boolean(audio?.enabled), cam: Boolean(video) };
    for (const peer of one ? [one] : this.#peers.values()) this.#say(peer, words);
  }

  #told(key, peer, words) {
    if (this.#peers.get(key) !== peer) return;
    if (words.replaced) return void this.#replaced();
    if (words.bye) return void this.#drop(key);
    peer.says = { mic: words.mic === true, cam: words.cam === true };
    this.#changed();
  }

  async #hand({ pc }, kind) {
    const found = pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
    if (found && pc.signalingState !== "closed") await found.sender.replaceTrack(this.#sent[kind]);
  }

  // Smaller pictures the more people there are.
  #fit() {
    const picture = pictureFor(this.#peers.size);
    for (const { pc } of this.#peers.values()) {
      for (const { sender, receiver } of pc.getTransceivers()) {
        const parameters = sender.getParameters();
        if (!parameters.encodings?.length) continue;
        const wanted = receiver.track.kind === "video" ? picture : { maxBitrate: VOICE_BITRATE };
        Object.assign(parameters.encodings[0], wanted);
        sender.setParameters(parameters).catch(() => {}); // a connection that is being closed
      }
    }
  }
}

// A candidate of a connection that has begun anew meanwhile is of no use, and does no harm.
const add = (pc, candidates) => Promise.all(candidates.map((one) => pc.addIceCandidate(one).catch(() => {})));

// Every browser has these, and few of them make a short message.
function prefer(transceiver, kind) {
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  const few = known.filter(({ mimeType }) => /\/(opus|vp8|rtx)$/i.test(mimeType));
  if (few.length) transceiver.setCodecPreferences?.(few);
}

function gathered(pc) {
  if (pc.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    setTimeout(done, GATHERING);
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && done());
  });
}
