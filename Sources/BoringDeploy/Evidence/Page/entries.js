// The entries of a bundle: every line by itself, in its place in the log, and among the others.
//
// An entry is {line, position, hash, event, keys, refers, isSound}: position and hash are null without a well-formed
// proofs.json, event where the line holds no good one.

/** The types of entries whose data matter to a bundle; of others they are let go, for they can be large. */
const READ_AGAIN = new Set([TYPES.sealed, TYPES.trusted, TYPES.stamped]);

/** The lines of a file, each with what is wrong with its end. */
function linesOf(bytes) {
    const lines = [];
    for (let start = 0; start < bytes.length;) {
        const end = bytes.indexOf(0x0a, start);
        const faults = end < 0 ? ["no line feed at its end"] : [];
        lines.push({bytes: bytes.subarray(start, end < 0 ? bytes.length : end), faults});
        start = end < 0 ? bytes.length : end + 1;
    }
    return lines;
}

async function checkEntries(run, lines) {
    run.check("entry");
    const places = run.proofs?.entries ?? null;
    const read = lines.map(({bytes, faults}, number) =>
        readEntry(bytes, [...faults], places?.[number] ?? null, number + 1));
    const inPlace = await mapInBatches(read, (entry, number) =>
        entry.place ? placeFaults(entry, read[number - 1], lines[number].bytes, run.checkpoint) : []);
    const first = lines.length > 0 ? await firstFaults(read[0], run.manifest) : [];
    const seen = {time: "", versions: new Map(), lines: new Map()};
    run.entries = read.map(({place, faults, ...entry}, number) => {
        const all = [...faults, ...inPlace[number], ...number === 0 ? first : [], ...ruleFaults(entry, seen)];
        run.find("entry", all, {file: "entries.jsonl", line: entry.line, position: entry.position});
        return {...entry, isSound: all.length === 0};
    });
    if (lines.length === 0) run.find("entry", ["there are no entries"], {file: "entries.jsonl"});
    if (places && places.length !== lines.length) {
        run.find("entry", [`${places.length} places for ${lines.length} lines`], {file: "proofs.json"});
    }
}

function readEntry(bytes, faults, place, line) {
    let event = null;
    try {
        need(bytes.length <= EVENT_LIMIT, `${bytes.length} bytes, the limit is ${EVENT_LIMIT}`);
        const value = readCanonical(bytes);
        const found = eventFaults(value);
        if (found.length === 0) event = value;
        for (const fault of found) faults.push(fault);
    } catch (error) {
        faults.push(faultOf(error));
    }
    const keys = event ? indexKeys(event) : [], refers = event ? attachmentDigests(event) : [];
    if (event && line > 1 && !READ_AGAIN.has(event.type)) delete event.data;
    return {line, place, faults, event, keys, refers,
        position: place ? place.position : null, hash: place ? fromHex(place.hash) : null};
}

/** What is wrong with the place that proofs.json gives a line. */
async function placeFaults({place, position, hash}, before, bytes, checkpoint) {
    const previous = fromHex(place.previous), faults = [];
    if (before && before.position >= position) faults.push(`position ${position} stands after ${before.position}`);
    if (position === 0 && !equalBytes(previous, ZEROS)) {
        faults.push("the previous hash at position 0 is not 32 zero bytes");
    }
    if (before && before.position === position - 1 && !equalBytes(before.hash, previous)) {
        faults.push("its previous hash is not the hash of the entry before");
    }
    const computed = await entryHash(previous, bytes);
    if (!equalBytes(computed, hash)) faults.push(`its hash is stated as ${place.hash}, computed ${toHex(computed)}`);
    if (checkpoint && !await isIncluded(hash, position, checkpoint.size, place.path, checkpoint.root)) {
        faults.push("its path does not lead to the checkpoint's root");
    }
    return faults;
}

async function firstFaults({place, event}, manifest) {
    const faults = place && place.position !== 0 ? ["the first entry is not that of position 0"] : [];
    try {
        const key = await readCreated(event);
        need(!manifest || key.name === manifest.ledger.origin && isSameKey(key, manifest.verifierKey),
            `it names another key or origin than the manifest: ${shown(`${key.name}+${key.id}`)}`);
    } catch (error) {
        faults.push(faultOf(error));
    }
    return faults;
}

/** What entry.md asks of several entries, as far as the bundle holds them. `seen` is what was there before. */
function ruleFaults({event, line}, seen) {
    if (!event) return [];
    const faults = line > 1 && event.type === TYPES.created ? [`another entry of type ${TYPES.created}`] : [];
    if (event.recordedtime < seen.time) {
        faults.push(`recorded at ${event.recordedtime}, the entry before at ${seen.time}`);
    }
    seen.time = event.recordedtime;
    if ("subject" in event) {
        const before = seen.versions.get(event.subject) ?? 0;
        if (event.streamversion <= before) faults.push(`streamversion ${event.streamversion} after ${before}`);
        seen.versions.set(event.subject, event.streamversion);
    }
    const name = JSON.stringify([event.source, event.id]);
    if (seen.lines.has(name)) faults.push(`source and id are those of line ${seen.lines.get(name)}`);
    else seen.lines.set(name, line);
    return faults;
}
