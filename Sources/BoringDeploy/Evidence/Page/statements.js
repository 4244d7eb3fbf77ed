// The signed statements about the manifest: DSSE envelopes with in-toto statements, and their copies for Sigstore.

// What stands before a key in the DER of a SubjectPublicKeyInfo. P-256: a point, whose first byte says "uncompressed".
const ED25519_DER = fromHex("302a300506032b6570032100");
const P256_DER = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
const KEY_KINDS = new Map([
    ["ed25519", {prefix: ED25519_DER, length: 44, isSigned: isSignedByEd25519}],
    ["ecdsa-p256", {prefix: joined(P256_DER, Uint8Array.of(4)), length: 91, skip: P256_DER.length,
        isSigned: isSignedByECDSA}],
]);

/** What verifies signatures in the name of a key ID: a function of bytes and signature, by the ID. */
async function signers(run) {
    const found = new Map();
    for (const {event} of run.entries ?? []) {
        const named = event && isOwn(event, TYPES.trusted) ? await trustedKey(event.data) : null;
        if (named) found.set(...named);
    }
    if (run.key) {
        const {bytes} = run.key;
        found.set(toHex(await sha256(ED25519_DER, bytes)), (...signed) => isSignedByEd25519(bytes, ...signed));
    }
    return found;
}

/** The ID of the key that such an event names, and what verifies by it; null where it names none. */
async function trustedKey(data) {
    if (!parses(value => TRUSTED_KEY(value, "data"))(data)) return null;
    const kind = KEY_KINDS.get(data.algorithm);
    const der = fromBase64(data.publickey);
    if (!kind || der.length !== kind.length || !equalBytes(der.slice(0, kind.prefix.length), kind.prefix)) return null;
    if (toHex(await sha256(der)) !== data.keyid) return null;
    const key = der.slice(kind.skip ?? kind.prefix.length);
    return [data.keyid, (...signed) => kind.isSigned(key, ...signed)];
}

async function checkStatements(run, archive) {
    const bytes = await archive.read(STATEMENTS);
    const envelopes = bytes === null ? null : await checkEnvelopes(run, bytes, archive);
    await checkSigstore(run, archive, envelopes);
}

/** The lines of the file, whatever they hold, with their numbers. */
async function checkEnvelopes(run, bytes, archive) {
    run.check("statement");
    const known = await signers(run), digest = archive.digests.get("manifest.json")?.sha256 ?? null;
    const envelopes = new Map();
    for (const [number, {bytes: raw, faults}] of linesOf(bytes).entries()) {
        const text = new TextDecoder().decode(raw);
        if (envelopes.has(text)) faults.push("the same line is there before");
        envelopes.set(text, number + 1);
        try {
            faults.push(...await envelopeFaults(readCanonical(raw), known, digest, run));
        } catch (error) {
            faults.push(faultOf(error));
        }
        run.find("statement", faults, {file: STATEMENTS, line: number + 1});
    }
    if (envelopes.size === 0) run.find("statement", ["there is none"], {file: STATEMENTS});
    return envelopes;
}

async function envelopeFaults(envelope, known, digest, run) {
    ENVELOPE(envelope, "the envelope");
    need(envelope.signatures.length === 1, "not exactly one signature");
    const [{keyid, sig}] = envelope.signatures;
    const payload = fromBase64(envelope.payload);
    const faults = payloadFaults(payload, digest);
    const verify = known.get(keyid);
    // DSSE's PAE.
    const signed = joined(toUTF8(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload);
    if (!verify) {
        if (run.key && run.entries) faults.push(`no key ${keyid} is trusted`); // else it may be one that is not read
    } else if (!await verify(signed, fromBase64(sig))) {
        faults.push("its signature is wrong");
    }
    return faults;
}

/** Whether a subject is one of in-toto's v1, which are things by their hashes. */
function hasDigest(subject) {
    const digests = isObject(subject) && isObject(subject.digest) ? Object.values(subject.digest) : [];
    return digests.length > 0 && digests.every(isText);
}

function payloadFaults(payload, digest) {
    let statement = null;
    try {
        statement = readJSON(payload);
    } catch (error) {
        return [`its payload: ${faultOf(error)}`];
    }
    const {_type: type, predicateType, subject} = isObject(statement) ? statement : {};
    const faults = type === STATEMENT_TYPE ? [] : [`its payload is no ${STATEMENT_TYPE}`];
    if (!isText(predicateType)) faults.push("its payload has no predicateType");
    const subjects = Array.isArray(subject) ? subject : [null];
    if (!subjects.every(hasDigest)) faults.push("its payload has a subject without a digest");
    const isSubject = each => isObject(each) && each.name === "manifest.json" && isObject(each.digest) &&
        each.digest.sha256 === digest;
    if (digest !== null && !subjects.some(isSubject)) {
        faults.push("it does not sign this manifest.json");
    }
    return faults;
}

/** Each line in exactly one file, and nothing else in these. */
async function checkSigstore(run, archive, envelopes) {
    const copies = new Map();
    for (const file of archive.names.filter(isSigstoreFile)) {
        run.check("statement");
        const bytes = await archive.read(file);
        const copy = await run.parsed("statement", file, bytes, content => parseSigstore(content, envelopes));
        if (copy !== null) copies.set(copy, (copies.get(copy) ?? 0) + 1);
    }
    for (const [text, line] of envelopes ?? []) {
        const count = copies.get(text) ?? 0;
        run.find("statement", count === 1 ? [] : [`it is in ${count} files of sigstore/`], {file: STATEMENTS, line});
    }
}

/** The text of the envelope that a file holds. */
function parseSigstore(bytes, envelopes) {
    need(bytes.at(-1) === 0x0a, "no line feed at its end");
    const bundle = readCanonical(bytes.slice(0, -1));
    SIGSTORE(bundle, "the file");
    const {dsseEnvelope, verificationMaterial: {publicKey}} = bundle;
    const text = writeJSON(dsseEnvelope);
    need(envelopes === null || envelopes.has(text), `its envelope is not in ${STATEMENTS}`);
    need(dsseEnvelope.signatures.length === 1 && dsseEnvelope.signatures[0].keyid === publicKey.hint,
        "its hint is not the key ID of its envelope");
    return text;
}
