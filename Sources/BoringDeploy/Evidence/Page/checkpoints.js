// The checkpoint of a bundle, and what is held against it: the key, consistency paths, checkpoints kept elsewhere.

async function checkCheckpoint(run) {
    const {checkpoint, manifest, key} = run;
    if (!checkpoint) return;
    const faults = key ? await noteFaults(checkpoint, key) : [];
    if (manifest) {
        const stated = {origin: manifest.ledger.origin, ...manifest.checkpoint};
        const found = {origin: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root)};
        for (const name of Object.keys(found)) {
            if (found[name] !== stated[name]) {
                faults.push(`its ${name} is ${shown(found[name])}, the manifest says ${shown(stated[name])}`);
            }
        }
    }
    run.find("checkpoint", faults, {file: "checkpoint.txt"});
}

function checkTrustedKey(run) {
    if (!run.trusted || !run.manifest) return;
    run.check("trusted-key");
    const named = run.manifest.verifierKey;
    if (!isSameKey(named, run.trusted)) {
        run.find("trusted-key", [`the manifest names the key ${shown(`${named.name}+${named.id}`)}`],
            {file: "manifest.json"});
    }
}

async function checkConsistency(run) {
    const {proofs, checkpoint} = run;
    if (!proofs || !checkpoint) return;
    const answers = await mapInBatches(proofs.consistency, ({size, root, path}) =>
        isConsistent(size, fromHex(root), checkpoint.size, checkpoint.root, path));
    proofs.consistency.forEach(({size}, number) => {
        const faults = answers[number] ? [] : [`the path from size ${size} does not lead to the checkpoint`];
        run.find("proof", faults, {file: "proofs.json"});
    });
}

async function checkTrustedCheckpoints(run) {
    for (const {name, note} of run.checkpoints) {
        run.check("trusted-checkpoint");
        const faults = run.key ? await noteFaults(note, run.key) : [];
        const root = knownRoot(run, note.size);
        if (root !== null && root !== toHex(note.root)) {
            faults.push(`the root of the first ${note.size} entries is another`);
        }
        run.find("trusted-checkpoint", faults.map(fault => `${name}: ${fault}`));
        if (root === null) {
            run.leaveOpen(`${name} covers ${note.size} entries, and the bundle does not show whether it agrees with ` +
                `the bundle's own checkpoint: ask for one that does (bundle export --from ${note.size}).`);
        }
    }
}

/** The root that the bundle states at a size, in hex, or null. */
function knownRoot({checkpoint, statedRoots}, size) {
    if (!checkpoint) return null;
    return checkpoint.size === size ? toHex(checkpoint.root) : statedRoots.get(size) ?? null;
}
