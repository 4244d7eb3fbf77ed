// Keys, signatures, signed notes and checkpoints (docs/spec/checkpoint.md), by the browser's own WebCrypto.

/** What the reader has given is not what it should be, or the browser cannot verify: nothing is said of the bundle. */
class Refusal extends Error {}

const NOTE_LIMIT = 1 << 20, NOTE_SIGNATURES = 100;
const toText = binary => Array.from(binary, byte => String.fromCharCode(byte)).join("");

/** RFC 4648 section 4 with padding, strictly: the one text of some bytes. Null for any other text. */
function fromBase64(text) {
    try {
        const binary = atob(text);
        return btoa(binary) === text ? Uint8Array.from(binary, char => char.charCodeAt(0)) : null;
    } catch {
        return null;
    }
}

const BASE64 = passing(value => typeof value === "string" && fromBase64(value) !== null, "base64");

/** No white space as Unicode has it, no +, no control characters. */
const isKeyName = name => /^[^\p{White_Space}\p{Cc}+]+$/u.test(name);

async function parseVerifierKey(text) {
    const [name, id, ...encoded] = text.split("+");
    const data = fromBase64(encoded.join("+")) ?? new Uint8Array();
    need(isKeyName(name) && data.length === 33 && data[0] === 1, "no name, key ID and base64 of an Ed25519 key");
    const key = {name, id: toHex((await sha256(toUTF8(`${name}\n`), data)).slice(0, 4)), bytes: data.slice(1)};
    need(id === key.id, "the key ID is not that of this name and key");
    return key;
}

const isSameKey = (one, other) => one.name === other.name && equalBytes(one.bytes, other.bytes);

/** Its signatures are {name, id, signature}. */
function parseNote(bytes) {
    need(bytes.length <= NOTE_LIMIT, "above 1 MiB");
    const whole = fromUTF8(bytes);
    need(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), "it has a control character");
    const end = whole.lastIndexOf("\n\n");
    need(end > 0 && whole.endsWith("\n") && end + 2 < whole.length, "not a text, an empty line, and signature lines");
    const lines = whole.slice(end + 2, -1).split("\n");
    need(lines.length <= NOTE_SIGNATURES, "more than 100 signature lines");
    return {text: whole.slice(0, end + 1), signatures: lines.map(parseSignatureLine)};
}

function parseSignatureLine(line) {
    const [, name = "", encoded = ""] = /^\u2014 ([^ ]*) (.*)$/u.exec(line) ?? [];
    const data = fromBase64(encoded) ?? new Uint8Array();
    need(isKeyName(name) && data.length > 4, `no signature line: ${shown(line)}`);
    return {name, id: toHex(data.slice(0, 4)), signature: data.slice(4)};
}

/** A size beyond 2^53 - 1 becomes a number that no manifest can state. */
function parseCheckpoint(bytes) {
    const note = parseNote(bytes);
    const [origin, digits = "", encoded = "", ...extensions] = note.text.slice(0, -1).split("\n");
    need(isKeyName(origin) && !extensions.includes(""), "no origin, or an empty extension line");
    need(/^(?:0|[1-9][0-9]{0,18})$/.test(digits) && BigInt(digits) < 1n << 63n, "its size is no number");
    const root = fromBase64(encoded) ?? new Uint8Array();
    need(root.length === 32, "its root is not the base64 of 32 bytes");
    need(digits !== "0" || toHex(root) === EMPTY_ROOT, "its root is not that of the empty tree");
    return {...note, origin, size: Number(digits), root};
}

const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What origin and signatures say of a checkpoint. A line of the key must verify, and there must be one. */
async function noteFaults(checkpoint, key) {
    const faults = [];
    if (checkpoint.origin !== key.name) {
        faults.push(`its origin is ${shown(checkpoint.origin)}, the key's name ${shown(key.name)}`);
    }
    const own = checkpoint.signatures.filter(({name, id}) => name === key.name && id === key.id);
    if (own.length === 0) faults.push("it is not signed by the ledger's key");
    const text = toUTF8(checkpoint.text);
    const answers = await Promise.all(own.map(({signature}) => isSignedByEd25519(key.bytes, text, signature)));
    if (answers.includes(false)) faults.push("its signature is wrong");
    return faults;
}

/** A key that is no point on the curve verifies nothing. */
async function isSigned(bytes, algorithm, use, signed, signature) {
    try {
        const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
        return await crypto.subtle.verify(use, key, signature, signed);
    } catch (error) {
        if (error.name === "DataError" || error.name === "OperationError") return false;
        throw error;
    }
}

async function isSignedByEd25519(key, signed, signature) {
    return signature.length === 64 && isSigned(key, {name: "Ed25519"}, {name: "Ed25519"}, signed, signature);
}

/** ECDSA over P-256 with SHA-256; the key is an uncompressed point, the signature is in DER. */
async function isSignedByECDSA(point, signed, signature) {
    const raw = rawFromDER(signature);
    const algorithm = {name: "ECDSA", namedCurve: "P-256"};
    return raw !== null && isSigned(point, algorithm, {name: "ECDSA", hash: "SHA-256"}, signed, raw);
}

/** r and s, 32 bytes each, from SEQUENCE { INTEGER r, INTEGER s }; null where that is not DER to the last byte. */
function rawFromDER(der) {
    if (der.length < 2 || der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] >= 128) return null;
    const first = readInteger(der, 2);
    const second = first && readInteger(der, first.end);
    return second && second.end === der.length ? joined(first.value, second.value) : null;
}

/** A positive integer of at most 256 bits in as few bytes as it takes. */
function readInteger(der, at) {
    const length = der[at + 1];
    const end = at + 2 + length;
    if (der[at] !== 0x02 || !(length > 0) || length > 33 || end > der.length) return null;
    const digits = der.slice(at + 2, end);
    const isNegative = digits[0] >= 128, isPadded = length > 1 && digits[0] === 0 && digits[1] < 128;
    if (isNegative || isPadded || length === 33 && digits[0] !== 0) return null;
    const value = new Uint8Array(32);
    value.set(length === 33 ? digits.slice(1) : digits, 32 - Math.min(length, 32));
    return {value, end};
}

/** That this browser can verify at all, by the example of checkpoint.md: it must accept that, and refuse another. */
async function requireCryptography() {
    const elsewhere = "check the bundle with `daybook bundle verify`, or with the verify.py in it";
    if (!globalThis.crypto?.subtle) throw new Refusal(`This browser offers no WebCrypto here: ${elsewhere}.`);
    const key = fromBase64("AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4").slice(1);
    const {text, signatures: [{signature}]} = parseNote(toUTF8(
        "example.com/shop\n2\nddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=\n\n\u2014 example.com/shop lPBX16v1/nvT" +
        "yUB+O78rCRF2ge2W0D1DSbscyy8BCszckd19sWZ0rFwc2xGM3c5lbr4IRgDIx+0iryxq8XdMoveyBw4=\n"));
    const answers = await Promise.all([text, `${text}x`].map(
        signed => isSignedByEd25519(key, toUTF8(signed), signature).catch(() => null)));
    if (answers[0] !== true || answers[1] !== false) {
        throw new Refusal(`This browser cannot verify Ed25519 signatures: ${elsewhere}.`);
    }
}
