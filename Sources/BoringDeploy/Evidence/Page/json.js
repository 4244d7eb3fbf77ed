// Strict JSON on bytes, and its canonical form (docs/spec/canonical-json.md).
//
// JSON.parse takes the last of two members of one name, any integer, and lone surrogates; a hash must not depend on how
// a parser reads such texts, so they are refused here. Objects are made without a prototype: a member named
// "__proto__" or "constructor" is one like any other, and one that is not there is undefined.

/** Something is not in the form that it should have; the message says why. */
class Malformed extends Error {}

function need(condition, message) {
    if (!condition) throw new Malformed(message);
}

const JSON_DEPTH = 512;

/** How numbers are read: digits alone; as I-JSON; or as I-JSON but with the large integers of canonical doubles. */
const DIGITS = "digits", EXACT = "exact", STORED = "stored";

// The groups: a mark, a word, a string up to its first escape, the whole part of a number, the rest of it.
const JSON_TOKEN = new RegExp(
    String.raw`[ \t\n\r]*(?:([{}[\]:,])|(true|false|null)|("[^"\\\u0000-\u001f]*)` +
    String.raw`|(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))`, "y");
// What follows in a string, so much at a time: an engine's stack ends somewhere.
const JSON_ESCAPES = /(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\u0000-\u001f]*){1,1000}/y;
const JSON_WORDS = new Map([["true", true], ["false", false], ["null", null]]);

const toUTF8 = text => new TextEncoder().encode(text);

/** The text of bytes; a byte-order mark is kept, as a character that no format here allows. */
function fromUTF8(bytes) {
    try {
        return new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch {
        throw new Malformed("invalid UTF-8");
    }
}

class JSONReader {
    constructor(text, numbers) {
        this.text = text;
        this.numbers = numbers;
        this.at = 0;
        this.start = 0; // of the token read last
    }

    need(condition, why) {
        if (!condition) throw new Malformed(`byte ${toUTF8(this.text.slice(0, this.start)).length}: ${why}`);
    }

    token() {
        this.start = JSON_TOKEN.lastIndex = this.at;
        const found = JSON_TOKEN.exec(this.text);
        this.need(found !== null, "not JSON");
        this.at = JSON_TOKEN.lastIndex;
        const [, mark, word, begun, whole, rest] = found;
        return {mark, word, string: begun && this.whole(this.at - begun.length), whole, rest};
    }

    /** The string that begins at a place, with its quotation marks and escapes; its first part has been read. */
    whole(begin) {
        while (this.text[this.at] === "\\") {
            JSON_ESCAPES.lastIndex = this.at;
            this.need(JSON_ESCAPES.test(this.text), "not JSON");
            this.at = JSON_ESCAPES.lastIndex;
        }
        this.need(this.text[this.at] === '"', "not JSON");
        this.at += 1;
        return this.text.slice(begin, this.at);
    }

    document() {
        const value = this.value(this.token(), 0);
        this.start = this.at;
        this.need(/^[ \t\n\r]*$/.test(this.text.slice(this.at)), "something after the value");
        return value;
    }

    value(token, depth) {
        if (token.string !== undefined) return this.string(token);
        if (token.whole !== undefined) return this.number(token);
        if (token.word !== undefined) return JSON_WORDS.get(token.word);
        this.need(token.mark === "{" || token.mark === "[", "a value is missing");
        this.need(depth < JSON_DEPTH, "nesting too deep");
        return token.mark === "{" ? this.object(depth) : this.array(depth);
    }

    string({string}) {
        this.need(string !== undefined, "a string is missing");
        if (!string.includes("\\")) return string.slice(1, -1);
        const value = JSON.parse(string); // the escapes are known to be good
        this.need(value.isWellFormed(), "a lone surrogate escape");
        return value;
    }

    number({whole, rest}) {
        const value = Number(whole + rest);
        this.need(Number.isFinite(value), "a number above any double");
        // All integers beyond 2^53 - 1 round to 2^53 or more.
        const isExact = rest !== "" || Number.isSafeInteger(value);
        this.need(isExact || this.numbers === STORED, "an integer outside 2^53 - 1");
        this.need(this.numbers !== DIGITS || rest === "" && !whole.startsWith("-"), "a number not of digits alone");
        return value;
    }

    object(depth) {
        const object = Object.create(null);
        let token = this.token();
        while (token.mark !== "}") {
            const name = this.string(token);
            this.need(!(name in object), "a member name that stands twice in one object");
            this.need(this.token().mark === ":", "no :");
            object[name] = this.value(this.token(), depth + 1);
            token = this.following("}");
        }
        return object;
    }

    array(depth) {
        const array = [];
        let token = this.token();
        while (token.mark !== "]") {
            array.push(this.value(token, depth + 1));
            token = this.following("]");
        }
        return array;
    }

    /** What stands after a value in a container: its end, or the first token of the next element. */
    following(end) {
        const token = this.token();
        if (token.mark === end) return token;
        this.need(token.mark === ",", `no , or ${end}`);
        const next = this.token();
        this.need(next.mark !== end, "a trailing comma");
        return next;
    }
}

function readJSON(bytes, numbers = EXACT) {
    return new JSONReader(fromUTF8(bytes), numbers).document();
}

/** The RFC 8785 form. ECMAScript's own strings and numbers are what that form is made of, and sort() is by UTF-16. */
function writeJSON(value) {
    if (Array.isArray(value)) return `[${value.map(writeJSON).join(",")}]`;
    if (!isObject(value)) return JSON.stringify(value);
    return `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${writeJSON(value[name])}`).join(",")}}`;
}

/** The value of bytes that must be its canonical form. */
function readCanonical(bytes) {
    const value = readJSON(bytes, STORED);
    need(equalBytes(toUTF8(writeJSON(value)), bytes), "not the canonical form of its value");
    return value;
}

function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function equalBytes(one, other) {
    return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** A value out of a bundle for a sentence: short, and without characters that do not print or turn the line around. */
function shown(value) {
    const text = (JSON.stringify(value) ?? String(value)).replace(
        /[\p{C}\p{Zl}\p{Zp}]/gu, char => `\\u{${char.codePointAt(0).toString(16)}}`);
    return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
