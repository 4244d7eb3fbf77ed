// Hashes and trees (docs/spec/tree.md, entry.md, index.md): RFC 6962 with SHA-256, by the browser's own WebCrypto.
//
// Positions and sizes go up to 2^53 - 1, where ECMAScript's bit operations, of 32 bits, are of no use.

const ZEROS = new Uint8Array(32);

function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

async function sha256(...parts) {
    const bytes = parts.length === 1 ? parts[0] : joined(...parts);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const HEX = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, "0"));
const toHex = bytes => Array.from(bytes, byte => HEX[byte]).join("");
const fromHex = text => Uint8Array.from(
    {length: text.length / 2}, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), FOLD = Uint8Array.of(2);

const entryHash = (previous, event) => sha256(LEAF, previous, event);
const nodeHash = (left, right) => sha256(NODE, left, right);
const accumulate = (accumulator, hash) => sha256(FOLD, accumulator, hash);
const indexLeafHash = ({acc, count, key}) => sha256(LEAF, toUTF8(writeJSON({acc, count, key})));

/** Where a sibling stands on the way up from a leaf: what RFC 9162, 2.1.3.2 and 2.1.4.2, do with fn and sn. */
class Climb {
    constructor(index, size) {
        this.index = index;
        this.last = size - 1;
    }

    get isAtRoot() {
        return this.last === 0;
    }

    up() {
        this.index = Math.floor(this.index / 2);
        this.last = Math.floor(this.last / 2);
    }

    /** Whether the next sibling is a left one; goes past it. */
    step() {
        const isLeft = this.index % 2 === 1 || this.index === this.last;
        if (isLeft) while (this.index % 2 === 0 && this.index > 0) this.up();
        this.up();
        return isLeft;
    }
}

/** Whether an inclusion path, of hashes in hex, leads from a leaf to the root. */
async function isIncluded(leaf, index, size, path, root) {
    if (index >= size) return false;
    const climb = new Climb(index, size);
    let hash = leaf;
    for (const text of path) {
        if (climb.isAtRoot) return false;
        const sibling = fromHex(text);
        hash = await (climb.step() ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
    }
    return climb.isAtRoot && equalBytes(hash, root);
}

/** Whether a consistency path, of hashes in hex, leads from one size and root to a later one. */
async function isConsistent(size, root, later, laterRoot, path) {
    if (size === 0 || size >= later) {
        const expected = size === 0 ? await sha256(new Uint8Array()) : size === later ? laterRoot : null;
        return path.length === 0 && expected !== null && equalBytes(root, expected);
    }
    const hashes = path.map(fromHex);
    const climb = new Climb(size - 1, later);
    while (climb.index % 2 === 1) climb.up();
    if (climb.index === 0) hashes.unshift(root); // a full subtree, whose root the path leaves out
    if (hashes.length === 0) return false;
    let [old, renewed] = [hashes[0], hashes[0]];
    for (const sibling of hashes.slice(1)) {
        if (climb.isAtRoot) return false;
        if (climb.step()) {
            [old, renewed] = await Promise.all([nodeHash(sibling, old), nodeHash(sibling, renewed)]);
        } else {
            renewed = await nodeHash(renewed, sibling);
        }
    }
    return climb.isAtRoot && equalBytes(old, root) && equalBytes(renewed, laterRoot);
}

/** The results of an asynchronous task for every item, in order: WebCrypto is asked many things at a time, not all. */
async function mapInBatches(items, task, batch = 256) {
    const results = [];
    for (let start = 0; start < items.length; start += batch) {
        const some = items.slice(start, start + batch);
        for (const result of await Promise.all(some.map((item, at) => task(item, start + at)))) results.push(result);
    }
    return results;
}
