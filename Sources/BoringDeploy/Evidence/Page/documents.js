// The forms of manifest.json and proofs.json, and of what else a bundle holds in JSON (docs/spec/bundle.md).

const TIME = passing(isRecordedTime, "a time of the ledger's clock");
const INDEX_KEY = passing(
    value => typeof value === "string" && /^(?:type|subject):./su.test(value), "a key of the index");
const FILE_NAME = passing(value => typeof value === "string" && isMemberName(value), "a file's name");

const RELEASE = objectOf({release: TEXT});
const POPULATION = objectOf({type: TEXT, since: orNull(TIME), until: orNull(TIME)});
const SCOPE = (value, where) => {
    const form = isObject(value) && Object.hasOwn(value, "release") ? RELEASE : POPULATION;
    form(value, where);
    need(form === RELEASE || value.since === null || value.until === null || value.since < value.until,
        `${where}: the period ends before it begins`);
};
const EMBEDDED_MANIFEST_MEMBERS = {
    bundle: exactly(1), tool: objectOf({name: TEXT, version: TEXT}), ledger: objectOf({origin: TEXT, key: TEXT}),
    scope: SCOPE, query: objectOf({complete: listOf(INDEX_KEY), absent: listOf(INDEX_KEY)}),
    seal: objectOf({position: NUMBER, size: NUMBER, keys: NUMBER, root: HASH}),
    checkpoint: objectOf({size: NUMBER, root: HASH}), withheld: listOf(HASH),
};
const EMBEDDED_MANIFEST = objectOf(EMBEDDED_MANIFEST_MEMBERS);
const MANIFEST = objectOf(
    {...EMBEDDED_MANIFEST_MEMBERS, files: listOf(objectOf({path: FILE_NAME, size: NUMBER, sha256: HASH}))});

const PATH = listOf(HASH);
const LEAF_MEMBERS = {key: INDEX_KEY, index: NUMBER, count: NUMBER, acc: HASH, path: PATH};
const PROOFS = objectOf({
    entries: listOf(objectOf({position: NUMBER, previous: HASH, hash: HASH, path: PATH})),
    complete: listOf(objectOf({
        ...LEAF_MEMBERS, positions: listOf(NUMBER), before: objectOf({count: NUMBER, acc: HASH}), after: PATH})),
    absent: listOf(objectOf({
        key: INDEX_KEY, left: orNull(objectOf(LEAF_MEMBERS)), right: orNull(objectOf(LEAF_MEMBERS))})),
    consistency: listOf(objectOf({size: NUMBER, root: HASH, path: PATH})),
});

const PAYLOAD_TYPE = "application/vnd.in-toto+json", STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const ENVELOPE = objectOf({
    payload: BASE64, payloadType: exactly(PAYLOAD_TYPE), signatures: listOf(objectOf({keyid: HASH, sig: BASE64}))});
const SIGSTORE = objectOf({
    dsseEnvelope: ENVELOPE, mediaType: exactly("application/vnd.dev.sigstore.bundle.v0.3+json"),
    verificationMaterial: objectOf({
        publicKey: objectOf({hint: HASH}),
        tlogEntries: passing(value => Array.isArray(value) && value.length === 0, "an empty array")}),
});
const TRUSTED_KEY = objectOf({algorithm: TEXT, keyid: HASH, publickey: BASE64});
const TIMESTAMP = objectOf({
    attachments: listOf(objectOf({digest: passing(value => digestOf(value) !== null, "a digest"), name: TEXT})),
    authority: TEXT, root: HASH, size: NUMBER, time: TIME});

const REQUIRED_FILES = ["manifest.json", "entries.jsonl", "proofs.json", "checkpoint.txt", "statement.intoto.jsonl"];
const STATEMENTS = "statement.intoto.jsonl", SIGSTORE_FOLDER = "sigstore/", ATTACHMENTS_FOLDER = "attachments/";
const isSigstoreFile = path => /^sigstore\/[^/]+\.sigstore\.json$/.test(path);
const isUnlisted = path => path === "manifest.json" || path === STATEMENTS || isSigstoreFile(path);

/** The manifest with the key that it names, as `verifierKey`. The page embeds one without `files`. */
async function parseManifest(bytes, form = MANIFEST) {
    const manifest = readJSON(bytes, DIGITS);
    form(manifest, "manifest");
    const paths = form === MANIFEST ? manifest.files.map(({path}) => path) : [];
    const lists = {...manifest.query, withheld: manifest.withheld, files: paths};
    for (const [name, values] of Object.entries(lists)) {
        need(ascend(values), `manifest: ${name} is not in byte order without duplicates`);
    }
    for (const path of paths) need(!isUnlisted(path), `manifest.files has ${path}`);
    return {...manifest, verifierKey: await parseVerifierKey(manifest.ledger.key)};
}

function parseProofs(bytes) {
    const proofs = readJSON(bytes, DIGITS);
    PROOFS(proofs, "proofs");
    need(ascend(proofs.consistency.map(({size}) => size)), "proofs.consistency is not in order of size");
    return proofs;
}
