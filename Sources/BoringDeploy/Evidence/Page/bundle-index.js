// The seal, and what it proves of keys: that all entries of one are shown, or that there are none (docs/spec/index.md).
// All of it needs manifest, proofs and entries.

/** The entries that have a place, by position and by key. */
function placed(run) {
    const entries = run.entries.filter(({position}) => position !== null);
    const byKey = new Map();
    for (const entry of entries) {
        for (const key of entry.keys) {
            if (!byKey.has(key)) byKey.set(key, []);
            byKey.get(key).push(entry);
        }
    }
    return {entries, byKey, at: new Map(entries.map(entry => [entry.position, entry]))};
}

function checkSeal(run, {entries, at}) {
    run.check("seal");
    const {seal, checkpoint} = run.manifest;
    const entry = at.get(seal.position) ?? null;
    const faults = sealEntryFaults(entry, seal);
    if (entries.some(({position}) => position > seal.position)) faults.push("it is not the last entry");
    const beyond = entries.find(other => other.position >= seal.size && other !== entry);
    if (beyond) faults.push(`position ${beyond.position} is bundled, which the seal does not cover`);
    if (seal.size !== seal.position) faults.push(`its size is ${seal.size}: it does not cover all that stands before it`);
    if (checkpoint.size !== seal.position + 1) {
        faults.push(`the checkpoint's size is ${checkpoint.size}, not ${seal.position + 1}`);
    }
    run.find("seal", faults, {file: "entries.jsonl", line: entry && entry.line, position: seal.position});
}

function sealEntryFaults(entry, seal) {
    if (!entry) return ["it is not bundled"];
    if (!entry.event) return ["it is no event"];
    if (entry.event.type !== TYPES.sealed) return [`its type is ${shown(entry.event.type)}`];
    const faults = sealFaults(seal.position, entry.event);
    if (faults.length > 0) return faults;
    return ["size", "keys", "root"].filter(name => entry.event.data[name] !== seal[name])
        .map(name => `its ${name} is not the manifest's, ${shown(seal[name])}`);
}

/** Whether a leaf is in the index that the seal commits. */
async function leafFaults(leaf, seal) {
    const isThere = await isIncluded(
        await indexLeafHash(leaf), leaf.index, seal.keys, leaf.path, fromHex(seal.root));
    return isThere ? [] : [`the path of the leaf ${shown(leaf.key)} does not lead to the index root`];
}

/** Of the proofs of a list those that the query asks for, one a key: nobody is made to check the others. */
function askedFor(run, kind, name) {
    const proofs = run.proofs[name], asked = run.manifest.query[name];
    if (proofs.length === asked.length && proofs.every(({key}, number) => key === asked[number])) return proofs;
    run.find(kind, [`the keys of ${name} are not those of the manifest's query, in order`], {file: "proofs.json"});
    const first = new Map(proofs.map(proof => [proof.key, proof]).reverse());
    return asked.filter(key => first.has(key)).map(key => first.get(key));
}

/** What follows a fault of the first of some places: a list that somebody made long makes no long text. */
const andMore = places => places.length > 1 ? `, and ${places.length - 1} more like it` : "";

// The key of the population: for it alone a period may leave entries out.
const populationKey = ({type}) => type === undefined ? null : `type:${type}`;
const isInPeriod = ({since, until}, {recordedtime}) =>
    (since === null || since <= recordedtime) && (until === null || recordedtime < until);
const WHOLE_TIME = {since: null, until: null};

async function checkComplete(run, bundled) {
    run.check("key");
    const {manifest} = run;
    const proofs = askedFor(run, "key", "complete");
    const found = await mapInBatches(proofs, async proof => {
        const period = proof.key === populationKey(manifest.scope) ? manifest.scope : WHOLE_TIME;
        return [...await leafFaults(proof, manifest.seal), ...leftOutFaults(proof, period),
            ...positionFaults(proof, period, bundled, manifest.seal), ...await foldFaults(proof, bundled)];
    });
    proofs.forEach(({key}, number) =>
        run.find("key", found[number].map(fault => `${shown(key)}: ${fault}`), {file: "proofs.json"}));
}

/** Entries are left out before, and after, none but a period that has a beginning, or an end. */
function leftOutFaults({before, after}, {since, until}) {
    const faults = [];
    const fromNothing = before.count === 0 && before.acc === toHex(ZEROS);
    if (!fromNothing && since === null) faults.push("entries before are left out");
    if (after.length > 0 && until === null) faults.push("entries after are left out");
    return faults;
}

