// Timestamps of checkpoints: all but the RFC 3161 response, which is not looked into here, for it takes certificates.

async function checkTimestamps(run, archive) {
    if (!run.entries) return;
    run.check("timestamp");
    const stamps = run.entries.filter(({event}) => event && isOwn(event, TYPES.stamped));
    for (const {event, line, position} of stamps) {
        let faults = [];
        try {
            faults = await timestampFaults(event.data, run, archive);
        } catch (error) {
            faults = [faultOf(error)];
        }
        run.find("timestamp", faults, {file: "entries.jsonl", line, position});
    }
    if (stamps.length > 0) {
        run.unchecked.push(
            `What a time-stamping authority signed (${stamps.length}) was not looked into: that takes its ` +
            "certificates, and `daybook bundle verify --timestamp-ca` or the bundle's verify.py.");
    }
}

async function timestampFaults(data, {key, proofs, statedRoots}, archive) {
    TIMESTAMP(data, "data");
    const names = data.attachments.map(({name}) => name);
    need(names.join() === "checkpoint.txt,timestamp.tsr", "its attachments are not a checkpoint and a response");
    const [noteFile, responseFile] = data.attachments.map(
        ({digest}) => `${ATTACHMENTS_FOLDER}sha256-${digestOf(digest)}`);
    for (const file of [noteFile, responseFile]) {
        need(archive.has(file), "its checkpoint or its response is not in the bundle");
        need(archive.digests.get(file).size <= NOTE_LIMIT, "its checkpoint or its response is above 1 MiB");
    }
    const checkpoint = parseCheckpoint(await archive.read(noteFile));
    const faults = (key ? await noteFaults(checkpoint, key) : []).map(fault => `its checkpoint: ${fault}`);
    const isStated = ({size, root}) => size === data.size && root === data.root;
    if (!isStated({size: checkpoint.size, root: toHex(checkpoint.root)})) {
        faults.push(`its checkpoint is of size ${checkpoint.size} and root ${toHex(checkpoint.root)}`);
    }
    if (proofs && statedRoots.get(data.size) !== data.root) faults.push("its size and root are not in consistency");
    return faults;
}
