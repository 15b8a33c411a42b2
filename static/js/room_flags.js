// What holds in a room for one reader at one moment. `flags` of sessions/room_reading.py says the same, for the page
// as the server sends it; a test keeps the two together.

export function left(seen, passed) {
  return seen.phase === "running" ? seen.left - passed * seen.pace : seen.left;
}

export function nextSpeaker(seen) {
  const at = seen.order.indexOf(seen.turn);
  return at < 0 ? null : (seen.order[at + 1] ?? null);
}

// Who can be given the next turn of a running round, in its order.
export function takers(seen) {
  return seen.turn === null ? [] : seen.order.filter((key) => seen.here.includes(key) && key !== seen.turn);
}

// Of whom a reader who leads can say that they have gone: who came in and is still counted as here.
export function goers(seen, me) {
  return seen.seats.filter((key) => seen.here.includes(key) && key !== me);
}

// The steps ahead that may be left out, as [how many after the running one, kind].
export function laterSteps(seen) {
  return seen.steps.map(({ kind }, at) => [at - seen.at, kind])
    .filter(([ahead, kind]) => ahead > 0 && kind !== "close" && (seen.agreed || kind !== "agreements"));
}

// `passed`: seconds since the state came.
export function flags(seen, { me, table = false, passed = 0 }) {
  const { turn } = seen;
  const may = seen.anyone_from !== null && seen.now + passed >= seen.anyone_from && seen.here.includes(me);
  const actsFor = (key) => key !== null && (key === me || seen.shares[key] === me);
  const leads = actsFor(seen.leader) || actsFor(seen.lead);
  const shared = turn !== null && seen.shares[turn] === me;
  const holds = {
    [seen.phase]: true,
    [seen.kind]: true,
    begun: seen.phase !== "waiting",
    round: turn !== null,
    mine: turn !== null && (turn === me || shared),
    shared,
    next: nextSpeaker(seen) !== null,
    leads: leads || may,
    facilitates: actsFor(seen.leader),
    confirms: leads || actsFor(seen.reader) || (may && left(seen, passed) <= 0),
    asks: seen.asks.length > 0,
    back: seen.back !== null && (leads || (me === seen.back.by && seen.now + passed < seen.back.until)),
    gives: takers(seen).length > 0,
    goes: goers(seen, me).length > 0,
    over: turn !== null && left(seen, passed) <= 0,
    agreed: seen.agreed,
    open_step: seen.kind !== "agreements" || seen.agreed,
    help: seen.help,
    called: seen.called,
    gently: seen.gently,
    captions: seen.captions,
    last: seen.phase !== "waiting" && seen.at + 1 === seen.steps.length,
    later: laterSteps(seen).length > 0,
    longer: seen.longer,
    again: seen.again,
    alone: seen.leader === null || !seen.leader_here,
    here: seen.here.includes(me) || (me === seen.leader && seen.leader_here),
    looks_on: !seen.seats.includes(me) && me !== seen.leader,
    table,
  };
  return new Set(Object.keys(holds).filter((name) => holds[name]));
}