/** The entries that are shown are of the key, in order, and all that the bundle has. */
function positionFaults({key, positions}, period, {at, byKey}, seal) {
    const faults = ascend(positions) ? [] : ["its positions do not ascend"];
    const strangers = positions.filter(position => !at.get(position)?.keys.includes(key));
    if (strangers.length > 0) {
        faults.push(`no entry with this key is bundled at position ${strangers[0]}${andMore(strangers)}`);
    }
    const listed = new Set(positions);
    const missing = (byKey.get(key) ?? []).filter(({position, event}) =>
        position < seal.size && !listed.has(position) && isInPeriod(period, event));
    if (missing.length > 0) {
        faults.push(`position ${missing[0].position} has this key, and is not in its positions${andMore(missing)}`);
    }
    return faults;
}

/** From what stands before, through the entries shown and the hashes after, to the leaf's count and accumulator. */
async function foldFaults({key, count, acc, positions, before, after}, {at}) {
    const shownEntries = positions.map(position => at.get(position));
    if (!shownEntries.every(entry => entry?.keys.includes(key))) return []; // has been said
    const hashes = [...shownEntries.map(({hash}) => hash), ...after.map(fromHex)];
    let accumulator = fromHex(before.acc);
    for (const hash of hashes) accumulator = await accumulate(accumulator, hash);
    const isWhole = before.count + hashes.length === count && toHex(accumulator) === acc;
    return isWhole ? [] : ["the entries shown are not all that the index has counted, in this order"];
}

function checkScope(run, {at}) {
    run.check("scope");
    const {scope, query} = run.manifest;
    const isComplete = key => query.complete.includes(key);
    const key = populationKey(scope);
    const faults = [];
    if (key === null) {
        const wanted = `subject:${scope.release}`;
        if (!isComplete(wanted)) faults.push(`${shown(wanted)} is not among the complete keys`);
    } else if (isComplete(key)) {
        const proof = run.proofs.complete.find(each => each.key === key);
        if (proof) faults.push(...populationFaults(proof, run.manifest, at)); // without one, askedFor has said so
    } else if (!query.absent.includes(key)) {
        faults.push(`${shown(key)} is neither complete nor absent`);
    }
    run.find("scope", faults, {file: "manifest.json"});
}

/** The entry just before the period and the one just after it show that none of the period was left out. */
function populationFaults({before, positions, after}, {scope, query}, at) {
    const events = positions.map(position => at.get(position)?.event).filter(event => event);
    const faults = [];
    if (before.count > 0 && scope.since !== null && !(events.length > 0 && events[0].recordedtime < scope.since)) {
        faults.push(`entries before are left out, and the first one shown is not before ${scope.since}`);
    }
    if (after.length > 0 && scope.until !== null && !(events.length > 0 && events.at(-1).recordedtime >= scope.until)) {
        faults.push(`entries after are left out, and the last one shown is before ${scope.until}`);
    }
    const complete = new Set(query.complete);
    const subjects = new Set(events.filter(event => isInPeriod(scope, event) && "subject" in event)
        .map(({subject}) => `subject:${subject}`));
    const missing = [...subjects].filter(key => !complete.has(key));
    if (missing.length > 0) faults.push(`${shown(missing[0])} is not among the complete keys${andMore(missing)}`);
    return faults;
}

async function checkAbsent(run, bundled) {
    run.check("absence");
    const {seal} = run.manifest;
    const proofs = askedFor(run, "absence", "absent");
    const found = await mapInBatches(proofs, proof => absenceFaults(proof, seal, bundled));
    proofs.forEach(({key}, number) =>
        run.find("absence", found[number].map(fault => `${shown(key)}: ${fault}`), {file: "proofs.json"}));
}

async function absenceFaults({key, left, right}, seal, {byKey}) {
    const faults = [];
    const holder = (byKey.get(key) ?? []).find(({position}) => position < seal.size);
    if (holder) faults.push(`position ${holder.position} has this key`);
    for (const leaf of [left, right]) {
        if (leaf) faults.push(...await leafFaults(leaf, seal));
    }
    if (left && !isBefore(left.key, key)) faults.push("the leaf to its left is not before it");
    if (right && !isBefore(key, right.key)) faults.push("the leaf to its right is not after it");
    if (!left && !right) faults.push("there is no leaf to its left or right");
    else if (!left && right.index !== 0) faults.push("there may be leaves to the left");
    else if (!right && left.index !== seal.keys - 1) faults.push("there may be leaves to the right");
    else if (left && right && right.index !== left.index + 1) faults.push("there may be leaves between the two");
    return faults;
}
