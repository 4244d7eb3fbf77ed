// Verifying an evidence bundle (docs/spec/bundle.md): the ZIP file, or the part of it that the page itself holds.
//
// Both functions answer with a report like that of `daybook bundle verify -o json`, and `perEntry`, or throw a Refusal,
// where what the reader gave, or the browser, does not allow for a verdict. Nothing of a bundle is ever run or shown.

async function verifyArchive(bytes, given) {
    return (await checkArchive(bytes, given)).report;
}

/** The run itself, for whoever wants to know of which bundle the report is. */
async function checkArchive(bytes, given) {
    const run = await Run.start(given);
    run.check("archive");
    let archive = null;
    try {
        archive = await openArchive(bytes);
    } catch (error) {
        run.find("archive", [faultOf(error)]);
        return run;
    }
    run.manifest = await run.parsed("manifest", "manifest.json", await archive.read("manifest.json"), parseManifest);
    run.proofs = await run.parsed("proof", "proofs.json", await archive.read("proofs.json"), parseProofs);
    checkFiles(run, archive);
    const note = await archive.read("checkpoint.txt"), entries = await archive.read("entries.jsonl");
    await checkEvidence(run, note, entries === null ? null : linesOf(entries));
    checkAttachments(run, archive);
    await checkStatements(run, archive);
    await checkTimestamps(run, archive);
    if (archive.names.some(name => !REQUIRED_FILES.includes(name) && !name.includes("/"))) {
        run.unchecked.push(
            "Of the files for people and other tools nothing but the hashes was checked: they are what the signers " +
            "of the manifest made of the evidence.");
    }
    return run;
}

/** Whether a file is the bundle that a page tells of: its manifest is the page's, but for the files, of which the page
    is one. */
function isSameBundle(manifest, embedded) {
    if (manifest === null) return false;
    const {files, verifierKey, ...stated} = manifest;
    return writeJSON(stated) === writeJSON(embedded);
}

/** What the element #evidence holds. It is written and read again strictly, so that its objects have no prototype. */
async function verifyEmbedded(evidence, given) {
    const run = await Run.start(given);
    const parts = isObject(evidence) ? evidence : {};
    if (Object.keys(parts).sort().join() !== "checkpoint,entries,manifest,proofs") {
        run.find("manifest", ["the evidence has other members than it should"], {file: "index.html"});
    }
    const {manifest, proofs, checkpoint, entries} = parts;
    const bytesOf = value => toUTF8(JSON.stringify(value) ?? "");
    const parse = bytes => parseManifest(bytes, EMBEDDED_MANIFEST);
    run.manifest = await run.parsed("manifest", "manifest.json", bytesOf(manifest), parse);
    run.proofs = await run.parsed("proof", "proofs.json", bytesOf(proofs), parseProofs);
    // Of the manifest only the form has been looked at, which is not the check of that name, unless it was at fault.
    const isAtFault = run.findings.some(({kind}) => kind === "manifest");
    run.checked = run.checked.filter(kind => kind !== "manifest" || isAtFault);
    await checkEvidence(run, toUTF8(typeof checkpoint === "string" ? checkpoint : ""), embeddedLines(entries));
    if (!run.entries) {
        run.leaveOpen("The page does not hold the entries, for they are too many: nothing was checked of them, nor " +
            "of what they prove. Choose the bundle's ZIP file for that.");
    }
    run.unchecked.push(
        "Of the bundle the page holds the entries, the proofs, the checkpoint and the manifest alone: attachments, " +
        "statements, timestamps and the hashes of the files are checked in its ZIP file.");
    return run.report;
}

/** The entries as lines; what is no text is no line that could be good. */
function embeddedLines(entries) {
    if (entries === null || entries === undefined) return null;
    const isGood = entry => typeof entry === "string" && entry.isWellFormed();
    return (Array.isArray(entries) ? entries : [entries]).map(entry => isGood(entry)
        ? {bytes: toUTF8(entry), faults: []} : {bytes: new Uint8Array(), faults: ["it is no text"]});
}

/** What both are checked for: the checkpoint, the entries, and what the seal proves of them. */
async function checkEvidence(run, note, lines) {
    run.key ??= run.manifest ? run.manifest.verifierKey : null;
    run.checkpoint = await run.parsed("checkpoint", "checkpoint.txt", note, parseCheckpoint);
    await checkCheckpoint(run);
    checkTrustedKey(run);
    await checkConsistency(run);
    await checkTrustedCheckpoints(run);
    if (lines) await checkEntries(run, lines);
    if (!run.manifest || !run.proofs || !run.entries) {
        run.unchecked.push("What depends on files that are missing or malformed was left out.");
        return;
    }
    const bundled = placed(run);
    checkSeal(run, bundled);
    await checkComplete(run, bundled);
    checkScope(run, bundled);
    await checkAbsent(run, bundled);
}
