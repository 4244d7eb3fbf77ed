// The files of an archive: those that the manifest lists, and the attachments that entries refer to.

function checkFiles(run, archive) {
    const {manifest} = run;
    const missing = REQUIRED_FILES.filter(path => !archive.has(path));
    if (!archive.names.some(path => path.startsWith(SIGSTORE_FOLDER))) missing.push(SIGSTORE_FOLDER);
    const listed = new Map((manifest?.files ?? []).map(file => [file.path, file]));
    const required = new Set(missing);
    for (const path of listed.keys()) {
        if (!archive.has(path) && !required.has(path)) missing.push(path);
    }
    for (const path of missing) run.find("manifest", ["it is missing"], {file: path});
    if (!manifest) return;
    for (const path of archive.names) {
        const found = archive.digests.get(path), stated = listed.get(path);
        if (!stated) {
            run.find("manifest", isUnlisted(path) ? [] : ["it is not listed"], {file: path});
        } else if (found.size !== stated.size || found.sha256 !== stated.sha256) {
            run.find("manifest", [`${found.size} bytes with the SHA-256 ${found.sha256}, the manifest says ` +
                `${stated.size} and ${stated.sha256}`], {file: path});
        }
    }
}

function checkAttachments(run, archive) {
    if (!run.entries) return;
    run.check("attachment");
    const referred = new Map();
    for (const entry of run.entries) {
        for (const digest of entry.refers) if (!referred.has(digest)) referred.set(digest, entry);
    }
    const withheld = new Set(run.manifest?.withheld ?? []);
    for (const [digest, {line, position}] of run.manifest ? referred : []) {
        const file = `${ATTACHMENTS_FOLDER}sha256-${digest}`;
        const isThere = archive.has(file) || withheld.has(digest);
        run.find("attachment", isThere ? [] : ["it is neither here nor withheld"], {file, line, position});
    }
    for (const file of archive.names.filter(path => path.startsWith(ATTACHMENTS_FOLDER))) {
        const digest = file.slice(`${ATTACHMENTS_FOLDER}sha256-`.length);
        const isReferred = file === `${ATTACHMENTS_FOLDER}sha256-${digest}` && referred.has(digest);
        const found = archive.digests.get(file).sha256;
        const faults = isReferred ? [] : ["no entry refers to it"];
        if (withheld.has(digest)) faults.push("the manifest withholds it");
        if (isReferred && found !== digest) faults.push(`its bytes have the SHA-256 ${found}`);
        run.find("attachment", faults, {file});
    }
    for (const digest of withheld) {
        const faults = referred.has(digest) ? [] : [`${digest} is withheld, and no entry refers to it`];
        run.find("attachment", faults, {file: "manifest.json"});
    }
    if (withheld.size > 0) {
        run.unchecked.push(
            `Attachments that entries refer to were withheld (${withheld.size}): what they say cannot be seen.`);
    }
}
